"""Fits the FAQ matcher: background rarities and the weights of its features. Usage: python -m bench.fit_faq DATA.

Communities are simulated: some hundred questions are entries; their paraphrases, questions that only look alike,
unrelated questions and chit-chat arrive as messages. What the index finds is labelled by whether it is right.
"""

import gzip
import json
import math
import random
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from domain.book import FaqEntry
from handlers.faq import phrase as phrases
from handlers.faq.features import NAMES, features, vetoed
from handlers.faq.index import COMPARED, VETOED_MOST, FaqIndex, margins
from handlers.faq.model import Forest, Tree, probability
from handlers.faq.phrase import complete, opening
from handlers.text.facts import read
from handlers.text.normalise import compact, trace
from handlers.text.segment import segment

OUT = Path(__file__).parents[1] / "handlers" / "faq" / "data"
GRAM_COUNT, WORD_COUNT = 12, 4
"""Items seen in fewer texts count as rare: they are not packed."""
SIZES = (20,) * 30 + (100,) * 30 + (300,) * 12 + (1000,) * 8
WEIGHTS = {"paraphrase": 3.0, "near miss": 0.1, "other question": 0.3, "chat": 1.0}
"""How much a message of each kind counts: questions to the bot and chatter are what a group has; the corpora's pairs of
look-alikes are rare there, and many of them are labelled differently by different people."""
BEHIND = 0.3
"""How much a wrong candidate counts that another one is ahead of."""
TREES, LEAVES, STEP = 100, 8, 0.08
THRESHOLDS = (0.3, 0.5, 0.6, 0.8, 0.92)


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate entry of a message: features, whether it is the right one, whether a veto holds."""

    values: tuple[float, ...]
    right: bool
    vetoed: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One message with its candidates, best first by shared characters, and where the message came from."""

    source: str
    rows: tuple[Row, ...]


def main() -> None:
    """Fit on four fifths of the questions, print figures on the last fifth, write the packaged files."""
    if len(sys.argv) != 2:
        raise SystemExit(
            "usage: python -m bench.fit_faq DATA   (a folder with faq/pairs.tsv, faq/chitchat.txt, clean/)"
        )
    data = Path(sys.argv[1])
    pairs = [tuple(line.split("\t")) for line in (data / "faq/pairs.tsv").read_text(encoding="utf-8").splitlines()]
    chat = [
        line
        for name in ("faq/chitchat.txt", "clean/lccc.txt", "clean/kdconv.txt")
        for line in (data / name).read_text(encoding="utf-8").splitlines()
    ]
    rng = random.Random(7)
    rng.shuffle(chat)
    OUT.mkdir(exist_ok=True)
    write_background([text for a, b, _ in pairs for text in (a, b)], chat)
    fit_pairs, dev_pairs = _split(pairs)
    fit_chat, dev_chat = chat[: len(chat) * 4 // 5], chat[len(chat) * 4 // 5 :]
    model = fit([s for size in SIZES for s in community(fit_pairs, fit_chat, size, rng)])
    save(model)
    for size, times in ((20, 20), (100, 10), (1000, 3)):
        report(size, [s for _ in range(times) for s in community(dev_pairs, dev_chat, size, rng)], model)


def save(model: Forest) -> None:
    """Write the packaged trees."""
    trees = [[[f, round(t, 4), left, right] for f, t, left, right in tree] for tree in model.trees]
    body = {"names": NAMES, "start": round(model.start, 4), "trees": trees}
    packed = gzip.compress(json.dumps(body, separators=(",", ":")).encode(), 9, mtime=0)
    (OUT / "forest.json.gz").write_bytes(packed)
    print(f"trees: {len(packed) // 1024} kB")


def write_background(questions: Sequence[str], chat: Sequence[str]) -> None:
    """Count in how many texts each character, pair and word occurs."""
    grams: Counter[str] = Counter()
    words: Counter[str] = Counter()
    texts = list(dict.fromkeys([*questions, *chat]))
    for text in texts:
        norm = trace(text)
        bare = compact(norm).text
        grams.update({*bare, *(bare[i : i + 2] for i in range(len(bare) - 1))})
        words.update(set(segment(norm.text)))
    total = len(texts)
    body = {
        "grams": _grouped(grams, total, GRAM_COUNT),
        "words": _grouped(words, total, WORD_COUNT),
        "rare_gram": round(math.log(total / (GRAM_COUNT / 2)), 2),
        "rare_word": round(math.log(total / (WORD_COUNT / 2)), 2),
    }
    packed = gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 9, mtime=0)
    (OUT / "background.json.gz").write_bytes(packed)
    phrases.background.cache_clear()
    print(f"background: {total} texts, {len(packed) // 1024} kB")


