"""Actions of check-ins, points and draws."""

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.events import Person
from domain.ids import MemberId, RoomId


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One check-in of a member on a community day; UNIQUE(member, day)."""

    member: Person
    room_id: RoomId
    day: date
    streak: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPoints:
    """A ledger entry. ``key`` is its idempotency key, ``cause`` the rule it follows from; amounts may be negative."""

    member_id: MemberId
    amount: int
    cause: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Prize:
    """A prize of a draw and how many there are of it."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraw:
    """A draw begins: its seed is secret until it closes, the commitment is public at once."""

    number: int
    room_id: RoomId
    title: str
    prizes: tuple[Prize, ...]
    seed: bytes = field(repr=False)
    salt: bytes
    commitment: str
    opened_at: datetime
    closes_at: datetime
    source: str
    """Who or what opened it: ``campaign:ID`` or ``staff:USER``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterDraw:
    """A member takes part; once per draw."""

    number: int
    member: Person
    entrant: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Winner:
    """Who won what, at which rank (from 0)."""

    member: Person
    prize: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDraw:
    """The roster is frozen, the seed revealed, the winners stand; ``receipt`` is the canonical JSON text."""

    number: int
    at: datetime
    receipt: str
    winners: tuple[Winner, ...]
