"""What all parts of one running Steward share: database, clock, the engine in force, metrics, condition, wake-ups."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.metrics import Metrics
from bot.vitals import Vitals
from domain.events import TimerFired
from domain.ids import AccountId
from handlers.judge import Engine
from storage.database import Database

Clock = Callable[[], datetime]
"""Tells the present (aware); tests set it."""


def system_clock() -> datetime:
    """The machine's clock in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Wakes:
    """Hints that there is something to do; what is done follows from the database alone."""

    decide: asyncio.Event = field(default_factory=asyncio.Event)
    respond: asyncio.Event = field(default_factory=asyncio.Event)
    time: asyncio.Event = field(default_factory=asyncio.Event)
    """A decision may have set a timer."""
    refetch: asyncio.Event = field(default_factory=asyncio.Event)
    """Something unreadable was heard."""


@dataclass(slots=True)
class Poll:
    """How long to rest before looking again without a hint: longer while nothing happens, for an idle machine's sake.

    What comes from this process comes with a hint; only other processes' rows wait this long.
    """

    first: float = 0.5
    most: float = 2.0
    rounds: int = 0

    def next(self) -> float:
        """Seconds to rest now."""
        self.rounds = min(self.rounds + 1, 8)
        return min(self.first * self.rounds, self.most)

    def busy(self) -> None:
        """Something happened: look often again."""
        self.rounds = 0


@dataclass(slots=True)
class House:
    """Shared by reference; ``engine`` is replaced as a whole when the book changes, so that a batch sees one book."""

    database: Database
    engine: Engine
    holder: str
    """Names this process in leases."""
    clock: Clock = system_clock
    folder: Path | None = None
    """The config folder, in which the files lie that answers send."""
    metrics: Metrics = field(default_factory=Metrics)
    vitals: Vitals = field(default_factory=Vitals)
    wakes: dict[AccountId, Wakes] = field(default_factory=dict)
    timer_fired: Callable[[AccountId, TimerFired], None] = lambda account, event: None
    """Told after a timer's event was decided: for what the shell itself does at an hour."""
    account_changed: Callable[[AccountId], None] = lambda account: None
    """Told when a channel has logged in as another account than before, which this process works for now."""

    @property
    def time_zone(self) -> str:
        """The community's zone."""
        return self.engine.book.policy.time_zone

    def wakes_of(self, account: AccountId) -> Wakes:
        """The account's hints, made when first asked for."""
        return self.wakes.setdefault(account, Wakes())


async def rest(hint: asyncio.Event, seconds: float) -> bool:
    """Wait for a hint, at most so long; true when it came. Clears it, because what follows looks at everything."""
    try:
        async with asyncio.timeout(seconds):
            await hint.wait()
    except TimeoutError:
        return False
    hint.clear()
    return True
