"""The night of a room, in which the bot speaks only to whom speaks to it."""

from datetime import datetime
from functools import lru_cache

from domain.facts import Facts
from domain.policy import NightPolicy
from domain.quiet import Night, is_night, parse_clock


@lru_cache(maxsize=64)
def night_of(policy: NightPolicy) -> Night:
    """The policy's night as the theory of silence knows it. Raises ValueError for a time that no clock shows."""
    return Night(parse_clock(policy.start), parse_clock(policy.end))


def asleep(facts: Facts, at: datetime) -> bool:
    """Whether the event's room sleeps at this instant."""
    return is_night(at, facts.policy.time_zone, night_of(facts.policy.night))
