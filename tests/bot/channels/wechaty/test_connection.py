"""Addresses, certificates, and what a connection says when there is nobody."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from wechaty_grpc.wechaty import puppet as pb

from bot.channels.port import Login
from bot.channels.wechaty.channel import WechatyChannel
from bot.channels.wechaty.connection import Connection, parse_endpoint
from bot.channels.wechaty.status import CallError
from bot.channels.wechaty.tls import EndpointError, read_ca, server_name
from bot.channels.wechaty.wire import write
from tests.bot.channels.wechaty.ear import QUICK, Ear
from tests.gateway.packages import MODULES, ensure_installed

CERTIFICATES = MODULES / "wechaty-puppet-service" / "dist" / "esm" / "src" / "auth" / "ca.js"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("127.0.0.1:8788", "127.0.0.1:8788"),
        (" gateway:8788 ", "gateway:8788"),
        ("grpc://gateway:8788/", "gateway:8788"),
        ("[::1]:8788", "[::1]:8788"),
    ],
)
def test_an_address_may_have_a_scheme(given: str, address: str) -> None:
    assert parse_endpoint(given) == address


@pytest.mark.parametrize("given", ["", "gateway", "gateway:", ":8788", "gateway:http", "gateway:0", "gateway:99999"])
def test_an_address_that_cannot_be_used_is_refused_with_the_remedy(given: str) -> None:
    with pytest.raises(EndpointError, match="WECHATY_PUPPET_SERVICE_ENDPOINT is host:port"):
        WechatyChannel(given, "token")


@pytest.mark.parametrize(
    ("token", "remedy"), [("", "is empty; give the token"), ("令牌", "copy it again"), ("a\nb", "copy")]
)
def test_a_token_that_no_gateway_can_have_is_refused_with_the_remedy(token: str, remedy: str) -> None:
    with pytest.raises(EndpointError, match=f"WECHATY_PUPPET_SERVICE_TOKEN .*{remedy}"):
        WechatyChannel("127.0.0.1:8788", token)


def test_certificates_that_are_none_are_refused_before_anything_is_tried() -> None:
    with pytest.raises(EndpointError, match="holds no PEM certificate that can be read"):
        WechatyChannel("127.0.0.1:8788", "token", ca="-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")


def test_certificates_come_from_a_file_or_as_text_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WECHATY_PUPPET_SERVICE_TLS_CA_CERT", raising=False)
    pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
    file = tmp_path / "ca.pem"
    file.write_text(pem)
    assert read_ca(None) is None
    assert read_ca(file) == pem.encode()
    assert read_ca(pem.replace("\n", "\\n")) == pem.encode()
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TLS_CA_CERT", str(file))
    assert read_ca(None) == pem.encode()


def test_certificates_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for name in ("missing.pem", "empty.pem"):
        with pytest.raises(EndpointError, match=name):
            read_ca(tmp_path / name)


def test_the_server_s_name_is_the_token_s_prefix_unless_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME", raising=False)
    assert server_name("Insecure_0-0-0") == "insecure"
    assert server_name("0-0-0") == ""
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME", "gateway.example")
    assert server_name("Insecure_0-0-0") == "gateway.example"


async def test_a_call_to_nobody_certainly_never_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    connection = Connection(address, "token")
    with pytest.raises(CallError) as refused:
        await connection.call("Ding", write(pb.DingRequest), pb.DingResponse, seconds=5)
    assert (refused.value.code, refused.value.left) == ("UNAVAILABLE", False)
    assert not await connection.connected(0.1)
    await connection.close()


async def test_why_there_is_no_connection_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    connection = Connection(address, "token")
    assert not await connection.connected(1.0)
    await connection.close()
    told = [getattr(one, "steward_fields", {}).get("outcome") for one in caplog.records if one.message == "connect"]
    assert told == ["ConnectionRefusedError"]


async def test_an_answer_that_is_no_message_is_a_failed_call() -> None:
    async def answer(request: bytes, context: Any) -> bytes:
        return b"\xff\xff\xff"

    handler = grpc.method_handlers_generic_handler(
        "wechaty.Puppet", {"MessagePayload": grpc.unary_unary_rpc_method_handler(answer)}
    )
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    connection = Connection(f"127.0.0.1:{port}", "token")
    try:
        with pytest.raises(CallError) as broken:
            request = write(pb.MessagePayloadRequest, id="1")
            await connection.call("MessagePayload", request, pb.MessagePayloadResponse, seconds=5)
        assert (broken.value.code, broken.value.left) == ("DATA_LOSS", True)
    finally:
        await connection.close()
        await server.stop(None)


@pytest.fixture
def certificates() -> Iterator[dict[str, str]]:
    """The certificates that Wechaty ships for gateways without any of their own."""
    ensure_installed()
    yield dict(re.findall(r"const (\w+) = `([^`]+)`", CERTIFICATES.read_text()))


@pytest.mark.gateway
async def test_with_certificates_the_connection_is_encrypted(certificates: dict[str, str], tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []

    async def events(request: bytes, context: Any) -> AsyncIterator[bytes]:
        token = dict(context.invocation_metadata())["authorization"]
        seen.append((token, next(iter(context.auth_context()["transport_security_type"])).decode()))
        # betterproto takes the name of a number only for those it knows.
        yield bytes(pb.EventResponse(type=pb.EventType.EVENT_TYPE_LOGIN, payload='{"contactId": "bot"}'))
        await asyncio.Event().wait()

    async def answer(request: bytes, context: Any) -> bytes:
        return b""

    handlers = {name: grpc.unary_unary_rpc_method_handler(answer) for name in ("Start", "ContactPayload")}
    handlers["Event"] = grpc.unary_stream_rpc_method_handler(events)
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("wechaty.Puppet", handlers),))
    pair = (certificates["TLS_INSECURE_SERVER_KEY"].encode(), certificates["TLS_INSECURE_SERVER_CERT"].encode())
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
    await server.start()
    ca = tmp_path / "ca.pem"
    ca.write_text(certificates["TLS_CA_CERT"])
    try:
        async with Ear(WechatyChannel(f"127.0.0.1:{port}", "insecure_0-0", ca=ca, pace=QUICK)) as ear:
            await ear.login(Login.ONLINE)
        assert seen == [("Wechaty insecure_0-0", "ssl")]
    finally:
        await server.stop(None)
