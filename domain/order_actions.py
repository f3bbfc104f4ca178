"""Actions of keeping order: sanctions, their reversal, appeals."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.events import Person
from domain.ids import EventId, MemberId, RoomId
from domain.rules import RuleState


class SanctionKind(StrEnum):
    """The rungs of the ladder as they are recorded, and ``TRIAL``: what a rule on trial would have punished."""

    WARN = "warn"
    WHISPER = "whisper"
    """A warning that only its member has read."""
    MUTE = "mute"
    TELL_OWNER = "tell_owner"
    REMOVE = "remove"
    TRIAL = "trial"


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
class JudgeSanction:
    """A person says whether the verdict behind a sanction was right; ``before`` is what was said of it earlier."""

    number: int
    rule: str
    right: bool
    before: bool | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule:
    """A rule goes live, on trial or into retirement."""

    rule: str
    state: RuleState
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """The member shall be in no room, for what sanction ``number`` was given for."""

    member: Person
    number: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBan:
    """The member may come back."""

    member_id: MemberId


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
