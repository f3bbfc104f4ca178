"""Fits the FAQ matcher: background rarities, weights of differences and trees. Usage: python -m bench.fit_faq DATA.

`bench/faq_rows.py` simulates communities, `bench/faq.py` measures what comes out on questions kept out of fitting.
"""

import argparse
import gzip
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.faq_data import Corpora, load
from bench.faq_rows import FOLDS, Message, Near, judged_pairs, messages
from handlers.faq import phrase as phrases
from handlers.faq.differences import SCALE, Difference, signs_in_pairs, signs_in_talk
from handlers.faq.features import PAIR
from handlers.faq.lexicon import COUNT, LITTLE, NOUN, QUALITY, VERB
from handlers.faq.model import LEAVES, Forest, Tree
from handlers.faq.place import PLACE, place_features
from handlers.text.normalise import compact, trace
from handlers.text.segment import segment

PACKAGED = Path(__file__).parents[1] / "handlers" / "faq" / "data"
GRAM_COUNT, WORD_COUNT = 12, 4
"""Items seen in fewer texts count as rare: they are not packed."""
PAIR_TREES, PLACE_TREES, STEP = 220, 100, 0.08
SIGN_COUNT = {"talk": 8, "pairs": 5}
"""A sign seen in fewer comparisons gets no weight."""
STRENGTH = {"talk": 0.1, "pairs": 0.1}
KINDS_OF_TAGS = dict.fromkeys("v", VERB) | dict.fromkeys("azbi", QUALITY) | dict.fromkeys("mq", COUNT)
KINDS_OF_TAGS |= dict.fromkeys("drcpuyeokhx", LITTLE)
LIKENESS = ("chars", "words", "edits", "common")
"""Beside these the signs in talk are weighed, so that they need not stand for likeness themselves."""
STEPS = 5
"""Weights are rounded to so many hundredths."""

Floats = NDArray[np.float64]
Signs = Callable[[Difference], Iterable[str]]


def main() -> None:
    """Write the packaged files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="a folder with faq/pairs.tsv, faq/chitchat.txt, clean/")
    parser.add_argument("--out", type=Path, default=PACKAGED, help="the folder to write to (default: the package's)")
    parser.add_argument("--keep", action="store_true", help="leave the background as it is")
    parser.add_argument("--all", action="store_true", help="fit on what is kept for measuring too")
    options = parser.parse_args()
    corpora = load(options.data, everything=options.all)
    out: Path = options.out
    out.mkdir(exist_ok=True, parents=True)
    if not options.keep:
        questions = [text for pair in corpora.pairs for text in (pair.entry, pair.asked)]
        write_background([*questions, *corpora.chat, *corpora.other_chat])
    heard = [message for message in messages(corpora, seed=4) if message.near]
    near = [one for message in heard for one in message.near]
    print(f"{len(heard)} messages, {len(near)} candidates, {sum(one.right for one in near)} right", flush=True)
    folds = np.array([message.fold for message in heard for _ in message.near])
    table, talk = fit_talk(near, folds)
    tables: dict[str, Mapping[str, int]] = {"talk": table}
    tables["pairs"], pair, sure = fit_pairs(near, folds, corpora)
    save(out, "differences", {name: _by_value(table) for name, table in tables.items()})
    save_forests(out, pair, fit_place(heard, sure, talk))


def write_background(given: Sequence[str]) -> None:
    """Count in how many texts each character, pair and word occurs."""
    grams: Counter[str] = Counter()
    words: Counter[str] = Counter()
    texts = list(dict.fromkeys(given))
    for text in texts:
        norm = trace(text)
        bare = compact(norm).text
        grams.update({*bare, *(bare[i : i + 2] for i in range(len(bare) - 1))})
        words.update(set(segment(norm.text)))
    total = len(texts)
    body = {
        "grams": _by_value(_rarities(grams, total, GRAM_COUNT)),
        "words": _by_value(_rarities(words, total, WORD_COUNT)),
        "kinds": _kinds(words),
        "rare_gram": round(math.log(total / (GRAM_COUNT / 2)), 2),
        "rare_word": round(math.log(total / (WORD_COUNT / 2)), 2),
    }
    save(PACKAGED, "background", body)
    phrases.background.cache_clear()


def _rarities(counts: Counter[str], total: int, least: int) -> dict[str, int]:
    """In steps of 0.05, given in hundredths."""
    kept = {item: count for item, count in counts.items() if count >= least and "\n" not in item}
    return {item: round(math.log(total / count) * 20) * 5 for item, count in kept.items()}


def _kinds(words: Counter[str]) -> dict[str, str]:
    """The kinds of the counted words by the first letter of jieba's tags."""
    tagged = (line.split(" ") for line in (files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines())
    groups: dict[str, list[str]] = {}
    for word, _, tag in tagged:
        if words[word] >= WORD_COUNT:
            groups.setdefault(KINDS_OF_TAGS.get(tag[0], NOUN), []).append(word)
    del groups[NOUN]
    return {kind: "\n".join(sorted(held)) for kind, held in sorted(groups.items())}


def _by_value(values: Mapping[str, int]) -> dict[str, str]:
    """The items that have each value."""
    groups: dict[int, list[str]] = {}
    for item, value in values.items():
        groups.setdefault(value, []).append(item)
    return {str(value): "\n".join(sorted(items)) for value, items in sorted(groups.items())}


def fit_talk(near: Sequence[Near], folds: Floats) -> tuple[Mapping[str, int], Floats]:
    """Weights of the signs in all that is said, and of each candidate their sum by weights that have not seen it."""
    counter = _counter("talk")
    counts = counter.fit_transform([list(signs_in_talk(one.difference)) for one in near])
    likeness = csr_matrix(3 * np.array([[one.values[PAIR.index(name)] for name in LIKENESS] for one in near]))
    matrix: Any = hstack([counts, likeness]).tocsr()
    right, weights = np.array([one.right for one in near]), np.array([one.weight for one in near])
    sums = np.zeros(len(near))
    for fold in range(FOLDS):
        inside = folds == fold
        model = _linear("talk").fit(matrix[~inside], right[~inside], sample_weight=weights[~inside])
        sums[inside] = counts[inside] @ model.coef_[0][: counts.shape[1]]
    return _table(counter, _linear("talk").fit(matrix, right, sample_weight=weights).coef_[0]), sums


def fit_pairs(near: Sequence[Near], folds: Floats, corpora: Corpora) -> tuple[Mapping[str, int], Forest, Floats]:
    """The same of the signs in pairs, and trees above them, fitted on the pairs that people have judged.

    Returned are the weights, the trees, and of each candidate the log odds by those that have not seen its meaning.
    """
    judged = list(judged_pairs(corpora, seed=6))
    counter = _counter("pairs")
    counts = counter.fit_transform([list(signs_in_pairs(one.difference)) for one in judged])
    applied = counter.transform([list(signs_in_pairs(one.difference)) for one in near])
    likeness = csr_matrix(3 * np.array([[one.values[PAIR.index(name)] for name in LIKENESS] for one in judged]))
    matrix: Any = hstack([counts, likeness]).tocsr()
    same, weights = np.array([one.same for one in judged]), np.array([one.weight for one in judged])
    inside = np.array([one.fold for one in judged])
    print(f"{len(judged)} pairs, {counts.shape[1]} signs", flush=True)
    values, known = np.array([one.values for one in judged]), np.array([one.values for one in near])
    column, signs = PAIR.index("differs_in_pairs"), counts.shape[1]
    for fold in range(FOLDS):
        seen = inside != fold
        found = _linear("pairs").fit(matrix[seen], same[seen], sample_weight=weights[seen]).coef_[0][:signs]
        values[~seen, column], known[folds == fold, column] = counts[~seen] @ found, applied[folds == fold] @ found
    sure = np.zeros(len(near))
    for fold in range(FOLDS):
        seen = inside != fold
        model = _boosted(PAIR_TREES, values[seen], same[seen], weights[seen])
        sure[folds == fold] = model.decision_function(known[folds == fold])
    coefficients = _linear("pairs").fit(matrix, same, sample_weight=weights).coef_[0]
    return _table(counter, coefficients), _forest(_boosted(PAIR_TREES, values, same, weights)), sure


def fit_place(heard: Sequence[Message], sure: Floats, talk: Floats) -> Forest:
    """Trees that tell which candidate, if any, answers a message."""
    rows, at = [], 0
    for message in heard:
        end = at + len(message.near)
        pairs = [one.values for one in message.near]
        rows += place_features(message.question, pairs, sure[at:end].tolist(), message.entries, talk[at:end].tolist())
        at = end
    right = np.array([one.right for message in heard for one in message.near])
    weights = np.array([one.weight for message in heard for one in message.near])
    return _forest(_boosted(PLACE_TREES, np.array(rows), right, weights))


def _counter(name: str) -> CountVectorizer:
    return CountVectorizer(analyzer=list, min_df=SIGN_COUNT[name], binary=True)


def _linear(name: str) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH[name], solver="liblinear", random_state=0)


