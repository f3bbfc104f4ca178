"""Fit handlers/text/data/abuse.json.gz: offence against people or groups, from COLD and SWSR, against ordinary talk.

Run: python -m bench.fit_abuse DATA   (prints the figures of the model card)
"""

import time
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from bench import fit_common as common
from bench.fit_common import Collection, Floats, Row
from handlers.text.linear import read_model

KEPT = 130_000
STRENGTH = 0.5
# How much one text of a source counts in fitting. Ordinary talk teaches what must never be punished; a complaint
# may be as angry as it likes.
IMPORTANCE = {
    "cold": 1.0, "swsr": 0.5, "lccc": 0.5, "kdconv": 0.3, "chat": 0.5, "faq": 0.1, "review": 0.2, "weibo": 0.1,
}  # fmt: skip
CLEAN = ("lccc", "kdconv", "chat")


def collect(folder: Path) -> list[Row]:
    """All corpora, labelled 1 for offensive; COLD's own development part is held out whole."""
    found = Collection()
    found.add((row[2] for row in common.table(folder / "abuse/cold_dev.tsv") if row[0] == "1"), 1, "cold", True)
    found.add((row[2] for row in common.table(folder / "abuse/cold_dev.tsv") if row[0] == "0"), 0, "cold", True)
    for path, source in (("abuse/cold_train.tsv", "cold"), ("abuse/swsr_half.tsv", "swsr")):
        for label, _, text in common.table(folder / path):
            found.add([text], int(label), source, False)
    for path, source in (("clean/lccc.txt", "lccc"), ("clean/kdconv.txt", "kdconv"), ("faq/chitchat.txt", "chat")):
        found.add((row[0] for row in common.table(folder / path)), 0, source)
    found.add((row[0] for row in common.table(folder / "faq/pairs.tsv")), 0, "faq")
    found.add((row[2] for row in common.table(folder / "mood/reviews.tsv") if row[0] == "1"), 0, "review")
    found.add((row[1] for row in common.table(folder / "mood/weibo.tsv")), 0, "weibo")
    return found.rows


def train(rows: list[Row]) -> int:
    """Fit, prune, fit again on what is left, calibrate on COLD's development part, save; returns the bytes."""
    fitting = [row for row in rows if not row.held_out]
    texts, labels = [row.text for row in fitting], np.array([row.label for row in fitting])
    weights = np.array([IMPORTANCE[row.source] for row in fitting])
    cutter = common.vectorizer(2)
    counts = cutter.fit_transform(texts)
    argued = np.array([row.source in ("cold", "swsr") for row in fitting])
    scale = common.log_ratio(counts[argued], labels[argued])
    matrix = common.by_length(counts, texts)
    kept = common.strongest(common.fit(matrix, scale, labels, weights, STRENGTH), counts, KEPT)
    numbers = common.whole_numbers(common.fit(matrix[:, kept], scale[kept], labels, weights, STRENGTH))
    held = [row for row in rows if row.held_out and row.source == "cold"]
    out = [row.text for row in held]
    sums = common.by_length(cutter.transform(out)[:, kept], out) @ numbers
    slope, intercept = common.calibration(sums, np.array([row.label for row in held]), np.ones(len(held)))
    return common.save("abuse", list(cutter.get_feature_names_out()[kept]), numbers, slope, intercept)


def thresholds(scores: Floats, clean: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[float]:
    """0.5, then what flags 1 %, 0.3 %, 0.1 % and 0.03 % of held-out clean chat."""
    return [0.5, *(float(np.quantile(scores[clean], 1 - share)) for share in (0.01, 0.003, 0.001, 0.0003))]


def report(rows: list[Row]) -> None:
    """Print what the shipped code says about held-out texts."""
    held = [row for row in rows if row.held_out]
    started = time.perf_counter()
    scores = common.scores_of([row.text for row in held], read_model("abuse").score)
    speed = len(held) / (time.perf_counter() - started)
    labels, sources = np.array([row.label for row in held]), np.array([row.source for row in held])
    cold = sources == "cold"
    truth, said = labels[cold], scores[cold]
    error = common.calibration_error(said, truth, np.ones(len(truth)))
    macro = f1_score(truth, said >= 0.5, average="macro")
    print(f"{speed:,.0f} messages/s; on cold_dev: calibration error {error:.3f}, ", end="")
    print(f"accuracy {np.mean((said >= 0.5) == truth):.2%}, macro-F1 {macro:.2%}")
    names = sorted(set(sources) - {"cold"})
    print("| probability ≥ | cold offensive | cold other | " + " | ".join(names) + " |")
    for threshold in thresholds(scores, np.isin(sources, CLEAN)):
        parts = [np.mean(said[truth == label] >= threshold) for label in (1, 0)]
        parts += [np.mean(scores[sources == name] >= threshold) for name in names]
        print(f"| {threshold:.4f} | " + " | ".join(f"{part:.2%}" for part in parts) + " |")


def main() -> None:
    """Fit from the corpora and print the figures."""
    rows = collect(common.corpora_folder())
    print(f"{len(rows):,} texts; {train(rows):,} bytes")
    report(rows)


if __name__ == "__main__":
    main()
