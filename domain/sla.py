"""The service clock of a case: since when a member waits, when the first answer came, and when one is due."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from domain.hours import ALWAYS, ServiceHours, add_service_time

Standing = Literal["met", "waiting", "breached", "idle"]


@dataclass(frozen=True, slots=True)
class SlaTarget:
    """How long, in service time, a member may wait for the first answer and for each later one."""

    first_reply: timedelta = timedelta(minutes=30)
    next_reply: timedelta = timedelta(hours=2)

    def __post_init__(self) -> None:
        if min(self.first_reply, self.next_reply) <= timedelta(0):
            raise ValueError("a service target is longer than nothing")


@dataclass(frozen=True, slots=True)
class SlaClock:
    """The case's time stamps. ``waiting_since`` is None while the next word is the member's."""

    opened_at: datetime
    waiting_since: datetime | None
    first_reply_at: datetime | None = None


def opened(at: datetime) -> SlaClock:
    """The clock of a case that opens at ``at``: the member waits from then on."""
    return SlaClock(opened_at=at, waiting_since=at)


def member_spoke(clock: SlaClock, at: datetime) -> SlaClock:
    """The member said something: the wait begins now unless it runs already (more words do not reset it)."""
    return clock if clock.waiting_since is not None else replace(clock, waiting_since=at)


def staff_replied(clock: SlaClock, at: datetime) -> SlaClock:
    """A person answered (never the bot): the wait ends; the first time is kept."""
    return replace(clock, waiting_since=None, first_reply_at=clock.first_reply_at or at)


def due(clock: SlaClock, target: SlaTarget, tz: str, hours: ServiceHours = ALWAYS) -> datetime | None:
    """When an answer is due; only service hours count. None: nobody waits, or the hours never open again."""
    if clock.waiting_since is None:
        return None
    allowed = target.first_reply if clock.first_reply_at is None else target.next_reply
    return add_service_time(hours, clock.waiting_since, allowed, tz)


def standing(clock: SlaClock, target: SlaTarget, now: datetime, tz: str, hours: ServiceHours = ALWAYS) -> Standing:
    """``waiting`` and in time, ``breached`` past the due time, else ``met`` or ``breached`` as the first answer was.

    ``idle``: nobody waits and nobody ever answered.
    """
    if clock.waiting_since is not None:
        until = due(clock, target, tz, hours)
        return "breached" if until is not None and now > until else "waiting"
    if clock.first_reply_at is None:
        return "idle"
    limit = add_service_time(hours, clock.opened_at, target.first_reply, tz)
    return "met" if limit is None or clock.first_reply_at <= limit else "breached"
