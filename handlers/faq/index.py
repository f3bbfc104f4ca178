"""All phrasings of all entries, searchable by what they share with a message. Immutable; a change builds another."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.book import FaqEntry
from domain.text import TextFacts
from handlers.faq.features import features, vetoed
from handlers.faq.model import Forest, probability
from handlers.faq.near import Neighbourhood
from handlers.faq.phrase import Opening, Phrase, complete, opening, phrase
from handlers.text.normalise import normalise

CANDIDATES = 8
"""Entries that are looked at."""
COMPARED = 4
"""Of these so many are compared closely; one further behind in shared characters is hardly ever the right one."""
EXACT = 0.995
VETOED_MOST = 0.35
"""A question with another number or the opposite sense is at most suggested."""
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

    @classmethod
    def build(cls, entries: Iterable[FaqEntry]) -> "FaqIndex":
        """Index the enabled ones among ``entries``."""
        kept = tuple(entry for entry in entries if entry.enabled)
        phrases: list[tuple[int, Phrase]] = []
        exact: dict[str, int] = {}
        for number, entry in enumerate(kept):
            for text in (entry.question, *entry.similar):
                made = phrase(text)
                exact.setdefault(made.bare, number)
                phrases.append((number, made))
        words = tuple((n, _all_of(entry.keywords)) for n, entry in enumerate(kept) if entry.keywords)
        phrases.sort(key=lambda one: one[1].opening.length)
        near = Neighbourhood.build([made.opening for _, made in phrases])
        return cls(kept, tuple(phrases), exact, near, words)

    def search(self, asked: TextFacts, model: Forest) -> tuple[Candidate, ...]:
        """The entries that may answer, surest first, at most `CANDIDATES`."""
        start = opening(asked.norm)
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

    def _similar(
        self, asked: Phrase, near: Sequence[tuple[int, int, float]], model: Forest
    ) -> Iterable[tuple[int, float]]:
        for (entry, phrase_number, cosine), margin in zip(near[:COMPARED], margins(near), strict=False):
            other = self.phrases[phrase_number][1]
            score = probability(features(asked, other, cosine, margin), model)
            yield entry, min(score, VETOED_MOST) if vetoed(asked, other) else score


def margins(near: Sequence[tuple[int, int, float]]) -> list[float]:
    """For each candidate its lead in cosine over the best other one (negative behind it)."""
    cosines = [cosine for _, _, cosine in near]
    return [cosine - max((c for j, c in enumerate(cosines) if j != i), default=0.0) for i, cosine in enumerate(cosines)]


def _all_of(keywords: Sequence[str]) -> re.Pattern[str]:
    """Each keyword somewhere; ``a|b`` is one or the other. Looked for in the bare text."""
    parts = []
    for keyword in keywords:
        forms = ["".join(filter(str.isalnum, normalise(part))) for part in keyword.split("|")]
        parts.append(f"(?=.*(?:{'|'.join(re.escape(form) for form in forms if form)}))")
    return re.compile("".join(parts), re.DOTALL)
