"""The fitted weights that turn features into the probability of one meaning; made by bench/fit_faq.py."""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from handlers.faq.features import NAMES


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression: one coefficient per feature, and the intercept."""

    coefficients: tuple[float, ...]
    intercept: float


@cache
def weights() -> Weights:
    """The packaged weights; raises `ValueError` when they were fitted for other features."""
    data = json.loads((files("handlers.faq") / "data" / "weights.json").read_text(encoding="utf-8"))
    if tuple(data["names"]) != NAMES:
        raise ValueError("handlers/faq/data/weights.json was fitted for other features; run bench/fit_faq.py")
    return Weights(tuple(data["coefficients"]), data["intercept"])


def probability(values: tuple[float, ...], model: Weights) -> float:
    """Calibrated probability 0..1 that both phrases ask the same."""
    total = model.intercept + sum(w * v for w, v in zip(model.coefficients, values, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
