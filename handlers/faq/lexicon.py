"""What kind of word a word is, and which words may stand for one another."""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from handlers.text.normalise import normalise

NOUN, VERB, QUALITY, COUNT, LITTLE = "nvqcl"
"""Things and names, doings, how things are, numbers, and words that only hold others together."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Kinds of the usual words; unusual ones name something. ``groups``: the groups of like words a word is in."""

    kinds: Mapping[str, str] = field(repr=False)
    groups: Mapping[str, frozenset[int]] = field(repr=False)

    def kind(self, word: str) -> str:
        """One of `NOUN`, `VERB`, `QUALITY`, `COUNT`, `LITTLE`."""
        return self.kinds.get(word, NOUN)

    def groups_of(self, words: Iterable[str]) -> frozenset[int]:
        """All groups of these words."""
        held = [self.groups[word] for word in words if word in self.groups]
        return frozenset().union(*held)

    def has_like(self, word: str, groups: frozenset[int]) -> bool:
        """Whether a word may stand for one of those whose `groups_of` these are."""
        own = self.groups.get(word)
        return own is not None and not own.isdisjoint(groups)


@cache
def lexicon() -> Lexicon:
    """The packaged one."""
    folder = files("handlers.faq") / "data"
    packed = json.loads(gzip.decompress((folder / "background.json.gz").read_bytes()))["kinds"]
    kinds = {word: kind for kind, words in packed.items() for word in words.split("\n")}
    return Lexicon(kinds, _groups((folder / "synonyms.txt").read_text(encoding="utf-8")))


def _groups(text: str) -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(text.splitlines()):
        for word in line.split() if not line.startswith("#") else ():
            groups.setdefault(normalise(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}
