"""What the scripts share that fit linear models: corpora, features, pruning, calibration, figures, packaging."""

import argparse
import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bench.pack_tone import pack
from handlers.text.linear import divisor, grams
from handlers.text.normalise import normalise
from handlers.text.tone import MODELS

DATA = Path(__file__).parents[1] / "handlers" / "text" / "data"
DEV_SHARE = 5
"""One text in so many is kept out of fitting, chosen by its own hash so that every run agrees."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Matrix = Any
"""A scipy sparse matrix, one row per text; scipy comes with scikit-learn and has no types."""


@dataclass(frozen=True, slots=True)
class Row:
    """One normalised text with its label and the corpus it came from."""

    text: str
    label: int
    source: str
    held_out: bool


def corpora_folder() -> Path:
    """The folder of corpora: the one argument, else STEWARD_SHARED_DATA."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", default=os.environ.get("STEWARD_SHARED_DATA"), help="folder of corpora")
    given = parser.parse_args().data
    if not given:
        parser.error("name the folder of corpora or set STEWARD_SHARED_DATA")
    return Path(given)


def table(path: Path) -> list[list[str]]:
    """The rows of a tab-separated file without a header."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]


class Collection:
    """Rows without repeats: a text met twice belongs to the source that brought it first."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._seen: set[str] = set()

    def add(self, texts: Iterable[str], label: int, source: str, held_out: bool | None = None) -> None:
        """Add texts; ``held_out`` None leaves the split to the hash."""
        for text in map(normalise, texts):
            if text and text not in self._seen:
                self._seen.add(text)
                out = zlib.crc32(text.encode()) % DEV_SHARE == 0 if held_out is None else held_out
                self.rows.append(Row(text, label, source, out))


def vectorizer(min_count: int) -> CountVectorizer:
    """Presence of n-grams, cut exactly as the running bot cuts them."""
    return CountVectorizer(analyzer=grams, min_df=min_count, binary=True, dtype=np.float32)


def by_length(counts: Matrix, texts: list[str]) -> Matrix:
    """Divide each row as `LinearModel.score` does."""
    return counts.multiply(np.array([[1 / divisor(text)] for text in texts], np.float32)).tocsr()


def idf(counts: Matrix, _: Numbers) -> Floats:
    """Rare n-grams get more say, whatever their texts' labels: ln(N / df) + 1."""
    return np.asarray(np.log(counts.shape[0] / np.maximum(counts.sum(axis=0), 1)) + 1).ravel()


def log_ratio(counts: Matrix, labels: Numbers) -> Floats:
    """|log count ratio| of the classes plus a little, after Wang & Manning 2012 (NB-SVM)."""
    positive = np.asarray(counts[labels == 1].sum(axis=0)).ravel() + 1.0
    negative = np.asarray(counts[labels == 0].sum(axis=0)).ravel() + 1.0
    return np.asarray(np.abs(np.log((positive / positive.sum()) / (negative / negative.sum()))) + 0.3)


def fit(matrix: Matrix, scale: Floats, labels: Numbers, weights: Floats, strength: float) -> Floats:
    """Weights of a logistic regression on scaled features, the scale multiplied in."""
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0)
    model.fit(matrix.multiply(scale.astype(np.float32)).tocsr(), labels, sample_weight=weights)
    return np.asarray(model.coef_[0] * scale, float)


def strongest(coefficients: Floats, counts: Matrix, keep: int) -> Numbers:
    """The features whose loss would move scores most: |weight| times the root of their frequency."""
    frequency = np.sqrt(np.asarray(counts.sum(axis=0)).ravel())
    return np.sort(np.argsort(-np.abs(coefficients) * frequency)[:keep])


def whole_numbers(coefficients: Floats) -> Numbers:
    """Weights as small integers: a tenth of their spread is one step."""
    return np.rint(coefficients / (np.std(coefficients) / 10)).astype(np.int64)


def calibration(scores: Floats, labels: Numbers, weights: Floats) -> tuple[float, float]:
    """Slope and intercept after Platt 1999, fitted on texts that the weights have not seen."""
    model = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), labels, sample_weight=weights)
    return float(model.coef_[0][0]), float(model.intercept_[0])


