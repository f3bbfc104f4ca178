"""What both fitting scripts share: corpora, features, pruning, calibration and the packaged form of a model."""

import argparse
import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from handlers.text.linear import divisor, grams
from handlers.text.normalise import normalise

DATA = Path(__file__).parents[1] / "handlers" / "text" / "data"
DEV_SHARE = 5
"""One text in so many is kept out of fitting, chosen by its own hash so that every run agrees."""

Floats = NDArray[np.float64]
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


def idf(counts: Matrix) -> Floats:
    """Rare n-grams get more say: ln(N / df) + 1."""
    return np.asarray(np.log(counts.shape[0] / np.maximum(counts.sum(axis=0), 1)) + 1).ravel()


def log_ratio(counts: Matrix, labels: NDArray[np.int64]) -> Floats:
    """|log count ratio| of the classes plus a little, after Wang & Manning 2012 (NB-SVM)."""
    positive = np.asarray(counts[labels == 1].sum(axis=0)).ravel() + 1.0
    negative = np.asarray(counts[labels == 0].sum(axis=0)).ravel() + 1.0
    return np.asarray(np.abs(np.log((positive / positive.sum()) / (negative / negative.sum()))) + 0.3)


def fit(matrix: Matrix, scale: Floats, labels: NDArray[np.int64], weights: Floats, strength: float) -> Floats:
    """Weights of a logistic regression on scaled features, the scale multiplied in."""
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0)
    model.fit(matrix.multiply(scale.astype(np.float32)).tocsr(), labels, sample_weight=weights)
    return np.asarray(model.coef_[0] * scale, float)


def strongest(coefficients: Floats, counts: Matrix, keep: int) -> NDArray[np.int64]:
    """The features whose loss would move scores most: |weight| times the root of their frequency."""
    frequency = np.sqrt(np.asarray(counts.sum(axis=0)).ravel())
    return np.sort(np.argsort(-np.abs(coefficients) * frequency)[:keep])


def whole_numbers(coefficients: Floats) -> NDArray[np.int64]:
    """Weights as small integers: a tenth of their spread is one step."""
    return np.rint(coefficients / (np.std(coefficients) / 10)).astype(np.int64)


def calibration(scores: Floats, labels: NDArray[np.int64], weights: Floats) -> tuple[float, float]:
    """Slope and intercept after Platt 1999, fitted on texts that the weights have not seen."""
    model = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), labels, sample_weight=weights)
    return float(model.coef_[0][0]), float(model.intercept_[0])


def save(name: str, words: list[str], numbers: NDArray[np.int64], slope: float, intercept: float) -> int:
    """Write the packaged form, sorted so that it compresses; returns its bytes."""
    pairs = sorted((word, int(number)) for word, number in zip(words, numbers, strict=True) if number)
    body: dict[str, Any] = {
        "slope": slope,
        "intercept": intercept,
        "grams": "\n".join(word for word, _ in pairs),
        "weights": [number for _, number in pairs],
    }
    packed = gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 9, mtime=0)
    (DATA / f"{name}.json.gz").write_bytes(packed)
    return len(packed)


class Size(NamedTuple):
    """How many n-grams are kept, and how strongly their weights are held back."""

    kept: int
    strength: float


class Labelled(Protocol):
    """One text to fit on."""

    @property
    def text(self) -> str: ...
    @property
    def label(self) -> int: ...
    @property
    def held_out(self) -> bool: ...


def train(
    name: str, fitting: Sequence[Labelled], weights: Floats, held: Sequence[Labelled], balance: Floats, size: Size
) -> int:
    """Fit, prune, fit again on what is left, calibrate on held-out texts, save; returns the size in bytes."""
    texts, labels = [row.text for row in fitting], np.array([row.label for row in fitting])
    cutter = vectorizer(4)
    counts = cutter.fit_transform(texts)
    scale = idf(counts)
    matrix = by_length(counts, texts)
    kept = strongest(fit(matrix, scale, labels, weights, size.strength), counts, size.kept)
    numbers = whole_numbers(fit(matrix[:, kept], scale[kept], labels, weights, size.strength))
    out = [row.text for row in held]
    sums = by_length(cutter.transform(out)[:, kept], out) @ numbers
    slope, intercept = calibration(sums, np.array([row.label for row in held]), balance)
    return save(name, list(cutter.get_feature_names_out()[kept]), numbers, slope, intercept)


def scores_of(texts: list[str], score: Callable[[str], float]) -> Floats:
    """Scores by the shipped code, so that printed figures are those of the bot."""
    return np.array([score(text) for text in texts], float)


def calibration_error(probabilities: Floats, labels: NDArray[np.int64], weights: Floats) -> float:
    """Expected calibration error over ten bins."""
    bins = np.minimum((probabilities * 10).astype(int), 9)
    gaps = [abs(np.sum(weights[bins == b] * (probabilities[bins == b] - labels[bins == b]))) for b in range(10)]
    return float(sum(gaps) / weights.sum())
