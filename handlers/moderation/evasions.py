"""Strong terms behind a mask: in pieces (拆字), stretched, in characters that sound alike, in pinyin."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod

from domain.book import WordList
from domain.text import TextFacts
from handlers.moderation.decoding import Decoded, Decoder, heard_words
from handlers.moderation.forms import (
    TERM,
    Forms,
    Match,
    Term,
    framed,
    holding,
    kinds_of,
    outside_allowed,
    terms_of,
)
from handlers.moderation.frames import stands
from handlers.text.normalise import JUDGED_CHARS, all_folded
from handlers.text.pairs import everyday, unseen
from handlers.text.pinyin import Spelled, spelled
from handlers.text.readings import MOST_WAYS, all_sounds, each_sounds, readings, sounds
from handlers.text.segment import knows, overlapped
from handlers.text.splits import splits_of

STRONG = frozenset(["warn", "remove"])
LONGEST_TERM, LONGEST_NAME = 40, 3
SHORT, CERTAIN_LENGTH = 2, 4
"""So many syllables in a row are no accident, whatever characters they are written with."""
_LETTER = re.compile("[a-z]")
# Doubled characters, but for those that people double all day long; twice of them, or drawn out further.
_DOUBLED = r"([^\W0-9a-z哈呵嘿嘻啊呀嗯哦噢呜哇好对谢])"
_TWICE = re.compile(rf"{_DOUBLED}\1")
_DRAWN_OUT = re.compile(rf"{_DOUBLED}\W*\1\W*\1|{_DOUBLED}\W*\2.*{_DOUBLED}\W*\3", re.DOTALL)
_SIGN = re.compile(r"[^\w\s]")
_HANZI = re.compile("[\u4e00-\u9fffb]{2,}")


@dataclass(frozen=True, slots=True)
class Masked:
    """A strong term found through a view: where in ``compact``, which, and through which view."""

    start: int
    end: int
    term: Term
    view: str


@dataclass(frozen=True, slots=True)
class _Rewritten:
    """A text rewritten: for each of its characters the bounds in ``compact``."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def weight_of(words: WordList) -> int:
    """2 for lists of abuse that always have consequences, 1 for those that have them to one's face, else 0."""
    if words.rule != "abuse":
        return 0
    return 2 if words.severity in STRONG else 1 if words.to_somebody in STRONG else 0


def is_strong(words: WordList) -> bool:
    """Whether other spellings of the terms of a list are looked for."""
    return weight_of(words) > 0 and not words.as_written


def strong_terms(lists: Iterable[WordList]) -> dict[str, list[Term]]:
    """By their form, the terms that members hide: two characters or more, and short names where they need a target."""
    strong: dict[str, list[Term]] = defaultdict(list)
    for words in lists:
        if is_strong(words) and not words.whole_token:
            longest = LONGEST_TERM if words.severity in STRONG else LONGEST_NAME
            for term in terms_of(words, all_folded(words.terms)):
                if 2 <= len(term.form) <= longest:
                    strong[term.form].append(term)
    return strong


