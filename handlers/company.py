"""Company: 有人吗 is answered when nobody else does; a greeting or 我想问下 said to the bot is given time to go on."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from domain.actions import Action, Remember, Say
from domain.book import Book
from domain.decision import NOTHING, Finding, Opinion
from domain.events import Event, MessagePosted
from domain.facts import Facts
from domain.ids import NO_MEMBER, MemberId
from domain.incoming import MessageKind
from handlers.addressing import EMPTY_MENTION, is_addressed, speaks_to_others
from handlers.loops import paused
from handlers.night import asleep
from handlers.openings import Opening, opening_of
from handlers.speech import Voice

WAITING = "company"
"""The room's mark of the last reply on hold; each has ``company:MEMBER:MESSAGE`` beside it."""
GREETED = "company.greeted"
"""The member's mark of the last reply to 有人吗 or a greeting."""
LONGEST_QUEUE = timedelta(minutes=3)
"""How long a reply may wait for its turn after its hold; then it has expired."""


class Company:
    """Says that somebody is there, late enough that people come first."""

    name = "company"
    listens: tuple[type, ...] = (MessagePosted,)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """A reply at once, on hold, or none: a beginning alone is no question for others to answer."""
        assert isinstance(event, MessagePosted)
        if event.kind is not MessageKind.TEXT or facts.text is None or facts.room.staff or speaks_to_others(event):
            return NOTHING
        opening = opening_of(facts.text.compact)
        if opening is None:
            return NOTHING
        return Opinion(
            (Finding("talk", 1.0, opening.value, "只是开个头"),), self._reply(event, facts, opening), final=True
        )

    def _reply(self, event: MessagePosted, facts: Facts, opening: Opening) -> tuple[Action, ...]:
        addressed, policy = is_addressed(event, facts), facts.policy.talk
        if paused(event, facts) or any(pending(event, facts, (event.sender.id,))):
            return ()
        if not addressed and (opening is not Opening.CALL or not _left_to_the_bot(event, facts)):
            return ()
        if opening is not Opening.OPENER and _lately(event, facts):
            return ()
        marks = () if opening is Opening.OPENER else (_mark(event, GREETED),)
        if not addressed:
            say = self._voice.answer(facts, "company.here", event.sender)
            return (*self._held(event, facts, say, policy.company_wait), *marks)
        say = self._voice.answer(facts, "welcome.here", event.sender)
        if opening is Opening.CALL or not event.external_id:
            return (replace(say, unasked=True), *marks)
        # What follows without an @ still belongs to it.
        return (*self._held(event, facts, say, policy.opener_wait), *marks, _mark(event, EMPTY_MENTION))

    def _held(self, event: MessagePosted, facts: Facts, say: Say, seconds: int) -> tuple[Action, ...]:
        later = min(event.at, facts.now) + timedelta(seconds=seconds)
        expires = later + timedelta(seconds=facts.policy.expiry.answer)
        key, until = f"{WAITING}:{event.sender.id}:{event.external_id}", event.at + _longest(facts)
        return (
            replace(say, unasked=True, not_before=later, expires_at=expires),
            Remember(room_id=event.room_id, member_id=NO_MEMBER, key=WAITING, at=event.at, until=until),
            Remember(room_id=event.room_id, member_id=NO_MEMBER, key=key, at=event.at, until=until),
        )


def pending(
    event: MessagePosted, facts: Facts, whose: Collection[MemberId] | None = None
) -> Iterator[tuple[MemberId, str]]:
    """The replies that may still be on hold in the event's room: to whom, and to which message.

    ``whose``: only those to these members. A busy room has many of them, and most are not asked for.
    """
    last = facts.mark(WAITING)
    if last is None or last < (since := event.at - _longest(facts)):
        return
    theirs = ("",) if whose is None else tuple([f"{member}:" for member in whose])
    for told, at in facts.marks_named(WAITING):
        if told.startswith(theirs) and at >= since:
            number, _, external_id = told.partition(":")
            yield MemberId(int(number)), external_id


def _longest(facts: Facts) -> timedelta:
    """How long a reply may be on its way."""
    policy = facts.policy.talk
    return timedelta(seconds=max(policy.company_wait, policy.opener_wait)) + LONGEST_QUEUE


def _left_to_the_bot(event: MessagePosted, facts: Facts) -> bool:
    """Not at night, not to colleagues, and not where the reply could not be taken back."""
    staff = facts.person(event.sender.id).staff is not None
    return not staff and not asleep(facts, event.at) and bool(event.external_id)


def _lately(event: MessagePosted, facts: Facts) -> bool:
    last = facts.mark(GREETED, event.sender.id)
    return last is not None and event.at - last < timedelta(seconds=facts.policy.talk.company_every)


def _mark(event: MessagePosted, key: str) -> Remember:
    return Remember(room_id=event.room_id, member_id=event.sender.id, key=key, at=event.at)
