"""Actions on cases: what people shall look at, who holds it, how it ended."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.events import Person
from domain.ids import EventId, RoomId, UserId


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
