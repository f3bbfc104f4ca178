"""Terms in one of their forms, and allow-phrases in the same: one pass over a text finds all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from types import MappingProxyType
from typing import Any, NamedTuple

import ahocorasick

from domain.book import WordList
from handlers.moderation.frames import Frame, Place, places

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Term(NamedTuple):
    """A term as its list has it, and the folded form in which it is compared."""

    words: WordList
    text: str
    form: str


def terms_of(words: WordList, forms: Iterable[str]) -> Iterator[Term]:
    """The terms of a list that are more than signs; ``forms`` are all of them in folded form."""
    return (term for term in map(Term._make, zip(repeat(words), words.terms, forms, strict=False)) if term.form)


TERM, ALLOWED, PIECES, ANCHOR = 1, 2, 4, 8
"""What a form can be; several at once."""


class Payload(NamedTuple):
    """What one form means: terms it is a form of, an allow-phrase, the character of its pieces, frames to look for."""

    length: int
    kind: int
    """The sum of what it is."""
    terms: tuple[Term, ...] = ()
    allow: str = ""
    whole: str = ""
    frames: tuple[Frame, ...] = ()


Match = tuple[int, int, Payload]
"""Where in the text (start, end), and what."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """What each form is, by form: terms, allow-phrases, the characters that pieces make, frames an anchor may begin."""

    terms: Mapping[str, Sequence[Term]]
    allowed: Mapping[str, str]
    pieces: Mapping[str, str]
    anchors: Mapping[str, Sequence[Frame]]

    def forms(self) -> Iterator[str]:
        """Every form once."""
        return iter(dict.fromkeys(chain(self.terms, self.allowed, self.pieces, self.anchors)))

    def payload(self, form: str) -> Payload:
        """What a form is."""
        held, phrase = tuple(self.terms.get(form, ())), self.allowed.get(form, "")
        whole, frames = self.pieces.get(form, ""), tuple(self.anchors.get(form, ()))
        kind = TERM * bool(held) + ALLOWED * bool(phrase) + PIECES * bool(whole) + ANCHOR * bool(frames)
        return Payload(len(form), kind, held, phrase, whole, frames)


@dataclass(frozen=True, slots=True)
class Forms:
    """Compiled forms as one automaton, which tells only how long what it found is."""

    automaton: Any = field(repr=False)
    meanings: Meanings = field(repr=False)
    met: dict[str, Payload] = field(default_factory=dict, repr=False)
    """The payloads of forms that a text had; most of a hundred thousand forms are never met."""

    @classmethod
    def compile(
        cls,
        terms: Mapping[str, Sequence[Term]],
        allowed: Mapping[str, str],
        pieces: Mapping[str, str] = _NOTHING,
        anchors: Mapping[str, Sequence[Frame]] = _NOTHING,
    ) -> "Forms":
        """All by form, as `Meanings` has them."""
        meanings = Meanings(terms, allowed, pieces, anchors)
        return cls(_automaton(meanings.forms()), meanings)

    def matches(self, text: str) -> list[Match]:
        """Every form in ``text``, allow-phrases and pieces included, by where it ends, the longest first."""
        if not self.automaton:
            return []
        met, found = self.met.get, []
        for last, length in self.automaton.iter(text):
            end = last + 1
            form = text[end - length : end]
            found.append((end - length, end, met(form) or self._met(form)))
        return found

    def _met(self, form: str) -> Payload:
        payload = self.met[form] = self.meanings.payload(form)
        return payload


def holding(terms: Iterable[str], allowed: Mapping[str, str]) -> dict[str, str]:
    """Those allow-phrases that hold any of these forms of terms: the others spare none."""
    if not (automaton := _automaton(terms)):
        return {}
    return {form: phrase for form, phrase in allowed.items() if next(automaton.iter(form), None)}


def _automaton(forms: Iterable[str]) -> Any:
    automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    add = automaton.add_word
    for form in forms:
        add(form)
    automaton.make_automaton()
    return automaton


def kinds_of(matches: Iterable[Match]) -> int:
    """What there is among the matches, as a sum of kinds."""
    kinds = 0
    for _, _, payload in matches:
        kinds |= payload.kind
    return kinds


def framed(text: str, matches: Iterable[Match]) -> list[Place]:
    """Where the frames are in a text whose anchors are among its matches, the longest first."""
    near = [f for start, end, payload in matches for f in payload.frames if f.may_stand(text, start, end)]
    return sorted(places(text, near), key=_longest_first) if near else []


def _longest_first(place: Place) -> tuple[int, int, str]:
    """So that what is named does not depend on how frames are looked for."""
    start, end, _, written = place
    return start - end, start, written


def outside_allowed(matches: Iterable[Match]) -> Iterator[Match]:
    """The matches of terms that no allow-phrase among the matches covers."""
    matches = list(matches)
    allowed = [(start, end) for start, end, payload in matches if payload.allow]
    for start, end, payload in matches:
        if payload.terms and not any(low <= start and end <= high for low, high in allowed):
            yield start, end, payload
