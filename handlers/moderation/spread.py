"""Nearly the same words elsewhere: one member's offer in room after room, or one hostile text in many mouths.

A text is known again by the least hashes of its pairs of characters (A. Broder, 1997): of texts alike most agree.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from zlib import crc32

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
SIGNS, AGREED = 6, 3
"""Hashes kept of a text, and how many of them show that two are nearly the same."""
SIGNED_CHARS = 300


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
        seen = _marked(facts, NO_ROOM, event.sender.id, _signs(SPREAD, text), policy.window)
        rooms = len(seen | {str(event.room_id)})
        if rooms >= policy.rooms > 1:
            found.append(Finding(SPREAD, 1.0, "warn", f"同样的话发到了 {rooms} 个群", {"rooms": rooms}))
    if _hostile(abuse, text):
        seen = _marked(facts, event.room_id, NO_MEMBER, _signs(CHORUS, text), policy.chorus_window)
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
        until = event.at + timedelta(seconds=policy.window)
        for sign in _signs(SPREAD, text):
            key = f"{sign}:{event.room_id}"
            kept.append(Remember(room_id=NO_ROOM, member_id=event.sender.id, key=key, at=event.at, until=until))
    if _hostile(abuse, text):
        until = event.at + timedelta(seconds=policy.chorus_window)
        for sign in _signs(CHORUS, text):
            key = f"{sign}:{event.sender.id}"
            kept.append(Remember(room_id=event.room_id, member_id=NO_MEMBER, key=key, at=event.at, until=until))
    return tuple(kept)


def _offers(advert: Finding, text: TextFacts) -> bool:
    """Whether a text is evidence by itself: to say it twice makes a doubt surer, and makes nothing out of nothing.

    Who asks about an invoice, or tells their own number with an order, does so in every room they please.
    """
    if len(text.compact) < MIN_CHARS:
        return False
    if advert.at_least("review"):
        return bool(advert.details.get("contact")) or not text.is_question
    return bool(advert.details.get("elsewhere")) and not text.is_question


def _hostile(abuse: Finding, text: TextFacts) -> bool:
    return abuse.at_least("review") and len(text.compact) >= MIN_CHARS


def _signs(kind: str, text: TextFacts) -> tuple[str, ...]:
    """``KIND:NUMBER-HASH`` for each of the hashes of a text."""
    said = text.compact[:SIGNED_CHARS].encode("utf-32-le", "surrogatepass")
    pairs = {said[at : at + 8] for at in range(0, len(said) - 4, 4)}
    least = (min(crc32(pair, seed) for pair in pairs) for seed in _SEEDS)
    return tuple(f"{kind}:{number}-{value:08x}" for number, value in enumerate(least))


_SEEDS = tuple(crc32(bytes([number])) for number in range(SIGNS))


def _marked(facts: Facts, room: RoomId, member: MemberId, signs: Sequence[str], seconds: int) -> set[str]:
    """The rooms or members, as their marks end, of which enough fresh marks bear these signs."""
    window, kind = timedelta(seconds=seconds), signs[0].partition(":")[0]
    wanted = {sign.partition(":")[2] for sign in signs}
    agreed: Counter[str] = Counter()
    for told, at in facts.marks_named(kind, member, room):
        sign, _, where = told.partition(":")
        if sign in wanted and facts.event.at - at <= window:
            agreed[where] += 1
    return {where for where, count in agreed.items() if count >= AGREED}
