"""A text as one line of pinyin, hanzi and Latin letters alike, with the way back and the bounds of syllables."""

import re
from dataclasses import dataclass

from handlers.text.readings import syllable, syllables

_PIECE = re.compile("[a-z]+|[\u4e00-\u9fff]|[^\\W_]")
_LONGEST = 6
BREAK = "|"
"""Stands for digits and foreign letters, so that nothing is found across them."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """``letters`` with, for each, where in the normalised text it comes from; ``latin`` says which were typed."""

    letters: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    latin: tuple[bool, ...]
    runs: tuple[tuple[int, int], ...]
    """Bounds in ``letters`` of each piece: a character's syllable or a run of typed letters."""

    def bounds(self) -> frozenset[int]:
        """Every index between two syllables: between two pieces, or within a run that reads as pinyin on both sides."""
        found: set[int] = set()
        for start, end in self.runs:
            found |= {start, end}
            if end - start > 1 and self.latin[start]:
                run = self.letters[start:end]
                backward = {len(run) - at for at in _reached(run[::-1], reverse=True)}
                found |= {start + at for at in _reached(run) & backward}
        return frozenset(found)


def spelled(norm: str) -> Spelled:
    """Write a normalised text in pinyin; whitespace and signs fall away."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    latin: list[bool] = []
    runs: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(norm):
        typed = piece.group()[0].isascii() and piece.group()[0].isalpha()
        written = piece.group() if typed else syllable(piece.group()) or BREAK
        runs.append((len(starts), len(starts) + len(written)))
        letters.append(written)
        latin.extend([typed] * len(written))
        places = range(piece.start(), piece.end()) if typed else [piece.start()] * len(written)
        starts.extend(places)
        ends.extend(place + 1 for place in places)
    return Spelled("".join(letters), tuple(starts), tuple(ends), tuple(latin), tuple(runs))


def _reached(letters: str, reverse: bool = False) -> set[int]:
    """The indices that whole syllables lead to from the beginning; ``reverse`` reads syllables backwards."""
    known = syllables()
    reached = {0}
    for at in range(len(letters)):
        if at in reached:
            for length in range(1, min(_LONGEST, len(letters) - at) + 1):
                part = letters[at : at + length]
                if (part[::-1] if reverse else part) in known:
                    reached.add(at + length)
    return reached