@dataclass(frozen=True, slots=True)
class Evasions:
    """The views over one lexicon's strong terms; immutable."""

    plain: Forms = field(repr=False)
    by_pinyin: Forms = field(repr=False)
    decoder: Decoder = field(repr=False)

    @classmethod
    def compile(
        cls,
        plain: Forms,
        strong: Mapping[str, list[Term]],
        allowed: Mapping[str, str],
        forms: Iterable[tuple[WordList, Iterable[str]]],
    ) -> "Evasions":
        """``plain`` are the forms of all terms; ``strong`` and ``allowed`` are by folded form; ``forms`` by list."""
        hanzi = {form: terms for form, terms in strong.items() if _HANZI.fullmatch(form)}
        phrases = {form: phrase for form, phrase in allowed.items() if _HANZI.fullmatch(form)}
        heard = dict(zip(each_sounds(phrases), phrases.values(), strict=True))
        spelled = {letters: phrase for form, phrase in phrases.items() for letters in _in_letters(form)}
        sounding, spelling = _forms(hanzi, all_sounds), _forms(hanzi, _in_letters)
        by_sound = Forms.compile(sounding, holding(sounding, heard), heard_words(forms))
        by_pinyin = Forms.compile(spelling, holding(spelling, spelled))
        return cls(plain, by_pinyin, Decoder(by_sound))

    def masked(self, text: TextFacts, pieced: Sequence[Match]) -> list[Masked]:
        """Every strong term behind a mask; ``pieced`` are the plain matches in ``compact`` where any is of pieces."""
        compact = text.compact
        found: list[Masked] = []
        if pieced:
            found.extend(self._in(text, joined(compact, pieced), "split", _unusual(text)))
        if _TWICE.search(compact) and _DRAWN_OUT.search(text.raw[:JUDGED_CHARS]):
            found.extend(self._in(text, _squeezed(compact), "repeat", _stretched(text)))
        if kinds_of(self.decoder.heard(text)) & TERM:
            found.extend(masked for masked, natural in self.sounding_alike(text) if not natural)
        if _LETTER.search(text.norm):
            found.extend(self._in_pinyin(text))
        if read := self.decoder.of(text):
            found.extend(self._decoded(text, read))
        return found

    def _decoded(self, text: TextFacts, read: Decoded) -> Iterator[Masked]:
        """Frames and longer terms in a text whose words are written as they sound."""
        matches = self.plain.matches(read.text)
        terms = [(start, end, term) for start, end, payload in outside_allowed(matches) for term in payload.terms]
        terms += _framed(read.text, matches)
        for start, end, term in terms:
            low, high = read.starts[start], read.ends[end - 1]
            long = end - start >= CERTAIN_LENGTH or (end - start > SHORT and not term.form)
            odd = long and any(read.changed[start:end])
            if odd and weight_of(term.words) and (term.form or stands(term.text, text, low, high)):
                letters = any(char.isascii() for char in text.compact[low:high])
                yield Masked(low, high, term, "pinyin" if letters else "homophone")

    def _in(self, text: TextFacts, view: _Rewritten, name: str, odd: Callable[[int, int], bool]) -> Iterator[Masked]:
        matches = self.plain.matches(view.text)
        terms = [(start, end, term) for start, end, payload in outside_allowed(matches) for term in payload.terms]
        terms += _framed(view.text, matches)
        for start, end, term in terms:
            low, high = view.starts[start], view.ends[end - 1]
            hidden = high - low > end - start > 1 and is_strong(term.words) and odd(low, high)
            if hidden and (term.form or stands(term.text, text, low, high)):
                yield Masked(low, high, term, name)

    def sounding_alike(self, text: TextFacts) -> Iterator[tuple[Masked, bool]]:
        """What sounds like a strong term, and whether it is ordinary talk nevertheless."""
        for start, end, payload in outside_allowed(self.decoder.heard(text)):
            if text.compact[end : end + 1].isascii() and text.compact[end : end + 1].isalnum():
                continue
            surface = text.compact[start:end]
            if all(term.form != surface for term in payload.terms):
                natural = _natural(text, start, end)
                for term in payload.terms:
                    yield Masked(start, end, term, "homophone"), natural

    def _in_pinyin(self, text: TextFacts) -> Iterator[Masked]:
        line = spelled(text.norm)
        matches = self.by_pinyin.matches(line.letters)
        bounds = line.bounds() if matches else frozenset()
        for start, end, payload in outside_allowed(matches):
            if start in bounds and end in bounds and any(line.latin[start:end]):
                for term in payload.terms:
                    if _said(line, start, end, text.norm, term.form):
                        low, high = text.span(line.starts[start], line.ends[end - 1])
                        yield Masked(text.compact_index(low), text.compact_index(high), term, "pinyin")


