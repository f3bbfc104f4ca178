"""Whole sentences behind a mask: pinyin and characters that sound alike, read as the words that insults are made of."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from domain.book import WordList
from domain.text import TextFacts
from handlers.moderation.frames import parts_of, variants
from handlers.once import of_words
from handlers.text.normalise import folded
from handlers.text.pairs import common_sounds, unseen
from handlers.text.readings import sign_of, sounds, syllables

LONGEST = 6
"""Characters of the longest word that is looked for."""
_HANZI = re.compile("[\u4e00-\u9fff]{1,6}")
_PIECE = re.compile("[a-z]+|[^\\W_]")
_TYPED = re.compile("[a-z]{2}")
ODD = 2
"""Pairs that ordinary talk does not know, from which a text may be one that is written as it sounds."""


UNKNOWN, MOST_UNKNOWN = "\0", 0.25
"""Stands for a syllable that no word explains; a text with a larger share of them stays unread."""
_SMALL = (
    "你我他她的了是不吧吗呢啊呀个就有没去死滚爬这那人也还都要会说给别被让才真太好大小老"
    "什么怎话在能上下出来看到过得跟和像比"
)
"""Characters between the words of an insult; a syllable of another one alone tells nothing."""


class _Piece(NamedTuple):
    """One syllable or sign: as written, how it sounds, where it is in ``compact``, whether it is typed in letters."""

    surface: str
    sound: str
    start: int
    end: int
    typed: bool


class Decoded(NamedTuple):
    """A text as it is meant: for each character its bounds in ``compact``, and which were written otherwise."""

    text: str
    starts: list[int]
    ends: list[int]
    changed: list[bool]


@dataclass(frozen=True, slots=True)
class Decoder:
    """The words of insults by their sound, and the small words between them."""

    words: Mapping[str, str] = field(repr=False)
    chars: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, lists: Iterable[WordList]) -> "Decoder":
        """Of all that lists of abuse are made of; some ten milliseconds."""
        count: Counter[str] = Counter()
        for words in lists:
            if words.rule == "abuse":
                count.update(form for term in words.terms if _HANZI.fullmatch(form := folded(term)))
                count.update(_choices(words))
        often_last = sorted(count, key=count.__getitem__)
        found = {sounds(word): word for word in often_last if len(word) > 1}
        return cls(found, {sounds(char): char for char in reversed(_SMALL)})

    def decoded(self, text: TextFacts) -> Decoded | None:
        """The text as it is meant; None where that is how it is written."""
        pieces = list(_pieces(text))
        read = Decoded("", [], [], [])
        chars: list[str] = []
        at = 0
        while at < len(pieces):
            word = self._word(pieces, at)
            for piece, char in zip(pieces[at : at + len(word)], word, strict=True):
                chars.append(char)
                read.starts.append(piece.start)
                read.ends.append(piece.end)
                read.changed.append(char != piece.surface)
            at += len(word)
        return read._replace(text="".join(chars)) if any(read.changed) else None

    def _word(self, pieces: list[_Piece], at: int) -> str:
        """What begins at a piece: the longest word that may be meant, else the piece itself."""
        for length in range(min(LONGEST, len(pieces) - at), 1, -1):
            run = pieces[at : at + length]
            word = self.words.get("".join([piece.sound for piece in run]), "")
            if word and _may_mean(run, word):
                return word
        piece = pieces[at]
        return self.chars.get(piece.sound, UNKNOWN) if piece.typed else piece.surface


class Meaning:
    """A decoder that is made when the first text needs it; each text is decoded once."""

    def __init__(self, lists: Iterable[WordList]) -> None:
        self._lists = tuple(lists)

    @cached_property
    def _decoder(self) -> Decoder:
        return Decoder.of(self._lists)

    def of(self, text: TextFacts) -> Decoded | None:
        """A text that is written as it sounds, as it is meant; None for one that is as it is written."""
        if not _TYPED.search(text.norm) and unseen(text.compact) < ODD:
            return None
        return of_words(text, self, lambda: self._decoder.decoded(text))


def used_in_frames(lists: Iterable[WordList]) -> Iterator[str]:
    """The words that frames of abuse are made of."""
    for words in lists:
        if words.rule == "abuse":
            yield from _choices(words)


def _choices(words: WordList) -> Iterator[str]:
    for frame in words.frames:
        for variant in variants(frame):
            for part in parts_of(variant):
                yield from (choice for choice in part if _HANZI.fullmatch(choice))


def _may_mean(run: list[_Piece], word: str) -> bool:
    """Whether a run is this word: it is typed in letters, or its characters do not stand together otherwise."""
    if any(piece.typed for piece in run):
        everyday = common_sounds().get("".join([piece.sound for piece in run]), frozenset())
        fits = all(piece.typed or piece.surface == char for piece, char in zip(run, word, strict=True))
        return fits and (word in everyday or not everyday)
    surface = "".join([piece.surface for piece in run])
    return surface == word or unseen(surface) > 0


def _pieces(text: TextFacts) -> Iterator[_Piece]:
    for found in _PIECE.finditer(text.norm):
        run = found.group()
        parts = _syllables(run) if _TYPED.match(run) else None
        low = found.start()
        for part in parts or run:
            start, end = text.span(low, low + len(part))
            low += len(part)
            sound = sign_of(part) if parts else sounds(part)
            yield _Piece(part, sound, text.compact_index(start), text.compact_index(end), parts is not None)


def _syllables(run: str) -> list[str] | None:
    """A run of letters as syllables, the longest first; None where it is no pinyin."""
    known = syllables()
    begun: list[list[str] | None] = [None] * (len(run) + 1)
    begun[len(run)] = []
    for at in range(len(run) - 1, -1, -1):
        for length in range(min(LONGEST, len(run) - at), 0, -1):
            rest = begun[at + length]
            if rest is not None and run[at : at + length] in known:
                begun[at] = [run[at : at + length], *rest]
                break
    return begun[0]
