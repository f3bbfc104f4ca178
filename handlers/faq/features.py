"""What speaks for and against two phrases asking the same: the numbers that the fitted model weighs."""

import math
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq, Levenshtein

from handlers.faq.differences import Weights, difference
from handlers.faq.phrase import Phrase
from handlers.faq.sense import opposed
from handlers.text.readings import sounds

NAMES = (
    "chars",
    "words",
    "asked_missing",
    "entry_missing",
    "asked_rarest",
    "entry_rarest",
    "asked_chars_missing",
    "entry_chars_missing",
    "asked_rarest_char",
    "entry_rarest_char",
    "pairs",
    "edits",
    "sound",
    "common",
    "run",
    "prefix",
    "suffix",
    "length_gap",
    "asked_length",
    "entry_length",
    "asks_differ",
    "asks_equal",
    "numbers_differ",
    "latin_differs",
    "negation_differs",
    "opposed",
    "no_question",
    "margin",
    "words_margin",
    "best",
    "second",
    "crowd",
    "rank",
    "size",
    "differs_in_talk",
    "differs_in_pairs",
)
_LONG = 40.0
_NEAR_BEST = 0.8
"""Share of the best candidate's cosine from which on another one stands beside it."""

Compared = tuple[Phrase, float]
"""The phrase of a candidate and its cosine with what is asked."""


def features(asked: Phrase, near: Sequence[Compared], entries: int, weights: Weights) -> list[tuple[float, ...]]:
    """For each candidate, best first by cosine, the numbers in the order of `NAMES`; ``entries`` are there in all."""
    chars = [cosine for _, cosine in near]
    words = [_word_cosine(asked, other) for other, _ in near]
    size = math.log(max(entries, 1))
    best, second = chars[0], chars[1] if len(chars) > 1 else 0.0
    crowd = float(sum([cosine >= _NEAR_BEST * best for cosine in chars]))
    return [
        (
            chars[rank],
            words[rank],
            *_likeness(asked, other),
            chars[rank] - _best_but(chars, rank),
            words[rank] - _best_but(words, rank),
            best,
            second,
            crowd,
            float(rank),
            size,
            *weights.of(difference(asked, other)),
        )
        for rank, (other, _) in enumerate(near)
    ]


def vetoed(asked: Phrase, entry: Phrase) -> bool:
    """Whether negation, a number or an opposite makes these two different questions, however alike they look."""
    swapped = bool(asked.numbers - entry.numbers) and bool(entry.numbers - asked.numbers)
    return swapped or asked.negated != entry.negated or opposed(asked.sides, entry.sides)


def _likeness(asked: Phrase, entry: Phrase) -> tuple[float, ...]:
    """From asked_missing to no_question: what depends on these two phrases alone."""
    one, other = asked.bare, entry.bare
    longer, shorter = max(len(one), len(other), 1), max(min(len(one), len(other)), 1)
    asked_missing, asked_rarest = _missing(asked, entry)
    entry_missing, entry_rarest = _missing(entry, asked)
    asked_chars, asked_rarest_char, shared = _missing_grams(asked, entry)
    entry_chars, entry_rarest_char, _ = _missing_grams(entry, asked)
    pairs = asked.weight_pairs + entry.weight_pairs
    return (
        asked_missing,
        entry_missing,
        asked_rarest,
        entry_rarest,
        asked_chars,
        entry_chars,
        asked_rarest_char,
        entry_rarest_char,
        2 * shared / pairs if pairs else 0.0,
        Levenshtein.normalized_similarity(one, other),
        Levenshtein.normalized_similarity(sounds(one), sounds(other)),
        LCSseq.similarity(one, other) / shorter,
        _longest_run(one, other) / shorter,
        _same_start(one, other) / shorter,
        _same_start(one[::-1], other[::-1]) / shorter,
        math.log(longer / shorter),
        min(len(one), _LONG) / _LONG,
        min(len(other), _LONG) / _LONG,
        float(bool(asked.asks) and bool(entry.asks) and not asked.asks & entry.asks),
        float(asked.asks == entry.asks),
        float(asked.numbers != entry.numbers),
        float(asked.latin != entry.latin),
        float(asked.negated != entry.negated),
        float(opposed(asked.sides, entry.sides)),
        float(not asked.question),
    )


def _best_but(values: Sequence[float], rank: int) -> float:
    return max([value for at, value in enumerate(values) if at != rank], default=0.0)


def _word_cosine(one: Phrase, other: Phrase) -> float:
    if not one.norm_words or not other.norm_words:
        return 0.0
    words = other.words
    shared = sum([value * value for word, value in one.words.items() if word in words])
    return shared / (one.norm_words * other.norm_words)


def _missing(one: Phrase, other: Phrase) -> tuple[float, float]:
    """How much of the weight of ``one``'s words ``other`` lacks (0..1), and the rarest of them (a tenth of its value).

    A word counts as there when its characters are, so that 退款 is found in 退个款.
    """
    total, lost, rarest = 0.0, 0.0, 0.0
    words, chars = other.words, other.chars
    for word, value in one.words.items():
        total += value
        if word not in words and not chars.issuperset(word):
            lost += value
            rarest = max(rarest, value)
    return (lost / total if total else 0.0), rarest / 10


def _missing_grams(one: Phrase, other: Phrase) -> tuple[float, float, float]:
    """Of ``one``'s characters: the lost share, the rarest lost (a tenth); of its pairs the weight of those shared."""
    lost, rarest, pairs = 0.0, 0.0, one.weight_pairs
    grams = one.opening.grams
    for gram in sorted(grams.keys() - other.opening.grams.keys()):
        value = grams[gram]
        if len(gram) == 2:
            pairs -= value
        else:
            lost += value
            rarest = max(rarest, value)
    return (lost / one.weight_chars if lost else 0.0), rarest / 10, pairs


def _longest_run(one: str, other: str) -> int:
    """Characters of the longest piece that both have."""
    longest = 0
    for start in range(len(one)):
        while start + longest < len(one) and one[start : start + longest + 1] in other:
            longest += 1
    return longest


def _same_start(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
