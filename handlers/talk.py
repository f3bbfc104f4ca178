"""Who speaks to whom, and one question in several short messages."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.events import MessagePosted
from domain.facts import Facts, Recent
from domain.ids import MemberId
from domain.incoming import MessageKind
from domain.text import TextFacts
from handlers.loops import last_reply
from handlers.moderation.flood import is_ritual
from handlers.once import once
from handlers.openings import opening_of
from handlers.text.facts import read

SPOKEN_TO = "talk.spoken_to"
"""The mark (room, member) of the last time somebody turned to a member who was talking."""


def turned_to(event: MessagePosted, facts: Facts) -> tuple[MemberId, ...]:
    """The other members whom a message is for, by @ or by quoting them."""
    if not event.mentions and event.quote is None:
        return ()
    members = [person.id for person in event.mentions]
    if event.quote is not None and event.quote.member_id is not None:
        members.append(event.quote.member_id)
    own = (event.sender.id, facts.account.member_id)
    return tuple(member for member in dict.fromkeys(members) if member not in own)


@once
def joined(event: MessagePosted, facts: Facts) -> TextFacts | None:
    """The sender's last short messages and this one as one text; None where there is nothing to join.

    They belong together while they follow each other within the window and nobody, the bot included, replied between.
    """
    text, policy = facts.text, facts.policy.talk
    recents = facts.member(event.sender.id).recent
    if text is None or not recents or event.kind is not MessageKind.TEXT or text.is_list:
        return None
    since = event.at - timedelta(seconds=policy.join_window)
    if recents[-1].at < since:
        return None
    if event.quote is not None or event.mentions or not text.compact or len(event.text) > policy.join_chars:
        return None
    if is_ritual(text.norm) or opening_of(text.compact):
        return None
    before = [recent.text for recent in _run(event, facts, since)]
    return read("，".join((*reversed(before), event.text))) if before else None


def _run(event: MessagePosted, facts: Facts, since: datetime) -> Iterator[Recent]:
    """The messages to join, latest first; greetings and the like count as links, but have nothing to add."""
    policy, recents = facts.policy.talk, facts.member(event.sender.id).recent
    broken = last_turned_to(event, facts)
    for recent in reversed(recents[1 - policy.join_messages :] if policy.join_messages > 1 else ()):
        if recent.at < since or (broken is not None and recent.at <= broken):
            return
        if recent.kind is not MessageKind.TEXT or len(recent.text) > policy.join_chars:
            return
        if recent.norm.startswith("#") or is_ritual(recent.norm):
            return
        if opening_of("".join(filter(str.isalnum, recent.norm))) is None:
            yield recent


def last_turned_to(event: MessagePosted, facts: Facts) -> datetime | None:
    """When the bot or anybody else last said something to the sender, as far as is remembered."""
    times = (last_reply(event, facts), facts.mark(SPOKEN_TO, event.sender.id))
    return max((at for at in times if at is not None), default=None)
