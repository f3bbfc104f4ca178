"""Finds entries that answer one another's questions, measured with the matcher that answers members."""

from collections.abc import Iterator, Set

from bot.config.problems import Problems
from domain.book import Book, FaqEntry
from handlers.faq.alike import apart, swapped
from handlers.faq.dialect import wording
from handlers.faq.index import KEYWORDS, Candidate, FaqIndex
from handlers.faq.model import packaged
from handlers.faq.phrase import Phrase

NEARLY = 0.32
"""Cosine below which hardly any two phrases are one question."""
MOST_PHRASES = 6_000
"""Of a larger FAQ only the questions are looked up, not their similar phrasings."""


def warn_collisions(book: Book, problems: Problems) -> None:
    """One warning for each pair of entries that one question brings both of."""
    for text, own, other in collisions(book):
        file, _, line = own.where.rpartition(":")
        both = f"{own.id} 和 {other.entry.id}（{other.entry.where}）回答同一个问题"
        remedy = "合并成一条，或把两条的问法写得更不一样，再用 asks、not 试"
        problems.warning(file, int(line), f"{both}：“{text}”两条都答得上（{other.score:.2f}）", remedy)


def collisions(book: Book, only: str = "", before: FaqIndex | None = None) -> Iterator[tuple[str, FaqEntry, Candidate]]:
    """A phrase of an entry, that entry, and another one that would be sure enough to answer it, were it alone.

    Beside the one whose phrase it is, the second best seems less likely than it is. Each pair is told once.
    ``only``: the phrases of this one entry. ``before``: an index of nearly the same entries.
    """
    index = FaqIndex.build(book.faq, wording(book.synonyms), before)
    least = book.policy.faq.answer_at
    told: set[frozenset[str]] = set()
    for number, text, asked in _phrases(index):
        entry = index.entries[number]
        if only and entry.id != only:
            continue
        for found in _answering(asked, entry, index, told):
            if found.score >= (least if found.entry.answer_at is None else found.entry.answer_at):
                told.add(frozenset((entry.id, found.entry.id)))
                yield text, entry, found


def _phrases(index: FaqIndex) -> Iterator[tuple[int, str, Phrase]]:
    """Of each entry its question and, unless there are too many, its similar phrasings: number, text, phrase."""
    places = [(owner, held.layer, place) for held in index.layers for place, owner in enumerate(held.owners)]
    for owner, layer, place in sorted(places, key=lambda one: (one[0], one[2])):
        text = layer.texts[place]
        if len(places) <= MOST_PHRASES or text == index.entries[owner].question:
            yield owner, text, layer.phrase(place)


def _answering(asked: Phrase, entry: FaqEntry, index: FaqIndex, told: Set[frozenset[str]]) -> Iterator[Candidate]:
    """The other entries that are near this phrase, and how sure each would be by itself."""
    for near in index.close(asked.opening, NEARLY):
        other = index.entries[near[0]]
        if _may_collide(entry, other, told) and _same_subject(asked, near[1].phrase(near[2]), other):
            yield index.alone(asked, near, packaged())
    for number, pattern in index.keywords:
        if pattern.match(asked.bare) and _may_collide(entry, index.entries[number], told):
            yield Candidate(index.entries[number], KEYWORDS, "关键词齐全")


def _may_collide(entry: FaqEntry, other: FaqEntry, told: Set[frozenset[str]]) -> bool:
    return other is not entry and frozenset((entry.id, other.id)) not in told and _meet(entry, other)


def _same_subject(asked: Phrase, nearest: Phrase, other: FaqEntry) -> bool:
    """Whether some phrase of the other entry, most likely its nearest, does not want something else."""
    said = asked.opening.said
    return not apart(asked, nearest) or not all(swapped(said, text) for text in (other.question, *other.similar))


def _meet(one: FaqEntry, other: FaqEntry) -> bool:
    """Whether both may answer in one room on one day."""
    if one.rooms and other.rooms and not set(one.rooms) & set(other.rooms):
        return False
    first = max((day for day in (one.since, other.since) if day), default=None)
    last = min((day for day in (one.until, other.until) if day), default=None)
    return first is None or last is None or first <= last
