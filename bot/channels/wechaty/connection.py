"""The connection to a gateway: always made anew, and raw calls with deadlines on it."""

import asyncio
import logging
import re
import socket
import time
from typing import TypeVar

from wechaty_grpc.wechaty import puppet as pb

from bot import logs
from bot.backoff import Backoff
from bot.channels.wechaty import frames
from bot.channels.wechaty.events import EventStream
from bot.channels.wechaty.exchange import Exchange
from bot.channels.wechaty.link import Link
from bot.channels.wechaty.status import CallError
from bot.channels.wechaty.tls import EndpointError, trusting
from bot.channels.wechaty.wire import read, write

SERVICE = "/wechaty.Puppet/"
ATTEMPT_SECONDS = 2.0
"""How long one attempt to connect may take: a black hole is given up as quickly."""
RETRY_FIRST, RETRY_MOST = 0.2, 2.0
LASTING_SECONDS = 1.0
"""A connection that ends sooner was no success: the next one waits as after a failure."""
UNHEARD_MS = 20_000
"""How long words may be under way before the connection counts as dead."""

_log = logs.logger("wechaty")

Response = TypeVar("Response")


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
    """Opened by its first use and again after `close`; in between it is made anew whenever it is lost."""

    def __init__(self, endpoint: str, token: str, *, ca: bytes | None = None, server_name: str = "") -> None:
        """``ca``: the PEM certificates to trust; without them the connection is not encrypted.

        ``server_name``: the name that the gateway's certificate is held against, if it is not the host's.
        """
        self.address = parse_endpoint(endpoint)
        host, _, port = self.address.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._authorization = f"Wechaty {token}"
        self._tls = trusting(ca) if ca is not None else None
        self._server_name = server_name or self._host
        self._heads: dict[str, bytes] = {}
        self._link: Link | None = None
        self._links: set[Link] = set()
        """The present one, and those that are left to end."""
        self._keeping: asyncio.Task[None] | None = None
        self._failing = False
        """The last attempt to connect has failed."""
        self._moved = asyncio.Event()
        """Set, and another put in its place, when one of these changes."""
        self._out_since: float | None = None
        self._told = ""
        """Why connecting failed, as the log has it."""

    async def call(
        self, method: str, request: bytes, response: type[Response], *, seconds: float, wait: bool = False
    ) -> Response:
        """One call; ``request`` is a written message. ``wait``: for a connection, within the deadline.

        Raises `CallError`, also for an answer that cannot be read.
        """
        until = time.monotonic() + seconds
        try:
            raw = await self._exchange(method, request, until, wait=wait)
        except CallError as error:
            if error.left or error.code != "UNAVAILABLE":
                raise
            # It was never taken up: on a connection about to end, or while the gateway had too much to do.
            raw = await self._exchange(method, request, until, wait=wait)
        try:
            return read(response, raw)
        except ValueError:
            # The answer is unusable, but the call was made.
            raise CallError("DATA_LOSS") from None

    def events(self) -> EventStream:
        """A new event stream; it waits for a connection."""
        return EventStream(self._begin_events)

    async def connected(self, seconds: float) -> bool:
        """Whether there is a connection, waiting so long for one."""
        if self._link is not None and self._link.usable:
            return True
        try:
            await self._linked(seconds, wait=True)
        except CallError:
            return False
        return True

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
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        for link in tuple(self._links):
            link.close()
        while self._links:
            await self._moved.wait()
        self._link, self._failing = None, False

    # ---- inside ---------------------------------------------------------------------------------------------------

    def _head(self, method: str) -> bytes:
        head = self._heads.get(method)
        if head is None:
            encrypted = self._tls is not None
            head = frames.request_head(SERVICE + method, self.address, self._authorization, encrypted=encrypted)
            self._heads[method] = head
        return head

    async def _begin_events(self) -> Exchange:
        link = await self._linked(None, wait=True)
        return link.begin(self._head("Event"), write(pb.EventRequest), streaming=True)

    async def _exchange(self, method: str, request: bytes, until: float, *, wait: bool) -> bytes:
        link = self._link
        if link is None or not link.usable:
            link = await self._linked(until - time.monotonic(), wait=wait)
        exchange = link.begin(self._head(method), request)
        seconds = max(until - time.monotonic(), 0.0)
        deadline = asyncio.get_running_loop().call_later(seconds, exchange.leave, "DEADLINE_EXCEEDED")
        try:
            return await exchange.answer()
        finally:
            deadline.cancel()

    async def _linked(self, seconds: float | None, *, wait: bool) -> Link:
        """The connection, waiting so long for one (None: for ever); without ``wait`` only for an attempt under way."""
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep(), name="wechaty-connection")
        try:
            async with asyncio.timeout(seconds):
                while True:
                    if self._link is not None and self._link.usable:
                        return self._link
                    if self._failing and not wait:
                        raise CallError("UNAVAILABLE", left=False)
                    await self._moved.wait()
        except TimeoutError:
            raise CallError("DEADLINE_EXCEEDED", left=False) from None

    async def _keep(self) -> None:
        """One connection after another."""
        backoff = Backoff(RETRY_FIRST, RETRY_MOST)
        while True:
            link = await self._connect()
            if link is not None:
                since = time.monotonic()
                self._link, self._failing = link, False
                self._move()
                while link.usable:
                    await self._moved.wait()
                self._link = None
                if time.monotonic() - since >= LASTING_SECONDS:
                    backoff.reset()
                    continue
            else:
                self._failing = True
                self._move()
            await asyncio.sleep(backoff.next())

    async def _connect(self) -> Link | None:
        """One attempt at each of the gateway's addresses."""
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                found = await asyncio.get_running_loop().getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except OSError as error:
            self._failed(type(error).__name__)
            return None
        for family, _, _, _, address in found:
            link = Link(self._changed)
            try:
                async with asyncio.timeout(ATTEMPT_SECONDS):
                    await self._reach(link, str(address[0]), family)
                    await link.settled.wait()
            except OSError as error:
                # Also TimeoutError, and ssl.SSLError for a certificate that is not to be trusted.
                link.close()
                self._failed(type(error).__name__)
            except asyncio.CancelledError:
                link.close()
                raise
            if link.usable:
                self._told = ""
                return link
            if link.gone:
                self._failed("no HTTP/2")
        return None

    def _failed(self, reason: str) -> None:
        # One line for an outage, whose reason may change.
        logs.line(_log, "connect", logging.DEBUG if reason == self._told else logging.WARNING, outcome=reason)
        self._told = reason

    async def _reach(self, link: Link, host: str, family: int) -> None:
        name = self._server_name if self._tls is not None else None
        transport, _ = await asyncio.get_running_loop().create_connection(
            lambda: link, host, self._port, family=family, ssl=self._tls, server_hostname=name
        )
        if not link.gone:
            self._links.add(link)
        wire: socket.socket | None = transport.get_extra_info("socket")
        if wire is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNHEARD_MS)

    def _changed(self, link: Link) -> None:
        if link.gone:
            self._links.discard(link)
        self._move()

    def _move(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
