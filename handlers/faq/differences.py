"""What one of two phrases has and the other lacks, and how much each such difference changes the meaning.

The weights are fitted by bench/fit_faq.py: of words on either side among all that a group says, and of words,
characters, exchanged words and ways of asking among pairs of questions that resemble each other.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import repeat

from rapidfuzz.distance import Levenshtein

from handlers.faq.lexicon import lexicon
from handlers.faq.phrase import Phrase

SCALE = 100
"""Weights are packed in hundredths."""
MOST_EXCHANGED = 6
"""Pairs of words that may stand for one another."""


Block = tuple[str, str, str, str]
"""What stands in the asked text, what in its place in the entry's, and the characters before and behind."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that only one side has (their characters are not in the other either), and single characters."""

    asked: tuple[str, ...]
    entry: tuple[str, ...]
    chars: frozenset[str]
    """In one of the two only."""
    asks: str
    """What is asked for, as ``how>why``."""
    asked_other: tuple[str, ...]
    """Of the words that only the asked one has those that no like word of the entry's stands for; the entry's too."""
    entry_other: tuple[str, ...]
    blocks: tuple[Block, ...]
    pairs: frozenset[str]
    """Pairs of characters that only one has."""
    beside: tuple[str, ...]
    """What stands before and behind the words that ask."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Signs of one difference by name (`signs_in_talk`, `signs_in_pairs`) and what each adds to the log odds.

    In whole hundredths, so that their sums are the same in whatever order.
    """

    talk: Mapping[str, int]
    pairs: Mapping[str, int]

    def in_talk(self, difference: Difference) -> float:
        """What the differences say, among all that is said; negative speaks against one meaning."""
        table = self.talk
        return sum(map(table.get, signs_in_talk(difference), repeat(0))) / SCALE

    def in_pairs(self, difference: Difference) -> float:
        """What they say between two questions that resemble each other."""
        table = self.pairs
        return sum(map(table.get, signs_in_pairs(difference), repeat(0))) / SCALE


def difference(asked: Phrase, entry: Phrase) -> Difference:
    """Compare two phrases."""
    only_asked, only_entry = _only_in(asked, entry), _only_in(entry, asked)
    chars = asked.chars ^ entry.chars
    return Difference(
        asked=only_asked,
        entry=only_entry,
        chars=chars,
        asks=f"{'/'.join(sorted(asked.asks))}>{'/'.join(sorted(entry.asks))}",
        asked_other=_without_like(only_asked, entry),
        entry_other=_without_like(only_entry, asked),
        blocks=_blocks(asked.bare, entry.bare),
        pairs=frozenset(asked.opening.grams.keys() ^ entry.opening.grams.keys()) - chars,
        beside=(
            *_beside("f", asked.arrangement.before, entry.arrangement.before),
            *_beside("g", asked.arrangement.after, entry.arrangement.after),
        ),
    )


def signs_in_talk(difference: Difference) -> list[str]:
    """Named by the side that has them."""
    asked, entry, chars = difference.asked, difference.entry, difference.chars
    return [*["a" + word for word in asked], *["e" + word for word in entry], *["c" + char for char in chars]]


def signs_in_pairs(difference: Difference) -> list[str]:
    """Either side alike; where few words stand for few others, also each two of them; and kinds of words."""
    asked, entry, kind = difference.asked, difference.entry, lexicon().kind
    signs = ["w" + word for word in asked + entry]
    signs += ["c" + char for char in difference.chars]
    signs += ["b" + pair for pair in difference.pairs]
    signs += difference.beside
    signs.append("q" + difference.asks)
    if asked and entry and len(asked) * len(entry) <= MOST_EXCHANGED:
        signs += ["s" + ">".join(sorted((one, other))) for one in asked for other in entry]
    for here, there, before, behind in difference.blocks:
        if here and there:
            signs.append("r" + ">".join(sorted((here, there))))
        else:
            signs += ("i" + here + there, "l" + before + here + there, "t" + here + there + behind)
    kinds = sorted(["".join(sorted(map(kind, side))) for side in (difference.asked_other, difference.entry_other)])
    signs.append("k" + ">".join(kinds))
    return signs


def read_weights(folder: Traversable) -> Weights:
    """The weights of a folder."""
    data = json.loads(gzip.decompress((folder / "differences.json.gz").read_bytes()))
    return Weights(_table(data["talk"]), _table(data["pairs"]))


def _table(data: Mapping[str, str]) -> dict[str, int]:
    """Signs are grouped by their weight, which packs small."""
    return {sign: int(value) for value, signs in data.items() for sign in signs.split("\n")}


def _only_in(one: Phrase, other: Phrase) -> tuple[str, ...]:
    """A word counts as there when its characters are, so that 退款 is found in 退个款."""
    words, chars = other.words, other.chars
    return tuple([word for word in one.words if word not in words and not chars.issuperset(word)])


def _without_like(words: tuple[str, ...], other: Phrase) -> tuple[str, ...]:
    has_like, groups = lexicon().has_like, other.groups
    return tuple([word for word in words if not has_like(word, groups)])


def _blocks(asked: str, entry: str) -> tuple[Block, ...]:
    found = []
    for edit in Levenshtein.opcodes(asked, entry):
        if edit.tag != "equal":
            text, start, end = (
                (entry, edit.dest_start, edit.dest_end)
                if edit.src_start == edit.src_end
                else (asked, edit.src_start, edit.src_end)
            )
            before, behind = text[start - 1 : start] or "^", text[end : end + 1] or "$"
            here, there = asked[edit.src_start : edit.src_end], entry[edit.dest_start : edit.dest_end]
            found.append((here, there, before, behind))
    return tuple(found)


def _beside(sign: str, asked: Mapping[str, str], entry: Mapping[str, str]) -> list[str]:
    told = []
    for asking, word in asked.items():
        other = entry.get(asking)
        same = "-" if other is None else "=" if other == word else ">".join(sorted((word, other)))
        told.append(f"{sign}{asking}{same}")
    return told
