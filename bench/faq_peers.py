"""Matchers to compare: the bot's own, and what people reach for first. Each finds an entry and says how surely."""

from collections.abc import Callable, Sequence
from typing import Any

import bm25s
import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from domain.book import FaqEntry
from handlers.faq.index import FaqIndex
from handlers.faq.model import Model, packaged
from handlers.text.facts import read
from handlers.text.segment import segment

Found = tuple[int | None, float]
"""Number of the best entry, and a score that grows with certainty."""
Matcher = Callable[[Sequence[str]], list[Found]]


def steward(entries: Sequence[str], model: Model | None = None) -> Matcher:
    """The bot's own index, with the packaged model unless told otherwise."""
    index = FaqIndex.build(FaqEntry(str(n), question, ("",)) for n, question in enumerate(entries))
    known = model or packaged()

    def match(texts: Sequence[str]) -> list[Found]:
        found = (index.search(read(text), known) for text in texts)
        return [(int(best[0].entry.id), best[0].score) if best else (None, 0.0) for best in found]

    return match


def ratio(entries: Sequence[str]) -> Matcher:
    """rapidfuzz's ratio with every entry."""

    def match(texts: Sequence[str]) -> list[Found]:
        found = (process.extractOne(text, entries, scorer=fuzz.ratio) for text in texts)
        return [(one[2], one[1]) for one in found]

    return match


def tfidf(analyzer: str | Callable[[str], Sequence[str]]) -> Callable[[Sequence[str]], Matcher]:
    """Cosines of scikit-learn's TF-IDF, fitted on the entries."""

    def build(entries: Sequence[str]) -> Matcher:
        grams = {"ngram_range": (1, 2)} if analyzer == "char" else {}
        vectors = TfidfVectorizer(analyzer=analyzer, **grams)
        known: Any = vectors.fit_transform(entries).T

        def match(texts: Sequence[str]) -> list[Found]:
            scores: Any = (vectors.transform(texts) @ known).tocsr()
            return [_best(scores[row].toarray().ravel()) for row in range(len(texts))]

        return match

    return build


def bm25(entries: Sequence[str]) -> Matcher:
    """bm25s over jieba's words."""
    index = bm25s.BM25()
    index.index([list(segment(text)) or [text] for text in entries], show_progress=False)

    def match(texts: Sequence[str]) -> list[Found]:
        return [_best(index.get_scores(list(segment(text)))) if segment(text) else (None, 0.0) for text in texts]

    return match


def _best(scores: Any) -> Found:
    at = int(np.argmax(scores))
    return (at, float(scores[at])) if scores[at] > 0 else (None, 0.0)


MATCHERS: dict[str, Callable[[Sequence[str]], Matcher]] = {
    "Steward": steward,
    "rapidfuzz ratio": ratio,
    "TF-IDF characters": tfidf("char"),
    "TF-IDF jieba": tfidf(segment),
    "bm25s jieba": bm25,
}
