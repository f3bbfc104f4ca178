"""How members take an answer: 不对, or the same asked again in other words, is a miss; the second offers a person."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from domain.actions import Remember
from domain.book import FaqEntry
from domain.events import MessagePosted
from domain.facts import Facts
from domain.text import TextFacts
from handlers.addressing import is_addressed, quotes_bot, speaks_to_others
from handlers.faq.alike import swapped
from handlers.faq.feedback import none_of_them, refuses
from handlers.faq.following import letters, says
from handlers.faq.index import Candidate, FaqIndex
from handlers.faq.model import Model
from handlers.faq.phrase import complete, opening
from handlers.numbers import offer
from handlers.talk import SPOKEN_TO

TOLD = "faq.told"
"""Marks (room, member) ``faq.told:refund-time``: when the member was given this entry's answer."""
MISSED = "faq.missed"
"""The member's mark of an answer that was none."""
OFFERED = "faq.person"
"""The member's mark of being offered a person."""
MEANT = timedelta(minutes=10)
"""How long what is said to the bot may be about its last answer, and how long a miss counts."""
ASKED_AGAIN = timedelta(minutes=5)
"""Within this the same question in other words tells that the answer did not help."""
READ = timedelta(seconds=5)
"""Before this nobody has read an answer and asked again because of it: it may not even have gone."""
RIGHT_AFTER = timedelta(minutes=2)
"""Within this a bare 不对 of who was answered is about the answer, if nobody spoke to them meanwhile."""
_YES = re.compile(
    r"(?:那就?|嗯+|哦+|好|行|可以|要|需要|是|找|转|来|快|ok|okay|麻烦|帮我|给我|请)"
    r"(?:的|啊|吧|呀|了|你|您|一?下|个|人|同事|真人|人工|找|转|来|要|好|行|嗯|谢|麻烦|帮我)*"
)


def tell(event: MessagePosted, entry: FaqEntry, at: datetime) -> Remember:
    """What to remember when the sender gets an entry's answer at that time."""
    return Remember(room_id=event.room_id, member_id=event.sender.id, key=f"{TOLD}:{entry.id}", at=at)


def refused(event: MessagePosted, facts: Facts, entries: Mapping[str, FaqEntry]) -> str | None:
    """The entry whose answer the words refuse (empty: what was offered as a choice); None for other words.

    They are said to the bot, in a quote of its answer, or right after it by who was answered.
    """
    if facts.text is None or not none_of_them(facts.text.norm) or speaks_to_others(event):
        return None
    choice = offer(event, facts)
    told = _told(event, facts)
    if choice is not None and (not told or told[0][1] <= choice.at):
        return ""
    if not refuses(facts.text.norm):
        return None
    if event.quote is not None:
        return _quoted(event, facts, entries)
    if not told or (not is_addressed(event, facts) and not _right_after(event, facts, told[0][1])):
        return None
    return told[0][0]


def asked_again(
    event: MessagePosted, facts: Facts, candidates: Iterable[Candidate], at_least: float
) -> Candidate | None:
    """What the sender asks in other words although they were told minutes ago; None for other questions."""
    if facts.text is None:
        return None
    for candidate in candidates:
        at = facts.mark(f"{TOLD}:{candidate.entry.id}", event.sender.id)
        if at is not None and candidate.score >= at_least and READ <= event.at - at <= ASKED_AGAIN:
            same = any(letters(one.norm) == letters(facts.text.norm) for one in facts.member(event.sender.id).recent)
            return None if same else candidate
    return None


def is_second(event: MessagePosted, facts: Facts) -> bool:
    """Whether an earlier answer missed too, since a person was last offered."""
    missed, offered = facts.mark(MISSED, event.sender.id), facts.mark(OFFERED, event.sender.id)
    return missed is not None and event.at - missed <= MEANT and (offered is None or offered < missed)


def wants_person(event: MessagePosted, facts: Facts) -> bool:
    """Whether the sender's next words after being offered a person are a yes."""
    at = facts.mark(OFFERED, event.sender.id)
    if at is None or facts.text is None or not at < event.at <= at + ASKED_AGAIN or speaks_to_others(event):
        return False
    if event.quote is not None and not quotes_bot(event.quote, facts):
        return False
    recent = facts.member(event.sender.id).recent
    return (not recent or recent[-1].at <= at) and _YES.fullmatch(facts.text.compact) is not None


def others_than(entry: str, asked: TextFacts, index: FaqIndex, model: Model, least: float) -> tuple[Candidate, ...]:
    """What else a question may mean: each weighed by itself, for beside the refused entry it seemed less likely."""
    start = opening(asked.norm, index.wording)
    words = complete(start, asked.is_question)
    found = [index.alone(words, near, model) for near in index.close(start)]
    kept = [one for one in found if one.entry.id != entry and one.score >= least and not _of_others(asked, one)]
    return tuple(sorted(kept, key=lambda one: -one.score))


def _of_others(asked: TextFacts, candidate: Candidate) -> bool:
    """Whether each phrasing of an entry has another subject than the question."""
    return all(swapped(asked.norm, phrase) for phrase in (candidate.entry.question, *candidate.entry.similar))


def mark(event: MessagePosted, key: str) -> Remember:
    """Remember this of the sender, here and now."""
    until = event.at + MEANT
    return Remember(room_id=event.room_id, member_id=event.sender.id, key=key, at=event.at, until=until)


def quoted_entries(event: MessagePosted, facts: Facts, entries: Mapping[str, FaqEntry]) -> Iterator[FaqEntry]:
    """The entries lately answered here whose words are quoted, those that the sender was told first."""
    if event.quote is None or not quotes_bot(event.quote, facts):
        return
    quoted = letters(event.quote.text)
    own = [entry for entry, _ in _told(event, facts, timedelta(days=1))]
    here = [name for name, _ in facts.marks_named("faq")]
    for name in dict.fromkeys((*own, *here)):
        entry = entries.get(name)
        if entry is not None and says(entry, quoted):
            yield entry


def _quoted(event: MessagePosted, facts: Facts, entries: Mapping[str, FaqEntry]) -> str | None:
    found = next(quoted_entries(event, facts, entries), None)
    return None if found is None else found.id


def _told(event: MessagePosted, facts: Facts, within: timedelta = MEANT) -> list[tuple[str, datetime]]:
    """What the sender was told until now, latest first: (entry, when)."""
    found = facts.marks_named(TOLD, event.sender.id)
    fresh = [(entry, at) for entry, at in found if timedelta(0) <= event.at - at <= within]
    return sorted(fresh, key=lambda one: one[1], reverse=True)


def _right_after(event: MessagePosted, facts: Facts, at: datetime) -> bool:
    recent = facts.member(event.sender.id).recent
    spoken = facts.mark(SPOKEN_TO, event.sender.id)
    alone = (not recent or recent[-1].at <= at) and (spoken is None or spoken <= at)
    return alone and event.at - at <= RIGHT_AFTER
