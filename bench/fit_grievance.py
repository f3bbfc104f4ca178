"""Fit handlers/text/data/grievance.json.gz: words of complaining to somebody, against chat, moods and questions.

Run: python -m bench.fit_grievance DATA   (prints the figures of the model card)
"""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench import fit_common as common
from bench import fit_mood
from bench.abuse_texts import sentences
from bench.complaint_texts import grammar
from bench.fit_common import Collection, Floats, Recipe, Row, idf
from handlers.text.linear import read_model

RECIPE = Recipe(min_count=4, kept=50_000, strength=0.2, scale=idf)
MADE = {"complaint_templates": (56_000, 1), "complaint_sarcasm_templates": (10_000, 1),
        "complaint_innocent_templates": (30_000, 0)}  # fmt: skip
OWN = {"complaints": 1, "complaints_angry": 1, "complaints_sarcastic": 1, "complaints_innocent": 0}
FURTHER = {"complaints_more": 1, "complaints_innocent_more": 0}
# How much one text of a source counts in fitting. Reviews lend their words; ordinary chat must stay quiet.
IMPORTANCE = {
    ("weibo", 0): 0.4, ("waimai", 1): 0.3, ("waimai", 0): 0.5, ("shopping", 1): 0.2, ("shopping", 0): 0.4,
    ("chat", 0): 2.5, ("lccc", 0): 3.5, ("kdconv", 0): 0.5, ("faq", 0): 0.4, ("made", 1): 1.0, ("made", 0): 1.0,
    ("marks", 1): 1.5, ("marks", 0): 1.5, ("further", 1): 6.0, ("further", 0): 6.0, ("own", 1): 8.0, ("own", 0): 8.0,
}  # fmt: skip


def collect(folder: Path) -> list[Row]:
    """All texts, labelled 1 for a complaint; a bad mood on weibo is none."""
    corpora = fit_mood.collect(folder)
    found, rng = Collection(), random.Random(0)
    for name, label in OWN.items():
        for one in sentences(name):
            found.add([one.text], label, "own", one.held_out)
    for name, label in FURTHER.items():
        found.add((one.text for one in sentences(name)), label, "further", False)
    # People set commas and marks as they please: the same words with other ones are in nobody's way.
    ours = [(one.text, label) for name, label in (OWN | FURTHER).items() for one in sentences(name)
            if name in FURTHER or not one.held_out]  # fmt: skip
    for text, label in ours:
        found.add(_otherwise(text), label, "marks", False)
    for name, (count, label) in MADE.items():
        found.add(grammar(name).sentences(count, rng), label, "made", False)
    return [
        *(Row(row.text, 0 if row.source == "weibo" else row.label, row.source, row.held_out) for row in corpora),
        *found.rows,
    ]


def _otherwise(text: str) -> Iterator[str]:
    bare = text.rstrip("。！？!?~～…")
    yield bare.replace("，", "")
    yield bare.replace("，", " ")
    yield f"{bare}！！"
    yield f"{bare}。"


def balanced(rows: list[Row]) -> Floats:
    """Weights for calibration: of five messages one is a complaint of our own, one a review, the others calm."""
    share = {"own": 0.2, "review": 0.2, "calm": 0.6}
    group = ["own" if row.source == "own" else "review" if row.label else "calm" for row in rows]
    return np.array([share[name] / group.count(name) * len(rows) for name in group])


def train(rows: list[Row]) -> int:
    """Fit, calibrate and save; returns the size in bytes."""
    fitting, held = [row for row in rows if not row.held_out], [row for row in rows if row.held_out]
    fit_on = common.sample(fitting, [IMPORTANCE[row.source, row.label] for row in fitting])
    return common.save("grievance", common.train(fit_on, common.sample(held, balanced(held)), RECIPE))


def report(rows: list[Row]) -> None:
    """Print what the shipped code says about held-out texts."""
    held = [row for row in rows if row.held_out]
    scores = common.scores_of([row.text for row in held], read_model("grievance").score)
    labels, sources = np.array([row.label for row in held]), np.array([row.source for row in held])
    print(f"calibration error {common.calibration_error(scores, labels, balanced(held)):.3f}")
    sets = {
        f"{name} {'complaint' if label else 'other'}": scores[(sources == name) & (labels == label)]
        for name, label in sorted({(row.source, row.label) for row in held})
    }
    quiet = scores[sources == "chat"]
    thresholds = [float(np.quantile(quiet, share)) for share in (0.99, 0.995, 0.997, 0.998, 0.999)]
    common.print_shares(sets, thresholds, digits=4)


if __name__ == "__main__":
    common.run(collect, train, report)
