"""Asking on: who quotes one of the bot's answers with 那…呢 means something that goes with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.book import FaqEntry
from domain.events import MessagePosted
from domain.facts import Facts
from domain.text import TextFacts
from handlers.addressing import quotes_bot
from handlers.faq.alike import surest
from handlers.faq.index import Candidate, FaqIndex
from handlers.faq.model import Model
from handlers.faq.phrase import strip
from handlers.faq.wording import pieces
from handlers.text.normalise import normalise
from handlers.text.segment import segment

NAMED = 0.9
"""How sure it is when just one thing that may be asked on has all the words that were said."""
SHORTEST_QUOTE = 6
"""Characters of a cut quotation that still tell which answer it is from."""
_EMPTY = frozenset(
    (
        *("的", "了", "那", "呢", "吗", "要", "是", "如果", "换成", "换", "成", "话"),
        *("我", "你", "您", "用", "就", "也", "这", "这个", "那个"),
    )
)
"""Words that say nothing about what is meant."""
_INSTEAD = re.compile(r"(?:那么?|那要是|要是|如果|换成)?.{1,12}呢")


def letters(text: str) -> str:
    """A text without blanks and punctuation, for telling whether two are the same."""
    return "".join(filter(str.isalnum, normalise(text)))


@dataclass(frozen=True, slots=True)
class Following:
    """One entry that can be asked on: how its answers are recognised, and what goes with them."""

    entry: FaqEntry
    said: tuple[re.Pattern[str], ...] = field(repr=False)
    whole: tuple[str, ...] = field(repr=False)
    index: FaqIndex = field(repr=False)

    def is_quoted(self, quoted: str) -> bool:
        """Whether the quoted words (letters and digits only) are an answer of this entry, whole or cut."""
        return _is_of(quoted, self.said, self.whole)


@dataclass(frozen=True, slots=True)
class FollowUps:
    """All entries that can be asked on."""

    all: tuple[Following, ...] = ()

    @classmethod
    def build(cls, entries: Mapping[str, FaqEntry]) -> "FollowUps":
        """Of the enabled entries by their ids."""
        return cls(tuple(_following(entry, entries) for entry in entries.values() if entry.follow_ups))

    def find(self, event: MessagePosted, facts: Facts, model: Model) -> tuple[FaqEntry, Candidate] | None:
        """The entry whose answer is quoted, and what is asked on about it; None where nothing is clear."""
        if not self.all or event.quote is None or facts.text is None or not quotes_bot(event.quote, facts):
            return None
        quoted, best = letters(event.quote.text), None
        for following in self.all if quoted else ():
            # Several answers may stand in one message: the surest is meant.
            if following.is_quoted(quoted):
                meant = _meant(following.index, facts.text, model)
                if meant is not None and (best is None or meant.score > best[1].score):
                    best = following.entry, meant
        return best


def says(entry: FaqEntry, quoted: str) -> bool:
    """Whether the quoted words (`letters`) are an answer of this entry, whole or cut."""
    if not quoted:
        return False
    return _is_of(quoted, tuple(map(_recognised, entry.answers)), tuple(map(_whole, entry.answers)))


def asked_instead(parent: FaqEntry, text: TextFacts) -> str:
    """What 那换货呢 asks after an answer about something else: the same question with these words in it; else empty."""
    if not _INSTEAD.fullmatch(text.compact) or not _telling(text):
        return ""
    return f"{''.join(_telling(text))}，{parent.question}"


def instead(parent: FaqEntry, text: TextFacts, near: Iterable[Candidate]) -> Candidate | None:
    """The one entry near `asked_instead` that has all the words said and is not the one asked before."""
    words = _telling(text)
    found = [one for one in near if one.entry.id != parent.id and words and _has_all(one.entry, words)]
    return Candidate(found[0].entry, NAMED, "追问") if len(found) == 1 else None


def _following(entry: FaqEntry, entries: Mapping[str, FaqEntry]) -> Following:
    inline = [
        FaqEntry(f"{entry.id}/{number}", follow.question, follow.answers, rooms=entry.rooms, where=follow.where)
        for number, follow in enumerate(entry.follow_ups, 1)
        if follow.question
    ]
    linked = [entries[follow.entry] for follow in entry.follow_ups if follow.entry in entries]
    answers = [answer for one in (entry, *inline) for answer in one.answers]
    return Following(
        entry,
        tuple(map(_recognised, answers)),
        tuple(map(_whole, answers)),
        FaqIndex.build([*inline, *linked]),
    )


def _recognised(answer: str) -> re.Pattern[str]:
    """The parts without variables, in their order."""
    parts = [re.escape(own) for part in pieces(answer) if (own := letters(part))]
    return re.compile(".*".join(parts) if parts else r"(?!)", re.DOTALL)


def _whole(answer: str) -> str:
    return "".join(map(letters, pieces(answer)))


def _is_of(quoted: str, said: Iterable[re.Pattern[str]], whole: Iterable[str]) -> bool:
    if any(pattern.search(quoted) for pattern in said):
        return True
    return len(quoted) >= SHORTEST_QUOTE and any(quoted in answer for answer in whole)


def _meant(index: FaqIndex, text: TextFacts, model: Model) -> Candidate | None:
    """By all its words in one question alone, else by what the model holds likeliest."""
    words = _telling(text)
    named = [entry for entry in index.entries if words and _has_all(entry, words)]
    if len(named) == 1:
        return Candidate(named[0], NAMED, "追问")
    return surest(index, text, model)


def _telling(text: TextFacts) -> list[str]:
    return [word for word in segment(strip(text.norm)) if word not in _EMPTY]


def _has_all(entry: FaqEntry, words: Iterable[str]) -> bool:
    phrases = [normalise(phrase) for phrase in (entry.question, *entry.similar)]
    return any(all(word in phrase for word in words) for phrase in phrases)
