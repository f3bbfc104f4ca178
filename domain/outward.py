"""Actions that reach a channel: they become outbox rows in the transaction of the decision."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from domain.events import Person
from domain.ids import RoomId


class SendClass(IntEnum):
    """Lower goes first. The outward actions of one decision share its most urgent class."""

    STAFF = 0
    MODERATION = 1
    ANSWER = 2
    EVENT = 3
    GREETING = 4


@dataclass(frozen=True, slots=True)
class Guard:
    """A send is valid only while this case is in this takeover epoch; checked again when the call begins."""

    case: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Merge:
    """How several acknowledgements of one room become one message (`domain.merge.render`).

    ``frame`` has ``{names}`` and ``{details}``; ``name`` and ``detail`` are this action's share of them.
    ``member`` and ``external_id`` say whose share it is and which message it answers: it can be taken out again.
    """

    key: str
    frame: str
    name: str
    detail: str = ""
    member: int = 0
    external_id: str = ""
    addressed: bool = False
    """``frame`` is an answer said to people with @ in front, and no template."""
    once: bool = False
    """Left out when the same was said lately; joins what still waits, and is new where that was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outward:
    room_id: RoomId
    send_class: SendClass = SendClass.ANSWER
    expires_at: datetime | None = None
    guard: Guard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(_Outward):
    """Words in a room. ``mentions`` are put in front as @names; ``unasked`` speech is dropped during a takeover.

    With ``merge`` set, ``text`` is what this share alone would say. Before ``not_before`` it waits for people to speak
    first; other words of the room pass it meanwhile.
    """

    text: str = field(repr=False)
    mentions: tuple[Person, ...] = ()
    merge: Merge | None = None
    unasked: bool = False
    notice_of: int | None = None
    """Case number whose notice to the agents this is: quoting it addresses the case."""
    not_before: datetime | None = None
    whisper_to: Person | None = None
    """A member of the room who alone shall read it: it goes to the account's private chat with them.

    ``room_id`` stays the room that it is about, whose policy and off switch hold. Never together with ``merge``.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFile(_Outward):
    """An image or file of the config folder, sent behind the words that it belongs to.

    ``file`` is its name relative to the folder; ``to`` is whose message those words answer, ``unasked`` theirs.
    """

    file: str
    to: Person
    unasked: bool = False
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(_Outward):
    """Take a message back from everybody's screen."""

    external_id: str
    member: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute(_Outward):
    """Silence one member until a moment."""

    member: Person
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute(_Outward):
    """Let a member speak again."""

    member: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove(_Outward):
    """Take a member out of the room; it counts only when the departure is seen."""

    member: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptInvite(_Outward):
    """Follow an invitation into a room."""

    reference: str


Outward = Say | SendFile | Recall | Mute | Unmute | Remove | AcceptInvite
