"""Actions on rooms, people, marks, timers, bindings, the audit log and sends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.events import Person
from domain.ids import MemberId, RoomId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuiet:
    """The bot is silent in a room (NO_ROOM: in all) until a moment; `None` lifts it."""

    room_id: RoomId
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remember:
    """A mark with its time, under (room, member, key); cooldowns and short windows stand on it.

    ``until``: up to which moment of events it matters (None: a day); later ones need not know of it.
    """

    room_id: RoomId
    member_id: MemberId
    key: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """A one-shot timer; UNIQUE(name, room, due_at, reference)."""

    name: str
    room_id: RoomId
    due_at: datetime
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPresence:
    """A member came into a room (``present``) or left it."""

    room_id: RoomId
    member: Person
    present: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRoomPresence:
    """The account came into a room or left it; leaving stops the room's timers."""

    room_id: RoomId
    present: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameRoom:
    """The room has another topic."""

    room_id: RoomId
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRecalled:
    """A message was taken back by its author; history keeps it, pages show it as recalled."""

    room_id: RoomId
    external_id: str
    at: datetime


class Cause(StrEnum):
    """Why words that still wait need not be said any more."""

    RECALLED = "recalled"
    """The message they answer was taken back."""
    LEFT = "left"
    """Their member is gone."""
    ANSWERED = "answered"
    """People have answered."""
    GONE_ON = "gone_on"
    """The talk went on: the member said more, or somebody spoke to them."""
    CALMED = "calmed"
    """A warning for which one sentence to both sides stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSends:
    """Unsent words of the bot to a member become ``cancelled``; what people wrote and notices to staff never do.

    ``member_id`` NO_MEMBER with ``ANSWERED``: whatever still waits for people to speak first.
    """

    room_id: RoomId
    member_id: MemberId
    external_id: str = ""
    """Only words about this message; empty: all to the member."""
    cause: Cause = Cause.RECALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class BindStaff:
    """A chat identity belongs to a console user from now on; the one-time code is used up."""

    user_id: UserId
    member_id: MemberId
    code_hash: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidCode:
    """A one-time code was said where others read along: it binds nobody any more."""

    code_hash: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Who did or tried what; refused attempts too. No message text."""

    actor: str
    act: str
    target: str
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleSend:
    """An own echo was recognised: this outbox row was sent for certain."""

    outbox_id: int
    external_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDoubtful:
    """Staff decide about a doubtful send: ``resend`` it or leave it settled as sent."""

    outbox_id: int
    resend: bool
    at: datetime
