"""Whole sentences behind a mask: pinyin and characters that sound alike, read as the words that insults are made of."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from operator import ne
from typing import NamedTuple

from domain.book import WordList
from domain.text import TextFacts
from handlers.moderation.forms import Forms, Match
from handlers.moderation.frames import parts_of, variants
from handlers.once import of_words
from handlers.text.pairs import everyday, unseen
from handlers.text.readings import each_sounds, sign_of, sounds, syllables

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


class Decoded(NamedTuple):
    """A text as it is meant: for each character its bounds in ``compact``, and which were written otherwise."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    changed: Sequence[bool]


class _Line(NamedTuple):
    """A text in pieces of one syllable or sign each: as written, where in ``compact``, which are typed in letters."""

    surfaces: Sequence[str]
    sounds: str
    """One sign for each piece."""
    starts: Sequence[int]
    ends: Sequence[int]
    typed: frozenset[int]


class Decoder:
    """Reads texts by the words of insults and the small words between them; each text once."""

    def __init__(self, by_sound: Forms) -> None:
        """``by_sound`` has the words of `heard_words` as what their sounds are pieces of."""
        self._by_sound = by_sound

    def of(self, text: TextFacts) -> Decoded | None:
        """A text that is written as it sounds, as it is meant; None for one that is as it is written."""
        return of_words(text, (self, "decoded"), lambda: self._decoded(text))

    def heard(self, text: TextFacts) -> list[Match]:
        """What the characters of a text sound like."""
        return of_words(text, (self, "heard"), lambda: self._by_sound.matches(sounds(text.compact)))

    def _decoded(self, text: TextFacts) -> Decoded | None:
        letters = _TYPED.search(text.norm)
        line = _typed(text) if letters else None
        if line is None:
            heard = self.heard(text)
            if not _in_disguise(text.compact, heard) or (not letters and unseen(text.compact) < ODD):
                return None
            line = _written(text.compact)
        else:
            heard = self._by_sound.matches(line.sounds)
        words = _meant(line, heard)
        odd = line.typed or any(line.surfaces[at : at + len(word)] != word for at, word in words.items())
        return _rewritten(line, words) if odd else None


def heard_words(forms: Iterable[tuple[WordList, Iterable[str]]]) -> dict[str, str]:
    """All words that lists of abuse are made of, by their sounds; the most used one of those that sound the same.

    ``forms`` are the lists with their terms in the form in which they are compared.
    """
    count: Counter[str] = Counter()
    for words, terms in forms:
        if words.rule == "abuse":
            count.update(filter(_HANZI.fullmatch, terms))
            count.update(_choices(words))
    often_last = [word for word in sorted(count, key=count.__getitem__) if len(word) > 1]
    return dict(zip(each_sounds(often_last), often_last, strict=True))


def _in_disguise(compact: str, heard: Iterable[Match]) -> bool:
    """Whether a word may be written in other characters anywhere: none of it is the end of most texts."""
    for start, end, payload in heard:
        surface = compact[start:end]
        if payload.whole and surface != payload.whole and _is_odd(surface):
            return True
    return False


@lru_cache(maxsize=4096)
def _is_odd(surface: str) -> bool:
    """Whether any of its characters do not stand together otherwise; ordinary words are met again and again."""
    return unseen(surface) > 0


def _meant(line: _Line, heard: Iterable[Match]) -> dict[int, str]:
    """Where a word may be meant, the longest one."""
    found: dict[int, str] = {}
    for start, end, payload in heard:
        word = payload.whole
        if len(word) > len(found.get(start, "")) and _may_mean(line, start, end, word):
            found[start] = word
    return found


def _may_mean(line: _Line, start: int, end: int, word: str) -> bool:
    """Whether a run is this word: it is typed in letters, or its characters do not stand together otherwise."""
    if line.typed.isdisjoint(range(start, end)):
        surface = "".join(line.surfaces[start:end])
        return surface == word or unseen(surface) > 0
    known = everyday(line.sounds[start:end])
    fits = all(at in line.typed or line.surfaces[at] == char for at, char in enumerate(word, start))
    return fits and (word in known or not known)


def _rewritten(line: _Line, words: Mapping[int, str]) -> Decoded | None:
    """From the left: the word that is meant, else the piece itself; None where that changes nothing."""
    chars: list[str] = []
    while len(chars) < len(line.surfaces):
        at = len(chars)
        if at in words:
            chars.extend(words[at])
        else:
            chars.append(_small_words().get(line.sounds[at], UNKNOWN) if at in line.typed else line.surfaces[at])
    changed = list(map(ne, chars, line.surfaces))
    return Decoded("".join(chars), line.starts, line.ends, changed) if any(changed) else None


@cache
def _small_words() -> dict[str, str]:
    return {sounds(char): char for char in reversed(_SMALL)}


def used_in_frames(lists: Iterable[WordList]) -> Iterator[str]:
    """The words that frames of abuse are made of."""
    for words in lists:
        if words.rule == "abuse":
            yield from _choices(words)


def _choices(words: WordList) -> Iterator[str]:
    return chain.from_iterable(map(_words_of, words.frames))


@lru_cache(maxsize=1024)
def _words_of(frame: str) -> tuple[str, ...]:
    parts = chain.from_iterable(map(parts_of, variants(frame)))
    return tuple(filter(_HANZI.fullmatch, chain.from_iterable(parts)))


def _written(compact: str) -> _Line:
    """A text without syllables in letters."""
    places = range(len(compact) + 1)
    return _Line(compact, sounds(compact), places[:-1], places[1:], frozenset())


def _typed(text: TextFacts) -> _Line | None:
    """A text with syllables in letters; None where none of its letters are."""
    surfaces: list[str] = []
    signs: list[str] = []
    lows: list[int] = []
    typed: set[int] = set()
    for found in _PIECE.finditer(text.norm):
        run, low = found.group(), found.start()
        parts = _syllables(run) if _TYPED.match(run) else None
        for part in parts or run:
            if parts:
                typed.add(len(surfaces))
            surfaces.append(part)
            signs.append(sign_of(part) if parts else sounds(part))
            lows.append(low)
            low += len(part)
    if not typed:
        return None
    spans = [text.span(low, low + len(part)) for low, part in zip(lows, surfaces, strict=True)]
    starts = [text.compact_index(start) for start, _ in spans]
    ends = [text.compact_index(end) for _, end in spans]
    return _Line(surfaces, "".join(signs), starts, ends, frozenset(typed))


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
