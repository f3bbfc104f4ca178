"""All word lists over normalised text: one pass finds every term, allow-phrases win, and masks hide nothing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from domain.book import WordList
from domain.text import Span, TextFacts
from handlers.moderation.decoding import MOST_UNKNOWN, UNKNOWN, used_in_frames
from handlers.moderation.evasions import Evasions, Masked, joined, pieces_of, strong_terms, weight_of
from handlers.moderation.forms import (
    ANCHOR,
    PIECES,
    TERM,
    Forms,
    Match,
    Term,
    framed,
    kinds_of,
    outside_allowed,
    terms_of,
)
from handlers.moderation.frames import COMMA, Place, anchored, stands
from handlers.moderation.patterns import Patterns
from handlers.once import of_words
from handlers.text.normalise import all_folded, folded, normalise
from handlers.text.pairs import unseen

_LETTER = re.compile("[a-z0-9]")
_LETTERS = re.compile(r"[a-z0-9]+")
# Single letters with something between them are spelled to evade: n m s l, s.b.
_SPELLED = re.compile(r"(?<![a-z0-9])(?:[a-z][^a-z0-9]{1,2}){1,7}[a-z](?![a-z0-9])")
_CLAUSE_END = re.compile(r"[，。！？；,!?;\n]")
WORD_LENGTH = 3
"""A plain term shorter than this is one word, and a comma within it a mask."""
VIEWS = {
    "plain": "原样",
    "frame": "句式",
    "pattern": "正则",
    "split": "拆字",
    "repeat": "叠字",
    "homophone": "谐音",
    "pinyin": "拼音",
}
"""The ways in which a term is found, and how they are named to operators."""
MASKS = frozenset(["split", "repeat", "homophone", "pinyin"])
"""Those that undo an evasion."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found: its list, where in ``compact``, where in what the member wrote, and through which view."""

    words: WordList
    start: int
    end: int
    span: Span
    view: str = "plain"
    term: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled word lists; immutable."""

    plain: Forms = field(repr=False)
    tokens: dict[str, tuple[Term, ...]] = field(repr=False)
    """Whole-token Latin terms, which are looked up as tokens."""
    silenced: frozenset[str] = field(repr=False)
    """Tokens that are allow-phrases too."""
    evasions: Evasions = field(repr=False)
    patterns: Patterns = field(repr=False)

    @classmethod
    def compile(cls, lists: Sequence[WordList]) -> "Lexicon":
        """Fold and compile ``lists`` (0.2 s for the built-in ones; the same lists are compiled once)."""
        return _compiled(tuple(lists))

    @classmethod
    def _of(cls, lists: Sequence[WordList]) -> "Lexicon":
        terms: dict[str, tuple[Term, ...]] = {}
        tokens: dict[str, tuple[Term, ...]] = {}
        phrases = [phrase for words in lists for phrase in words.allow]
        allowed = {form: phrase for form, phrase in zip(all_folded(phrases), phrases, strict=True) if form}
        forms = [(words, all_folded(words.terms)) for words in lists]
        for words, written in forms:
            for term in terms_of(words, written):
                table = tokens if words.whole_token and _LETTERS.fullmatch(term.form) else terms
                known = table.get(term.form)
                table[term.form] = (*known, term) if known else (term,)
        hidden = strong_terms(lists)
        strong = {form: hidden[form] for form in terms if form in hidden}
        plain = Forms.compile(terms, allowed, pieces_of((*strong, *used_in_frames(lists))), anchored(lists))
        evasions = Evasions.compile(plain, strong, allowed, forms)
        return cls(plain, tokens, frozenset(tokens.keys() & allowed), evasions, Patterns.compile(lists))

    def hits(self, text: TextFacts) -> tuple[Hit, ...]:
        """Every hit that no allow-phrase covers; through a mask only where no strong term is found otherwise."""
        matches = self._matches(text)
        found: list[Hit] = []
        kinds = kinds_of(matches) if matches else 0
        if kinds & TERM:
            found.extend(_plain_hits(matches, text))
        if kinds & ANCHOR or self.patterns.members:
            found.extend(self._placed(text, matches))
        if self.tokens and _LETTER.search(text.norm):
            found.extend(self._token_hits(text))
        hidden = self.evasions.masked(text, matches if kinds & PIECES else ())
        return (*found, *_unmasked(hidden, found, text)) if hidden else tuple(found)

    def _matches(self, text: TextFacts) -> list[Match]:
        return of_words(text, (self.evasions.decoder, "matches"), lambda: self.plain.matches(text.compact))

    def _placed(self, text: TextFacts, matches: Sequence[Match]) -> Iterator[Hit]:
        """What frames and patterns cover and no allow-phrase touches."""
        placed = list(self._places(text.compact, matches))
        allowed = [(start, end) for start, end, payload in matches if payload.allow] if placed else []
        for view, place in placed:
            start, end, words, written = place
            covered = any(low < end and start < high for low, high in allowed)
            whole = view != "frame" or stands(written, text, start, end)
            if whole and not covered and (COMMA in written or not crosses_clauses(text, start, end)):
                yield Hit(words, start, end, text.compact_span(start, end), view, written)

    def _places(self, compact: str, matches: Sequence[Match]) -> Iterator[tuple[str, Place]]:
        yield from (("frame", place) for place in framed(compact, matches))
        yield from (("pattern", place) for place in self.patterns.places(compact))

    def meant(self, text: TextFacts) -> str:
        """A text that is written as it sounds or in pieces, as it is meant; empty for one that is as it is written."""
        return of_words(text, (self.evasions.decoder, "meant"), lambda: self._meant(text))

    def _meant(self, text: TextFacts) -> str:
        pieced = [match for match in self._matches(text) if match[2].whole]
        if pieced and unseen("".join(text.compact[start:end] for start, end, _ in pieced)):
            return joined(text.compact, pieced).text
        read = self.evasions.decoder.of(text)
        return read.text if read and read.text.count(UNKNOWN) <= MOST_UNKNOWN * len(read.text) else ""

    def would_hit(self, phrase: str) -> bool:
        """Whether any term is inside ``phrase``, allow-phrases aside."""
        form = folded(phrase)
        matches = self.plain.matches(form)
        if any(payload.terms for _, _, payload in matches) or any(self._places(form, matches)):
            return True
        return any(token in self.tokens for token in _LETTERS.findall(normalise(phrase)))

    def _token_hits(self, text: TextFacts) -> Iterator[Hit]:
        for start, end, token in _tokens(text.norm):
            for term in () if token in self.silenced else self.tokens.get(token, ()):
                span = text.span(start, end)
                at = text.compact_index(span[0])
                yield Hit(term.words, at, at + len(token), span, term=term.text)


@lru_cache(maxsize=2)
def _compiled(lists: tuple[WordList, ...]) -> Lexicon:
    """Remembered, because the check of a folder and the engine need the same, and most edits change no words."""
    return Lexicon._of(lists)


def _tokens(norm: str) -> Iterator[tuple[int, int, str]]:
    for match in _LETTERS.finditer(norm):
        yield match.start(), match.end(), match.group()
    for match in _SPELLED.finditer(norm):
        yield match.start(), match.end(), "".join(filter(str.isalnum, match.group()))


def _plain_hits(matches: Iterable[Match], text: TextFacts) -> Iterator[Hit]:
    for start, end, payload in outside_allowed(matches):
        if not two_clauses(text, start, end):
            span = text.compact_span(start, end)
            for term in payload.terms:
                yield Hit(term.words, start, end, span, term=term.text)


def _unmasked(hidden: Iterable[Masked], found: Iterable[Hit], text: TextFacts) -> Iterator[Hit]:
    """Hits through a mask, the gravest and longest first, where nothing as grave is found otherwise."""
    taken: dict[int, int] = {}
    for hit in found:
        taken |= {at: max(taken.get(at, 0), weight_of(hit.words)) for at in range(hit.start, hit.end)}
    for masked in sorted(hidden, key=lambda one: (-weight_of(one.term.words), one.start - one.end)):
        place, weight = range(masked.start, masked.end), weight_of(masked.term.words)
        if all(taken.get(at, 0) < weight for at in place) and not crosses_clauses(text, place.start, place.stop):
            taken |= dict.fromkeys(place, weight)
            span = text.compact_span(place.start, place.stop)
            yield Hit(masked.term.words, place.start, place.stop, span, masked.view, masked.term.text)


def two_clauses(text: TextFacts, start: int, end: int) -> bool:
    """Whether a plain match is no phrase but the end of one clause and the beginning of another."""
    return end - start >= WORD_LENGTH and crosses_clauses(text, start, end)


def crosses_clauses(text: TextFacts, start: int, end: int) -> bool:
    """Whether the only thing between the characters is one comma: two clauses (我去，你妈妈呢) and no mask."""
    offsets = text.compact_offsets[start:end]
    if offsets[-1] - offsets[0] < end - start:
        return False
    gaps = [(low + 1, high) for low, high in pairwise(offsets) if high - low > 1]
    return len(gaps) == 1 and _CLAUSE_END.search(text.raw, *gaps[0]) is not None
