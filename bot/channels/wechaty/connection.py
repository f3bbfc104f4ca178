"""One gRPC connection to a gateway: raw calls with deadlines and the event stream; errors without their details."""

import asyncio
import contextlib
import os
import re
import time
from typing import Any, TypeVar

# The library's own remarks about connections come and go on standard error, past our log lines; read once at import.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")

import grpc
from wechaty_grpc.wechaty import puppet as pb

from bot.channels.wechaty.wire import read, write
from domain.errors import StewardError

SERVICE = "/wechaty.Puppet/"
_BIGGEST = 64 * 1024 * 1024
_OPTIONS = (
    # gRPC's own default came back after 29 s.
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2000),
    # Also how long one attempt may take: a black hole is given up as quickly.
    ("grpc.min_reconnect_backoff_ms", 2000),
    # Signs of life come from `ding`; servers that count pings (Go's: one in 5 minutes) end connections that send more.
    ("grpc.keepalive_time_ms", 310_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.max_receive_message_length", _BIGGEST),
    ("grpc.max_send_message_length", _BIGGEST),
    # Two channels of one process shall not share a connection and each other's fate.
    ("grpc.use_local_subchannel_pool", 1),
)
_NEVER_LEFT = ("failed to connect to all addresses", "connections to all backends failing", "dns resolution failed")

Response = TypeVar("Response")


class EndpointError(StewardError):
    """The address of the gateway cannot be used."""


class CallError(Exception):
    """A call failed. Its text is the status alone: details may hold the token, a member's words or a stack.

    ``left`` is false when it is certain that the request never reached the gateway.
    """

    def __init__(self, code: str, details: str = "", *, left: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.left = left
        self._details = details

    def says(self, words: re.Pattern[str]) -> bool:
        """Whether the details hold such words."""
        return words.search(self._details) is not None


def parse_endpoint(endpoint: str) -> str:
    """``host:port`` of an address that may have a scheme. Raises `EndpointError` with the remedy."""
    address = re.sub(r"\A[a-z][a-z0-9+.-]*://", "", endpoint.strip()).rstrip("/")
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise EndpointError(
            f"WECHATY_PUPPET_SERVICE_ENDPOINT is host:port, for example 127.0.0.1:8788, not {endpoint!r}."
        )
    return address


class Connection:
    """Opened by its first use and again after `close`; the library keeps trying to connect in between."""

    def __init__(self, endpoint: str, token: str, *, ca: bytes | None = None, server_name: str = "") -> None:
        """``ca``: the PEM certificates to trust; without them the connection is not encrypted.

        ``server_name``: the name that the gateway's certificate is held against, if it is not the host's.
        """
        self.address = parse_endpoint(endpoint)
        self._metadata = (("authorization", f"Wechaty {token}"),)
        self._ca = ca
        self._server_name = server_name
        self._channel: grpc.aio.Channel | None = None
        self._methods: dict[str, Any] = {}
        self._out_since: float | None = None

    async def call(
        self, method: str, request: bytes, response: type[Response], *, seconds: float, wait: bool = False
    ) -> Response:
        """One call; ``request`` is a written message. ``wait``: for a connection, within the deadline.

        Raises `CallError`, also for an answer that cannot be read.
        """
        try:
            raw = await self._method(method)(
                request, metadata=self._metadata, timeout=max(seconds, 0.0), wait_for_ready=wait
            )
        except grpc.aio.AioRpcError as error:
            raise _plain(error) from None
        except (grpc.aio.UsageError, grpc.aio.InternalError):
            raise CallError("UNAVAILABLE", left=False) from None
        except asyncio.CancelledError:
            # The library ends its calls like this when the connection is closed; nobody cancelled the caller.
            if _cancelled():
                raise
            raise CallError("CANCELLED") from None
        try:
            return read(response, raw)
        except ValueError:
            # The answer is unusable, but the call was made.
            raise CallError("DATA_LOSS") from None

    def events(self) -> "EventStream":
        """A new event stream; it waits for a connection."""
        channel = self._open()
        call = channel.unary_stream(SERVICE + "Event")(
            write(pb.EventRequest), metadata=self._metadata, wait_for_ready=True
        )
        return EventStream(call)

    async def connected(self, seconds: float) -> bool:
        """Whether there is a connection, waiting so long for one."""
        channel = self._open()
        if channel.get_state() is grpc.ChannelConnectivity.READY:
            return True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (state := channel.get_state(try_to_connect=True)) is not grpc.ChannelConnectivity.READY:
                    if state is grpc.ChannelConnectivity.SHUTDOWN:
                        return False
                    await channel.wait_for_state_change(state)
                return True
        return False

    def lost(self) -> None:
        """The event stream has ended: from now on the gateway counts as out of reach."""
        if self._out_since is None:
            self._out_since = time.monotonic()

    def found(self) -> None:
        """The gateway has spoken."""
        self._out_since = None

    def out_for(self) -> float:
        """Seconds since the event stream was lost; 0 while there is one."""
        return 0.0 if self._out_since is None else time.monotonic() - self._out_since

    async def close(self) -> None:
        """Let go; calls under way end."""
        channel, self._channel = self._channel, None
        self._methods.clear()
        if channel is not None:
            await channel.close()

    def _open(self) -> grpc.aio.Channel:
        if self._channel is None:
            if self._ca is None:
                self._channel = grpc.aio.insecure_channel(self.address, options=_OPTIONS)
            else:
                name = (("grpc.ssl_target_name_override", self._server_name),) if self._server_name else ()
                credentials = grpc.ssl_channel_credentials(root_certificates=self._ca)
                self._channel = grpc.aio.secure_channel(self.address, credentials, options=(*_OPTIONS, *name))
        return self._channel

    def _method(self, name: str) -> Any:
        channel = self._open()
        method = self._methods.get(name)
        if method is None:
            method = self._methods[name] = channel.unary_unary(SERVICE + name)
        return method


class EventStream:
    """One event stream from its opening to its end."""

    def __init__(self, call: Any) -> None:
        self._call = call
        self._torn = ""

    async def read(self) -> tuple[int, str] | None:
        """The next event: its number and payload. None for one that cannot be parsed. Raises `CallError` at the end.

        The code is OK when the gateway ended it in good order, and what `tear` was given when we did.
        """
        try:
            raw = await self._call.read()
        except grpc.aio.AioRpcError as error:
            raise _plain(error) from None
        except asyncio.CancelledError:
            if _cancelled():
                raise
            raise CallError(self._torn or "CANCELLED") from None
        if raw is grpc.aio.EOF:
            raise CallError(self._torn or "OK")
        try:
            event = read(pb.EventResponse, raw)
        except ValueError:
            return None
        return int(event.type), event.payload

    def tear(self, reason: str = "CANCELLED") -> None:
        """End it from our side, only the stream: the account stays logged in."""
        self._torn = reason
        self._call.cancel()


def _cancelled() -> bool:
    """Whether the present task itself is to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _plain(error: Any) -> CallError:
    code, details = error.code(), str(error.details() or "")
    left = not (code is grpc.StatusCode.UNAVAILABLE and details.lower().startswith(_NEVER_LEFT))
    return CallError(code.name, details, left=left)
