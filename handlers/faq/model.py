"""The fitted trees that turn features into the probability of one meaning; made by bench/fit_faq.py."""

import gzip
import json
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from operator import getitem

from handlers.faq.features import NAMES

Tree = tuple[tuple[int, float, int, int], ...]
"""Nodes as (feature, threshold, left, right): left where the value is not above the threshold. A leaf has feature -1
and its value in the threshold's place."""
LEAVES = 8
"""A tree has at most so many leaves: a bit each, so a tree is a byte."""

_Cuts = tuple[list[float], list[int]]
"""The thresholds of one feature, rising, and the leaves that are left above so many of them, in all trees."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Boosted trees: the log odds are ``start`` plus one leaf of each.

    A value above a node's threshold rules out every leaf to its left, in whatever order nodes are looked at; the first
    leaf that remains is the one that walking down would find. So all nodes of a feature are asked at once
    (QuickScorer: Lucchese et al., SIGIR 2015).
    """

    start: float
    trees: tuple[Tree, ...]
    _cuts: tuple[_Cuts, ...] = field(init=False, repr=False, compare=False)
    _leaves: tuple[Mapping[int, float], ...] = field(init=False, repr=False, compare=False)
    _first: int = field(init=False, repr=False, compare=False)
    """The first leaf of every tree."""

    def __post_init__(self) -> None:
        nodes: list[list[tuple[float, int]]] = [[] for _ in NAMES]
        leaves = tuple(_take_apart(tree, LEAVES * number, nodes) for number, tree in enumerate(self.trees))
        everywhere = (1 << LEAVES * len(self.trees)) - 1
        object.__setattr__(self, "_cuts", tuple(_cut(one, everywhere) for one in nodes))
        object.__setattr__(self, "_leaves", leaves)
        object.__setattr__(self, "_first", sum(1 << LEAVES * number for number in range(len(self.trees))))

    def total(self, values: Sequence[float]) -> float:
        """The log odds of these features, in the order of `NAMES`."""
        left = -1
        for value, (thresholds, remaining) in zip(values, self._cuts, strict=True):
            left &= remaining[bisect_left(thresholds, value)]
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


def _cut(nodes: Sequence[tuple[float, int]], everywhere: int) -> _Cuts:
    ordered = sorted(nodes)
    remaining = [everywhere]
    for _, to_left in ordered:
        remaining.append(remaining[-1] & ~to_left)
    return [threshold for threshold, _ in ordered], remaining


@cache
def forest() -> Forest:
    """The packaged trees; raises `ValueError` when they were fitted for other features."""
    data = json.loads(gzip.decompress((files("handlers.faq") / "data" / "forest.json.gz").read_bytes()))
    if tuple(data["names"]) != NAMES:
        raise ValueError("handlers/faq/data/forest.json.gz was fitted for other features; run bench/fit_faq.py")
    trees = tuple(tuple((f, t, left, right) for f, t, left, right in tree) for tree in data["trees"])
    return Forest(data["start"], trees)


def probability(values: Sequence[float], model: Forest, loss: float = 0.0) -> float:
    """Probability 0..1 that both phrases ask the same; ``loss`` is taken off the log odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, model.total(values) - loss))))
