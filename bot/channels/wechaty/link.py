"""One HTTP/2 connection that carries gRPC calls: what a gateway's client must be able to do, and no more.

grpcio's asyncio layer cost more than all else that the event loop did for a message (ADR-6). A message is an event
and two calls, each a few small frames; in a crowd many of them come and go together.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

from bot.channels.wechaty import frames
from bot.channels.wechaty.exchange import Exchange
from bot.channels.wechaty.frames import Broken
from bot.channels.wechaty.outgoing import Outgoing
from bot.channels.wechaty.status import CallError, of_reset, of_trailers

STREAM_WINDOW, LINK_WINDOW = 4 * 1024 * 1024, 64 * 1024 * 1024
"""Bytes that may be on their way to us before we have said that we have them."""
UNREAD = 1024
"""Messages of a stream that may wait for their reader; beyond it the gateway is not asked for more."""
PING_AFTER, SILENT_AFTER = 310.0, 330.0
"""Seconds. Signs of life come from `ding`; servers that count pings (Go's: one in 5 minutes) do not stand more."""
_LOOK_EVERY = 10.0
_LAST_NUMBER = 2**31 - 1
_LONGEST_HEADERS = 64 * 1024
_NO_END = b"\x00" * 8


class Link(asyncio.Protocol):
    """One connection from its making to its end. ``changed`` is called when it is usable, no more so, and gone."""

    def __init__(self, changed: Callable[["Link"], None]) -> None:
        self.usable = False
        """New calls may begin."""
        self.gone = False
        self.settled = asyncio.Event()
        """It is known whether this becomes a connection."""
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._out = Outgoing(self._loop)
        self._headers = frames.HeaderReader()
        self._rest = b""
        self._exchanges: dict[int, Exchange] = {}
        self._waiting: deque[tuple[Exchange, bytes, bytes]] = deque()
        """Those that are too many for the gateway."""
        self._number = 1
        self._most = _LAST_NUMBER
        self._taken = 0
        self._block: tuple[int, int, bytes] | None = None
        """Headers that go on in the next frame: their stream and flags."""
        self._heard_at = self._loop.time()
        self._look: asyncio.TimerHandle | None = None

    # ---- calls ----------------------------------------------------------------------------------------------------

    def begin(self, head: bytes, request: bytes, *, streaming: bool = False) -> Exchange:
        """Begin a call: its headers, as `frames.request_head` writes them, and its one message."""
        exchange = Exchange(self, streaming=streaming)
        if len(self._exchanges) < self._most:
            self._open(exchange, head, request)
        else:
            self._waiting.append((exchange, head, request))
        return exchange

    def leave(self, exchange: Exchange, error: CallError) -> None:
        """End a call from our side."""
        if exchange.over:
            return
        if exchange.number:
            self._out.write(frames.reset(exchange.number, frames.CANCEL))
        self._end(exchange, error)

    def acknowledge(self, exchange: Exchange) -> None:
        """Tell the gateway that more may come, once there is something to tell and its reader keeps up."""
        if exchange.taken >= STREAM_WINDOW // 2 and len(exchange.messages) < UNREAD and not exchange.over:
            self._out.write(frames.window_update(exchange.number, exchange.taken))
            exchange.taken = 0

    def close(self) -> None:
        """End it and everything on it."""
        self.usable = False
        self._out.abort()

    def _open(self, exchange: Exchange, head: bytes, request: bytes) -> None:
        number = exchange.number = self._number
        self._number += 2
        self._exchanges[number] = exchange
        self._out.request(exchange, head, request)
        if self._number > _LAST_NUMBER:
            self._retire()

    def _end(self, exchange: Exchange, error: CallError | None) -> None:
        self._exchanges.pop(exchange.number, None)
        self._out.forget(exchange)
        exchange.end(error)
        while self._waiting and self.usable and len(self._exchanges) < self._most:
            waiting, head, request = self._waiting.popleft()
            if not waiting.over:
                self._open(waiting, head, request)
        self._close_if_done()

    def _close_if_done(self) -> None:
        if not self.usable and not self._exchanges:
            self._out.close()

    # ---- the transport --------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say hello; the gateway's own makes it ready."""
        # uvloop's transports do all that this one's do and are none by type.
        self._out.open(cast(asyncio.Transport, transport))
        self._out.write(frames.hello(STREAM_WINDOW, LINK_WINDOW))
        self._look = self._loop.call_later(_LOOK_EVERY, self._look_after)

    def data_received(self, data: bytes) -> None:
        """Deal with every whole frame; what breaks the rules ends the connection."""
        self._heard_at = self._loop.time()
        if self._rest:
            data = self._rest + data
        place, end = 0, len(data)
        try:
            while end - place >= frames.HEAD_BYTES:
                high, low, kind, flags, number = frames.HEAD.unpack_from(data, place)
                size = high << 8 | low
                if size > frames.LARGEST_FRAME:
                    raise Broken("too long a frame")
                start = place + frames.HEAD_BYTES
                if start + size > end:
                    break
                place = start + size
                self._on_frame(kind, flags, number, data[start:place])
        except Broken:
            self.close()
            return
        self._rest = data[place:]

    def connection_lost(self, exc: Exception | None) -> None:
        """Everything on it ends with it."""
        if self._look is not None:
            self._look.cancel()
        self.usable, self.gone = False, True
        self.settled.set()
        under_way = [*self._exchanges.values(), *(one for one, _, _ in self._waiting)]
        self._exchanges.clear()
        self._waiting.clear()
        for exchange in under_way:
            exchange.end(CallError("UNAVAILABLE", left=exchange.sent))
        self._changed(self)

    def _look_after(self) -> None:
        silent = self._loop.time() - self._heard_at
        if silent >= SILENT_AFTER:
            self.close()
            return
        if silent >= PING_AFTER:
            self._out.write(frames.frame(frames.PING, 0, 0, _NO_END))
        self._look = self._loop.call_later(_LOOK_EVERY, self._look_after)

    def _retire(self) -> None:
        """What is under way may end; new calls go to another connection."""
        if self.usable:
            self.usable = False
            self._changed(self)

    # ---- frames ---------------------------------------------------------------------------------------------------

    def _on_frame(self, kind: int, flags: int, number: int, body: bytes) -> None:
        if self._block is not None and kind != frames.CONTINUATION:
            raise Broken("headers were not ended")
        if not self.settled.is_set() and kind != frames.SETTINGS:
            raise Broken("no settings")
        if kind == frames.DATA:
            self._on_data(flags, number, body)
        elif kind in (frames.HEADERS, frames.CONTINUATION):
            self._on_headers(kind, flags, number, body)
        elif kind == frames.RST_STREAM:
            exchange = self._exchanges.get(number)
            if exchange is not None:
                self._end(exchange, of_reset(frames.number_of(body)))
        elif kind == frames.WINDOW_UPDATE:
            self._out.widen(number, frames.number_of(body))
        elif kind == frames.SETTINGS:
            self._on_settings(flags, body)
        elif kind == frames.PING and not flags & frames.ACK:
            self._out.write(frames.frame(frames.PING, frames.ACK, 0, body))
        elif kind == frames.GOAWAY:
            self._on_goaway(frames.number_of(body))
        elif kind == frames.PUSH_PROMISE:
            raise Broken("pushed")

    def _on_data(self, flags: int, number: int, body: bytes) -> None:
        self._taken += len(body)
        if self._taken >= LINK_WINDOW // 2:
            self._out.write(frames.window_update(0, self._taken))
            self._taken = 0
        exchange = self._exchanges.get(number)
        if exchange is None:
            return
        exchange.taken += len(body)
        try:
            exchange.take(frames.content(flags, body) if flags & frames.PADDED else body)
        except CallError as error:
            self.leave(exchange, error)
            return
        if flags & frames.END_STREAM:
            self._end(exchange, CallError("INTERNAL"))
        else:
            self.acknowledge(exchange)

    def _on_headers(self, kind: int, flags: int, number: int, body: bytes) -> None:
        if kind == frames.HEADERS:
            block, first = frames.content(flags, body), flags
        elif self._block is None or self._block[0] != number:
            raise Broken("headers of nothing")
        else:
            first, block = self._block[1], self._block[2] + body
        if not flags & frames.END_HEADERS:
            if len(block) > _LONGEST_HEADERS:
                raise Broken("too long headers")
            self._block = (number, first, block)
            return
        self._block = None
        fields = self._headers.read(block)
        exchange = self._exchanges.get(number)
        if exchange is None:
            return
        if fields.get(":status", "").startswith("1"):
            # Only a word in between.
            return
        exchange.http = exchange.http or fields.get(":status", "")
        if first & frames.END_STREAM:
            self._end(exchange, of_trailers(fields, exchange.http))
        elif exchange.http != "200":
            # A relay's page follows, no message.
            self.leave(exchange, of_trailers(fields, exchange.http) or CallError("UNKNOWN"))

    def _on_settings(self, flags: int, body: bytes) -> None:
        if flags & frames.ACK:
            return
        for name, value in frames.settings_of(body):
            if name == frames.MAX_CONCURRENT_STREAMS:
                self._most = value
            elif name == frames.INITIAL_WINDOW_SIZE:
                self._out.set_stream_window(value)
        self._out.write(frames.frame(frames.SETTINGS, frames.ACK, 0))
        if not self.settled.is_set():
            self.usable = True
            self.settled.set()
            self._changed(self)
        self._out.pump()

    def _on_goaway(self, last: int) -> None:
        """The gateway takes no more calls; those after ``last`` it never took up."""
        self._retire()
        refused = [one for number, one in self._exchanges.items() if number > last]
        refused += [one for one, _, _ in self._waiting]
        self._waiting.clear()
        for exchange in refused:
            self._end(exchange, CallError("UNAVAILABLE", left=False))
        self._close_if_done()
