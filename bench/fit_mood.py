"""Fit handlers/text/data/mood.json.gz: negative mood from reviews and weibo against everyday chat and questions.

Run: python -m bench.fit_mood DATA   (prints the figures of the model card)
"""

import time
from collections import Counter
from pathlib import Path

import numpy as np

from bench import fit_common as common
from bench.fit_common import Collection, Floats, Recipe, Row, idf
from handlers.text.linear import read_model

PRAISING = ("weibo", "waimai", "shopping")
RECIPE = Recipe(min_count=4, kept=74_000, strength=0.05, scale=idf)
# How much one text of a source counts in fitting. Praise tells moods apart but is not what false alarms are
# made of; ordinary chat must stay quiet, so it counts most.
IMPORTANCE = {
    ("weibo", 1): 1.2, ("weibo", 0): 0.45, ("waimai", 1): 2.0, ("waimai", 0): 0.45, ("shopping", 1): 1.2,
    ("shopping", 0): 0.3, ("chat", 0): 4.0, ("lccc", 0): 4.0, ("kdconv", 0): 0.5, ("faq", 0): 0.3,
}  # fmt: skip


def collect(folder: Path) -> list[Row]:
    """All corpora, labelled 1 for negative mood."""
    found = Collection()
    for label, source, text in common.table(folder / "mood/reviews.tsv"):
        found.add([text], int(label), source)
    for label, text in common.table(folder / "mood/weibo.tsv"):
        found.add([text], int(label), "weibo")
    for path, source in (("faq/chitchat.txt", "chat"), ("clean/lccc.txt", "lccc"), ("clean/kdconv.txt", "kdconv")):
        found.add((row[0] for row in common.table(folder / path)), 0, source)
    found.add((text for row in common.table(folder / "faq/pairs.tsv") for text in row[:2]), 0, "faq")
    return found.rows


def balanced(rows: list[Row]) -> Floats:
    """Weights for calibration: half negative; the other half chat and questions two thirds, praise one third."""
    share = {"bad": 0.5, "calm": 1 / 3, "praise": 1 / 6}
    group = ["bad" if row.label else "praise" if row.source in PRAISING else "calm" for row in rows]
    size = Counter(group)
    return np.array([share[name] / size[name] * len(rows) for name in group])


def train(rows: list[Row]) -> int:
    """Fit, calibrate and save; returns the size in bytes."""
    fitting, held = [row for row in rows if not row.held_out], [row for row in rows if row.held_out]
    fit_on = common.sample(fitting, [IMPORTANCE[row.source, row.label] for row in fitting])
    return common.save("mood", common.train(fit_on, common.sample(held, balanced(held)), RECIPE))


def report(rows: list[Row]) -> None:
    """Print what the shipped code says about held-out texts."""
    held = [row for row in rows if row.held_out]
    started = time.perf_counter()
    scores = common.scores_of([row.text for row in held], read_model("mood").score)
    speed = len(held) / (time.perf_counter() - started)
    labels, sources = np.array([row.label for row in held]), np.array([row.source for row in held])
    print(f"{speed:,.0f} messages/s; calibration error {common.calibration_error(scores, labels, balanced(held)):.3f}")
    sets = {
        f"{name} {'negative' if label else 'other'}": scores[(sources == name) & (labels == label)]
        for name, label in sorted({(row.source, row.label) for row in held})
    }
    calm = {name: np.quantile(scores[sources == name], 0.99) for name in ("chat", "lccc")}
    question = np.quantile(scores[sources == "faq"], 0.995)
    thresholds = (0.5, max(calm["chat"], question), max(*calm.values(), question), 0.95, 0.99)
    common.print_shares(sets, thresholds, digits=3)


if __name__ == "__main__":
    common.run(collect, train, report)
