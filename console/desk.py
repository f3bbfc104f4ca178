"""What every page of the console works with, handed in by the composition root."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from aiohttp import web

from domain.book import Book, FaqEntry
from domain.errors import Problem
from domain.ids import AccountId
from handlers.replay import Replayed
from storage.database import Database
from storage.staff import Session


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts and how many sign-ins are tried."""

    idle: timedelta = timedelta(hours=2)
    absolute: timedelta = timedelta(hours=12)
    window: timedelta = timedelta(minutes=5)
    per_user: int = 5
    per_address: int = 20
    code: timedelta = timedelta(minutes=10)
    """How long a binding code is good for."""


@dataclass(frozen=True, slots=True)
class ChannelView:
    """How a channel of this very process is; its account may be another process's, or not known yet."""

    name: str
    login: str
    reason: str
    scan_url: str
    account: str
    """The logged-in contact's external id; empty before the first login."""


class Workshop(Protocol):
    """The config folder, lent to the console by the composition root."""

    async def files(self) -> Mapping[str, str]:
        """File name → text, as they are on disk now."""

    async def replay(self, before: Mapping[str, str], after: Mapping[str, str], since: datetime) -> Replayed:
        """Stored messages judged by two sets of files. Raises `ConfigError` when one of them has errors."""

    def with_similar(self, files: Mapping[str, str], entry: FaqEntry, phrases: Sequence[str]) -> Mapping[str, str]:
        """The files with phrasings added to an entry. Raises `StewardError` where that cannot be done by itself."""

    async def write_back(self, files: Mapping[str, str]) -> None:
        """Make these the folder's files; the bot publishes them. Raises `StewardError` where they cannot be written."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The console's surroundings. ``settle_wait`` is how long (s) a posted form waits for its event's decision."""

    database: Database
    book: Callable[[], Book]
    problems: Callable[[], Sequence[Problem]]
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    woken: Callable[[AccountId], None]
    settle_wait: float = 1.5
    limits: Limits = Limits()
    channels: Callable[[], Sequence[ChannelView]] = tuple
    workshop: Workshop | None = None


DESK = web.AppKey("desk", Desk)
SESSION: web.RequestKey[Session] = web.RequestKey("session", Session)


def desk_of(request: web.Request) -> Desk:
    """The console that serves this request."""
    desk = request.config_dict[DESK]
    assert isinstance(desk, Desk)
    return desk
