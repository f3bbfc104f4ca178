"""What goes to a gateway on one connection: a moment's words together, and of requests as much as its windows let."""

import asyncio

from bot.channels.wechaty import frames
from bot.channels.wechaty.exchange import Exchange


class Outgoing:
    """The writing side of a connection; before `open` and after its end nothing is written."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._unwritten: list[bytes] = []
        self._parked: dict[int, Exchange] = {}
        """Calls whose request is too much for the gateway's windows."""
        self._window = self._stream_window = frames.FIRST_WINDOW

    def open(self, transport: asyncio.Transport) -> None:
        """From now on there is somewhere to write to."""
        self._transport = transport

    def write(self, data: bytes) -> bool:
        """Have it written with what else this moment has to say; whether it will be."""
        if self._transport is None or self._transport.is_closing():
            return False
        if not self._unwritten:
            self._loop.call_soon(self._flush)
        self._unwritten.append(data)
        return True

    def request(self, exchange: Exchange, head: bytes, request: bytes) -> None:
        """Begin a call that has its number: its headers, and of its message what may go now."""
        number = exchange.number
        body = b"\x00" + len(request).to_bytes(4) + request
        opening = frames.frame(frames.HEADERS, frames.END_HEADERS, number, head)
        size = len(body)
        if size <= min(self._window, self._stream_window, frames.LARGEST_FRAME) and not self._parked:
            self._window -= size
            exchange.sent = self.write(opening + frames.frame(frames.DATA, frames.END_STREAM, number, body))
        else:
            # A view, so that a file of many frames is not copied once for each.
            exchange.unsent, exchange.window = memoryview(body), self._stream_window
            self._parked[number] = exchange
            self.write(opening)
            self.pump()

    def pump(self) -> None:
        """Send what the windows let, in the order in which it was asked for."""
        for number, exchange in tuple(self._parked.items()):
            while exchange.unsent:
                size = min(len(exchange.unsent), self._window, exchange.window, frames.LARGEST_FRAME)
                if size <= 0:
                    break
                chunk, exchange.unsent = bytes(exchange.unsent[:size]), exchange.unsent[size:]
                self._window -= size
                exchange.window -= size
                flags = 0 if exchange.unsent else frames.END_STREAM
                exchange.sent = self.write(frames.frame(frames.DATA, flags, number, chunk)) and bool(flags)
            if not exchange.unsent:
                del self._parked[number]
            if self._window <= 0:
                return

    def widen(self, number: int, size: int) -> None:
        """The gateway takes so many bytes more: of one call, or (0) of all together."""
        if number == 0:
            self._window += size
        elif (exchange := self._parked.get(number)) is not None:
            exchange.window += size
        if self._parked:
            self.pump()

    def set_stream_window(self, size: int) -> None:
        """The gateway takes so many bytes of each call before it says more."""
        for exchange in self._parked.values():
            exchange.window += size - self._stream_window
        self._stream_window = size

    def forget(self, exchange: Exchange) -> None:
        """A call is over: what it still had to send is not sent."""
        self._parked.pop(exchange.number, None)

    def close(self) -> None:
        """Write what there is, then end the connection."""
        if self._transport is not None:
            self._flush()
            self._transport.close()

    def abort(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        data, self._unwritten = b"".join(self._unwritten), []
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)