def _framed(text: str, matches: Sequence[Match]) -> list[tuple[int, int, Term]]:
    """The places of frames that no allow-phrase touches."""
    allowed = [(start, end) for start, end, payload in matches if payload.allow]
    return [
        (start, end, Term(words, written, ""))
        for start, end, words, written in framed(text, matches)
        if not any(low < end and start < high for low, high in allowed)
    ]


def _forms(strong: Mapping[str, list[Term]], written: Callable[[str], Iterable[str]]) -> dict[str, list[Term]]:
    forms: dict[str, list[Term]] = defaultdict(list)
    for form, terms in strong.items():
        for other in written(form):
            forms[other].extend(terms)
    return forms


def _in_letters(form: str) -> set[str]:
    """A term in pinyin; one with a letter in it is a spelling already."""
    known = list(map(readings, form))
    if not all(known):
        return set()
    # A rare reading of a short word is that of another one (死给 is no 司机).
    if len(form) <= SHORT or max(map(len, known)) == 1:
        return {"".join([ways[0] for ways in known])}
    if prod(map(len, known)) <= MOST_WAYS:
        return set(map("".join, product(*known)))
    written = {""}
    for ways in known:
        written = {begun + way for begun in written for way in ways}
        if len(written) > MOST_WAYS:
            return set()
    return written


def pieces_of(strong: Iterable[str]) -> dict[str, str]:
    """Written in pieces → the character, for every character of the strong terms."""
    return {form: char for char in sorted({*"".join(strong)}) for form in splits_of(char)}


def joined(compact: str, matches: Iterable[Match]) -> _Rewritten:
    """The text with pieces put together, from the left, the longest first."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    found = sorted(((s, -e, payload.whole) for s, e, payload in matches if payload.whole))
    for start, end, whole in found:
        if start >= at:
            between = range(at, start)
            chars += [compact[at:start], whole]
            starts += [*between, start]
            ends += [*(place + 1 for place in between), -end]
            at = -end
    rest = range(at, len(compact))
    return _Rewritten("".join(chars) + compact[at:], [*starts, *rest], [*ends, *(place + 1 for place in rest)])


def _unusual(text: TextFacts) -> Callable[[int, int], bool]:
    """Pieces that happen to be ordinary words (广发物流) are no mask."""
    return lambda start, end: unseen(text.compact[start:end]) > 0


def _squeezed(compact: str) -> _Rewritten:
    """The text with every run of one character as that character."""
    starts = [at for at, char in enumerate(compact) if not at or char != compact[at - 1]]
    return _Rewritten("".join([compact[at] for at in starts]), starts, [*starts[1:], len(compact)])


def _stretched(text: TextFacts) -> Callable[[int, int], bool]:
    """Whether characters are drawn out on purpose: one three times or more, or several twice (not 妈妈 alone)."""
    compact, offsets = text.compact, text.compact_offsets

    def odd(start: int, end: int) -> bool:
        doubled = [at for at in range(start, end - 1) if compact[at] == compact[at + 1]]
        return len(doubled) >= 2 or any(offsets[at + 1] - offsets[at] > 1 for at in doubled)

    return odd


def _natural(text: TextFacts, start: int, end: int) -> bool:
    """Whether what sounds like a term is ordinary talk: a word, pairs that people write, a part of words around it."""
    surface = text.compact[start:end]
    if knows(surface):
        return True
    if end - start >= CERTAIN_LENGTH:
        return False
    low, high = text.compact_span(start, end)
    if _SIGN.search(text.raw, low, high):
        return True
    novel = unseen(surface)
    return novel == 0 or (novel == 1 and overlapped(text.compact, start, end))


def _said(line: Spelled, start: int, end: int, norm: str, form: str) -> bool:
    """Whether pinyin means this term: a character of it is there, or its sound is not that of everyday words."""
    if any(norm[line.starts[at]] in form for at in range(start, end) if not line.latin[at]):
        return True
    if len(form) >= CERTAIN_LENGTH:
        return True
    pairs = [form[at : at + 2] for at in range(len(form) - 1)]
    return not all(everyday(sounds(pair)) - {pair} for pair in pairs)
