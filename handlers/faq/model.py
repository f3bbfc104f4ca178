"""The fitted trees that turn features into the probability of one meaning; made by bench/fit_faq.py."""

import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from handlers.faq.features import NAMES

Tree = tuple[tuple[int, float, int, int], ...]
"""Nodes as (feature, threshold, left, right): left where the value is not above the threshold. A leaf has feature -1
and its value in the threshold's place."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Boosted trees: the log odds are ``start`` plus one leaf of each."""

    start: float
    trees: tuple[Tree, ...]


@cache
def forest() -> Forest:
    """The packaged trees; raises `ValueError` when they were fitted for other features."""
    data = json.loads(gzip.decompress((files("handlers.faq") / "data" / "forest.json.gz").read_bytes()))
    if tuple(data["names"]) != NAMES:
        raise ValueError("handlers/faq/data/forest.json.gz was fitted for other features; run bench/fit_faq.py")
    trees = tuple(tuple((f, t, left, right) for f, t, left, right in tree) for tree in data["trees"])
    return Forest(data["start"], trees)


def probability(values: Sequence[float], model: Forest) -> float:
    """Probability 0..1 that both phrases ask the same."""
    total = model.start
    for tree in model.trees:
        feature, number, left, right = tree[0]
        while feature >= 0:
            feature, number, left, right = tree[left if values[feature] <= number else right]
        total += number
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
