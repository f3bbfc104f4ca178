"""The words that segmentation knows, with their counts, packed: a few megabytes instead of fifty, read in an instant.

The file is made of jieba's dictionary by bench/make_words.py. Its first line is the sum of all counts, its second one
the most common words; then comes a line for each first character. It holds the count of the character alone (nothing
where it is no word), the second characters that words have after it, and for each of these, in their order, how words
go on (``count,rest``).
"""

import gzip
import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

BREAK = "\t"
KEPT = 4096
"""Beginnings whose words are kept unpacked (a megabyte or two)."""

Going = Mapping[str, tuple[tuple[str, float], ...]]
"""How words go on after their first two characters, by the third one (empty: the two are a word), each with the
logarithm of its count."""


class Dictionary:
    """Words and their counts, looked up by how they begin."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.total = int(next(lines))
        self.common = next(lines).split(BREAK)
        """Very common words of two characters or more, the most common first."""
        self.seconds: dict[str, str] = {}
        """First character → the characters that come second after it in any word."""
        self._alone: dict[str, str] = {}
        self._regions: dict[str, str] = {}
        for line in lines:
            head, seconds, *regions = line.split(BREAK, 2)
            char = head[0]
            self._alone[char], self.seconds[char] = head[1:], seconds
            if regions:
                self._regions[char] = regions[0]
        self.alone = lru_cache(maxsize=KEPT)(self._weight_alone)
        self.going_on = lru_cache(maxsize=KEPT)(self._going_on)

    @classmethod
    def packaged(cls) -> "Dictionary":
        """The dictionary that ships."""
        packed = (files("handlers.text") / "data" / "words.gz").read_bytes()
        return cls(map(bytes.decode, gzip.decompress(packed).split(b"\n")))

    def each(self) -> Iterator[tuple[str, int]]:
        """Every word with its count."""
        for char, count in self._alone.items():
            if count:
                yield char, int(count)
        for char, regions in self._regions.items():
            for second, region in zip(self.seconds[char], regions.split(BREAK), strict=False):
                yield from ((f"{char}{second}{rest}", count) for rest, count in _unpacked(region))

    def count(self, word: str) -> int:
        """How often a word was counted; 0 for what is none."""
        if len(word) < 2:
            return int(self._alone.get(word) or 0)
        return dict(self._counts(word[:2])).get(word[2:], 0)

    def _weight_alone(self, char: str) -> float | None:
        """The logarithm of a character's count; None where it is no word."""
        count = self._alone.get(char)
        return math.log(int(count)) if count else None

    def _going_on(self, pair: str) -> Going:
        going: dict[str, tuple[tuple[str, float], ...]] = {}
        for rest, count in self._counts(pair):
            going[rest[:1]] = (*going.get(rest[:1], ()), (rest, math.log(count)))
        return going

    def _counts(self, pair: str) -> list[tuple[str, int]]:
        first, second = pair[0], pair[1]
        place = self.seconds.get(first, "").find(second)
        if place < 0 or first not in self._regions:
            return []
        regions = self._regions[first].split(BREAK, place + 1)
        return [*_unpacked(regions[place])] if place < len(regions) else []


def _unpacked(region: str) -> Iterator[tuple[str, int]]:
    for word in region.split(" "):
        count, _, rest = word.partition(",")
        yield rest, int(count)
