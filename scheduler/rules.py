"""When a campaign is due: clock times on weekdays in the community's zone, DST included, or every so many minutes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.calendar_day import ONE_DAY, community_day, day_exists, instant

_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})", re.ASCII)
_EVERY = re.compile(r"every\s+(\d{1,4})\s*m(?:in)?", re.ASCII)
LONGEST_EVERY = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AtClock:
    """Once a day when the community's clock shows ``clock``, on ``weekdays`` (0 = Monday)."""

    clock: time
    weekdays: frozenset[int] = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Every:
    """Every ``minutes``, counted from the Unix epoch, so that every process and every start agrees on the instants."""

    minutes: int


Rule = AtClock | Every


def parse(at: str, weekdays: tuple[int, ...] = tuple(range(7))) -> Rule:
    """Read ``HH:MM`` or ``every Nm`` (N from 1 to 1440). Raises ValueError, with the remedy, for anything else."""
    text = at.strip()
    if match := _CLOCK.fullmatch(text):
        hour, minute = int(match[1]), int(match[2])
        if hour > 23 or minute > 59:
            raise ValueError(f"{at!r} is a time that no clock shows; write one from 00:00 to 23:59")
        return AtClock(time(hour, minute), frozenset(weekdays))
    if match := _EVERY.fullmatch(text):
        minutes = int(match[1])
        if not 1 <= minutes <= LONGEST_EVERY:
            raise ValueError(f"{at!r} is out of bounds; write every 1m to every {LONGEST_EVERY}m")
        return Every(minutes)
    raise ValueError(f"cannot read the time {at!r}; write it like '08:30' or 'every 30m'")


def due(rule: Rule, after: datetime, until: datetime, tz: str) -> Iterator[datetime]:
    """The instants (UTC, rising) with ``after < instant <= until``.

    A clock time that DST skips is due as long after the jump as it lies past the last time shown; one that the clock
    shows twice is due at the first showing only.
    """
    if isinstance(rule, Every):
        yield from _every(rule, after, until)
        return
    day = community_day(after, tz) - ONE_DAY
    last = community_day(until, tz) + ONE_DAY
    while day <= last:
        at = _on(rule, day, tz)
        if at is not None and after < at <= until:
            yield at
        day += ONE_DAY


def _on(rule: AtClock, day: date, tz: str) -> datetime | None:
    if day.weekday() not in rule.weekdays or not day_exists(day, tz):
        return None
    return instant(day, rule.clock, tz)


def _every(rule: Every, after: datetime, until: datetime) -> Iterator[datetime]:
    step = timedelta(minutes=rule.minutes)
    at = _EPOCH + ((after - _EPOCH) // step + 1) * step
    while at <= until:
        yield at
        at += step


def next_due(rule: Rule, after: datetime, tz: str) -> datetime | None:
    """The first instant after ``after``; None when no weekday is left to it."""
    # Two weeks reach over a weekday that the community skipped at the date line.
    return next(due(rule, after, after + timedelta(days=15), tz), None)
