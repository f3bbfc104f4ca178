"""The explicit list of timers: what each is for and how late it may still fire. One line adds one."""

from dataclasses import dataclass
from datetime import timedelta

CAMPAIGN_PREFIX = "campaign:"
FOREVER = timedelta(days=3650)
"""For what must happen however late: the draw closes, the silent takeover is looked at."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A name, or the beginning of one when it ends in a colon, and its grace: later than that it is skipped."""

    name: str
    purpose: str
    grace: timedelta
    daily_at: str = ""
    """``HH:MM`` of the community's day for those that come every day by themselves, without a room."""


TIMERS: tuple[Timer, ...] = (
    Timer(CAMPAIGN_PREFIX, "A campaign of campaigns.yaml posts its text or opens its draw.", timedelta(minutes=10)),
    Timer("draw.close", "A draw's time is up.", FOREVER),
    Timer("case.watch", "A takeover may need a reminder or may have lapsed.", FOREVER),
    Timer("case.late", "A case may still be waiting for its first answer.", FOREVER),
    Timer("digest.daily", "The agents' room gets the digest of the day.", timedelta(hours=3), daily_at="18:30"),
)
DEFAULT_GRACE = timedelta(hours=1)
"""For one-shot timers that handlers set under other names (`SetTimer`)."""


def find(name: str) -> Timer | None:
    """The catalogue's line for a timer's name."""
    for timer in TIMERS:
        if name == timer.name or (timer.name.endswith(":") and name.startswith(timer.name)):
            return timer
    return None


def grace(name: str) -> timedelta:
    """How late a timer of this name may still fire."""
    timer = find(name)
    return timer.grace if timer is not None else DEFAULT_GRACE


def campaign_timer(campaign_id: str) -> str:
    """The name under which a campaign's due times are kept."""
    return f"{CAMPAIGN_PREFIX}{campaign_id}"
