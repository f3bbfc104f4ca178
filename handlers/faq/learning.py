"""Questions that belong together by the matcher's own measure, each group beside the entry that is nearest to it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.book import Book, FaqEntry
from domain.unanswered import Asked
from handlers.faq.alike import surest
from handlers.faq.index import Candidate, FaqIndex
from handlers.faq.model import packaged
from handlers.openings import opening_of
from handlers.text.facts import read

SAME = 0.6
"""Probability from which two questions go into one group: a person looks at it, so bolder than answering."""
NEAR = 0.3
"""From here on an entry is worth proposing a phrasing to."""
MOST_QUESTIONS = 400
"""Different questions that are grouped, the most frequent ones; the rest is counted only."""
FRESH = 48
"""Groups that are compared one by one before the index of all groups is made anew."""
SHORTEST, LONGEST = 4, 60
"""Characters (letters and digits) of what can be an entry's question."""


@dataclass(slots=True)
class Cluster:
    """Questions that ask the same. ``texts`` with how often each was said, most frequent first."""

    texts: Counter[str]
    rooms: Counter[str] = field(default_factory=Counter)
    addressed: int = 0
    last: Asked | None = None
    answers: list[tuple[int, str]] = field(default_factory=list)
    """What agents said to it, with the numbers of their cases."""
    nearest: Candidate | None = None

    @property
    def count(self) -> int:
        """How often it was asked."""
        return self.texts.total()

    @property
    def question(self) -> str:
        """Its most frequent wording."""
        return self.texts.most_common(1)[0][0]

    @property
    def last_at(self) -> datetime | None:
        """When it was asked last."""
        return None if self.last is None else self.last.at

    def add(self, asked: Iterable[Asked]) -> None:
        """Count these to it."""
        for one in asked:
            self.texts[one.text.strip()] += 1
            self.rooms[one.room] += 1
            self.addressed += one.addressed
            if self.last is None or one.at > self.last.at:
                self.last = one
            if one.answer and one.case is not None:
                self.answers.append((one.case, one.answer))


def is_question(text: str) -> bool:
    """Whether an unanswered message is worth an operator's look: a question of its own, of a fitting length."""
    facts = read(text)
    return SHORTEST <= len(facts.compact) <= LONGEST and facts.is_question and opening_of(facts.compact) is None


def clusters(asked: Sequence[Asked], book: Book) -> list[Cluster]:
    """Groups, the most frequent first (answered ones before others of the same count), with their nearest entries."""
    alike: dict[str, list[Asked]] = {}
    for one in asked:
        alike.setdefault(read(one.text).compact, []).append(one)
    ranked = sorted(alike.values(), key=lambda ones: (not any(one.answer for one in ones), -len(ones)))
    grouping = _Grouping()
    for ones in ranked[:MOST_QUESTIONS]:
        grouping.put(ones)
    index = FaqIndex.build(book.faq)
    for cluster in grouping.clusters:
        best = surest(index, read(cluster.question), packaged())
        cluster.nearest = best if best is not None and best.score >= NEAR else None
    return sorted(grouping.clusters, key=lambda one: (-one.count, not one.answers))


class _Grouping:
    """Puts each question to the group whose first one it is most like, or begins a group with it."""

    def __init__(self) -> None:
        self.clusters: list[Cluster] = []
        self._settled = FaqIndex.build(())
        self._settled_entries: list[FaqEntry] = []
        self._fresh: list[tuple[FaqEntry, FaqIndex]] = []

    def put(self, asked: Sequence[Asked]) -> None:
        """All askings of one wording."""
        place = self._place(asked[0].text)
        if place is None:
            place = len(self.clusters)
            self.clusters.append(Cluster(Counter()))
            self._begin(FaqEntry(str(place), asked[0].text.strip(), ("",)))
        self.clusters[place].add(asked)

    def _place(self, text: str) -> int | None:
        facts = read(text)
        indexes = (self._settled, *(index for _, index in self._fresh))
        found = [candidate for index in indexes if (candidate := surest(index, facts, packaged())) is not None]
        best = max(found, key=lambda candidate: candidate.score, default=None)
        return int(best.entry.id) if best is not None and best.score >= SAME else None

    def _begin(self, entry: FaqEntry) -> None:
        self._fresh.append((entry, FaqIndex.build((entry,))))
        if len(self._fresh) == FRESH:
            self._settled_entries += [held for held, _ in self._fresh]
            self._settled, self._fresh = FaqIndex.build(self._settled_entries), []
