"""Values of the outbox: what may go, what goes, how it ended."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.facts import SendState
from domain.ids import AccountId, RoomId
from domain.outward import SendClass

DOUBTFUL_HOLDS = timedelta(seconds=10)
"""How long a row of unknown outcome holds its lane, so that its echo can come first."""
REPEATABLE = frozenset({"recall", "mute", "unmute", "remove", "accept_invite"})
"""Doing these twice is the same as once: of unknown outcome they are tried again."""
REPEAT_AFTER = timedelta(seconds=5)
MOST_REPEATS = 5


class Outcome(StrEnum):
    """How a call ended, as channels say it."""

    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"
    THROTTLED = "throttled"


CERTAIN = (Outcome.SENT, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Ready:
    """The head of a lane, free to go."""

    id: int
    room_id: RoomId
    kind: str
    send_class: SendClass
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """One row in the platform's own ids, marked as under way. ``mentions`` are (external id, name)."""

    id: int
    kind: str
    room: str
    private: bool
    text: str = field(repr=False)
    mentions: tuple[tuple[str, str], ...]
    member: str
    member_name: str
    reference: str
    until: datetime | None
    room_id: RoomId
    send_class: SendClass
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that will not go: it came too late, its guard failed, or the room was left."""

    id: int
    state: SendState
    reason: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """How the call of a row ended. ``not_before``: when a retry may go."""

    outbox_id: int
    outcome: Outcome
    external_id: str = ""
    reason: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A send of unknown outcome, for a person to settle or resend."""

    id: int
    account: AccountId
    room_id: RoomId
    kind: str
    text: str = field(repr=False)
    called_at: datetime | None
    reason: str
