"""Fit handlers/text/data/insult.json.gz: insults to somebody's face, of our own making, against ordinary talk.

Run: python -m bench.fit_insult DATA   (prints what it says of held-out texts)
"""

import random
from pathlib import Path

import numpy as np

from bench import fit_common as common
from bench.abuse_texts import framed, sentences, templated
from bench.fit_abuse import decent
from bench.fit_common import Collection, Recipe, Row
from handlers.text.linear import read_model
from handlers.text.normalise import normalise

RECIPE, MADE = Recipe(min_count=2, kept=26_000, strength=3.0), 20_000
# How much one text of a source counts: few are of our own, and they are what the others are fitted for.
IMPORTANCE = {"own": 3.0, "framed": 0.25, "mild": 0.3, "chat": 0.5, "faq": 0.15, "review": 0.2, "cold": 0.1}
MADE_UP = ("own", "framed", "mild")
INSULTS = ("insults", "taunts", "scolding", "rounds", "jibes", "insults_more")
HARMLESS = ("lookalikes", "innocent", "rounds_harmless", "everyday", "grouptalk", "lookalikes_more")
WHOLE = ("insults_more", "lookalikes_more", "jibes", "everyday")
"""Sets of which nothing is held out."""
THRESHOLDS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def collect(folder: Path) -> list[Row]:
    """Own sentences and corpora of ordinary talk, labelled 1 for insults."""
    found = Collection()
    for label, names in ((1, INSULTS), (0, HARMLESS)):
        for name in names:
            for one in sentences(name):
                found.add([one.text], label, "own", one.held_out and name not in WHOLE)
    for path in ("clean/lccc.txt", "clean/kdconv.txt", "faq/chitchat.txt"):
        found.add((row[0] for row in common.table(folder / path)), 0, "chat")
    found.add((row[0] for row in common.table(folder / "faq/pairs.tsv")[::3]), 0, "faq")
    found.add((row[2] for row in common.table(folder / "mood/reviews.tsv")[::4]), 0, "review")
    found.add((row[2] for row in common.table(folder / "abuse/cold_train.tsv") if row[0] == "0"), 0, "cold")
    rng = random.Random(0)
    found.add(framed(MADE, rng), 1, "framed", False)
    found.add(templated("mild", MADE, rng), 0, "mild", False)
    made = [row for row in found.rows if row.source in MADE_UP]
    return made + decent([row for row in found.rows if row.source not in MADE_UP])


def train(rows: list[Row]) -> int:
    """Fit, calibrate and save; returns the size in bytes."""
    fitting, held = [row for row in rows if not row.held_out], [row for row in rows if row.held_out]
    fit_on = common.sample(fitting, [IMPORTANCE[row.source] for row in fitting])
    return common.save("insult", common.train(fit_on, common.sample(held, np.ones(len(held))), RECIPE))


def report(rows: list[Row]) -> None:
    """Print the shares of held-out texts at several thresholds, by the shipped code."""
    score = read_model("insult").score
    sets = {name: [one.text for one in sentences(name) if one.held_out] for name in (*INSULTS[:4], *HARMLESS[:3])}
    sets |= {s: [row.text for row in rows if row.held_out and row.source == s] for s in ("chat", "faq", "review")}
    scores = {name: common.scores_of([normalise(text) for text in texts], score) for name, texts in sets.items()}
    common.print_shares(scores, THRESHOLDS, digits=2)


if __name__ == "__main__":
    common.run(collect, train, report)
