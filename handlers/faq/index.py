"""All phrasings of all entries, searchable by what they share with a message. Immutable; a change builds another."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest

from domain.book import FaqEntry
from domain.text import TextFacts
from handlers.faq.features import features, vetoed
from handlers.faq.model import Forest, probability
from handlers.faq.phrase import Opening, Phrase, complete, opening, phrase
from handlers.text.normalise import normalise

CANDIDATES = 8
"""Entries that are looked at."""
COMPARED = 4
"""Of these so many are compared closely; one further behind in shared characters is hardly ever the right one."""
CLOSE = 0.15
"""Cosine of gram vectors below which two phrases have nothing to do with each other."""
LONG = 256
"""Phrases with the same gram; for fewer it is not worth asking whether they can be left out."""
EXACT = 0.995
VETOED_MOST = 0.35
"""A question with another number or the opposite sense is at most suggested."""
KEYWORDS = 0.93
KEYWORDS_LOOSE = 0.75
BRIEF = 12
"""Characters; in a short message keywords are a question even without asking."""


_Posting = tuple[str, float, tuple[tuple[int, float], ...]]
"""A gram of the question, its weight there, and the phrases that have it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with the probability that it answers the message."""

    entry: FaqEntry
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class FaqIndex:
    """Entries of one room's scope. ``postings``: gram → (phrase number, weight) of its phrases, heaviest first."""

    entries: tuple[FaqEntry, ...]
    phrases: tuple[tuple[int, Phrase], ...] = field(repr=False)
    exact: Mapping[str, int] = field(repr=False)
    postings: Mapping[str, tuple[tuple[int, float], ...]] = field(repr=False)
    keywords: tuple[tuple[int, re.Pattern[str]], ...] = field(repr=False)

    @classmethod
    def build(cls, entries: Iterable[FaqEntry]) -> "FaqIndex":
        """Index the enabled ones among ``entries``."""
        kept = tuple(entry for entry in entries if entry.enabled)
        phrases: list[tuple[int, Phrase]] = []
        exact: dict[str, int] = {}
        postings: dict[str, list[tuple[int, float]]] = {}
        for number, entry in enumerate(kept):
            for text in (entry.question, *entry.similar):
                made = phrase(text)
                exact.setdefault(made.bare, number)
                for gram, weight in made.opening.grams.items():
                    postings.setdefault(gram, []).append((len(phrases), weight))
                phrases.append((number, made))
        words = tuple((n, _all_of(entry.keywords)) for n, entry in enumerate(kept) if entry.keywords)
        frozen = {gram: tuple(sorted(held, key=lambda one: (-one[1], one[0]))) for gram, held in postings.items()}
        return cls(kept, tuple(phrases), exact, frozen, words)

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
        sums = self._gather(asked)
        best: dict[int, tuple[float, int]] = {}
        for phrase_number, cosine in sums.items():
            entry = self.phrases[phrase_number][0]
            if cosine >= CLOSE and cosine > best.get(entry, (0.0, 0))[0]:
                best[entry] = (cosine, phrase_number)
        ordered = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:CANDIDATES]
        return [(entry, phrase_number, cosine) for entry, (cosine, phrase_number) in ordered]

    def _gather(self, asked: Opening) -> dict[int, float]:
        """Cosines of all phrases that may be among the nearest; of others some, too low.

        Rare grams come first. When what is left can no longer lift a phrase that has none of them to where it would
        count, the common grams, which nearly every question has, are only looked up for the phrases found so far.
        """
        grams = [(gram, weight, self.postings[gram]) for gram, weight in asked.grams.items() if gram in self.postings]
        grams.sort(key=lambda one: len(one[2]))
        left = sum(weight * held[0][1] for _, weight, held in grams)
        sums: dict[int, float] = {}
        for place, (_, weight, held) in enumerate(grams):
            least = self._least(sums) if len(held) > LONG else CLOSE
            if left < least:
                return self._filled({n: cosine for n, cosine in sums.items() if cosine + left >= least}, grams[place:])
            left -= weight * held[0][1]
            for number, other in held:
                sums[number] = sums.get(number, 0.0) + weight * other
        return sums

    def _least(self, sums: Mapping[int, float]) -> float:
        """What a phrase must reach to be among the nearest entries, as far as is known."""
        best: dict[int, float] = {}
        for number, cosine in sums.items():
            entry = self.phrases[number][0]
            if cosine > best.get(entry, 0.0):
                best[entry] = cosine
        return nlargest(CANDIDATES, best.values())[-1] if len(best) >= CANDIDATES else CLOSE

    def _filled(self, sums: dict[int, float], rest: Sequence[_Posting]) -> dict[int, float]:
        for gram, weight, held in rest:
            if len(held) <= 2 * len(sums):
                for number, other in held:
                    if number in sums:
                        sums[number] += weight * other
                continue
            for number in sums:
                sums[number] += weight * self.phrases[number][1].opening.grams.get(gram, 0.0)
        return sums

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