def _grouped(counts: Counter[str], total: int, least: int) -> dict[str, str]:
    """Items by their rarity in steps of 0.05, given in hundredths."""
    groups: dict[int, list[str]] = {}
    for item, count in counts.items():
        if count >= least and "\n" not in item:
            groups.setdefault(round(math.log(total / count) * 20) * 5, []).append(item)
    return {str(value): "\n".join(sorted(items)) for value, items in sorted(groups.items())}


def _split(pairs: Sequence[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    held_out = [zlib.crc32(pair[0].encode()) % 5 == 0 for pair in pairs]
    fit_part = [pair for pair, out in zip(pairs, held_out, strict=True) if not out]
    return fit_part, [pair for pair, out in zip(pairs, held_out, strict=True) if out]


def community(pairs: Sequence[tuple[str, ...]], chat: Sequence[str], size: int, rng: random.Random) -> Iterable[Asked]:
    """The samples of one simulated community with ``size`` entries; three in four are asked for in other words."""
    same = [pair for pair in pairs if pair[2] == "1"]
    alike = [pair for pair in pairs if pair[2] != "1"]
    asked_for = size * 3 // 4
    chosen = rng.sample(same, asked_for) + rng.sample(alike, size - asked_for)
    index = FaqIndex.build(FaqEntry(str(number), pair[0], ("",)) for number, pair in enumerate(chosen))
    for number, (_, other, _) in enumerate(chosen):
        right = number < asked_for
        yield _asked(index, other, number if right else None, "paraphrase" if right else "near miss")
    for _ in range(max(size // 2, 150)):
        yield _asked(index, rng.choice(pairs)[1], None, "other question")
    for _ in range(max(size, 300)):
        yield _asked(index, rng.choice(chat), None, "chat")


def _asked(index: FaqIndex, text: str, right: int | None, source: str) -> Asked:
    facts = read(text)
    start = opening(facts.norm)
    near, asked = index.close(start), complete(start, facts.is_question)
    rows = []
    for (entry, number, cosine), lead in list(zip(near, margins(near), strict=True))[:COMPARED]:
        other = index.phrases[number][1]
        rows.append(Row(features(asked, other, cosine, lead), entry == right, vetoed(asked, other)))
    return Asked(source, tuple(rows))


def fit(messages: Sequence[Asked]) -> Forest:
    """Boosted trees, small enough to be walked in plain Python."""
    rows = [(row, message, rank) for message in messages for rank, row in enumerate(message.rows)]
    weight = [WEIGHTS[message.source] * (1.0 if rank == 0 or row.right else BEHIND) for row, message, rank in rows]
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=STEP,
        min_samples_leaf=60,
        l2_regularization=5,
        early_stopping=False,
        random_state=0,
    )
    values, labels = [row.values for row, _, _ in rows], [row.right for row, _, _ in rows]
    model.fit(np.array(values), np.array(labels), sample_weight=weight)
    # scikit-learn offers no public view of the trees it has grown.
    grown = [stage[0].nodes for stage in model._predictors]
    return Forest(float(model._baseline_prediction.ravel()[0]), tuple(_tree(nodes) for nodes in grown))


def _tree(nodes: Any) -> Tree:
    return tuple(
        (-1, float(node["value"]), 0, 0)
        if node["is_leaf"]
        else (int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"]))
        for node in nodes
    )


def report(size: int, messages: Sequence[Asked], model: Forest) -> None:
    """What happens at several thresholds, by kind of message; and at the one that answers 0.1 % of chatter."""
    print(f"{size} entries:")
    best = {source: [_best(m, model) for m in messages if m.source == source] for source in WEIGHTS}
    for source, scored in best.items():
        line = [f"  {source:15s} n={len(scored):5d}"]
        for threshold in THRESHOLDS:
            taken = sum(score >= threshold for score, _ in scored) / len(scored)
            right = sum(score >= threshold and ok for score, ok in scored) / len(scored)
            line.append(
                f"{threshold}: {right:.3f} right, {taken - right:.3f} wrong" if right else f"{threshold}: {taken:.4f}"
            )
        print("  ".join(line))
    strict = float(np.quantile([score for score, _ in best["chat"]], 0.999))
    asked = best["paraphrase"]
    right = sum(score > strict and ok for score, ok in asked) / len(asked)
    first = sum(ok for _, ok in asked) / len(asked)
    print(f"  at 0.1 % of chat (above {strict:.2f}): {right:.3f} right; top-1 {first:.3f}")


def _best(message: Asked, model: Forest) -> tuple[float, bool]:
    scored = [(_score(row, model), row.right) for row in message.rows]
    return max(scored, default=(0.0, False))


def _score(row: Row, model: Forest) -> float:
    score = probability(row.values, model)
    return min(score, VETOED_MOST) if row.vetoed else score


if __name__ == "__main__":
    main()
