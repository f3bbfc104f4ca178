"""Actions of keeping order: sanctions, their reversal, appeals."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.events import Person
from domain.ids import EventId, MemberId, RoomId


class SanctionKind(StrEnum):
    """The rungs of the ladder as they are recorded."""

    WARN = "warn"
    MUTE = "mute"
    TELL_OWNER = "tell_owner"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSanction:
    """A strike with its consequence, under a number that `#undo` takes.

    ``enforced`` is false where the channel could not do it or where the room only simulates. ``evidence`` are
    spans of the original text, never the words themselves.
    """

    number: int
    room_id: RoomId
    member: Person
    kind: SanctionKind
    rule: str
    severity: str
    at: datetime
    until: datetime | None
    enforced: bool
    event_id: EventId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseSanction:
    """The sanction and its strike count no more; the record stays, with who took it back."""

    number: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EaseSanction:
    """Its author took the message back: the strike counts one rung less. ``until``: when a mute now ends."""

    number: int
    until: datetime | None
    at: datetime


RECALLED = "recalled"
"""Severity on record of a sanction that was eased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAppeal:
    """A member finds a sanction wrong; it waits for staff."""

    room_id: RoomId
    member_id: MemberId
    sanction: int | None
    at: datetime
