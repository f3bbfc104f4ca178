"""Fits the FAQ matcher: background rarities, weights of differences and trees. Usage: python -m bench.fit_faq DATA.

`bench/faq_rows.py` simulates communities, `bench/faq.py` measures what comes out on questions kept out of fitting.
"""

import gzip
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bench.faq_data import Corpora, load
from bench.faq_rows import FOLDS, Row, fold_of, rows
from handlers.faq import phrase as phrases
from handlers.faq.differences import SCALE, Difference, difference, signs_in_pairs, signs_in_talk
from handlers.faq.features import NAMES
from handlers.faq.model import LEAVES, Forest, Tree
from handlers.faq.phrase import phrase
from handlers.text.normalise import compact, trace
from handlers.text.segment import segment

OUT = Path(__file__).parents[1] / "handlers" / "faq" / "data"
GRAM_COUNT, WORD_COUNT = 12, 4
"""Items seen in fewer texts count as rare: they are not packed."""
TREES, STEP = 160, 0.08
SIGN_COUNT = {"talk": 8, "pairs": 4}
"""A sign seen in fewer comparisons gets no weight."""
STRENGTH = {"talk": 0.1, "pairs": 0.15}
LOAN_PAIRS = 0.2
"""How much a pair of questions about loans counts beside a general one."""
LIKENESS = ("chars", "words", "edits", "common")
"""Beside these the signs in talk are weighed, so that they need not stand for likeness themselves."""
STEPS = 5
"""Weights are rounded to so many hundredths."""

Floats = NDArray[np.float64]
Signs = Callable[[Difference], Iterable[str]]


def main() -> None:
    """Write the packaged files."""
    if len(sys.argv) != 2:
        raise SystemExit(
            "usage: python -m bench.fit_faq DATA   (a folder with faq/pairs.tsv, faq/chitchat.txt, clean/)"
        )
    corpora = load(Path(sys.argv[1]))
    OUT.mkdir(exist_ok=True)
    questions = [text for pair in corpora.pairs for text in (pair.entry, pair.asked)]
    write_background([*questions, *corpora.chat, *corpora.other_chat])
    found = list(rows(corpora, seed=4))
    print(f"{len(found)} rows, {sum(row.right for row in found)} right", flush=True)
    values = np.array([row.values for row in found])
    tables: dict[str, Mapping[str, int]] = {}
    tables["talk"], values[:, NAMES.index("differs_in_talk")] = fit_talk(found, values)
    tables["pairs"], values[:, NAMES.index("differs_in_pairs")] = fit_pairs(found, corpora)
    save("differences", {name: _by_value(table) for name, table in tables.items()})
    save_forest(fit_trees(found, values))


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
        "rare_gram": round(math.log(total / (GRAM_COUNT / 2)), 2),
        "rare_word": round(math.log(total / (WORD_COUNT / 2)), 2),
    }
    save("background", body)
    phrases.background.cache_clear()


def _rarities(counts: Counter[str], total: int, least: int) -> dict[str, int]:
    """In steps of 0.05, given in hundredths."""
    kept = {item: count for item, count in counts.items() if count >= least and "\n" not in item}
    return {item: round(math.log(total / count) * 20) * 5 for item, count in kept.items()}


def _by_value(values: Mapping[str, int]) -> dict[str, str]:
    """The items that have each value."""
    groups: dict[int, list[str]] = {}
    for item, value in values.items():
        groups.setdefault(value, []).append(item)
    return {str(value): "\n".join(sorted(items)) for value, items in sorted(groups.items())}


def fit_talk(found: Sequence[Row], values: Floats) -> tuple[Mapping[str, int], Floats]:
    """Weights of the signs in all that is said, and for each row their sum by weights that have not seen its fold."""
    counter = _counter("talk")
    counts = counter.fit_transform([list(signs_in_talk(row.difference)) for row in found])
    likeness = csr_matrix(3 * values[:, [NAMES.index(name) for name in LIKENESS]])
    matrix: Any = hstack([counts, likeness]).tocsr()
    right = np.array([row.right for row in found])
    weights, folds = np.array([row.weight for row in found]), np.array([row.fold for row in found])
    sums = np.zeros(len(found))
    for fold in range(FOLDS):
        inside = folds == fold
        model = _linear("talk").fit(matrix[~inside], right[~inside], sample_weight=weights[~inside])
        sums[inside] = counts[inside] @ model.coef_[0][: counts.shape[1]]
    return _table(counter, _linear("talk").fit(matrix, right, sample_weight=weights).coef_[0]), sums


def fit_pairs(found: Sequence[Row], corpora: Corpora) -> tuple[Mapping[str, int], Floats]:
    """The same with the signs in pairs, fitted on the pairs that people have judged."""
    pairs = [pair for pair in corpora.pairs if not pair.held_out]
    counter = _counter("pairs")
    signs = [list(signs_in_pairs(difference(phrase(pair.asked), phrase(pair.entry)))) for pair in pairs]
    counts = counter.fit_transform(signs)
    applied = counter.transform([list(signs_in_pairs(row.difference)) for row in found])
    same = np.array([pair.same for pair in pairs])
    weights = np.array([LOAN_PAIRS if pair.finance else 1.0 for pair in pairs])
    folds = np.array([fold_of(corpora.of(pair.asked)) for pair in pairs])
    inside = np.array([row.fold for row in found])
    sums = np.zeros(len(found))
    for fold in range(FOLDS):
        seen = folds != fold
        model = _linear("pairs").fit(counts[seen], same[seen], sample_weight=weights[seen])
        sums[inside == fold] = applied[inside == fold] @ model.coef_[0]
    return _table(counter, _linear("pairs").fit(counts, same, sample_weight=weights).coef_[0]), sums


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


def fit_trees(found: Sequence[Row], values: Floats) -> Forest:
    """Boosted trees, small enough to be asked in plain Python."""
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=STEP,
        min_samples_leaf=60,
        l2_regularization=5,
        early_stopping=False,
        random_state=0,
    )
    model.fit(values, np.array([row.right for row in found]), sample_weight=np.array([row.weight for row in found]))
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


def save_forest(model: Forest) -> None:
    """Write the packaged trees."""
    trees = [[[f, round(t, 4), left, right] for f, t, left, right in tree] for tree in model.trees]
    save("forest", {"names": NAMES, "start": round(model.start, 4), "trees": trees})


def save(name: str, body: Mapping[str, Any]) -> None:
    """Write a packaged file."""
    packed = gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 9, mtime=0)
    (OUT / f"{name}.json.gz").write_bytes(packed)
    print(f"{name}: {len(packed) // 1024} kB", flush=True)


if __name__ == "__main__":
    main()
