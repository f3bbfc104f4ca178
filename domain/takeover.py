"""A takeover is a lease: while an agent holds a case the bot keeps quiet there, and silence gives it back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class TakeoverRule:
    """The lease lapses after ``lapse`` without the agent's word; reminders come after each of ``reminders``."""

    lapse: timedelta = timedelta(minutes=30)
    reminders: tuple[timedelta, ...] = (timedelta(minutes=10), timedelta(minutes=20))

    def __post_init__(self) -> None:
        if self.lapse <= timedelta(0):
            raise ValueError(f"a takeover lasts longer than nothing, not {self.lapse}")
        marks = (timedelta(0), *self.reminders, self.lapse)
        if any(low >= high for low, high in pairwise(marks)):
            raise ValueError("reminders come one after the other and before the takeover lapses")


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a case. ``epoch`` grows with every change of holder: a send that carries an older one is void."""

    epoch: int = 0
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """What to tell a silent agent. ``number`` (from 1) is the new count of reminders sent since their last word."""

    number: int
    silent: timedelta
    lapses_at: datetime


def take(lease: Lease, agent: str) -> Lease:
    """``agent`` takes the case, from the bot or from a colleague; taking what one holds changes nothing."""
    return lease if lease.holder == agent else Lease(lease.epoch + 1, agent)


def release(lease: Lease) -> Lease:
    """The case goes back to the bot (lapsed, resolved); releasing what nobody holds changes nothing."""
    return lease if lease.holder is None else replace(lease, epoch=lease.epoch + 1, holder=None)


def silent_since(taken_at: datetime, last_word_at: datetime | None) -> datetime:
    """Since when the agent says nothing: the later of taking over and their last word."""
    return taken_at if last_word_at is None else max(taken_at, last_word_at)


def lapses_at(taken_at: datetime, last_word_at: datetime | None, rule: TakeoverRule = TakeoverRule()) -> datetime:
    """When the lease ends if the agent stays silent."""
    return silent_since(taken_at, last_word_at) + rule.lapse


def lapsed(
    now: datetime, taken_at: datetime, last_word_at: datetime | None, rule: TakeoverRule = TakeoverRule()
) -> bool:
    """Whether the lease is over at ``now``."""
    return now >= lapses_at(taken_at, last_word_at, rule)


def due_reminder(
    now: datetime,
    taken_at: datetime,
    last_word_at: datetime | None,
    reminders_sent: int,
    rule: TakeoverRule = TakeoverRule(),
) -> Reminder | None:
    """The reminder to send now, or None. ``reminders_sent`` counts those since the agent's last word.

    After a downtime only the latest one that is due comes, and none once the lease has lapsed.
    """
    silent = now - silent_since(taken_at, last_word_at)
    number = sum(mark <= silent for mark in rule.reminders)
    if silent >= rule.lapse or number <= reminders_sent:
        return None
    return Reminder(number, silent, lapses_at(taken_at, last_word_at, rule))


def next_check(
    taken_at: datetime, last_word_at: datetime | None, reminders_sent: int, rule: TakeoverRule = TakeoverRule()
) -> datetime:
    """When to look again: the next reminder not yet sent, else the lapse. For setting a timer."""
    marks = (*rule.reminders[max(reminders_sent, 0) :], rule.lapse)
    return silent_since(taken_at, last_word_at) + marks[0]
