"""Fit handlers/text/data/advert.json.gz: adverts of our own writing against ordinary talk of the same things.

Run: python -m bench.fit_advert DATA   (prints the figures of the model card)
"""

import random
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench import fit_common as common
from bench.abuse_texts import sentences
from bench.advert_texts import adverts, talk
from bench.fit_common import Collection, Floats, Recipe, Row
from handlers.text.advert_model import SHORTEST, advert_probability, worded

RECIPE = Recipe(min_count=3, kept=24_000, strength=1.0)
MADE, MADE_TALK = 14_000, 24_000
"""Texts put together from pieces, of adverts and of talk."""
IMPORTANCE = {
    "lccc": 0.5, "kdconv": 0.3, "chat": 0.5, "faq": 0.3, "review": 0.2, "weibo": 0.2, "cold": 0.1,
    "made": 0.5, "made talk": 1.0, "own": 3.0, "own talk": 3.0,
}  # fmt: skip
OWN = ("own talk", "own")
CLEAN = ("lccc", "kdconv", "chat", "faq", "review", "weibo")
SHARE = {"advert": 0.5, "talk": 0.25, "clean": 0.25}
"""What calibration takes a message for: as likely an advert as not, and half of the rest group talk of buying."""


def collect(folder: Path) -> list[Row]:
    """All texts, labelled 1 for adverts; of the first development sets one half is held out, of the others nothing."""
    found = Collection()
    for name, label in (("adverts", 1), ("grouptalk", 0)):
        for half in (False, True):
            found.add((one.text for one in sentences(name) if one.held_out is half), label, OWN[label], half)
        found.add((one.text for one in sentences(f"{name}_more")), label, OWN[label], False)
    for path, source, column in (
        ("clean/lccc.txt", "lccc", 0),
        ("clean/kdconv.txt", "kdconv", 0),
        ("faq/chitchat.txt", "chat", 0),
        ("faq/pairs.tsv", "faq", 0),
        ("mood/reviews.tsv", "review", 2),
        ("mood/weibo.tsv", "weibo", 1),
    ):
        found.add((row[column] for row in common.table(folder / path)), 0, source)
    found.add((row[2] for row in common.table(folder / "abuse/cold_train.tsv")), 0, "cold", False)
    rng = random.Random(0)
    found.add(adverts(MADE, rng), 1, "made")
    found.add(talk(MADE_TALK, rng), 0, "made talk")
    return found.rows


def train(rows: list[Row]) -> int:
    """Fit, calibrate and save; returns the size in bytes."""
    fitting = [replace(row, text=worded(row.text)) for row in rows if not row.held_out]
    held = [replace(row, text=worded(row.text)) for row in rows if row.held_out and not row.source.startswith("made")]
    fit_on = common.sample(fitting, [IMPORTANCE[row.source] for row in fitting])
    return common.save("advert", common.train(fit_on, common.sample(held, balanced(held)), RECIPE))


def balanced(rows: list[Row]) -> Floats:
    """Weights that give each kind its share."""
    kinds = ["advert" if row.label else "talk" if row.source in OWN else "clean" for row in rows]
    size = Counter(kinds)
    return np.array([SHARE[kind] / size[kind] * len(rows) for kind in kinds])


def report(rows: list[Row]) -> None:
    """Print what the shipped code says about held-out texts."""
    held = [row for row in rows if row.held_out and len(row.text) >= SHORTEST]
    started = time.perf_counter()
    scores = common.scores_of([row.text for row in held], advert_probability)
    print(f"{len(held) / (time.perf_counter() - started):,.0f} messages/s")
    sources = np.array([row.source for row in held])
    sets = {name: scores[sources == name] for name in sorted(set(sources))}
    common.print_shares(sets, (0.3, 0.5, 0.7, 0.9, 0.97), digits=2)


if __name__ == "__main__":
    common.run(collect, train, report)
