"""The network between one client and a gateway: it can be cut, and tells which of the gateway's callers came by it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self

from tests.gateway.gateway import Gateway

_CHUNK = 64 * 1024


class Road:
    """`async with Road(gateway) as road:` and the client connects to ``road.endpoint`` instead of the gateway's.

    Connections are passed on byte by byte. ``ports`` are the addresses (host:port) that the gateway sees.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.ports: set[str] = set()
        self.endpoint = ""
        self._gateway = gateway
        self._open = True
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.endpoint = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.gather(*self._passing, return_exceptions=True)

    def cut(self) -> None:
        """Every connection ends at once, at both ends; new ones are ended too, until `mend`."""
        self._open = False
        for writer in tuple(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        """New connections pass again."""
        self._open = True

    async def calls(self, prefix: str) -> int:
        """How many calls of methods with this prefix came by this road."""
        peers = (await self._gateway.state())["counters"]["peers"]
        mine = (methods for peer, methods in peers.items() if peer in self.ports)
        return sum(count for methods in mine for method, count in methods.items() if method.startswith(prefix))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        try:
            if self._open:
                await self._pass(reader, writer)
        finally:
            self._passing.discard(task)
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._gateway.port)
        except OSError:
            return
        host, port = far_writer.get_extra_info("sockname")
        self.ports.add(f"{host}:{port}")
        ends = {writer, far_writer}
        self._writers |= ends
        try:
            # Whichever direction ends first takes the other one with it.
            ways = [asyncio.create_task(_copy(reader, far_writer)), asyncio.create_task(_copy(far_reader, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._writers -= ends
            far_writer.transport.abort()
            for way in ways:
                way.cancel()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
