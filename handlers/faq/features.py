"""What speaks for and against two phrases asking the same: the numbers that the fitted model weighs."""

import math
from collections.abc import Sequence
from itertools import islice

from rapidfuzz.distance import LCSseq, Levenshtein, Postfix, Prefix

from handlers.faq.differences import Difference, Weights
from handlers.faq.exchange import exchanged
from handlers.faq.lexicon import COUNT, LITTLE, NOUN, QUALITY, VERB, lexicon
from handlers.faq.order import beside, crossed, turned
from handlers.faq.phrase import Phrase
from handlers.faq.sense import opposed

PAIR = (
    "chars",
    "words",
    "asked_missing",
    "asked_rarest",
    "entry_missing",
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
    "likes",
    "asked_things",
    "asked_doings",
    "asked_rest",
    "entry_things",
    "entry_doings",
    "entry_rest",
    "things_turned",
    "doings_turned",
    "crossed",
    "same_before",
    "same_after",
    "replaced",
    "dropped",
    "added",
    "blocks",
    "asked_repeated",
    "entry_repeated",
    "asked_alien",
    "entry_alien",
    "slips",
    "differs_in_pairs",
)
"""Of two phrases: do they ask the same?"""
_LONG = 40.0
_NAME = 2
_LOOKS_ALIKE = 0.45
"""Similarity by edits."""


def pair_features(
    asked: Phrase, entry: Phrase, cosine: float, told: Difference, weights: Weights, slips: float = 0.0
) -> tuple[float, ...]:
    """The numbers in the order of `PAIR`; ``slips``: how many are put right, as `mended` counts them, in ``asked``."""
    return (
        cosine,
        _word_cosine(asked, entry),
        *_likeness(asked, entry),
        *_sense(asked, entry, told),
        slips,
        weights.in_pairs(told),
    )


def vetoed(asked: Phrase, entry: Phrase) -> bool:
    """Whether a number, negation, an opposite or a change of places makes these two different questions, however
    alike they look.

    Between phrases that hardly look alike a 不 on one side says little: 安全吗, 从来没试过.
    """
    if asked.numbers - entry.numbers and entry.numbers - asked.numbers:
        return True
    if asked.latin != entry.latin and _letters(asked.latin - entry.latin) and _letters(entry.latin - asked.latin):
        return True
    if asked.negated & entry.negated and not opposed(asked.sides, entry.sides):
        return exchanged(asked, entry)
    return Levenshtein.normalized_similarity(asked.bare, entry.bare) >= _LOOKS_ALIKE


def _letters(words: frozenset[str]) -> bool:
    """Whether one of these is a name of one or two letters, as of houses and kinds: A座, C1."""
    return any(len(word) <= _NAME for word in words)


def _likeness(asked: Phrase, entry: Phrase) -> tuple[float, ...]:
    """From asked_missing to opposed: what depends on these two phrases alone."""
    one, other = asked.bare, entry.bare
    longer, shorter = max(len(one), len(other), 1), max(min(len(one), len(other)), 1)
    asked_missing, asked_rarest = _missing(asked, entry)
    entry_missing, entry_rarest = _missing(entry, asked)
    asked_chars, asked_rarest_char = _missing_chars(asked, entry)
    entry_chars, entry_rarest_char = _missing_chars(entry, asked)
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
        2 * _shared_pairs(asked, entry) / pairs if pairs else 0.0,
        Levenshtein.normalized_similarity(one, other),
        Levenshtein.normalized_similarity(asked.sound, entry.sound),
        LCSseq.similarity(one, other) / shorter,
        _longest_run(one, other) / shorter,
        Prefix.similarity(one, other) / shorter,
        Postfix.similarity(one, other) / shorter,
        math.log(longer / shorter),
        min(len(one), _LONG) / _LONG,
        min(len(other), _LONG) / _LONG,
        float(bool(asked.asks) and bool(entry.asks) and not asked.asks & entry.asks),
        float(asked.asks == entry.asks),
        float(asked.numbers != entry.numbers),
        float(asked.latin != entry.latin),
        float(not asked.negated & entry.negated),
        float(opposed(asked.sides, entry.sides)),
    )


