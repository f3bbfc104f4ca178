"""What one of two phrases has and the other lacks, and how much each such difference changes the meaning.

The weights are fitted by bench/fit_faq.py: of words on either side among all that a group says, and of words,
characters, exchanged words and ways of asking among pairs of questions that resemble each other.
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from handlers.faq.phrase import Phrase

SCALE = 100
"""Weights are packed in hundredths."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that only one side has (their characters are not in the other either), and single characters."""

    asked: tuple[str, ...]
    entry: tuple[str, ...]
    chars: frozenset[str]
    """In one of the two only."""
    asks: str
    """What is asked for, as ``how>why``."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Signs of one difference by name (`signs_in_talk`, `signs_in_pairs`) and what each adds to the log odds.

    In whole hundredths, so that their sums are the same in whatever order.
    """

    talk: Mapping[str, int]
    pairs: Mapping[str, int]

    def of(self, difference: Difference) -> tuple[float, float]:
        """Both sums; negative speaks against one meaning."""
        talk, pairs = self.talk, self.pairs
        return (
            sum([talk.get(sign, 0) for sign in signs_in_talk(difference)]) / SCALE,
            sum([pairs.get(sign, 0) for sign in signs_in_pairs(difference)]) / SCALE,
        )


def difference(asked: Phrase, entry: Phrase) -> Difference:
    """Compare two phrases."""
    return Difference(
        asked=_only_in(asked, entry),
        entry=_only_in(entry, asked),
        chars=asked.chars ^ entry.chars,
        asks=f"{'/'.join(sorted(asked.asks))}>{'/'.join(sorted(entry.asks))}",
    )


def signs_in_talk(difference: Difference) -> Iterable[str]:
    """Named by the side that has them."""
    yield from ("a" + word for word in difference.asked)
    yield from ("e" + word for word in difference.entry)
    yield from ("c" + char for char in difference.chars)


def signs_in_pairs(difference: Difference) -> Iterable[str]:
    """Either side alike; where one word stands for one other, also the two of them."""
    yield from ("w" + word for word in difference.asked + difference.entry)
    yield from ("c" + char for char in difference.chars)
    yield "q" + difference.asks
    if len(difference.asked) == len(difference.entry) == 1:
        yield "s" + ">".join(sorted(difference.asked + difference.entry))


@cache
def weights() -> Weights:
    """The packaged weights."""
    data = json.loads(gzip.decompress((files("handlers.faq") / "data" / "differences.json.gz").read_bytes()))
    return Weights(_table(data["talk"]), _table(data["pairs"]))


def _table(data: Mapping[str, str]) -> dict[str, int]:
    """Signs are grouped by their weight, which packs small."""
    return {sign: int(value) for value, signs in data.items() for sign in signs.split("\n")}


def _only_in(one: Phrase, other: Phrase) -> tuple[str, ...]:
    """A word counts as there when its characters are, so that 退款 is found in 退个款."""
    words, chars = other.words, other.chars
    return tuple([word for word in one.words if word not in words and not chars.issuperset(word)])
