"""Bounded caches with a time to live: what is unknown is asked for, what is old only as often as the limiter lets."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.channels.wechaty.status import CallError

FAILED_SECONDS = 5.0
"""What could not be had is not asked for again so soon: a crowd of messages would ask each time."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Monotonic = Callable[[], float]


class Limiter:
    """At most ``per_second`` on average, saved up to ``burst``; None: no limit."""

    def __init__(self, per_second: float | None, burst: float = 3.0, clock: Monotonic = time.monotonic) -> None:
        self._rate = per_second
        self._burst = burst
        self._clock = clock
        self._saved = burst
        self._at = clock()

    def take(self) -> bool:
        """Whether one more may be done now; counts it."""
        if self._rate is None:
            return True
        now = self._clock()
        self._saved = min(self._burst, self._saved + (now - self._at) * self._rate)
        self._at = now
        if self._saved < 1:
            return False
        self._saved -= 1
        return True


@dataclass(slots=True)
class _Entry(Generic[V]):
    value: V | None
    at: float
    """When it was known to be so."""
    until: float


class Cache(Generic[K, V]):
    """Values by key. Many who ask for the same at once share one call.

    ``fetch`` raises `CallError`; then the old value stays in use, or None where there is none.
    """

    def __init__(
        self,
        fetch: Callable[[K], Awaitable[V]],
        *,
        seconds: float,
        most: int,
        limiter: Limiter,
        clock: Monotonic = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._most = most
        self._limiter = limiter
        self._clock = clock
        self._entries: OrderedDict[K, _Entry[V]] = OrderedDict()
        self._flights: dict[K, asyncio.Task[V | None]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def peek(self, key: K) -> V | None:
        """What is known, however old."""
        entry = self._entries.get(key)
        return entry.value if entry is not None else None

    def fresh(self, key: K, newer_than: float = 0.0) -> V | None:
        """What is known and not old; asks nobody."""
        entry = self._entries.get(key)
        return entry.value if entry is not None and self._fits(entry, newer_than) else None

    def known(self) -> Iterable[tuple[K, V]]:
        """All that is known, however old."""
        return ((key, entry.value) for key, entry in self._entries.items() if entry.value is not None)

    def put(self, key: K, value: V | None, seconds: float | None = None) -> None:
        """Learn a value without asking."""
        now = self._clock()
        self._entries[key] = _Entry(value, now, now + (self._seconds if seconds is None else seconds))
        self._entries.move_to_end(key)
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def age(self, key: K) -> None:
        """It may have changed: ask again when it is needed and the limiter lets."""
        entry = self._entries.get(key)
        if entry is not None:
            entry.until = 0.0

    def clear(self) -> None:
        """Know nothing; answers still under way are not taken in."""
        self._entries.clear()
        self._flights.clear()

    def close(self) -> None:
        """Ask nobody any more."""
        for flight in self._flights.values():
            flight.cancel()
        self.clear()

    async def get(self, key: K, until: float, newer_than: float = 0.0) -> V | None:
        """The value; waits to the event loop's time ``until`` at most, then the old one or None.

        One learnt before ``newer_than`` (on this cache's clock) counts as old.
        """
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
            if self._fits(entry, newer_than):
                return entry.value
            if entry.value is not None and key not in self._flights and not self._limiter.take():
                return entry.value
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(self._ask(key))
            flight.add_done_callback(lambda done: self._landed(key, done))
        try:
            async with asyncio.timeout_at(until):
                # One who stops waiting must not take the answer from the others.
                return await asyncio.shield(flight)
        except TimeoutError:
            return entry.value if entry is not None else None

    def _fits(self, entry: _Entry[V], newer_than: float) -> bool:
        return self._clock() < entry.until and entry.at >= newer_than

    async def _ask(self, key: K) -> V | None:
        mine = asyncio.current_task()
        try:
            value: V | None = await self._fetch(key)
            seconds = None
        except CallError:
            value, seconds = self.peek(key), FAILED_SECONDS
        if self._flights.get(key) is mine:
            self.put(key, value, seconds)
        return value

    def _landed(self, key: K, flight: "asyncio.Task[V | None]") -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