def _sense(asked: Phrase, entry: Phrase, told: Difference) -> tuple[float, ...]:
    """From likes to entry_alien: which kinds of words differ, their order, and what stands in place of what."""
    words, one, other = lexicon(), asked.arrangement, entry.arrangement
    likes = len(told.asked) + len(told.entry) - len(told.asked_other) - len(told.entry_other)
    return (
        float(likes),
        *_by_kind(told.asked_other, asked),
        *_by_kind(told.entry_other, entry),
        *turned(one, other, words),
        crossed(one, other),
        beside(one.before, other.before, words),
        beside(one.after, other.after, words),
        *_edited(asked, entry, told),
        *_repeated(asked, entry),
        *_alien(asked, entry, told),
    )


def _by_kind(words: Sequence[str], said: Phrase) -> tuple[float, float, float]:
    """Rarity (a tenth) of the things, of the doings and of the rest among some of a phrase's words."""
    if not words:
        return 0.0, 0.0, 0.0
    sums = {NOUN: 0.0, VERB: 0.0, QUALITY: 0.0, COUNT: 0.0, LITTLE: 0.0}
    kind = lexicon().kind
    for word in words:
        sums[kind(word)] += said.words[word]
    return sums[NOUN] / 10, sums[VERB] / 10, (sums[QUALITY] + sums[COUNT]) / 10


def _edited(asked: Phrase, entry: Phrase, told: Difference) -> tuple[float, float, float, float]:
    """Rarity (a tenth) of what stands in place of something else, is dropped and is added; in how many blocks."""
    replaced = dropped = added = 0.0
    for left, right, _, _ in told.blocks:
        here, there = _weight(left, asked, entry), _weight(right, entry, asked)
        replaced += min(here, there)
        dropped += max(here - there, 0.0)
        added += max(there - here, 0.0)
    return replaced / 10, dropped / 10, added / 10, float(len(told.blocks))


def _repeated(asked: Phrase, entry: Phrase) -> tuple[float, float]:
    """Rarity (a tenth) of the characters that one side says once more: 退款的款是什么 beside 退款是什么."""
    one, other = asked.bare, entry.bare
    if len(one) == len(asked.chars) and len(other) == len(entry.chars):
        return 0.0, 0.0
    more = fewer = 0.0
    grams = asked.opening.grams
    for char in sorted(asked.chars & entry.chars):
        times = one.count(char) - other.count(char)
        if times > 0:
            more += times * grams[char]
        else:
            fewer -= times * grams[char]
    return more / 10, fewer / 10


def _alien(asked: Phrase, entry: Phrase, told: Difference) -> tuple[float, float]:
    """Rarity (a tenth) of the words without a like one that share no character with such a word of the other side.

    截图 and 截屏 have one in common, 截图 and 录音 none.
    """
    here, there = told.asked_other, told.entry_other
    chars, others = set("".join(here)), set("".join(there))
    return (
        sum([asked.words[word] for word in here if others.isdisjoint(word)]) / 10,
        sum([entry.words[word] for word in there if chars.isdisjoint(word)]) / 10,
    )


def _weight(chars: str, said: Phrase, other: Phrase) -> float:
    grams, known = said.opening.grams, other.chars
    return sum([grams[char] for char in chars if char not in known])


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


def _missing_chars(one: Phrase, other: Phrase) -> tuple[float, float]:
    """Of ``one``'s characters: the share of the weight that ``other`` lacks, and the rarest of these (a tenth)."""
    there = other.chars
    if there.issuperset(one.chars):
        return 0.0, 0.0
    lost = [value for gram, value in islice(one.opening.grams.items(), len(one.chars)) if gram not in there]
    return sum(lost) / one.weight_chars, max(lost) / 10


def _shared_pairs(one: Phrase, other: Phrase) -> float:
    """The weight of the pairs that both have."""
    there = other.opening.grams
    lost = [value for gram, value in islice(one.opening.grams.items(), len(one.chars), None) if gram not in there]
    return one.weight_pairs - sum(lost)


def _longest_run(one: str, other: str) -> int:
    """Characters of the longest piece that both have."""
    longest = 0
    for start in range(len(one)):
        while start + longest < len(one) and one[start : start + longest + 1] in other:
            longest += 1
    return longest
