"""Linear models over character n-grams without numpy; fitted by the fit_*.py scripts of bench/."""

import gzip
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import chain, repeat
from operator import add

START, END = "\x02", "\x03"
SHORTEST = 4
CUT = 3
"""Characters of the longest n-gram that every text is cut into."""
_DIGIT = re.compile("[0-9]")
_NONE = repeat(0)
_MOST = 30.0
"""Log odds; further ones are hardly a probability."""
BITS = 21
"""Sums share one number: the second begins at its 22nd bit, the third at its 43rd."""
_HALF, _WHOLE = 1 << BITS - 1, (1 << BITS) - 1


_Grams = tuple[list[str], list[str], list[str]]


def _cut(norm: str) -> _Grams:
    """The 1-, 2- and 3-grams of a normalised text between its borders, every digit read as 0, in their order."""
    chars = [START, *(norm if norm.isalpha() else _DIGIT.sub("0", norm)), END]
    pairs = list(map(add, chars, chars[1:]))
    return chars, pairs, list(map(add, pairs, chars[2:]))


def grams(norm: str) -> frozenset[str]:
    """The distinct 1-, 2- and 3-grams of a normalised text between its borders, every digit read as 0."""
    return frozenset(chain.from_iterable(_cut(norm)))


def divisor(norm: str) -> float:
    """Long texts have more n-grams: the sum of weights is divided by the root of the length."""
    return math.sqrt(len(norm) if len(norm) > SHORTEST else SHORTEST)


@dataclass(frozen=True, slots=True)
class Weights:
    """Whole weights of n-grams of any length; those longer than `CUT` are looked for where they begin."""

    each: Mapping[str, int] = field(repr=False)
    longer: Mapping[str, tuple[str, ...]] = field(repr=False)
    """How a longer n-gram begins → all that begin so."""
    beginnings: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, weights: Mapping[str, int], long: Iterable[str] | None = None) -> "Weights":
        """Of all n-grams with their weights; ``long`` are those longer than `CUT` where that is known already."""
        longer: dict[str, tuple[str, ...]] = {}
        for gram in [gram for gram in weights if len(gram) > CUT] if long is None else long:
            longer[gram[:CUT]] = (*longer.get(gram[:CUT], ()), gram)
        return cls(weights, longer, frozenset(longer))

    def total(self, norm: str) -> int:
        """The sum over the distinct n-grams of a normalised text."""
        chars, pairs, threes = _cut(norm)
        # Where no character comes twice, no n-gram does.
        distinct = len({*chars}) == len(chars)
        found = chars + pairs + threes if distinct else {*chars, *pairs, *threes}
        total = sum(map(self.each.get, found, _NONE))
        return total if self.beginnings.isdisjoint(threes) else total + self._longer(chars, threes)

    def _longer(self, chars: list[str], threes: list[str]) -> int:
        text = "".join(chars)
        begun = (gram for beginning in self.beginnings.intersection(threes) for gram in self.longer[beginning])
        return sum(self.each[gram] for gram in begun if gram in text)


@dataclass(frozen=True, slots=True)
class Scale:
    """The two figures that make a probability of a sum of weights."""

    slope: float
    intercept: float

    def probability(self, total: int, length: float) -> float:
        """logistic(intercept + slope · total / length); ``length`` is the text's `divisor`."""
        odds = self.intercept + self.slope * total / length
        return 1.0 / (1.0 + math.exp(-odds if -_MOST < odds < _MOST else -math.copysign(_MOST, odds)))


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights, and what their sum means."""

    weights: Weights = field(repr=False)
    scale: Scale

    @classmethod
    def of(cls, weights: Mapping[str, int], slope: float, intercept: float) -> "LinearModel":
        """With the integer weights of n-grams of any length."""
        return cls(Weights.of(weights), Scale(slope, intercept))

    def score(self, norm: str) -> float:
        """Probability 0..1 for a normalised text: logistic(intercept + slope · Σ weights / √length); 0 for none."""
        return self.scale.probability(self.weights.total(norm), divisor(norm)) if norm else 0.0


@dataclass(frozen=True, slots=True)
class Together:
    """Several models in one: a text is cut into n-grams once, and each is looked up once."""

    weights: Weights = field(repr=False)
    """The weight of the first plus 2²¹ times that of the second, and so on."""
    scales: tuple[Scale, ...]

    @classmethod
    def of(cls, *models: LinearModel) -> "Together":
        """Put models together; those that ship were when they were fitted.

        Raises ValueError for one whose weights are so heavy that a text might overflow its share.
        """
        if any(sum(map(abs, model.weights.each.values())) >= _HALF for model in models):
            raise ValueError(f"models can share a look whose weights are less than {_HALF} together")
        weights: dict[str, int] = {}
        get, same = weights.get, dict[int, int]()
        for place, model in enumerate(models):
            for gram, weight in model.weights.each.items():
                both = get(gram, 0) + (weight << place * BITS)
                # A few thousand values occur again and again; one number each saves megabytes.
                weights[gram] = same.setdefault(both, both)
        return cls(Weights.of(weights), tuple(model.scale for model in models))

    def scores(self, norm: str) -> tuple[float, ...]:
        """The probabilities of each, as `LinearModel.score`."""
        if not norm:
            return (0.0,) * len(self.scales)
        total, length, found = self.weights.total(norm), divisor(norm), []
        for scale in self.scales:
            own = ((total + _HALF) & _WHOLE) - _HALF
            found.append(scale.probability(own, length))
            total = (total - own) >> BITS
        return tuple(found)


def read_model(name: str) -> LinearModel:
    """The packaged model of that name (a quarter of a millisecond per thousand weights)."""
    data = json.loads(gzip.decompress(packaged(f"{name}.json.gz")))
    weights = dict(zip(data["grams"].split("\n"), data["weights"], strict=True))
    return LinearModel.of(weights, data["slope"], data["intercept"])


def packaged(name: str) -> bytes:
    """A file of the packaged data."""
    return (files("handlers.text") / "data" / name).read_bytes()
