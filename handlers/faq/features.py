"""What speaks for and against two phrases asking the same: the numbers that the fitted model weighs."""

import math

from rapidfuzz.distance import LCSseq, Levenshtein

from handlers.faq.phrase import Phrase

NAMES = (
    "chars",
    "chars_squared",
    "words",
    "asked_missing",
    "entry_missing",
    "asked_rarest",
    "entry_rarest",
    "edits",
    "common",
    "prefix",
    "length_gap",
    "asked_length",
    "asks_differ",
    "asks_equal",
    "numbers_differ",
    "latin_differs",
    "negation_differs",
    "no_question",
    "margin",
    "chars_x_missing",
)
_LONG = 40.0


def features(asked: Phrase, entry: Phrase, chars: float, margin: float) -> tuple[float, ...]:
    """The numbers in the order of `NAMES`.

    ``chars`` is the cosine of the two gram vectors, ``margin`` its lead over the best phrase of any other entry.
    """
    words = _word_cosine(asked, entry)
    asked_missing, asked_rarest = _missing(asked, entry)
    entry_missing, entry_rarest = _missing(entry, asked)
    longer = max(len(asked.bare), len(entry.bare), 1)
    shorter = max(min(len(asked.bare), len(entry.bare)), 1)
    return (
        chars,
        chars * chars,
        words,
        asked_missing,
        entry_missing,
        asked_rarest,
        entry_rarest,
        Levenshtein.normalized_similarity(asked.bare, entry.bare),
        LCSseq.similarity(asked.bare, entry.bare) / shorter,
        _prefix(asked.bare, entry.bare) / shorter,
        math.log(longer / shorter),
        min(len(asked.bare), _LONG) / _LONG,
        float(bool(asked.asks) and bool(entry.asks) and not asked.asks & entry.asks),
        float(asked.asks == entry.asks),
        float(asked.numbers != entry.numbers),
        float(asked.latin != entry.latin),
        float(asked.negated != entry.negated),
        float(not asked.question),
        margin,
        chars * (asked_missing + entry_missing),
    )


def vetoed(asked: Phrase, entry: Phrase) -> bool:
    """Whether a negation or a number makes these two different questions, however alike they look."""
    swapped = bool(asked.numbers) and bool(entry.numbers) and asked.numbers != entry.numbers
    return swapped or asked.negated != entry.negated


def _word_cosine(one: Phrase, other: Phrase) -> float:
    if not one.norm_words or not other.norm_words:
        return 0.0
    shared = sum(value * value for word, value in one.words.items() if word in other.words)
    return shared / (one.norm_words * other.norm_words)


def _missing(one: Phrase, other: Phrase) -> tuple[float, float]:
    """How much of the weight of ``one``'s words ``other`` lacks (0..1), and the rarest of them (a tenth of its value).

    A word counts as there when its characters are, so that 退款 is found in 退个款.
    """
    total, lost, rarest = 0.0, 0.0, 0.0
    for word, value in one.words.items():
        total += value
        if word not in other.words and not all(char in other.bare for char in word):
            lost += value
            rarest = max(rarest, value)
    return (lost / total if total else 0.0), rarest / 10


def _prefix(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
