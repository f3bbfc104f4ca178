"""A gateway that says what a test has written down, frame by frame, over real sockets."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self

from hpack import Encoder

from bot.channels.wechaty import frames

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
Script = Callable[["Peer"], Awaitable[None]]


def message(content: bytes) -> bytes:
    """A gRPC message with its prefix."""
    return b"\x00" + len(content).to_bytes(4) + content


def answer(stream: int, content: bytes = b"", *, status: str = "0", words: str = "") -> bytes:
    """The frames of a whole answer, as a gateway sends them."""
    first = frames.frame(frames.HEADERS, frames.END_HEADERS, stream, headers(("content-type", "application/grpc")))
    body = frames.frame(frames.DATA, 0, stream, message(content)) if status == "0" else b""
    return first + body + trailers(stream, ("grpc-status", status), ("grpc-message", words))


def trailers(stream: int, *fields: tuple[str, str]) -> bytes:
    """The last headers of a stream."""
    flags = frames.END_HEADERS | frames.END_STREAM
    return frames.frame(frames.HEADERS, flags, stream, encoded(fields))


def headers(*fields: tuple[str, str]) -> bytes:
    """The first headers of a good answer."""
    return encoded(((":status", "200"), *fields))


def encoded(fields: tuple[tuple[str, str], ...]) -> bytes:
    """By a writer of headers that is not ours, and without a table, as we ask for."""
    encoder = Encoder()
    encoder.header_table_size = 0
    return encoder.encode(fields)


class Peer:
    """One connection to it; ``number`` counts them from 0."""

    def __init__(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.number = number
        self.reader = reader
        self.writer = writer

    async def greet(self, *settings: tuple[int, int]) -> None:
        """Hear the hello and give one."""
        assert await self.reader.readexactly(len(PREFACE)) == PREFACE
        body = b"".join(name.to_bytes(2) + value.to_bytes(4) for name, value in settings)
        self.say(frames.frame(frames.SETTINGS, 0, 0, body))

    def say(self, *data: bytes) -> None:
        """Send frames."""
        self.writer.write(b"".join(data))

    async def hear(self, *kinds: int) -> tuple[int, int, int, bytes]:
        """The next frame of these kinds: kind, flags, stream, body."""
        while True:
            high, low, kind, flags, stream = frames.HEAD.unpack(await self.reader.readexactly(frames.HEAD_BYTES))
            body = await self.reader.readexactly(high << 8 | low)
            if kind in kinds:
                return kind, flags, stream, body

    async def request(self) -> int:
        """The stream of the next call, heard to its end."""
        while True:
            _, flags, stream, _ = await self.hear(frames.DATA)
            if flags & frames.END_STREAM:
                return stream


class Scripted:
    """`async with Scripted(script) as endpoint:`; each connection runs the script."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._peers = 0
        self._running: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.endpoint = ""
        self.errors: list[BaseException] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.endpoint = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        assert self.errors == []

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        peer = Peer(self._peers, reader, writer)
        self._peers += 1
        try:
            await self._script(peer)
            await reader.read()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # The other side has gone, or the test is over.
            return
        except AssertionError as error:
            self.errors.append(error)
        finally:
            writer.close()
