"""What every channel offers: it listens, it performs, it states its abilities and its health."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from domain.facts import Ability
from domain.incoming import Incoming


class Outcome(StrEnum):
    """How a call ended. ``DOUBTFUL`` is never repeated by itself; ``RETRY`` certainly did not reach the platform."""

    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"
    THROTTLED = "throttled"
    """The platform said 操作频繁: the account pauses, the row is tried again later."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one `perform`. ``external_id`` is the platform's id of what was sent, if it told one."""

    outcome: Outcome
    external_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody to address with @."""

    external_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Order:
    """One outbox row in the platform's own ids. ``kind``: say, send_file, recall, mute, unmute, remove, accept_invite.

    ``text`` is without the @names: each channel puts ``mentions`` in front in its platform's own way.
    """

    id: int
    kind: str
    room: str
    private: bool = False
    text: str = field(default="", repr=False)
    mentions: tuple[Mentioned, ...] = ()
    member: str = ""
    member_name: str = ""
    reference: str = ""
    """The message to recall, the invitation to accept, or the file's name in the config folder."""
    until: datetime | None = None
    file: Path | None = None
    """Where the file to send lies; it was looked at just now."""


class Login(StrEnum):
    """Where the account stands with its platform."""

    OFFLINE = "offline"
    SCANNING = "scanning"
    ONLINE = "online"
    OCCUPIED = "occupied"
    """Another connection holds it."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a channel is. ``reason`` is for staff; ``scan_url`` is what a QR code for signing in shows."""

    login: Login
    reason: str = ""
    scan_url: str = ""
    account_id: str = ""
    """The logged-in contact's external id: the account, not the endpoint."""
    account_name: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which this channel heard nothing although it should have."""

    started_at: datetime
    ended_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Heard:
    """An incoming value with the moment its id arrived (for the window from id to commit)."""

    incoming: Incoming
    heard_at: datetime


ChannelEvent = Heard | Gap | Health
"""What `listen` yields: things for the inbox, gaps to be recorded, changes of health (login, logout, scan …)."""


class Channel(Protocol):
    """One way into groups. One folder or file per channel, one line in `bot.channels.catalog`."""

    name: str
    abilities: frozenset[Ability]

    @property
    def health(self) -> Health:
        """The present state; never raises."""

    def listen(self) -> AsyncIterator[ChannelEvent]:
        """Everything heard, in the platform's order, for ever: it reconnects by itself and ends only on `close`.

        After yielding a `Heard` the caller calls `committed` once it is in the inbox.
        """

    async def committed(self, heard: Heard, duplicate: bool) -> None:
        """The value is in the inbox now (a channel may acknowledge it to its platform)."""

    async def perform(self, order: Order) -> Receipt:
        """Do one thing. Never raises for platform trouble: the receipt says it. Ends within 120 s."""

    async def refetch(self, external_id: str) -> Incoming | None:
        """Try again to read a message that was committed as unreadable; None if still not to be had."""

    async def close(self) -> None:
        """Let go of the connection (without logging the account out)."""
