"""All phrasings of all entries, searchable by what they share with a message. Immutable; a change builds another."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from domain.book import FaqEntry
from domain.text import TextFacts
from handlers.faq.compare import compare
from handlers.faq.dialect import BUILT_IN, Wording
from handlers.faq.features import vetoed
from handlers.faq.layers import NOBODY, Layer, Owned, layers
from handlers.faq.model import Compared, Model
from handlers.faq.near import CLOSE
from handlers.faq.phrase import Opening, Phrase, asking_part, complete, opening
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
SAME_WORDS, ALIKE = "问法一致", "问法相近"
KEYWORDS = 0.93
PART = 0.93
"""How much as sure as one that is all that was said is an entry that only the asking part of it finds."""
KEYWORDS_LOOSE = 0.75
BRIEF = 12
"""Characters; in a short message keywords are a question even without asking."""

Near = tuple[int, Layer, int, float]
"""An entry's number, where its nearest phrase is, and the cosine."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with the probability that it answers the message."""

    entry: FaqEntry
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class FaqIndex:
    """Entries of one room's scope, and their phrases in layers."""

    entries: tuple[FaqEntry, ...]
    layers: tuple[Owned, ...] = field(repr=False)
    keywords: tuple[tuple[int, re.Pattern[str]], ...] = field(repr=False)
    wording: Wording = field(repr=False)

    @classmethod
    def build(
        cls, entries: Iterable[FaqEntry], wording: Wording = BUILT_IN, before: "FaqIndex | None" = None
    ) -> "FaqIndex":
        """Index the enabled ones among ``entries``; in milliseconds where few differ from those ``before``."""
        kept = tuple([entry for entry in entries if entry.enabled])
        shared = before.layers if before is not None and before.wording == wording else ()
        made = layers(kept, wording, shared)
        words = tuple((n, _all_of(entry.keywords)) for n, entry in enumerate(kept) if entry.keywords)
        return cls(kept, made, words, wording)

    def search(self, asked: TextFacts, model: Model, parts: bool = True) -> tuple[Candidate, ...]:
        """The entries that may answer, surest first, at most `CANDIDATES`; ``parts``: also by the part that asks."""
        start = opening(asked.norm, self.wording)
        found = self._found(start, asked.is_question, model)
        part = asking_part(start.said) if parts else None
        if part is not None:
            for number, candidate in self._found(opening(part, self.wording), True, model).items():
                if number not in found or found[number].score < PART * candidate.score:
                    found[number] = replace(candidate, score=PART * candidate.score)
        return tuple(sorted(found.values(), key=lambda c: (-c.score, c.entry.id))[:CANDIDATES])

    def _found(self, start: Opening, question: bool, model: Model) -> dict[int, Candidate]:
        found: dict[int, Candidate] = {}
        same = [number for owned in self.layers for number in owned.saying(start.bare)] if start.bare else []
        if same:
            exact = min(same)
            found[exact] = Candidate(self.entries[exact], EXACT, SAME_WORDS)
        for number, pattern in self.keywords:
            if number not in found and pattern.match(start.bare):
                score = KEYWORDS if question or len(start.bare) <= BRIEF else KEYWORDS_LOOSE
                found[number] = Candidate(self.entries[number], score, "关键词齐全")
        near = self.close(start, beside=BESIDE)
        for number, score in self._similar(complete(start, question), near, model) if near else ():
            if number not in found or found[number].score < score:
                found[number] = Candidate(self.entries[number], score, ALIKE)
        return found

    def close(self, asked: Opening, lowest: float = CLOSE, beside: float = 0.0) -> list[Near]:
        """The nearest phrase of each of the nearest entries, best first.

        Those below ``lowest``, and those below the share ``beside`` of the best one, may be left out.
        """
        best: dict[int, tuple[float, Layer, int]] = {}
        around = [owned.layer.near.around(asked, lowest) for owned in self.layers]
        for levels in zip(*around, strict=True):
            for owned, (_, near) in zip(self.layers, levels, strict=True):
                for place, cosine in near:
                    _keep_nearest(best, owned, place, cosine)
            ahead = sorted([found[0] for found in best.values()], reverse=True)[:CANDIDATES]
            if len(ahead) > 1 and levels[0][0] <= max(beside * _yardstick(ahead), *ahead[CANDIDATES - 1 :], 0.0):
                break
        ordered = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:CANDIDATES]
        return [(entry, layer, place, cosine) for entry, (cosine, layer, place) in ordered]

    def compared(self, near: Sequence[Near]) -> list[Compared]:
        """Those of `close` that are worth a close look, best first."""
        best = _yardstick([cosine for *_, cosine in near])
        return [(layer.phrase(place), cosine) for _, layer, place, cosine in near[:COMPARED] if cosine >= BESIDE * best]

    def alone(self, asked: Phrase, near: Near, model: Model) -> Candidate:
        """One of `close` as if its entry were the only one: how sure the bot would be if nothing else came near."""
        entry, layer, place, cosine = near
        other = layer.phrase(place)
        if asked.bare == other.bare:
            return Candidate(self.entries[entry], EXACT, SAME_WORDS)
        (score,) = model.scores(asked, [(other, cosine)], 1)
        return Candidate(self.entries[entry], min(score, VETOED_MOST if vetoed(asked, other) else ALIKE_MOST), ALIKE)

    def _similar(self, asked: Phrase, near: Sequence[Near], model: Model) -> Iterable[tuple[int, float]]:
        compared = self.compared(near)
        scores = model.scores(asked, compared, len(self.entries))
        for (entry, _, _, _), (other, cosine), score in zip(near, compared, scores, strict=False):
            differs = score > VETOED_MOST and vetoed(asked, other)
            differs = differs and vetoed(compare(asked, other, cosine).asked, other)
            yield entry, min(score, VETOED_MOST if differs else ALIKE_MOST)


def _yardstick(cosines: Sequence[float]) -> float:
    """What others must come near of these, best first: the same words leave room for a second best."""
    return cosines[1 if len(cosines) > 1 and cosines[0] >= SAME else 0]


def _keep_nearest(best: dict[int, tuple[float, Layer, int]], owned: Owned, place: int, cosine: float) -> None:
    """Of two equally near phrases the one whose words sort first, so that the order of edits changes nothing."""
    entry, layer = owned.owners[place], owned.layer
    held = best.get(entry)
    if entry == NOBODY or (held is not None and cosine < held[0]):
        return
    if held is None or cosine > held[0] or layer.texts[place] < held[1].texts[held[2]]:
        best[entry] = (cosine, layer, place)


@lru_cache(maxsize=4096)
def _all_of(keywords: tuple[str, ...]) -> re.Pattern[str]:
    """Each keyword somewhere; ``a|b`` is one or the other. Looked for in the bare text."""
    parts = []
    for keyword in keywords:
        forms = ["".join(filter(str.isalnum, normalise(part))) for part in keyword.split("|")]
        parts.append(f"(?=.*(?:{'|'.join(re.escape(form) for form in forms if form)}))")
    return re.compile("".join(parts), re.DOTALL)
