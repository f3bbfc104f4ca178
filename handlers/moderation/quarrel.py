"""Insults both ways: one neutral sentence to both sides instead of a warning to each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.actions import Remember
from domain.events import MessagePosted, Person
from domain.facts import Facts
from domain.ids import NO_MEMBER, MemberId
from handlers.talk import turned_to

QUARREL = "quarrel"
"""The room's mark of the last insult; each has ``quarrel:MEMBER:TARGET:MESSAGE:NAME`` beside it."""
CALMED = "quarrel.calmed"
"""``quarrel.calmed:11:12``: both were spoken to."""
NAME_CHARS = 40


@dataclass(frozen=True, slots=True)
class Insult:
    """What one side said: who, to whom (NO_MEMBER: to nobody by name), and in which message."""

    by: Person
    to: MemberId
    external_id: str
    at: datetime


def answered_insult(event: MessagePosted, facts: Facts) -> Insult | None:
    """The insult of somebody else that this one gives back; None when it stands alone."""
    window = _window(facts)
    last = facts.mark(QUARREL)
    if last is None or event.at - last > window:
        return None
    targets = turned_to(event, facts)
    fitting = [
        insult
        for insult in _insults(facts)
        if insult.by.id != event.sender.id
        and event.at - insult.at <= window
        and (insult.to == event.sender.id or insult.by.id in targets or (insult.to == NO_MEMBER and not targets))
    ]
    return max(fitting, key=lambda insult: insult.at, default=None)


def _insults(facts: Facts) -> Iterator[Insult]:
    for told, at in facts.marks_named(QUARREL):
        by, to, external_id, name = told.split(":", 3)
        yield Insult(Person(MemberId(int(by)), name), MemberId(int(to)), external_id, at)


def remembered(event: MessagePosted, facts: Facts) -> tuple[Remember, ...]:
    """What is kept of an insult, so that one given back is known for it."""
    target = next(iter(turned_to(event, facts)), NO_MEMBER)
    message = event.external_id.replace(":", "_")
    key = f"{QUARREL}:{event.sender.id}:{target}:{message}:{event.sender.name[:NAME_CHARS]}"
    return _mark(event, facts, QUARREL), _mark(event, facts, key)


def calmed(event: MessagePosted, other: Person, facts: Facts) -> Remember:
    """Both were spoken to."""
    return _mark(event, facts, _pair(event.sender.id, other.id))


def calmed_already(event: MessagePosted, other: Person, facts: Facts) -> bool:
    """Whether both were spoken to within the window: they have heard it."""
    last = facts.mark(_pair(event.sender.id, other.id))
    return last is not None and event.at - last <= _window(facts)


def _pair(one: int, other: int) -> str:
    return f"{CALMED}:{min(one, other)}:{max(one, other)}"


def _mark(event: MessagePosted, facts: Facts, key: str) -> Remember:
    until = event.at + _window(facts)
    return Remember(room_id=event.room_id, member_id=NO_MEMBER, key=key, at=event.at, until=until)


def _window(facts: Facts) -> timedelta:
    return timedelta(seconds=facts.policy.moderation.quarrel_window)
