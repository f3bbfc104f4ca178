"""How many are warned alone within a minute: each takes a send of its own, and a crowd is told in the room."""

from datetime import timedelta

from domain.actions import Remember
from domain.events import MessagePosted
from domain.facts import Facts
from domain.ids import NO_MEMBER

WHISPERED = "whispered"
"""``whispered:N``: the room's last private warnings, in as many places as a minute may have, the oldest overwritten."""
_MINUTE = timedelta(minutes=1)


def may_have_one_more(facts: Facts) -> bool:
    """Whether somebody may be warned alone now."""
    return _oldest(facts) is not None


def whisper_kept(event: MessagePosted, facts: Facts) -> Remember:
    """What is kept of a private warning."""
    return Remember(room_id=event.room_id, member_id=NO_MEMBER, key=_key(_oldest(facts) or 0), at=event.at)


def _oldest(facts: Facts) -> int | None:
    """The place that is free or whose warning is a minute old."""
    places = range(facts.policy.moderation.private_per_minute)
    times = {place: facts.mark(_key(place)) for place in places}
    free = (place for place, at in times.items() if at is None or facts.event.at - at >= _MINUTE)
    return next(free, None)


def _key(place: int) -> str:
    return f"{WHISPERED}:{place}"
