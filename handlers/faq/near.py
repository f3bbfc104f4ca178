"""Which phrases share most with a question: the cosines of gram vectors, without comparing with every phrase.

The weight of a gram is its rarity, in whatever phrase, so a cosine is a sum of the shares of the grams in common,
divided by the other vector's length. Phrases stand in the order of that length: what needs the most comes last.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.faq.phrase import Opening
from handlers.faq.tally import Tally, members_of, set_of

CLOSE = 0.2
"""Cosine below which two phrases have nothing to do with each other."""
LEVELS = (0.64, 0.4, 0.28, CLOSE)
"""The nearest are looked for first."""
COMMON = 64
"""Phrases that have the same gram; what this many have brings nobody near."""
PACKED = 16
"""From so many phrases on they are kept as a set; those of rarer grams are put into one when they are asked for."""
FINENESS = 255
"""Points that stand for all shares together. Each share is rounded up, so nothing near is ever missed."""
BAND = 1.25
"""How far lengths within one band differ."""
_EPSILON = 1e-9

Near = tuple[int, float]
"""A phrase's place and its cosine."""
_Shares = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Phrases by their grams. ``bands``: the shortest length in each, and the set of its places."""

    openings: tuple[Opening, ...] = field(repr=False)
    known: frozenset[str] = field(repr=False)
    rare: Mapping[str, tuple[int, ...]] = field(repr=False)
    packed: Mapping[str, int] = field(repr=False)
    bands: tuple[tuple[float, int], ...] = field(repr=False)

    @classmethod
    def build(cls, openings: Sequence[Opening]) -> "Neighbourhood":
        """Of phrases in the order of their lengths."""
        held: dict[str, list[int]] = {}
        bands: list[tuple[float, list[int]]] = []
        for place, opening in enumerate(openings):
            if not bands or opening.length > BAND * bands[-1][0]:
                bands.append((opening.length, []))
            bands[-1][1].append(place)
            for gram in opening.grams:
                held.setdefault(gram, []).append(place)
        return cls(
            openings=tuple(openings),
            known=frozenset(held),
            rare={gram: tuple(places) for gram, places in held.items() if len(places) < COMMON},
            packed={gram: set_of(places) for gram, places in held.items() if len(places) >= PACKED},
            bands=tuple((shortest, set_of(places)) for shortest, places in bands),
        )

    def around(self, asked: Opening, lowest: float = CLOSE) -> Iterator[tuple[float, list[Near]]]:
        """All levels from the highest down, each with all phrases at or above it that no higher level had.

        Perhaps with lower ones. The last level is the last one that is not below ``lowest``.
        """
        known, levels = self.known, [least for least in LEVELS if least >= lowest]
        shares = [(gram, rarity * rarity / asked.length) for gram, rarity in asked.grams.items() if gram in known]
        everywhere = sum(share for gram, share in shares if gram not in self.rare)
        if not shares or everywhere + _EPSILON < CLOSE * self.openings[0].length:
            all_near = self._measured(self._with_rare(shares, everywhere), shares) if shares else []
            yield from zip(levels, (all_near, *([] for _ in levels[1:])), strict=True)
        else:
            for least, places in self._level_by_level(shares, levels):
                yield least, self._measured(places, shares)

    def _with_rare(self, shares: _Shares, everywhere: float) -> list[int]:
        """Where common grams alone bring nobody near: those that share rare ones enough."""
        telling = sorted([(share, gram) for gram, share in shares if gram in self.rare], reverse=True)
        sums: dict[int, float] = {}
        base, shortest = everywhere + _EPSILON, CLOSE * self.openings[0].length
        left = base + sum([share for share, _ in telling])
        for share, gram in telling:
            for place in self.rare[gram]:
                # Whom the greatest shares have not met, what is left brings near no more.
                if place in sums:
                    sums[place] += share
                elif left >= shortest:
                    sums[place] = base + share
            left -= share
        return [place for place, most in sums.items() if most >= CLOSE * self.openings[place].length]

    def _level_by_level(self, shares: _Shares, levels: Sequence[float]) -> Iterator[tuple[float, list[int]]]:
        total = sum(share for _, share in shares)
        point = total / FINENESS
        tally = Tally()
        for gram, share in shares:
            tally.add(self.packed[gram] if gram in self.packed else set_of(self.rare[gram]), math.ceil(share / point))
        known = 0
        for least in levels:
            found = 0
            for shortest, members in self.bands:
                found |= tally.at_least(math.ceil(least * shortest / point - _EPSILON), members)
            yield least, list(members_of(found ^ known))
            known = found

    def _measured(self, places: Sequence[int], shares: _Shares) -> list[Near]:
        measured: list[Near] = []
        for place in places:
            opening = self.openings[place]
            grams = opening.grams
            cosine = sum([share for gram, share in shares if gram in grams]) / opening.length
            if cosine >= CLOSE:
                measured.append((place, cosine))
        return measured
