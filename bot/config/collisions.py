"""Finds entries that answer one another's questions, measured with the matcher that answers members."""

from collections.abc import Iterator

from bot.config.problems import Problems
from domain.book import Book, FaqEntry
from handlers.faq.alike import surest
from handlers.faq.dialect import wording
from handlers.faq.index import Candidate, FaqIndex
from handlers.faq.model import forest
from handlers.text.facts import read

NEARLY = 0.01
"""An entry that is not this near beside the phrase's own one cannot be sure enough without it."""
MOST_PHRASES = 6_000
"""Of a larger FAQ only the questions are looked up, not their similar phrasings."""


def warn_collisions(book: Book, problems: Problems) -> None:
    """One warning for each pair of entries that one question brings both of."""
    told: set[frozenset[str]] = set()
    for phrase, own, other in collisions(book):
        pair = frozenset((own.id, other.entry.id))
        if pair in told:
            continue
        told.add(pair)
        file, _, line = own.where.rpartition(":")
        both = f"{own.id} 和 {other.entry.id}（{other.entry.where}）回答同一个问题"
        remedy = "合并成一条，或把两条的问法写得更不一样，再用 asks、not 试"
        problems.warning(file, int(line), f"{both}：“{phrase}”两条都答得上（{other.score:.2f}）", remedy)


def collisions(book: Book) -> Iterator[tuple[str, FaqEntry, Candidate]]:
    """A phrase of an entry, that entry, and another one that would be sure enough to answer it, were it alone."""
    entries = [entry for entry in book.faq if entry.enabled]
    index, alone = FaqIndex.build(entries, wording(book.synonyms)), _Alone()
    many = sum(1 + len(entry.similar) for entry in entries) > MOST_PHRASES
    for entry in entries:
        for phrase in (entry.question,) if many else (entry.question, *entry.similar):
            asked = read(phrase)
            for near in index.search(asked, forest()):
                other = near.entry
                if other is entry or near.score < NEARLY or not _meet(entry, other):
                    continue
                sure = book.policy.faq.answer_at if other.answer_at is None else other.answer_at
                found = surest(alone.of(other), asked, forest())
                if found is not None and found.score >= sure:
                    yield phrase, entry, found


class _Alone:
    """Entries by themselves: beside the one whose phrase it is, the second best seems less likely than it is."""

    def __init__(self) -> None:
        self._held: dict[str, FaqIndex] = {}

    def of(self, entry: FaqEntry) -> FaqIndex:
        """The index of this entry only."""
        if entry.id not in self._held:
            self._held[entry.id] = FaqIndex.build((entry,))
        return self._held[entry.id]


def _meet(one: FaqEntry, other: FaqEntry) -> bool:
    """Whether both may answer in one room on one day."""
    if one.rooms and other.rooms and not set(one.rooms) & set(other.rooms):
        return False
    first = max((day for day in (one.since, other.since) if day), default=None)
    last = min((day for day in (one.until, other.until) if day), default=None)
    return first is None or last is None or first <= last
