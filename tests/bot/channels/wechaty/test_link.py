"""The HTTP/2 of the connection, against a server of grpcio's, and against one that misbehaves frame by frame."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
import uvloop
from hpack import Decoder, NeverIndexedHeaderTuple
from hypothesis import given
from hypothesis import strategies as st
from wechaty_grpc.wechaty import puppet as pb

from bot.channels.wechaty import frames
from bot.channels.wechaty.connection import Connection
from bot.channels.wechaty.events import EventStream
from bot.channels.wechaty.exchange import Exchange
from bot.channels.wechaty.link import Link
from bot.channels.wechaty.status import CallError
from bot.channels.wechaty.wire import write
from tests.bot.channels.wechaty.peer import Peer, Scripted, answer, encoded, headers, message, trailers

OPTIONS = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))


async def _echo(request: bytes, context: Any) -> bytes:
    return request


@asynccontextmanager
async def serving(handlers: dict[str, Any], *options: tuple[str, int]) -> AsyncIterator[Connection]:
    """A connection to grpcio's own server."""
    server = grpc.aio.server(options=(*OPTIONS, *options))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("wechaty.Puppet", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    connection = Connection(f"127.0.0.1:{port}", "token")
    try:
        yield connection
    finally:
        await connection.close()
        await server.stop(None)


async def ding(connection: Connection, *, seconds: float = 5, wait: bool = False) -> None:
    """A call whose answer says nothing."""
    await connection.call("Ding", write(pb.DingRequest, data="?"), pb.DingResponse, seconds=seconds, wait=wait)


async def echoed(connection: Connection, text: str) -> str:
    """What a server that sends back what it gets makes of a text."""
    request = write(pb.MessagePayloadResponse, text=text)
    answered = await connection.call("MessagePayload", request, pb.MessagePayloadResponse, seconds=30, wait=True)
    return str(answered.text)


ECHO = {"MessagePayload": grpc.unary_unary_rpc_method_handler(_echo)}


@pytest.mark.parametrize("size", [0, 16_379, 70_000, 3_000_000])
async def test_messages_beyond_every_window_arrive_whole_both_ways(size: int) -> None:
    async with serving(ECHO) as connection:
        text = "群" * (size // 3)
        assert await echoed(connection, text) == text


async def test_many_calls_at_once_get_their_own_answers() -> None:
    async with serving(ECHO) as connection:
        texts = [str(n) * 2_000 for n in range(100)]
        assert await asyncio.gather(*(echoed(connection, text) for text in texts)) == texts


async def test_a_gateway_that_takes_few_calls_at_once_gets_no_more() -> None:
    async def script(peer: Peer) -> None:
        await peer.greet((frames.MAX_CONCURRENT_STREAMS, 2))
        for _ in range(5):
            streams = [await peer.request(), await peer.request()]
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(peer.request(), 0.02)
            peer.say(*(answer(stream) for stream in streams))

    async with Scripted(script) as peer, closing(peer) as connection:
        assert await connection.connected(5)
        await asyncio.gather(*(ding(connection) for _ in range(10)))


def test_it_works_on_the_loop_that_steward_runs_on() -> None:
    async def run() -> str:
        async with Scripted(one_answer) as peer:
            connection = Connection(peer.endpoint, "token")
            try:
                return await echoed(connection, "")
            finally:
                await connection.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(run()) == "早"


async def one_answer(peer: Peer) -> None:
    await peer.greet()
    peer.say(answer(await peer.request(), write(pb.MessagePayloadResponse, text="早")))


async def test_a_stream_that_is_read_slowly_loses_nothing_and_holds_up_no_call() -> None:
    count = 6_000

    async def events(request: bytes, context: Any) -> AsyncIterator[bytes]:
        for n in range(count):
            yield bytes(pb.EventResponse(type=pb.EventType.EVENT_TYPE_MESSAGE, payload=f"{n} {'x' * 2_000}"))

    async with serving({"Event": grpc.unary_stream_rpc_method_handler(events), **ECHO}) as connection:
        stream = connection.events()
        first = await stream.read()
        # Nobody reads now: more is on its way than one stream may hold.
        assert await echoed(connection, "y" * 100_000) == "y" * 100_000
        heard = [first, *[await stream.read() for _ in range(count - 1)]]
        assert [int(one[1].split()[0]) for one in heard if one is not None] == list(range(count))
        with pytest.raises(CallError, match="OK"):
            await stream.read()


async def test_what_a_server_says_of_a_failure_can_be_asked_but_is_not_told() -> None:
    async def refuse(request: bytes, context: Any) -> None:
        await context.abort(grpc.StatusCode.UNKNOWN, "操作过于频繁 100%")

    async with serving({"Ding": grpc.unary_unary_rpc_method_handler(refuse)}) as connection:
        with pytest.raises(CallError) as refused:
            await ding(connection)
        assert (refused.value.code, refused.value.left, str(refused.value)) == ("UNKNOWN", True, "UNKNOWN")
        assert refused.value.says(re.compile("频繁 100%"))
        with pytest.raises(CallError, match="UNIMPLEMENTED"):
            await echoed(connection, "")


async def test_a_deadline_ends_the_call_on_both_sides() -> None:
    ended = asyncio.Event()

    async def hang(request: bytes, context: Any) -> bytes:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return b""

    async with serving({"Ding": grpc.unary_unary_rpc_method_handler(hang)}) as connection:
        with pytest.raises(CallError) as late:
            await ding(connection, seconds=0.2)
        assert (late.value.code, late.value.left) == ("DEADLINE_EXCEEDED", True)
        await asyncio.wait_for(ended.wait(), 5)


@pytest.mark.parametrize(
    ("code", "name", "left"),
    [(7, "UNAVAILABLE", False), (8, "CANCELLED", True), (11, "RESOURCE_EXHAUSTED", True), (2, "INTERNAL", True)],
)
async def test_a_stream_that_is_reset_says_whether_the_call_was_taken_up(code: int, name: str, left: bool) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        for _ in range(1 if left else 2):
            # What was not taken up is asked a second time.
            peer.say(frames.reset(await peer.request(), code))
        peer.say(answer(await peer.request()))

    async with Scripted(script) as peer, closing(peer) as connection:
        with pytest.raises(CallError) as reset:
            await ding(connection, wait=True)
        assert (reset.value.code, reset.value.left) == (name, left)
        # The connection itself is as good as before.
        await ding(connection)


async def test_calls_after_a_goodbye_go_to_a_new_connection_and_those_before_it_are_answered() -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        first = await peer.request()
        if peer.number == 0:
            second = await peer.request()
            assert second > first
            peer.say(frames.frame(frames.GOAWAY, 0, 0, first.to_bytes(4) + bytes(4)))
            await asyncio.sleep(0.1)
        peer.say(answer(first))

    async with Scripted(script) as peer, closing(peer) as connection:
        assert await connection.connected(5)
        # The second was not taken up before the goodbye, so it is asked again.
        await asyncio.gather(ding(connection), ding(connection))


async def test_a_connection_that_breaks_in_mid_call_leaves_doubt() -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        await peer.request()
        peer.writer.transport.abort()

    async with Scripted(script) as peer, closing(peer) as connection:
        with pytest.raises(CallError) as broken:
            await ding(connection, wait=True)
        assert (broken.value.code, broken.value.left) == ("UNAVAILABLE", True)


async def test_a_request_that_was_not_sent_whole_never_left() -> None:
    async def script(peer: Peer) -> None:
        await peer.greet((frames.INITIAL_WINDOW_SIZE, 10))
        await peer.hear(frames.DATA)
        peer.writer.transport.abort()

    async with Scripted(script) as peer, closing(peer) as connection:
        with pytest.raises(CallError) as broken:
            await connection.call("Ding", write(pb.DingRequest, data="x" * 50), pb.DingResponse, seconds=5, wait=True)
        assert (broken.value.code, broken.value.left) == ("UNAVAILABLE", False)


async def test_a_window_that_opens_late_lets_the_rest_go() -> None:
    async def script(peer: Peer) -> None:
        await peer.greet((frames.INITIAL_WINDOW_SIZE, 10))
        _, flags, stream, body = await peer.hear(frames.DATA)
        assert (flags, len(body)) == (0, 10)
        peer.say(frames.frame(frames.SETTINGS, 0, 0, frames.INITIAL_WINDOW_SIZE.to_bytes(2) + (20).to_bytes(4)))
        _, flags, stream, body = await peer.hear(frames.DATA)
        assert (flags, len(body)) == (0, 10)
        peer.say(frames.window_update(stream, 1_000))
        assert await peer.request() == stream
        peer.say(answer(stream))

    async with Scripted(script) as peer, closing(peer) as connection:
        await connection.call("Ding", write(pb.DingRequest, data="x" * 50), pb.DingResponse, seconds=5, wait=True)


@pytest.mark.parametrize(
    "hello",
    [
        b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
        frames.frame(frames.PING, 0, 0, bytes(8)),
        frames.frame(frames.SETTINGS, 0, 0, bytes(5)),
        b"",
    ],
)
async def test_what_is_no_gateway_is_no_connection(hello: bytes) -> None:
    async def script(peer: Peer) -> None:
        peer.say(hello)
        if not hello:
            peer.writer.close()

    async with Scripted(script) as peer, closing(peer) as connection:
        with pytest.raises(CallError) as refused:
            await ding(connection)
        assert (refused.value.code, refused.value.left) == ("UNAVAILABLE", False)


@pytest.mark.parametrize(
    ("status", "name"), [("403", "PERMISSION_DENIED"), ("404", "UNIMPLEMENTED"), ("502", "UNAVAILABLE")]
)
async def test_the_page_of_a_relay_is_told_by_its_status(status: str, name: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        stream = await peer.request()
        peer.say(
            frames.frame(frames.HEADERS, frames.END_HEADERS, stream, encoded(((":status", status),))),
            frames.frame(frames.DATA, frames.END_STREAM, stream, b"<html>"),
        )
        peer.say(answer(await peer.request()))

    async with Scripted(script) as peer, closing(peer) as connection:
        with pytest.raises(CallError, match=name):
            await ding(connection, wait=True)
        await ding(connection)


async def test_pings_are_answered_and_unknown_frames_overlooked() -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        peer.say(frames.frame(99, 0xFF, 7, b"?"), frames.frame(frames.PING, 0, 0, b"12345678"))
        assert await peer.hear(frames.PING) == (frames.PING, frames.ACK, 0, b"12345678")
        peer.say(answer(await peer.request()))

    async with Scripted(script) as peer, closing(peer) as connection:
        await ding(connection, wait=True)


@pytest.mark.parametrize(
    "broken",
    [
        frames.frame(frames.DATA, frames.PADDED, 1, b"\x09"),
        frames.frame(frames.CONTINUATION, frames.END_HEADERS, 1, b""),
        frames.frame(frames.HEADERS, 0, 1, b"") + frames.frame(frames.PING, 0, 0, bytes(8)),
        frames.frame(frames.HEADERS, frames.END_HEADERS, 1, b"\xff\xff\xff"),
        frames.frame(frames.WINDOW_UPDATE, 0, 0, b""),
        b"\xff\xff\xff\x00\x00\x00\x00\x00\x01",
    ],
)
async def test_who_breaks_the_rules_loses_the_connection_and_the_next_one_is_made(broken: bytes) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        stream = await peer.request()
        peer.say(broken if peer.number == 0 else answer(stream))

    async with Scripted(script) as peer, closing(peer) as connection:
        with pytest.raises(CallError, match="UNAVAILABLE"):
            await ding(connection, wait=True)
        await ding(connection, wait=True)


@pytest.mark.parametrize("body", [b"\x01\x00\x00\x00\x00", b"\x00\x7f\xff\xff\xff"])
async def test_a_message_that_is_packed_or_too_big_ends_its_call_alone(body: bytes) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        stream = await peer.request()
        peer.say(frames.frame(frames.HEADERS, frames.END_HEADERS, stream, headers()))
        peer.say(frames.frame(frames.DATA, 0, stream, body))
        peer.say(answer(await peer.request()))

    async with Scripted(script) as peer, closing(peer) as connection:
        with pytest.raises(CallError, match=r"INTERNAL|RESOURCE_EXHAUSTED"):
            await ding(connection, wait=True)
        await ding(connection)


async def test_a_stream_torn_before_there_is_a_connection_ends_with_its_reason() -> None:
    connection = Connection("127.0.0.1:1", "token")
    stream: EventStream = connection.events()
    reading = asyncio.create_task(stream.read())
    await asyncio.sleep(0)
    stream.tear("SILENT")
    with pytest.raises(CallError, match="SILENT"):
        await reading
    await connection.close()


@given(st.data())
def test_however_the_network_cuts_it_an_answer_is_the_same(data: st.DataObject) -> None:
    block = headers(("content-type", "application/grpc"), ("date", "today"))
    cut = data.draw(st.integers(0, len(block)))
    content = data.draw(st.binary(max_size=40))
    padded = bytes((3,)) + message(content)[2:] + bytes(3)
    said = b"".join(
        (
            frames.frame(frames.SETTINGS, 0, 0),
            frames.frame(frames.HEADERS, frames.PRIORITISED, 1, bytes(5) + block[:cut]),
            frames.frame(frames.CONTINUATION, frames.END_HEADERS, 1, block[cut:]),
            frames.frame(frames.DATA, 0, 1, message(content)[:2]),
            frames.frame(frames.DATA, frames.PADDED, 1, padded),
            trailers(1, ("grpc-status", "0")),
        )
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=6)))
    pieces = [said[a:b] for a, b in zip([0, *cuts], [*cuts, len(said)], strict=True)]

    async def run() -> Exchange:
        link = Link(lambda link: None)
        exchange = link.begin(b"", b"")
        for piece in pieces:
            link.data_received(piece)
        return exchange

    exchange = asyncio.run(run())
    assert exchange.over
    assert list(exchange.messages) == [content]


def test_headers_are_written_as_others_read_them_and_the_token_goes_into_no_table() -> None:
    token = "Wechaty " + "t" * 300
    fields = list(Decoder().decode(frames.request_head("/wechaty.Puppet/Ding", "gateway:8788", token, encrypted=True)))
    assert {str(name): str(value) for name, value in fields} == {
        ":method": "POST",
        ":scheme": "https",
        ":path": "/wechaty.Puppet/Ding",
        ":authority": "gateway:8788",
        "te": "trailers",
        "content-type": "application/grpc",
        "user-agent": "steward",
        "authorization": token,
    }
    assert [str(one[0]) for one in fields if isinstance(one, NeverIndexedHeaderTuple)] == ["authorization"]


@asynccontextmanager
async def closing(peer: Scripted) -> AsyncIterator[Connection]:
    connection = Connection(peer.endpoint, "token")
    try:
        yield connection
    finally:
        await connection.close()
