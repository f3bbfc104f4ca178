"""The same words elsewhere: one member's offer in room after room, or one hostile text in many mouths."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import blake2s

from domain.actions import Remember
from domain.decision import Finding
from domain.events import MessagePosted
from domain.facts import Facts
from domain.ids import NO_MEMBER, NO_ROOM, MemberId, RoomId
from domain.text import TextFacts

SPREAD, CHORUS = "spread", "chorus"
TOLD = "chorus.told"
MIN_CHARS = 8
"""Shorter texts are the same by chance."""


def spread_findings(
    event: MessagePosted, text: TextFacts, facts: Facts, judged: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Beside the four rules: ``spread`` (an advert, level warn) and ``chorus`` (level review, for staff to see)."""
    abuse, advert = judged
    if not advert.details and abuse.level == "none":
        return ()
    policy = facts.policy.moderation.spread
    found = []
    if _offers(advert, text):
        seen = set(_marked(facts, NO_ROOM, event.sender.id, _sign(SPREAD, text), policy.window))
        rooms = len(seen | {str(event.room_id)})
        if rooms >= policy.rooms > 1:
            found.append(Finding(SPREAD, 1.0, "warn", f"同样的话发到了 {rooms} 个群", {"rooms": rooms}))
    if _hostile(abuse, text):
        seen = set(_marked(facts, event.room_id, NO_MEMBER, _sign(CHORUS, text), policy.chorus_window))
        members = len(seen | {str(event.sender.id)})
        if members >= policy.members > 1:
            found.append(Finding(CHORUS, 1.0, "review", f"{members} 个人说了同样的重话", {"members": members}))
    return tuple(found)


def spread_kept(event: MessagePosted, text: TextFacts, facts: Facts, judged: Sequence[Finding]) -> tuple[Remember, ...]:
    """What is kept of an offer and of a hostile text, so that the next one like it is known."""
    abuse, advert = judged
    if not advert.details and abuse.level == "none":
        return ()
    kept, policy = [], facts.policy.moderation.spread
    if _offers(advert, text):
        key = f"{_sign(SPREAD, text)}:{event.room_id}"
        until = event.at + timedelta(seconds=policy.window)
        kept.append(Remember(room_id=NO_ROOM, member_id=event.sender.id, key=key, at=event.at, until=until))
    if _hostile(abuse, text):
        key = f"{_sign(CHORUS, text)}:{event.sender.id}"
        until = event.at + timedelta(seconds=policy.chorus_window)
        kept.append(Remember(room_id=event.room_id, member_id=NO_MEMBER, key=key, at=event.at, until=until))
    return tuple(kept)


def _offers(advert: Finding, text: TextFacts) -> bool:
    return bool(advert.details) and len(text.compact) >= MIN_CHARS


def _hostile(abuse: Finding, text: TextFacts) -> bool:
    return abuse.at_least("review") and len(text.compact) >= MIN_CHARS


def _sign(kind: str, text: TextFacts) -> str:
    return f"{kind}:{blake2s(text.compact.encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"


def _marked(facts: Facts, room: RoomId, member: MemberId, sign: str, seconds: int) -> Iterator[str]:
    """The last part of each fresh mark of this sign: a room or a member."""
    window = timedelta(seconds=seconds)
    kind, _, digest = sign.partition(":")
    for told, at in facts.marks_named(kind, member, room):
        if told.startswith(f"{digest}:") and facts.event.at - at <= window:
            yield told.rpartition(":")[2]
