"""Service hours: when people are there to answer, when they will be next, and how to say it in Chinese."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from domain.calendar_day import ONE_DAY, community_day, instant, local

HORIZON_DAYS = 400
"""How far ahead an opening is looked for; later than this counts as never."""

_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_KEYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INTERVAL = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Interval:
    """Open from ``start`` (included) to ``end`` (excluded), in minutes after the day's midnight.

    ``end`` beyond 1440 reaches into the next day; such a night belongs to the day on which it began.
    """

    start: int
    end: int


@lru_cache(maxsize=256)
def parse_intervals(text: str) -> tuple[Interval, ...]:
    """Read ``9:00-12:00, 14:00-18:00`` (24-hour clock; empty = closed; ``22:00-2:00`` ends on the next day).

    Raises ValueError for anything else, for intervals that overlap, and for times that no clock shows.
    """
    found: list[Interval] = []
    position = 0
    while rest := text[position:].strip(" \t,，、;；"):
        position = text.index(rest, position)
        match = _INTERVAL.match(text, position)
        if match is None:
            raise ValueError(f"cannot read the hours {text!r}; write them like '9:00-12:00, 14:00-18:00'")
        found.append(_interval(match, text))
        position = match.end()
    found.sort(key=lambda interval: interval.start)
    if any(one.end > other.start for one, other in pairwise(found)):
        raise ValueError(f"the hours {text!r} overlap")
    return tuple(found)


def _interval(match: re.Match[str], text: str) -> Interval:
    from_hour, from_minute, to_hour, to_minute = (int(part) for part in match.groups())
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if from_hour > 23 or end > 24 * 60 or from_minute > 59 or to_minute > 59:
        raise ValueError(f"the hours {text!r} name a time that no clock shows")
    if start == end:
        raise ValueError(f"the hours {text!r} have an interval without length; all day is '0:00-24:00'")
    return Interval(start, end if end > start else end + 24 * 60)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A single date with its own hours instead of its weekday's (a working Sunday, a short day)."""

    day: date
    hours: str

    def __post_init__(self) -> None:
        parse_intervals(self.hours)


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """A weekly table, each day as `parse_intervals` reads it, with closed dates and days of their own.

    A date both closed and special is open by its special hours: the more particular word counts.
    """

    mon: str = "9:00-12:00, 13:30-18:00"
    tue: str = "9:00-12:00, 13:30-18:00"
    wed: str = "9:00-12:00, 13:30-18:00"
    thu: str = "9:00-12:00, 13:30-18:00"
    fri: str = "9:00-12:00, 13:30-18:00"
    sat: str = ""
    sun: str = ""
    closed: tuple[date, ...] = ()
    special: tuple[SpecialDay, ...] = ()

    def __post_init__(self) -> None:
        for text in self.week:
            parse_intervals(text)

    @property
    def week(self) -> tuple[str, ...]:
        """Monday to Sunday."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)

    def on(self, day: date) -> tuple[Interval, ...]:
        """The intervals that begin on ``day``."""
        for special in self.special:
            if special.day == day:
                return parse_intervals(special.hours)
        return () if day in self.closed else parse_intervals(self.week[day.weekday()])


def service_hours(table: Mapping[str, Iterable[str]], closed_dates: Iterable[str | date] = ()) -> ServiceHours:
    """Build the hours from ``{"mon-fri": ["9:00-12:00", "13:30-18:00"], "sat": ["10:00-17:00"]}``.

    Days are mon … sun, single or as a range (``fri-mon`` runs over the weekend); a day not named is closed, a day
    named twice has both. Dates are ISO (``2026-10-01``). Raises ValueError for what it cannot read.
    """
    week: dict[str, list[str]] = {key: [] for key in _KEYS}
    for days, intervals in table.items():
        for key in _weekdays(days):
            week[key].extend(intervals)
    closed = tuple(sorted(_date(one) for one in closed_dates))
    return ServiceHours(*(", ".join(week[key]) for key in _KEYS), closed=closed)  # type: ignore[misc, arg-type]


def _weekdays(days: str) -> list[str]:
    first, dash, last = days.replace(" ", "").lower().partition("-")
    last = last if dash else first
    if first not in _KEYS or last not in _KEYS:
        raise ValueError(f"cannot read the weekdays {days!r}; write them like 'mon', or 'mon-fri'")
    start = _KEYS.index(first)
    count = (_KEYS.index(last) - start) % 7 + 1
    return [_KEYS[(start + ahead) % 7] for ahead in range(count)]


def _date(text: str | date) -> date:
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"cannot read the date {text!r}; write it like 2026-10-01") from error


def is_open(hours: ServiceHours, at: datetime, tz: str) -> bool:
    """Whether somebody is there at the instant ``at``, on the community's clock."""
    return any(start <= at < end for start, end in _spans(hours, at, tz, days=1))


def next_open(hours: ServiceHours, at: datetime, tz: str) -> datetime | None:
    """The first instant from ``at`` on at which somebody is there (``at`` itself when open); None: never.

    The result is on the community's clock (aware, zone ``tz``).
    """
    for start, end in _spans(hours, at, tz, days=HORIZON_DAYS):
        if at < end:
            return local(max(start, at), tz)
    return None


def add_service_time(hours: ServiceHours, at: datetime, duration: timedelta, tz: str) -> datetime | None:
    """The instant at which ``duration`` of service time has passed since ``at``; None: never within the horizon.

    A duration of zero ends at once, also when closed.
    """
    if duration <= timedelta(0):
        return local(at, tz)
    left = duration
    for start, end in _spans(hours, at, tz, days=HORIZON_DAYS):
        begin = max(start, at)
        if begin >= end:
            continue
        if left <= end - begin:
            return local(begin + left, tz)
        left -= end - begin
    return None


def opening_phrase(hours: ServiceHours, at: datetime, tz: str) -> str:
    """When somebody is there next, for a sentence: ``今天 14:00``, ``明天 9:00``, ``周一 9:00``, ``10月8日 9:00``.

    ``现在`` when open, and an empty string when never.
    """
    opening = next_open(hours, at, tz)
    if opening is None:
        return ""
    if opening <= at:
        return "现在"
    return f"{_day_phrase(opening.date(), community_day(at, tz))} {opening.hour}:{opening.minute:02d}"


def _day_phrase(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead == 0:
        return "今天"
    if ahead == 1:
        return "明天"
    # A week ahead the weekday's name would be today's own, so from there on the date is said.
    return _DAYS[day.weekday()] if ahead < 7 else f"{day.month}月{day.day}日"


def _spans(hours: ServiceHours, at: datetime, tz: str, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Open spans as instants, in order, from the day before ``at`` (its night may reach over) on."""
    first = community_day(at, tz) - ONE_DAY
    reached: datetime | None = None
    for ahead in range(days + 1):
        day = first + ONE_DAY * ahead
        for interval in hours.on(day):
            start, end = _moment(day, interval.start, tz), _moment(day, interval.end, tz)
            # A long night and an early morning may touch or overlap; no minute is counted twice.
            start = start if reached is None else max(start, reached)
            if start < end:
                yield start, end
                reached = end


def _moment(day: date, minutes: int, tz: str) -> datetime:
    extra, minute = divmod(minutes, 24 * 60)
    return instant(day + ONE_DAY * extra, time(minute // 60, minute % 60), tz)
