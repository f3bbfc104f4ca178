"""The fitted trees that turn features into the probability of one meaning; made by bench/fit_faq.py."""

import gzip
import json
import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import and_, getitem
from typing import Any

from handlers.faq.compare import compare
from handlers.faq.differences import Weights, read_weights
from handlers.faq.features import PAIR
from handlers.faq.phrase import Phrase
from handlers.faq.place import PLACE, place_features

Compared = tuple[Phrase, float]
"""The phrase of a candidate and its cosine with what is asked."""
Tree = tuple[tuple[int, float, int, int], ...]
"""Nodes as (feature, threshold, left, right): left where the value is not above the threshold. A leaf has feature -1
and its value in the threshold's place."""
CAUTION = 0.15
"""Taken off the log odds, because a wrong answer is worse than none."""
FEW, CHANCE, RISE = 100, 1.17, 1.1
"""The more entries there are, the likelier one resembles by chance what none of them answers: from `FEW` on the log
odds lose also `CHANCE` times the tenfold increases to the power of `RISE`."""
LEAVES = 8
"""A tree has at most so many leaves: a bit each, so a tree is a byte."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Boosted trees: the log odds are ``start`` plus one leaf of each.

    A value above a node's threshold rules out every leaf to its left, in whatever order nodes are looked at; the first
    leaf that remains is the one that walking down would find. So all nodes of a feature are asked at once
    (QuickScorer: Lucchese et al., SIGIR 2015).
    """

    start: float
    trees: tuple[Tree, ...]
    features: int
    """How many there are."""
    _thresholds: tuple[list[float], ...] = field(init=False, repr=False, compare=False)
    """Of each feature, rising."""
    _remaining: tuple[list[int], ...] = field(init=False, repr=False, compare=False)
    """Of each feature the leaves that are left above so many of its thresholds, in all trees."""
    _leaves: tuple[Mapping[int, float], ...] = field(init=False, repr=False, compare=False)
    _first: int = field(init=False, repr=False, compare=False)
    """The first leaf of every tree."""

    def __post_init__(self) -> None:
        nodes: list[list[tuple[float, int]]] = [[] for _ in range(self.features)]
        leaves = tuple(_take_apart(tree, LEAVES * number, nodes) for number, tree in enumerate(self.trees))
        everywhere = (1 << LEAVES * len(self.trees)) - 1
        object.__setattr__(self, "_thresholds", tuple(sorted(threshold for threshold, _ in one) for one in nodes))
        object.__setattr__(self, "_remaining", tuple(_remaining(one, everywhere) for one in nodes))
        object.__setattr__(self, "_leaves", leaves)
        object.__setattr__(self, "_first", sum(1 << LEAVES * number for number in range(len(self.trees))))

    def total(self, values: Sequence[float]) -> float:
        """The log odds of these features, in the order that it was fitted for."""
        left = reduce(and_, map(getitem, self._remaining, map(bisect_left, self._thresholds, values)))
        # No tree is without a leaf, so subtracting one from each never borrows from the next.
        reached = left & ~(left - self._first)
        return sum(map(getitem, self._leaves, reached.to_bytes(len(self.trees), "little")), self.start)


def _take_apart(tree: Tree, shift: int, nodes: list[list[tuple[float, int]]]) -> Mapping[int, float]:
    """Add a tree's nodes as (threshold, leaves to the left) to those of their features; its leaves by their bits."""
    leaves: dict[int, float] = {}

    def below(number: int) -> int:
        feature, threshold, left, right = tree[number]
        if feature < 0:
            bit = 1 << len(leaves)
            leaves[bit] = threshold
            return bit
        to_left = below(left)
        nodes[feature].append((threshold, to_left << shift))
        return to_left | below(right)

    below(0)
    if len(leaves) > LEAVES:
        raise ValueError(f"a tree has {len(leaves)} leaves; fit them with at most {LEAVES}")
    return leaves


def _remaining(nodes: Iterable[tuple[float, int]], everywhere: int) -> list[int]:
    remaining = [everywhere]
    for _, to_left in sorted(nodes):
        remaining.append(remaining[-1] & ~to_left)
    return remaining


@dataclass(frozen=True, slots=True)
class Model:
    """Both forests: whether two phrases ask the same, and whether an entry near a message is the one for it."""

    pair: Forest = field(repr=False)
    place: Forest = field(repr=False)
    weights: Weights = field(repr=False)

    def scores(self, asked: Phrase, near: Sequence[Compared], entries: int) -> list[float]:
        """The probability of each candidate, best first by cosine, among so many entries."""
        compared = [compare(asked, other, cosine) for other, cosine in near]
        told = [one.told for one in compared]
        pairs = [one.features(self.weights) for one in compared]
        sure = [self.pair.total(values) for values in pairs]
        talk = [self.weights.in_talk(one) for one in told]
        placed = place_features(asked.question, pairs, sure, entries, talk)
        loss = by_chance(entries)
        return [probability(self.place.total(values) - loss) for values in placed]


@cache
def packaged() -> Model:
    """The one that is shipped."""
    return load(files("handlers.faq") / "data")


def load(folder: Traversable) -> Model:
    """The model of a folder; raises `ValueError` when it was fitted for other features."""
    data = json.loads(gzip.decompress((folder / "forest.json.gz").read_bytes()))
    return Model(_forest(data["pair"], PAIR), _forest(data["place"], PLACE), read_weights(folder))


def _forest(data: dict[str, Any], names: Sequence[str]) -> Forest:
    if data["names"] != list(names):
        raise ValueError("handlers/faq/data/forest.json.gz was fitted for other features; run bench/fit_faq.py")
    trees = tuple(tuple((f, t, left, right) for f, t, left, right in tree) for tree in data["trees"])
    return Forest(data["start"], trees, len(names))


def by_chance(entries: int) -> float:
    """What a FAQ of so many entries takes off the log odds."""
    return CAUTION + CHANCE * math.pow(max(0.0, math.log10(max(entries, 1) / FEW)), RISE)


def probability(log_odds: float) -> float:
    """From 0 to 1."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))
