"""The community's days: which day an instant belongs to, in the community's own time zone, DST included."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def zone(tz: str) -> ZoneInfo:
    """The IANA zone ``tz`` (``Asia/Shanghai``). Raises ValueError for a name that this machine does not know."""
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {tz!r}; use an IANA name such as Asia/Shanghai") from error


def local(at: datetime, tz: str) -> datetime:
    """``at`` on the community's clock. Raises ValueError for a naive datetime: it names no instant."""
    if at.utcoffset() is None:
        raise ValueError("a naive datetime names no instant; give one with a time zone")
    return at.astimezone(zone(tz))


def community_day(at: datetime, tz: str) -> date:
    """The community's calendar day of an instant: every instant belongs to exactly one day."""
    return local(at, tz).date()


def instant(day: date, clock: time, tz: str) -> datetime:
    """The instant (UTC) at which ``day`` shows ``clock``: the first of two when clocks go back.

    A clock time that DST skips lies as far after the jump as it is past the last time shown: 2:30 in a gap from 2:00
    is half an hour after the jump.
    """
    return datetime.combine(day, clock.replace(tzinfo=None, fold=0), zone(tz)).astimezone(UTC)


def day_start(day: date, tz: str) -> datetime:
    """The first instant of ``day`` (UTC), also where DST skips midnight."""
    return instant(day, time(0), tz)


def next_midnight(at: datetime, tz: str) -> datetime:
    """The first instant (UTC) of the community day after the one of ``at``."""
    day = community_day(at, tz) + ONE_DAY
    while not day_exists(day, tz):
        day += ONE_DAY
    return day_start(day, tz)


def day_exists(day: date, tz: str) -> bool:
    """Whether the community lived this day: zones that crossed the date line skipped one (Samoa, 30 December 2011)."""
    noon = datetime.combine(day, time(12), zone(tz))
    return noon.astimezone(UTC).astimezone(zone(tz)).date() == day
