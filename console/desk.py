"""What every page of the console works with, handed in by the composition root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from console.workshop import Workshop
from domain.book import Book
from domain.errors import Problem
from domain.ids import AccountId
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


async def unwritable(request: web.Request) -> str:
    """Why the config folder cannot be written to; empty where it can, or where the console has none."""
    workshop = desk_of(request).workshop
    return "" if workshop is None else await workshop.unwritable()


def workshop_of(request: web.Request) -> Workshop:
    """The config folder. Raises 404 where the console has none."""
    workshop = desk_of(request).workshop
    if workshop is None:
        raise web.HTTPNotFound(text="这里没有配置文件夹")
    return workshop


def desk_of(request: web.Request) -> Desk:
    """The console that serves this request."""
    desk = request.config_dict[DESK]
    assert isinstance(desk, Desk)
    return desk
