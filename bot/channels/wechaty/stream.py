"""Ordered release: what has to be fetched is fetched at the same time, and comes out in the order it was heard."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from bot.channels.port import ChannelEvent

Work = Callable[[], Awaitable[tuple[ChannelEvent, ...]]]


class _Slot:
    __slots__ = ("events",)

    def __init__(self, events: tuple[ChannelEvent, ...] | None) -> None:
        self.events = events


class OrderedStream:
    """A queue whose places may still be in the making. One writer, one reader."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._slots: deque[_Slot] = deque()
        self._begun: set[asyncio.Task[None]] = set()
        self._to_begin: deque[tuple[_Slot, Work]] = deque()
        self._out: deque[ChannelEvent] = deque()
        self._ready = asyncio.Event()
        self._space = asyncio.Event()
        self._error: BaseException | None = None

    async def put(self, work: Work) -> None:
        """Take a place for what ``work`` will give; it must not raise. Waits while too much is waiting."""
        while len(self._slots) >= self._waiting:
            self._space.clear()
            await self._space.wait()
        slot = _Slot(None)
        self._slots.append(slot)
        self._to_begin.append((slot, work))
        self._begin()

    def tell(self, events: Iterable[ChannelEvent]) -> None:
        """Take a place for what is known already; never waits."""
        known = tuple(events)
        if known:
            self._slots.append(_Slot(known))
            self._ready.set()

    def fail(self, error: BaseException, *, at_once: bool = False) -> None:
        """What was heard before still comes out, then the error; ``at_once``: the error next."""
        self._error = error
        if at_once:
            self._slots.clear()
            self._out.clear()
        self._ready.set()

    async def next(self) -> ChannelEvent:
        """The next event in order."""
        while not self._out:
            if self._slots and self._slots[0].events is not None:
                self._out.extend(self._slots.popleft().events or ())
                self._space.set()
            elif self._error is not None and not self._slots:
                raise self._error
            else:
                self._ready.clear()
                await self._ready.wait()
        return self._out.popleft()

    async def close(self) -> None:
        """Stop all work under way."""
        self._to_begin.clear()
        begun = tuple(self._begun)
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)

    def _begin(self) -> None:
        while self._to_begin and len(self._begun) < self._at_once:
            slot, work = self._to_begin.popleft()
            task = asyncio.create_task(self._run(slot, work))
            self._begun.add(task)
            task.add_done_callback(self._ended)

    async def _run(self, slot: _Slot, work: Work) -> None:
        try:
            slot.events = await work()
        except Exception as error:
            # A fault of our own code: the listener hears of it instead of waiting for this place for ever.
            self.fail(error)
        finally:
            if slot.events is None:
                slot.events = ()
        if self._slots and self._slots[0] is slot:
            self._ready.set()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._begun.discard(task)
        self._begin()
