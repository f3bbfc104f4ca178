"""A linear model over character n-grams in the standard library alone; fitted by the fit_*.py scripts of bench/."""

import gzip
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import repeat
from operator import add

START, END = "\x02", "\x03"
SHORTEST = 4
_DIGIT = re.compile("[0-9]")


@lru_cache(maxsize=4)
def grams(norm: str) -> frozenset[str]:
    """The distinct 1-, 2- and 3-grams of a normalised text between its borders, every digit read as 0."""
    text = START + _DIGIT.sub("0", norm) + END
    pairs = list(map(add, text, text[1:]))
    # Several models look at one message in a row.
    return frozenset({*text, *pairs, *map(add, pairs, text[2:])})


def divisor(norm: str) -> float:
    """Long texts have more n-grams: the sum of weights is divided by the root of the length."""
    return math.sqrt(max(len(norm), SHORTEST))


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Integer weights of n-grams and the two numbers that turn their sum into a calibrated probability."""

    weights: Mapping[str, int]
    slope: float
    intercept: float

    def score(self, norm: str) -> float:
        """Probability 0..1 for a normalised text: logistic(intercept + slope · Σ weights / √length); 0 for none."""
        if not norm:
            return 0.0
        total = sum(map(self.weights.get, grams(norm), repeat(0)))
        return 1.0 / (1.0 + math.exp(-min(max(self.intercept + self.slope * total / divisor(norm), -30.0), 30.0)))


def read_model(name: str) -> LinearModel:
    """The packaged model of that name (about a millisecond per thousand weights)."""
    data = json.loads(gzip.decompress((files("handlers.text") / "data" / f"{name}.json.gz").read_bytes()))
    weights = dict(zip(data["grams"].split("\n"), data["weights"], strict=True))
    return LinearModel(weights, data["slope"], data["intercept"])
