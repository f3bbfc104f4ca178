"""What others would say of the same messages: a plain list, a classifier over characters, a mood library."""

from collections.abc import Callable, Sequence
from typing import Any

import ahocorasick
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bench.abuse_texts import shipped_lists
from handlers.text.segment import load as load_dictionary

Flag = Callable[[str], bool]
"""Whether a message is taken for abuse."""


def plain_list() -> Flag:
    """Our own terms without anything around them: a hit is a hit (pyahocorasick)."""
    automaton = ahocorasick.Automaton()
    for words in shipped_lists():
        if words.rule == "abuse" and words.severity in ("warn", "remove") and not words.whole_token:
            for term in words.terms:
                automaton.add_word(term, term)
    automaton.make_automaton()
    return lambda text: next(automaton.iter(text), None) is not None


def characters(texts: Sequence[str], labels: Sequence[int]) -> tuple[Flag, Any]:
    """TF-IDF of character n-grams and logistic regression, as tutorials do it; the pipeline for timing too."""
    cutter = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True, dtype=np.float32)
    model = LogisticRegression(C=4.0, solver="liblinear", random_state=0)
    model.fit(cutter.fit_transform(texts), labels)

    def flag(text: str) -> bool:
        return bool(model.predict_proba(cutter.transform([text]))[0, 1] >= 0.5)

    return flag, (cutter, model)


def mood() -> Flag:
    """Mood below 0.1 (snownlp), the nearest that this library has."""
    return lambda text: sentiment(text) < 0.1


def sentiment(text: str) -> float:
    """How glad a text is to snownlp, 0..1; 1 for an empty one."""
    load_dictionary()
    from snownlp import SnowNLP  # its import reads a model

    return float(SnowNLP(text).sentiments) if text.strip() else 1.0


def big_list(size: int) -> Any:
    """An automaton of so many terms, to compare speed with."""
    automaton = ahocorasick.Automaton()
    rng = np.random.default_rng(0)
    codes = rng.integers(0x4E00, 0x9FA5, size=(size, 4))
    for row in codes:
        automaton.add_word("".join(map(chr, row[: 2 + row[0] % 3])), 1)
    automaton.make_automaton()
    return automaton
