"""What a bare number answers: the choices a member was offered, or how their case went; whichever was asked last."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.actions import Remember
from domain.events import MessagePosted
from domain.facts import CaseFacts, Facts
from handlers.addressing import speaks_to_others

CHOICE_WINDOW = timedelta(minutes=5)
CHOICE = "faq.choice"
"""Marks ``faq.choice:2:refund-time``: what a member's reply 2 would mean."""
_YES = re.compile(r"(?:嗯+|对+|是|没错|就是)(?:的|啊|呀|呢|这个|它|对|是)*")
"""What takes the only choice, said right after it."""
_NUMBER = re.compile(r"(?:我?(?:选|要|问的?是|是|想问))?第?([1-3一二三])(?:个|条|号)?(?:吧|啊|呢|呀|的)?")
LONGEST_CHOICE = 8
"""Characters of the longest way to name a number: 我问的是第一个吧."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The entries that were offered to a member, by number."""

    at: datetime
    entries: Mapping[int, str]


def offering(event: MessagePosted, entries: Iterable[str]) -> Iterator[Remember]:
    """What to remember when these entries (by id) are offered to the sender as 1, 2, 3."""
    for number, entry in enumerate(entries, 1):
        key = f"{CHOICE}:{number}:{entry}"
        until = event.at + CHOICE_WINDOW
        yield Remember(room_id=event.room_id, member_id=event.sender.id, key=key, at=event.at, until=until)


def offer(event: MessagePosted, facts: Facts) -> Offer | None:
    """The latest choices of the sender's here; None when there are none or they are too old."""
    marks = [(at, told.partition(":")) for told, at in facts.marks_named(CHOICE, event.sender.id)]
    latest = max((at for at, _ in marks), default=None)
    if latest is None or event.at - latest > CHOICE_WINDOW:
        return None
    return Offer(latest, {int(number): entry for at, (number, _, entry) in marks if at == latest})


def chosen(event: MessagePosted, facts: Facts) -> str | None:
    """The entry that a number means, or a yes to the only one that was offered.

    None when it is neither, was not offered, or rates a case asked about since.
    """
    words = facts.text.compact if facts.text is not None else ""
    number, yes = number_of(words), _YES.fullmatch(words) is not None
    offered = offer(event, facts) if number is not None or yes else None
    if offered is None:
        return None
    if yes:
        return offered.entries.get(1) if len(offered.entries) == 1 and _right_after(event, facts, offered.at) else None
    assert number is not None
    case = awaiting_score(event, facts)
    if case is not None and case.asked_at is not None and case.asked_at >= offered.at:
        return None
    return offered.entries.get(number)


def _right_after(event: MessagePosted, facts: Facts, at: datetime) -> bool:
    """Whether these are the sender's first words since, and to nobody else."""
    recent = facts.member(event.sender.id).recent
    return (not recent or recent[-1].at <= at) and not speaks_to_others(event)


def awaiting_score(event: MessagePosted, facts: Facts) -> CaseFacts | None:
    """The sender's case that they were asked to rate, and have not yet."""
    case = facts.last_resolved(event.sender.id)
    if case is None or case.asked_at is None or case.score is not None or facts.open_case(event.sender.id):
        return None
    late = event.at - case.asked_at > timedelta(hours=facts.policy.escalation.satisfaction_hours)
    return None if late else case


def number_of(compact: str) -> int | None:
    """The number 1 to 3 that the words (without blanks and punctuation) name, and nothing else."""
    match = _NUMBER.fullmatch(compact) if len(compact) <= LONGEST_CHOICE else None
    return None if match is None else "1一2二3三".index(match[1]) // 2 + 1