class Sample(NamedTuple):
    """Texts with their labels, and how much each counts."""

    texts: list[str]
    labels: Numbers
    weights: Floats


def sample(rows: Sequence[Row], weights: Sequence[float] | Floats) -> Sample:
    """The texts of rows, counting as given."""
    return Sample([row.text for row in rows], np.array([row.label for row in rows]), np.array(weights))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made of texts.

    N-grams of fewer than ``min_count`` texts are no features. Of the others, or of those that ``eligible`` picks by
    name and counts, ``kept`` stay. ``scale`` says how much each has to say; ``strength`` is how freely weights grow.
    """

    min_count: int
    kept: int
    strength: float
    scale: Callable[[Matrix, Numbers], Floats] = log_ratio
    eligible: Callable[[NDArray[np.str_], Matrix], Numbers] | None = None


class Model(NamedTuple):
    """Weights of n-grams, and how their sum becomes a probability."""

    weights: dict[str, int]
    slope: float
    intercept: float


def train(fitting: Sample, held: Sample, recipe: Recipe) -> Model:
    """Fit, prune, fit again on what is left, calibrate on held-out texts."""
    cutter = vectorizer(recipe.min_count)
    counts = cutter.fit_transform(fitting.texts)
    names = cutter.get_feature_names_out()
    scale = recipe.scale(counts, fitting.labels)
    matrix = by_length(counts, fitting.texts)
    kept = np.arange(len(names)) if recipe.eligible is None else recipe.eligible(names, counts)
    first = fit(matrix[:, kept], scale[kept], fitting.labels, fitting.weights, recipe.strength)
    kept = kept[strongest(first, counts[:, kept], recipe.kept)]
    numbers = whole_numbers(fit(matrix[:, kept], scale[kept], fitting.labels, fitting.weights, recipe.strength))
    sums = by_length(cutter.transform(held.texts)[:, kept], held.texts) @ numbers
    slope, intercept = calibration(sums, held.labels, held.weights)
    return Model(dict(zip(names[kept].tolist(), numbers.tolist(), strict=True)), slope, intercept)


def save(name: str, model: Model) -> int:
    """Write the packaged form, sorted so that it compresses; returns its bytes.

    A model that shares one look with others is put together with them again.
    """
    pairs = sorted((word, number) for word, number in model.weights.items() if number)
    body: dict[str, Any] = {
        "slope": model.slope,
        "intercept": model.intercept,
        "grams": "\n".join(word for word, _ in pairs),
        "weights": [number for _, number in pairs],
    }
    packed = gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 9, mtime=0)
    (DATA / f"{name}.json.gz").write_bytes(packed)
    if name in MODELS:
        pack()
    return len(packed)


def run(
    collect: Callable[[Path], list[Row]], train: Callable[[list[Row]], int], report: Callable[[list[Row]], None]
) -> None:
    """What every script of a model does: collect from the corpora, fit and save, print the figures."""
    rows = collect(corpora_folder())
    print(f"{len(rows):,} texts; {train(rows):,} bytes")
    report(rows)


def scores_of(texts: list[str], score: Callable[[str], float]) -> Floats:
    """Scores by the shipped code, so that printed figures are those of the bot."""
    return np.array([score(text) for text in texts], float)


def calibration_error(probabilities: Floats, labels: Numbers, weights: Floats) -> float:
    """Expected calibration error over ten bins."""
    bins = np.minimum((probabilities * 10).astype(int), 9)
    gaps = [abs(np.sum(weights[bins == b] * (probabilities[bins == b] - labels[bins == b]))) for b in range(10)]
    return float(sum(gaps) / weights.sum())


def print_shares(scores: Mapping[str, Floats], thresholds: Iterable[float], digits: int) -> None:
    """A table: of each named set of scores the share at or above each threshold."""
    print("| probability ≥ | " + " | ".join(scores) + " |")
    for threshold in thresholds:
        shares = [f"{np.mean(found >= threshold):.2%}" for found in scores.values()]
        print(f"| {threshold:.{digits}f} | " + " | ".join(shares) + " |")
