"""Complaints on held-out and own texts beside what others would say: `python -m bench.complaint DATA` prints one table.

Verdicts are those of `steward judge` with an empty configuration: shipped phrases, weights and thresholds.
"""

import random
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bench import abuse_peers
from bench import fit_common as common
from bench.abuse import Sets, Verdicts
from bench.abuse_texts import sentences
from bench.report import Row, machine, say, table
from handlers.escalation.complaint import weigh
from handlers.text.facts import load, read
from handlers.text.normalise import normalise

SAMPLE = 1500
"""Messages of a kind given to peers."""
NOTICED, CALLED, PUNISHED = ("watch", "escalate"), ("escalate",), ("warn", "remove")
NEVER_FITTED = {
    "complaints_unseen": "plain complaints never fitted",
    "complaints_innocent_unseen": "false alarms: lines beside them",
}
OWN = ("complaints", "complaints_sarcastic", "complaints_angry", "complaints_innocent")
CORPORA = {
    "takeaway": ("takeaway reviews, negative", "≥ .87"),
    "shopping": ("shopping reviews, negative", "≥ .90"),
    "weibo": ("weibo, negative", "≥ .72"),
    "chitchat": ("false alarms: chit-chat", "≤ 1 %, escalate ≤ 0.3 %"),
    "lccc": ("false alarms: lccc", ""),
    "kdconv": ("false alarms: kdconv", ""),
    "faq": ("false alarms: FAQ questions", "≤ 0.5 %"),
}


def texts_of(data: Path) -> dict[str, Sequence[str]]:
    """The texts of the table by name; those of corpora are what no fitting has seen."""
    found: dict[str, Sequence[str]] = {}
    reviews = common.table(data / "mood/reviews.tsv")
    for name, source in (("takeaway", "waimai"), ("shopping", "shopping")):
        found[name] = _unseen(text for label, where, text in reviews if where == source and label == "1")
    found["weibo"] = _unseen(text for label, text in common.table(data / "mood/weibo.tsv") if label == "1")
    for name, path in (("chitchat", "faq/chitchat.txt"), ("lccc", "clean/lccc.txt"), ("kdconv", "clean/kdconv.txt")):
        found[name] = _unseen(row[0] for row in common.table(data / path))
    found["faq"] = _unseen(text for row in common.table(data / "faq/pairs.tsv") for text in row[:2])
    for name in NEVER_FITTED:
        found[name] = [one.text for one in sentences(name)]
    for name in OWN:
        for held_out in (False, True):
            found[f"{name} {held_out}"] = [one.text for one in sentences(name) if one.held_out is held_out]
    return found


def _unseen(texts: Iterator[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if zlib.crc32(normalise(text).encode()) % common.DEV_SHARE == 0]


def share(verdicts: Verdicts, levels: Sequence[str], rule: str = "complaint") -> float:
    """The share whose verdict of a rule is one of ``levels``."""
    return sum(one[rule][0] in levels for one in verdicts) / max(len(verdicts), 1)


def rows_of_corpora(sets: Sets) -> Iterator[Row]:
    """Strangers' texts: found where negative, left alone where not."""
    for name, (figure, reach) in CORPORA.items():
        verdicts = sets.verdicts[name]
        value = f"{share(verdicts, NOTICED):.2%} / {share(verdicts, CALLED):.2%}"
        yield Row(figure, f"{len(verdicts):,} held out: at ≥ watch / at escalate", value, reach)


def rows_of_groups(sets: Sets) -> Iterator[Row]:
    """What members of a group write, in our own words."""
    for name, figure, reach in (
        ("complaints", "plain complaints in a group", "≥ 90 % / mostly"),
        ("complaints_angry", "angry complaints without an insult", ""),
        ("complaints_sarcastic", "sarcasm", ""),
        ("complaints_innocent", "false alarms: lines that look like complaints", ""),
    ):
        seen, unseen = (sets.verdicts[f"{name} {held_out}"] for held_out in (False, True))
        others = f"{share(seen, NOTICED):.1%} / {share(seen, CALLED):.1%} of {len(seen)} others"
        how = f"{len(unseen)} kept out of fitting ({others}, used in fitting): at ≥ watch / at escalate"
        yield Row(figure, how, f"{share(unseen, NOTICED):.1%} / {share(unseen, CALLED):.1%}", reach)
    for name, figure in NEVER_FITTED.items():
        verdicts = sets.verdicts[name]
        how = f"{len(verdicts)} written after the last fit: at ≥ watch / at escalate"
        yield Row(figure, how, f"{share(verdicts, NOTICED):.1%} / {share(verdicts, CALLED):.1%}")
    angry = [one for held_out in (False, True) for one in sets.verdicts[f"complaints_angry {held_out}"]]
    how = f"{len(angry)} of our own writing: abuse at ≥ warn"
    yield Row("angry complaints punished", how, f"{share(angry, PUNISHED, 'abuse'):.1%}", "0 %")


def rows_of_peers(sets: Sets, data: Path) -> Iterator[Row]:
    """The same texts before others, at their usual threshold and where they disturb chit-chat as rarely as we may."""
    fitting = [row for row in common.table(data / "mood/reviews.tsv") if not _unseen(iter(row[2:]))]
    _, (cutter, model) = abuse_peers.characters([row[2] for row in fitting], [int(row[0]) for row in fitting])
    peers: dict[str, Callable[[Sequence[str]], common.Floats]] = {
        "sklearn: characters, TF-IDF, reviews only": lambda texts: model.predict_proba(cutter.transform(texts))[:, 1],
        "snownlp: mood": lambda texts: np.array([1 - abuse_peers.sentiment(text) for text in texts]),
    }
    rng = random.Random(0)
    names = {**dict.fromkeys(("chitchat", "faq", "takeaway", "shopping", "weibo")), "complaints True": "plain"}
    texts = {name: rng.sample(sets.texts[name], min(SAMPLE, len(sets.texts[name]))) for name in names}
    for peer, scores_of in peers.items():
        scores = {name: scores_of(texts[name]) for name in names}
        calm = float(np.quantile(scores["chitchat"], 0.99))
        for threshold, why in ((0.5, "at 0.5"), (calm, f"at {calm:.3f}, where it disturbs 1 % of chit-chat")):
            parts = [f"{names[name] or name} {np.mean(scores[name] > threshold):.1%}" for name in names]
            yield Row(f"peer: {peer}", f"{why}; up to {SAMPLE:,} each", ", ".join(parts))


def rows_of_speed(sets: Sets) -> Iterator[Row]:
    """One message at a time, in CPU time: reading, phrases and mood."""
    load()
    for name in ("lccc", "takeaway"):
        texts = list(sets.texts[name])[:3000]
        for text in texts[:200]:
            weigh(read(text))
        started = time.process_time()
        for text in texts:
            weigh(read(text))
        speed = len(texts) / (time.process_time() - started)
        how = (
            f"{len(texts):,} of {sum(map(len, texts)) / len(texts):.0f} characters: reading, phrases, mood, one thread"
        )
        yield Row(f"speed: {name}", how, f"{speed:,.0f} messages/s", "≥ 10,000 /s")


def main() -> None:
    """Judge, compare, print."""
    data = common.corpora_folder()
    where = machine()
    sets = Sets(texts_of(data))
    rows = [*rows_of_corpora(sets), *rows_of_groups(sets)]
    say("peers")
    rows += [*rows_of_peers(sets, data), *rows_of_speed(sets)]
    sys.stdout.write(f"{where}\n\n{table(rows)}\n")


if __name__ == "__main__":
    main()
