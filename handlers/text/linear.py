"""A linear model over character n-grams without numpy; fitted by the fit_*.py scripts of bench/."""

import gzip
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from operator import add, itemgetter
from typing import Any

import ahocorasick

START, END = "\x02", "\x03"
SHORTEST = 4
_DIGIT = re.compile("[0-9]")
_NUMBER = itemgetter(1)


def _bordered(norm: str) -> str:
    return START + _DIGIT.sub("0", norm) + END


def grams(norm: str) -> frozenset[str]:
    """The distinct 1-, 2- and 3-grams of a normalised text between its borders, every digit read as 0."""
    text = _bordered(norm)
    pairs = list(map(add, text, text[1:]))
    return frozenset({*text, *pairs, *map(add, pairs, text[2:])})


def divisor(norm: str) -> float:
    """Long texts have more n-grams: the sum of weights is divided by the root of the length."""
    return math.sqrt(max(len(norm), SHORTEST))


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Numbered n-grams as one automaton, their weights, and the two figures that make a probability of a sum."""

    automaton: Any = field(repr=False)
    weights: tuple[int, ...] = field(repr=False)
    slope: float
    intercept: float

    @classmethod
    def of(cls, weights: Mapping[str, int], slope: float, intercept: float) -> "LinearModel":
        """Compile the integer weights of n-grams of any length."""
        automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for number, gram in enumerate(weights):
            automaton.add_word(gram, number)
        automaton.make_automaton()
        return cls(automaton, tuple(weights.values()), slope, intercept)

    def score(self, norm: str) -> float:
        """Probability 0..1 for a normalised text: logistic(intercept + slope · Σ weights / √length); 0 for none."""
        if not norm:
            return 0.0
        total = sum(map(self.weights.__getitem__, {*map(_NUMBER, self.automaton.iter(_bordered(norm)))}))
        return 1.0 / (1.0 + math.exp(-min(max(self.intercept + self.slope * total / divisor(norm), -30.0), 30.0)))


def read_model(name: str) -> LinearModel:
    """The packaged model of that name (some two milliseconds per thousand weights)."""
    data = json.loads(gzip.decompress((files("handlers.text") / "data" / f"{name}.json.gz").read_bytes()))
    weights = dict(zip(data["grams"].split("\n"), data["weights"], strict=True))
    return LinearModel.of(weights, data["slope"], data["intercept"])
