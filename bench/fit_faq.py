"""Fits the FAQ matcher: background rarities and the weights of its features. Usage: python -m bench.fit_faq DATA.

Communities are simulated: some hundred questions are entries; their paraphrases, questions that only look alike,
unrelated questions and chit-chat arrive as messages. What the index puts first is labelled by whether it is right.
"""

import gzip
import json
import math
import random
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from domain.book import FaqEntry
from handlers.faq import phrase as phrases
from handlers.faq.features import NAMES, features, vetoed
from handlers.faq.index import VETOED_MOST, FaqIndex, margins
from handlers.faq.model import Weights, probability
from handlers.faq.phrase import phrase_of
from handlers.text.facts import read
from handlers.text.normalise import compact, trace
from handlers.text.segment import segment

OUT = Path(__file__).parents[1] / "handlers" / "faq" / "data"
GRAM_COUNT, WORD_COUNT = 12, 4
"""Items seen in fewer texts count as rare: they are not packed."""
SIZES = (20, 100, 100, 300, 1000)
CHATTER_WEIGHT = 3.0
"""In a group most messages are not for the bot."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One message's best candidate: features, whether it is right, where the message came from."""

    values: tuple[float, ...]
    right: int
    source: str
    vetoed: bool


def main() -> None:
    """Fit on four fifths of the questions, print figures on the last fifth, write the packaged files."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m bench.fit_faq DATA   (a folder with faq/pairs.tsv, faq/chitchat.txt, clean/)")
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
    samples = [s for size in SIZES * 4 for s in community(fit_pairs, fit_chat, size, rng)]
    model = fit(samples)
    for size in (20, 100, 1000):
        report(size, [s for _ in range(3) for s in community(dev_pairs, dev_chat, size, rng)], model)
    body = {"names": NAMES, "coefficients": [round(c, 4) for c in model.coefficients], "intercept": round(model.intercept, 4)}
    (OUT / "weights.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


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


def community(
    pairs: Sequence[tuple[str, ...]], chat: Sequence[str], size: int, rng: random.Random
) -> Iterable[Sample]:
    """The samples of one simulated community with ``size`` entries."""
    chosen = rng.sample(pairs, size)
    entries = [FaqEntry(str(number), pair[0], ("",)) for number, pair in enumerate(chosen)]
    index = FaqIndex.build(entries)
    for number, (_, other, label) in enumerate(chosen):
        same = label == "1"
        yield from _asked(index, other, number if same else None, "paraphrase" if same else "near miss")
    for _ in range(max(size, 200)):
        yield from _asked(index, rng.choice(pairs)[1], None, "other question")
        yield from _asked(index, rng.choice(chat), None, "chat")


def _asked(index: FaqIndex, text: str, right: int | None, source: str) -> Iterable[Sample]:
    asked = phrase_of(read(text))
    if asked.bare in index.exact:
        return
    near = index.close(asked)
    lead = margins(near)
    rows = [(features(asked, index.phrases[p][1], c, m), e, p) for (e, p, c), m in zip(near, lead, strict=True)]
    if not rows:
        yield Sample((0.0,) * len(NAMES), 0, source, False) if right is None else Sample((0.0,) * len(NAMES), 0, "lost", False)
        return
    for rank, (values, entry, number) in enumerate(rows[:3]):
        correct = int(entry == right)
        if rank == 0 or correct:
            yield Sample(values, correct, source, vetoed(asked, index.phrases[number][1]))


def fit(samples: Sequence[Sample]) -> Weights:
    """A logistic regression; its probabilities are calibrated as they come."""
    matrix = np.array([s.values for s in samples])
    labels = np.array([s.right for s in samples])
    weight = np.array([CHATTER_WEIGHT if s.source == "chat" else 1.0 for s in samples])
    scale = matrix.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=2000).fit(matrix / scale, labels, sample_weight=weight)
    coefficients = model.coef_[0] / scale
    for name, value in zip(NAMES, coefficients, strict=True):
        print(f"  {name:18s} {value:8.3f}")
    return Weights(tuple(float(c) for c in coefficients), float(model.intercept_[0]))


def report(size: int, samples: Sequence[Sample], model: Weights) -> None:
    """What happens at the installed thresholds, by kind of message."""
    started = time.perf_counter()
    print(f"{size} entries:")
    for source in ("paraphrase", "near miss", "other question", "chat"):
        rows = [s for s in samples if s.source == source or (source == "paraphrase" and s.source == "lost")]
        scored = [(_score(s, model), s.right) for s in rows]
        total = max(len(rows), 1)
        line = [f"  {source:15s} n={len(rows):5d}"]
        for threshold in (0.4, 0.7, 0.8, 0.92):
            taken = sum(p >= threshold for p, _ in scored) / total
            right = sum(p >= threshold and r for p, r in scored) / total
            line.append(f"{threshold}: {taken:.4f}" + (f" ({right:.3f} right)" if source == "paraphrase" else ""))
        print("  ".join(line))
    print(f"  ({time.perf_counter() - started:.1f} s)")


def _score(sample: Sample, model: Weights) -> float:
    score = probability(sample.values, model)
    return min(score, VETOED_MOST) if sample.vetoed else score


if __name__ == "__main__":
    main()
