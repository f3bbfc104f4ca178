"""Newcomers: no links and contacts at first where the room wants it so, and a brake when many join at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.actions import Remember
from domain.decision import Finding
from domain.events import MemberJoined, MessagePosted
from domain.facts import Facts, MemberFacts
from domain.ids import NO_MEMBER
from domain.incoming import MessageKind
from domain.policy import NewcomerPolicy

NEWCOMER = "newcomer"
SHOWS_CONTACT = frozenset({MessageKind.CARD, MessageKind.LINK, MessageKind.MINI_PROGRAM})
"""What is no text and leads to somebody or somewhere."""
JOINED = "joined"
"""``joined:N``: the room's last joins, in as many places as make a wave, the oldest overwritten."""
WAVE = "joined.wave"


def newcomer_finding(event: MessagePosted, facts: Facts, advert: Finding) -> Finding | None:
    """That somebody who is new here shows a link or a contact; None for all others."""
    if not advert.details.get("contact"):
        return None
    member, policy = facts.member(event.sender.id), facts.policy.moderation.newcomer
    spans = {"spans": advert.details.get("spans", [])}
    if _is_new(member, event.at, policy):
        return Finding(NEWCOMER, 1.0, "warn", "新成员先不发链接和联系方式", spans)
    if _came_with_a_wave(member, facts.mark(WAVE), event.at, policy):
        return Finding(NEWCOMER, 1.0, "warn", "短时间很多人进群，新进的先不发链接和联系方式", spans)
    return None


def _is_new(member: MemberFacts, at: datetime, policy: NewcomerPolicy) -> bool:
    # Who was there before the bot has no time of joining, and is no newcomer.
    if member.joined_at is None:
        return False
    return at - member.joined_at < timedelta(hours=policy.hours) or member.messages < policy.messages


def _came_with_a_wave(member: MemberFacts, wave: datetime | None, at: datetime, policy: NewcomerPolicy) -> bool:
    if wave is None or member.joined_at is None or at - wave >= timedelta(minutes=policy.wave_minutes):
        return False
    return member.joined_at >= wave - timedelta(seconds=policy.wave_window)


def braked(facts: Facts) -> bool:
    """Whether a wave of joins is being slowed here."""
    wave, policy = facts.mark(WAVE), facts.policy.moderation.newcomer
    return wave is not None and facts.event.at - wave < timedelta(minutes=policy.wave_minutes)


def joins_kept(event: MemberJoined, facts: Facts) -> tuple[Remember, ...]:
    """What is kept of a join: its time in the oldest place, and the wave when all places are of the last minute."""
    places = facts.policy.moderation.newcomer.wave_joins
    if places < 1:
        return ()
    times = [facts.mark(_place(place)) for place in range(places)]
    kept: dict[int, datetime] = {}
    for _ in event.people[:places]:
        oldest = min(range(places), key=lambda place: _age(times[place], event.at), default=0)
        times[oldest] = kept[oldest] = event.at
    marks = [_mark(event, _place(place), at) for place, at in kept.items()]
    if _is_wave(times, event.at, facts.policy.moderation.newcomer):
        marks.append(_mark(event, WAVE, event.at))
    return tuple(marks)


def _is_wave(times: Sequence[datetime | None], at: datetime, policy: NewcomerPolicy) -> bool:
    window = timedelta(seconds=policy.wave_window)
    return all(time is not None and at - time <= window for time in times)


def _age(time: datetime | None, at: datetime) -> float:
    """Sorts the free and the oldest place first."""
    return float("-inf") if time is None else (time - at).total_seconds()


def _place(number: int) -> str:
    return f"{JOINED}:{number}"


def _mark(event: MemberJoined, key: str, at: datetime) -> Remember:
    return Remember(room_id=event.room_id, member_id=NO_MEMBER, key=key, at=at)
