"""All phrasings of all entries, searchable by what they share with a message. Immutable; a change builds another."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.book import FaqEntry
from domain.text import TextFacts
from handlers.faq.dialect import BUILT_IN, Wording
from handlers.faq.differences import weights
from handlers.faq.features import Compared, features, vetoed
from handlers.faq.model import Forest, probability
from handlers.faq.near import Neighbourhood
from handlers.faq.phrase import Opening, Phrase, complete, opening, phrase
from handlers.text.normalise import normalise

CANDIDATES = 8
"""Entries that are looked at."""
BESIDE = 0.6
"""Of these are compared closely whose cosine is at least this share of the best one's, and at most `COMPARED`."""
COMPARED = 6
SAME = 0.999
"""From this cosine on two phrases have the same characters."""
EXACT = 0.995
ALIKE_MOST = 0.99
"""What is only alike is never as sure as the same words."""
VETOED_MOST = 0.35
"""A question with another number or the opposite sense is at most suggested."""
CHANCE = 0.33
"""The more entries there are, the likelier one resembles by chance what none of them answers: from `FEW` on the log
odds lose this times the square of the tenfold increases."""
FEW = 100
KEYWORDS = 0.93
KEYWORDS_LOOSE = 0.75
BRIEF = 12
"""Characters; in a short message keywords are a question even without asking."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with the probability that it answers the message."""

    entry: FaqEntry
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class FaqIndex:
    """Entries of one room's scope. ``phrases``: entry number and phrase, in the order `Neighbourhood` wants."""

    entries: tuple[FaqEntry, ...]
    phrases: tuple[tuple[int, Phrase], ...] = field(repr=False)
    exact: Mapping[str, int] = field(repr=False)
    near: Neighbourhood = field(repr=False)
    keywords: tuple[tuple[int, re.Pattern[str]], ...] = field(repr=False)
    wording: Wording = field(repr=False)

    @classmethod
    def build(cls, entries: Iterable[FaqEntry], wording: Wording = BUILT_IN) -> "FaqIndex":
        """Index the enabled ones among ``entries``."""
        kept = tuple(entry for entry in entries if entry.enabled)
        phrases: list[tuple[int, Phrase]] = []
        exact: dict[str, int] = {}
        for number, entry in enumerate(kept):
            for text in (entry.question, *entry.similar):
                made = phrase(text, wording)
                exact.setdefault(made.bare, number)
                phrases.append((number, made))
        words = tuple((n, _all_of(entry.keywords)) for n, entry in enumerate(kept) if entry.keywords)
        phrases.sort(key=lambda one: one[1].opening.length)
        near = Neighbourhood.build([made.opening for _, made in phrases])
        return cls(kept, tuple(phrases), exact, near, words, wording)

    def search(self, asked: TextFacts, model: Forest) -> tuple[Candidate, ...]:
        """The entries that may answer, surest first, at most `CANDIDATES`."""
        start = opening(asked.norm, self.wording)
        found: dict[int, Candidate] = {}
        exact = self.exact.get(start.bare) if start.bare else None
        if exact is not None:
            found[exact] = Candidate(self.entries[exact], EXACT, "问法一致")
        for number, pattern in self.keywords:
            if number not in found and pattern.match(start.bare):
                score = KEYWORDS if asked.is_question or len(start.bare) <= BRIEF else KEYWORDS_LOOSE
                found[number] = Candidate(self.entries[number], score, "关键词齐全")
        near = self.close(start)
        for number, score in self._similar(complete(start, asked.is_question), near, model) if near else ():
            if number not in found or found[number].score < score:
                found[number] = Candidate(self.entries[number], score, "问法相近")
        return tuple(sorted(found.values(), key=lambda c: (-c.score, c.entry.id))[:CANDIDATES])

    def close(self, asked: Opening) -> list[tuple[int, int, float]]:
        """The nearest phrase of each of the nearest entries: (entry number, phrase number, cosine), best first."""
        best: dict[int, tuple[float, int]] = {}
        for least, near in self.near.around(asked):
            for place, cosine in near:
                entry = self.phrases[place][0]
                if entry not in best or cosine > best[entry][0]:
                    best[entry] = (cosine, place)
            if sum(cosine >= least for cosine, _ in best.values()) >= CANDIDATES:
                break
        ordered = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:CANDIDATES]
        return [(entry, place, cosine) for entry, (cosine, place) in ordered]

    def compared(self, near: Sequence[tuple[int, int, float]]) -> list[Compared]:
        """Those of `close` that are worth a close look, best first; the same words leave room for a second best."""
        best = near[1][2] if len(near) > 1 and near[0][2] >= SAME else near[0][2]
        return [(self.phrases[place][1], cosine) for _, place, cosine in near[:COMPARED] if cosine >= BESIDE * best]

    def _similar(
        self, asked: Phrase, near: Sequence[tuple[int, int, float]], model: Forest
    ) -> Iterable[tuple[int, float]]:
        compared, loss = self.compared(near), by_chance(len(self.entries))
        found = features(asked, compared, len(self.entries), weights())
        for (entry, _, _), (other, _), values in zip(near, compared, found, strict=False):
            score = probability(values, model, loss)
            yield entry, min(score, VETOED_MOST if vetoed(asked, other) else ALIKE_MOST)


def by_chance(entries: int) -> float:
    """What a FAQ of so many entries takes off the log odds."""
    return CHANCE * max(0.0, math.log10(max(entries, 1) / FEW)) ** 2


def _all_of(keywords: Sequence[str]) -> re.Pattern[str]:
    """Each keyword somewhere; ``a|b`` is one or the other. Looked for in the bare text."""
    parts = []
    for keyword in keywords:
        forms = ["".join(filter(str.isalnum, normalise(part))) for part in keyword.split("|")]
        parts.append(f"(?=.*(?:{'|'.join(re.escape(form) for form in forms if form)}))")
    return re.compile("".join(parts), re.DOTALL)
