"""What happened, in our own ids: the closed union that handlers judge."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.ids import EventId, MemberId, RoomId, UserId
from domain.incoming import MessageKind


@dataclass(frozen=True, slots=True)
class Person:
    """A member as shown in the room at that moment; the name is for texts only and grants nothing."""

    id: MemberId
    name: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The quoted message: shown name, text, our id of its author and the platform's message id where known."""

    name: str
    text: str
    member_id: MemberId | None = None
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Happening:
    """What every event has. ``at`` is the sender's clock, ``entropy`` 32 secret random bytes drawn at receipt."""

    id: EventId
    at: datetime
    room_id: RoomId
    entropy: bytes = field(default=b"\0" * 32, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(_Happening):
    """A member spoke. ``text`` is own words only; ``addressed`` by @ is ``mentions_bot`` (@所有人 never is)."""

    sender: Person
    text: str = field(default="", repr=False)
    kind: MessageKind = MessageKind.TEXT
    external_id: str = ""
    mentions: tuple[Person, ...] = ()
    mentions_bot: bool = False
    mentions_all: bool = False
    quote: Quote | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMessage(_Happening):
    """The account's own message was heard: the echo of a send, or words typed by the owner on the phone."""

    text: str = field(default="", repr=False)
    kind: MessageKind = MessageKind.TEXT
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecalled(_Happening):
    """A member took a message back; ``reference`` is its external id."""

    sender: Person | None
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(_Happening):
    """People came into the room, perhaps brought by somebody."""

    people: tuple[Person, ...]
    inviter: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(_Happening):
    """People left the room or were removed by somebody."""

    people: tuple[Person, ...]
    remover: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomInvited(_Happening):
    """Somebody invites the account into a room; ``reference`` is what accepting needs. ``room_id`` is NO_ROOM."""

    inviter: Person
    topic: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomJoined(_Happening):
    """The account itself came into the room."""

    inviter: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLeft(_Happening):
    """The account itself left the room or was removed from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRenamed(_Happening):
    """The room has a new topic."""

    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(_Happening):
    """A due time has come. ``name`` is one of `scheduler.catalogue`, ``reference`` its subject (a case, a draw)."""

    name: str
    due_at: datetime
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffActed(_Happening):
    """A console user did something; ``command`` is the text form of a staff command (`domain.staff_command`).

    The console writes the same commands that agents type in their room, so one handler serves both.
    """

    user_id: UserId
    user_name: str
    command: str = field(repr=False)


Event = (
    MessagePosted
    | OwnMessage
    | MessageRecalled
    | MemberJoined
    | MemberLeft
    | RoomInvited
    | RoomJoined
    | RoomLeft
    | RoomRenamed
    | TimerFired
    | StaffActed
)