def _table(counter: CountVectorizer, coefficients: Floats) -> Mapping[str, int]:
    """Weights in hundredths; those that round to nothing are left out."""
    rounded = {
        sign: round(float(value) * SCALE / STEPS) * STEPS
        for sign, value in zip(counter.get_feature_names_out(), coefficients, strict=False)
    }
    return {sign: value for sign, value in rounded.items() if value}


def _boosted(trees: int, values: Floats, right: Any, weights: Floats) -> HistGradientBoostingClassifier:
    """Boosted trees, small enough to be asked in plain Python."""
    model = HistGradientBoostingClassifier(
        max_iter=trees,
        max_leaf_nodes=LEAVES,
        learning_rate=STEP,
        min_samples_leaf=50,
        l2_regularization=5,
        early_stopping=False,
        random_state=0,
    )
    # Sums in one thread are always the same, and so are the trees.
    with threadpool_limits(1):
        return model.fit(values, right, sample_weight=weights)


def _forest(model: HistGradientBoostingClassifier) -> Forest:
    # scikit-learn offers no public view of the trees it has grown.
    grown = [stage[0].nodes for stage in model._predictors]
    start = float(model._baseline_prediction.ravel()[0])
    return Forest(start, tuple(_tree(nodes) for nodes in grown), model.n_features_in_)


def _tree(nodes: Any) -> Tree:
    return tuple(
        (-1, float(node["value"]), 0, 0)
        if node["is_leaf"]
        else (int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"]))
        for node in nodes
    )


def save_forests(out: Path, pair: Forest, place: Forest) -> None:
    """Write the packaged trees."""
    save(out, "forest", {"pair": _packed(pair, PAIR), "place": _packed(place, PLACE)})


def _packed(model: Forest, names: Sequence[str]) -> dict[str, Any]:
    trees = [[[f, round(t, 4), left, right] for f, t, left, right in tree] for tree in model.trees]
    return {"names": names, "start": round(model.start, 4), "trees": trees}


def save(out: Path, name: str, body: Mapping[str, Any]) -> None:
    """Write a file of weights."""
    packed = gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 9, mtime=0)
    (out / f"{name}.json.gz").write_bytes(packed)
    print(f"{name}: {len(packed) // 1024} kB", flush=True)


if __name__ == "__main__":
    main()
