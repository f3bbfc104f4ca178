"""One event stream after another: opened, started, watched, torn down when silent, opened again. Never Stop."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from wechaty_grpc.wechaty import puppet as pb

from bot import logs
from bot.backoff import Backoff
from bot.channels.port import Login
from bot.channels.wechaty.connection import Connection
from bot.channels.wechaty.events import EventStream
from bot.channels.wechaty.pace import Pace
from bot.channels.wechaty.status import CallError
from bot.channels.wechaty.wire import write

SILENT = "SILENT"
UNREACHED = "UNREACHED"

_DENIED = frozenset({"UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED"})
_REASONS = {
    "ALREADY_EXISTS": "网关正被另一个连接占用，每 2 秒重试；请停掉另一个程序",
    "UNAUTHENTICATED": "网关不接受令牌，请检查 WECHATY_PUPPET_SERVICE_TOKEN",
    "PERMISSION_DENIED": "网关不接受令牌，请检查 WECHATY_PUPPET_SERVICE_TOKEN",
    "UNIMPLEMENTED": "这个地址不是 Wechaty 网关，请检查 WECHATY_PUPPET_SERVICE_ENDPOINT",
    UNREACHED: "连不上网关，请检查 WECHATY_PUPPET_SERVICE_ENDPOINT 和网关是否在运行",
    SILENT: "网关没有声音，正在重连",
}

_log = logs.logger("wechaty")

OnEvent = Callable[[int, str, datetime], Awaitable[None]]
OnOpen = Callable[[], None]
OnLost = Callable[[Login, str, datetime | None], None]


class Session:
    """Runs until cancelled. ``on_open``: Start was accepted; ``on_lost``: login state, reason, last sign of life."""

    def __init__(
        self,
        connection: Connection,
        pace: Pace,
        clock: Callable[[], datetime],
        *,
        on_event: OnEvent,
        on_open: OnOpen,
        on_lost: OnLost,
    ) -> None:
        self._connection = connection
        self._pace = pace
        self._clock = clock
        self._on_event = on_event
        self._on_open = on_open
        self._on_lost = on_lost
        self._heard_at: datetime | None = None
        """The last sign of life, on this stream or an earlier one."""
        self._sign = asyncio.Event()
        self._alive_at = 0.0
        """The same on the monotonic clock, from the opening of the present stream on."""
        self._busy = False
        """An event is being dealt with: the stream is not read, so its silence means nothing."""

    async def run(self) -> None:
        """One stream after another."""
        backoff, told = Backoff(0.2, self._pace.retry), ""
        while True:
            self._sign.clear()
            end = await self._stream()
            if self._sign.is_set():
                backoff.reset()
                told = ""
            self._connection.lost()
            login = Login.OCCUPIED if end.code == "ALREADY_EXISTS" else Login.OFFLINE
            # An outage of a night is one line, not ten thousand.
            logs.line(_log, "lost", logging.DEBUG if end.code == told else logging.WARNING, outcome=end.code)
            told = end.code
            self._on_lost(login, _REASONS.get(end.code, "与网关的连接断开，正在重连"), self._heard_at)
            await asyncio.sleep(self._wait(end.code, backoff))

    def _wait(self, code: str, backoff: Backoff) -> float:
        if code in _DENIED:
            return self._pace.retry_denied
        if code == UNREACHED:
            # The connection goes on being tried by itself; a stream in waiting opens as soon as it has.
            return 0.05
        return self._pace.retry if code == "ALREADY_EXISTS" else backoff.next()

    async def _stream(self) -> CallError:
        """Open a stream and read it to its end; why it ended."""
        stream = self._connection.events()
        self._alive_at, self._busy = self._now(), False
        guard = asyncio.create_task(self._guard(stream), name="wechaty-guard")
        try:
            while True:
                event = await stream.read()
                heard_at = self._clock()
                self._heard_at, self._alive_at = heard_at, self._now()
                self._connection.found()
                self._sign.set()
                if event is None:
                    logs.line(_log, "skipped", logging.WARNING, outcome="no event")
                else:
                    self._busy = True
                    await self._on_event(*event, heard_at)
                    self._busy, self._alive_at = False, self._now()
        except CallError as end:
            return end
        finally:
            guard.cancel()
            await asyncio.gather(guard, return_exceptions=True)
            stream.tear()

    async def _guard(self, stream: EventStream) -> None:
        """What the stream needs beside being read: a Start once it is open, and somebody who notices its silence."""
        try:
            async with asyncio.timeout(self._pace.opening):
                await self._sign.wait()
        except TimeoutError:
            # A gateway may say nothing before Start; nobody at all is another matter.
            if not await self._connection.connected(0.0):
                stream.tear(UNREACHED)
                return
        async with asyncio.TaskGroup() as group:
            group.create_task(self._start())
            group.create_task(self._watch(stream))

    async def _start(self) -> None:
        backoff = Backoff(2.0, 30.0)
        while True:
            try:
                await self._connection.call("Start", write(pb.StartRequest), pb.StartResponse, seconds=self._pace.send)
            except CallError as error:
                logs.line(_log, "start", logging.WARNING, outcome=error.code)
                await asyncio.sleep(backoff.next())
            else:
                self._on_open()
                return

    async def _watch(self, stream: EventStream) -> None:
        dinged = looked = self._now()
        while True:
            await asyncio.sleep(self._pace.tick)
            now = self._now()
            if self._busy or now - looked > 5 * self._pace.tick:
                # This process itself stood still: what came meanwhile has not been read yet.
                self._alive_at = now
            looked = now
            silence = now - self._alive_at
            if silence >= self._pace.silent_after:
                stream.tear(SILENT)
                return
            if silence >= self._pace.ding_after and now - dinged >= self._pace.ding_every:
                await self._ding()
                dinged = looked = self._now()

    async def _ding(self) -> None:
        """Ask for a dong; that the call itself is answered proves nothing about the stream."""
        try:
            request = write(pb.DingRequest, data="steward")
            await self._connection.call("Ding", request, pb.DingResponse, seconds=self._pace.lookup)
        except CallError as error:
            logs.line(_log, "ding", logging.WARNING, outcome=error.code)

    def _now(self) -> float:
        return time.monotonic()
