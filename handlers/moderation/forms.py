"""Terms in one of their forms, and allow-phrases in the same, as one automaton: one pass over a text finds all."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import ahocorasick

from domain.book import WordList
from handlers.moderation.frames import Frame

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Term:
    """A term as its list has it, and the folded form in which it is compared."""

    words: WordList
    text: str
    form: str


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
class Forms:
    """Compiled forms; immutable."""

    automaton: Any = field(repr=False)

    @classmethod
    def compile(
        cls,
        terms: Mapping[str, list[Term]],
        allowed: Mapping[str, str],
        pieces: Mapping[str, str] = _NOTHING,
        anchors: Mapping[str, tuple[Frame, ...]] = _NOTHING,
    ) -> "Forms":
        """All by form: terms, allow-phrases, the characters that pieces make, the frames that an anchor may begin."""
        automaton = ahocorasick.Automaton()
        for form in {**terms, **allowed, **pieces, **anchors}:
            held, phrase = tuple(terms.get(form, ())), allowed.get(form, "")
            whole, frames = pieces.get(form, ""), anchors.get(form, ())
            kind = TERM * bool(held) + ALLOWED * bool(phrase) + PIECES * bool(whole) + ANCHOR * bool(frames)
            automaton.add_word(form, Payload(len(form), kind, held, phrase, whole, frames))
        automaton.make_automaton()
        return cls(automaton)

    def matches(self, text: str) -> list[Match]:
        """Every form in ``text``, allow-phrases and pieces included, by where it ends."""
        if not len(self.automaton):
            return []
        return [(end + 1 - payload.length, end + 1, payload) for end, payload in self.automaton.iter(text)]


def kinds_of(matches: Iterable[Match]) -> int:
    """What there is among the matches, as a sum of kinds."""
    kinds = 0
    for _, _, payload in matches:
        kinds |= payload.kind
    return kinds


def outside_allowed(matches: Iterable[Match]) -> Iterator[Match]:
    """The matches of terms that no allow-phrase among the matches covers."""
    matches = list(matches)
    allowed = [(start, end) for start, end, payload in matches if payload.allow]
    for start, end, payload in matches:
        if payload.terms and not any(low <= start and end <= high for low, high in allowed):
            yield start, end, payload
