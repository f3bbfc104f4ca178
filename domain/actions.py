"""What shall be done: the closed union that storage applies in the transaction of the decision.

Outward actions become outbox rows and reach a channel later; inward ones change our own state.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from domain.events import Person
from domain.ids import EventId, MemberId, RoomId, UserId


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
    """

    key: str
    frame: str
    name: str
    detail: str = ""


# ---- outward -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outward:
    room_id: RoomId
    send_class: SendClass = SendClass.ANSWER
    expires_at: datetime | None = None
    guard: Guard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(_Outward):
    """Words in a room. ``mentions`` are put in front as @names; ``unasked`` speech is dropped during a takeover.

    With ``merge`` set, ``text`` is what this share alone would say.
    """

    text: str = field(repr=False)
    mentions: tuple[Person, ...] = ()
    merge: Merge | None = None
    unasked: bool = False
    notice_of: int | None = None
    """Case number whose notice to the agents this is: quoting it addresses the case."""


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


Outward = Say | Recall | Mute | Unmute | Remove | AcceptInvite

# ---- inward: order ---------------------------------------------------------------------------------------------------


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
class AddAppeal:
    """A member finds a sanction wrong; it waits for staff."""

    room_id: RoomId
    member_id: MemberId
    sanction: int | None
    at: datetime


# ---- inward: cases ---------------------------------------------------------------------------------------------------


class CaseState(StrEnum):
    """``open``: waits for an agent; ``assigned``: an agent holds it; ``resolved``: done, may be rated."""

    OPEN = "open"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"


class Author(StrEnum):
    """Whose words a case message is; ``note`` never reaches the member."""

    MEMBER = "member"
    AGENT = "agent"
    BOT = "bot"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A person shall look. One open case per (room, member)."""

    number: int
    room_id: RoomId
    member: Person
    reason: str
    rule: str
    at: datetime
    event_id: EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendToCase:
    """Something was said in a case."""

    number: int
    author: Author
    name: str
    text: str = field(repr=False)
    at: datetime
    event_id: EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCase:
    """An agent holds the thread (again): a new epoch begins, the bot's unsent words to this member fall away."""

    number: int
    epoch: int
    user_id: UserId
    user_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSpoke:
    """The agent's word keeps the takeover alive and is the first reply if there was none."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCase:
    """The takeover lapsed: a new epoch begins with nobody holding the thread."""

    number: int
    epoch: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindedAgent:
    """One more reminder of a silent takeover went out."""

    number: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveCase:
    """Done; ``ask`` tells whether the member is asked for satisfaction."""

    number: int
    epoch: int
    at: datetime
    by: str
    ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCase:
    """The member's 1–5 after resolution."""

    number: int
    score: int
    at: datetime


# ---- inward: engagement ----------------------------------------------------------------------------------------------


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


# ---- inward: rooms, people, memory -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuiet:
    """The bot is silent in a room (NO_ROOM: in all) until a moment; `None` lifts it."""

    room_id: RoomId
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remember:
    """A mark with its time, under (room, member, key); cooldowns and short windows stand on it."""

    room_id: RoomId
    member_id: MemberId
    key: str
    at: datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSends:
    """Unsent, unasked speech that answers a recalled message or a member who left becomes ``cancelled``."""

    room_id: RoomId
    member_id: MemberId
    external_id: str = ""
    """Only answers to this message; empty: all answers to the member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindStaff:
    """A chat identity belongs to a console user from now on; the one-time code is used up."""

    user_id: UserId
    member_id: MemberId
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


Inward = (
    AddSanction
    | ReverseSanction
    | AddAppeal
    | OpenCase
    | AppendToCase
    | TakeCase
    | AgentSpoke
    | ReleaseCase
    | RemindedAgent
    | ResolveCase
    | RateCase
    | CheckIn
    | CreditPoints
    | OpenDraw
    | EnterDraw
    | CloseDraw
    | SetQuiet
    | Remember
    | SetTimer
    | SetPresence
    | SetRoomPresence
    | RenameRoom
    | MarkRecalled
    | CancelSends
    | BindStaff
    | Audit
    | SettleSend
    | AnswerDoubtful
)
Action = Outward | Inward
