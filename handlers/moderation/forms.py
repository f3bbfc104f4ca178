"""Terms in one of their forms, and allow-phrases in the same, as one automaton: one pass over a text finds all."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import ahocorasick

from domain.book import WordList


@dataclass(frozen=True, slots=True)
class Term:
    """A term as its list has it, and the folded form in which it is compared."""

    words: WordList
    text: str
    form: str


@dataclass(frozen=True, slots=True)
class Payload:
    """What one form means: the terms it is a form of, the allow-phrase, the character it is the pieces of."""

    length: int
    terms: tuple[Term, ...] = ()
    allow: str = ""
    whole: str = ""


Match = tuple[int, int, Payload]
"""Where in the text (start, end), and what."""


@dataclass(frozen=True, slots=True)
class Forms:
    """Compiled forms; immutable."""

    automaton: Any = field(repr=False)

    @classmethod
    def compile(
        cls, terms: Mapping[str, list[Term]], allowed: Mapping[str, str], pieces: Mapping[str, str] | None = None
    ) -> "Forms":
        """``terms`` and ``allowed`` by form (the latter to the phrase), ``pieces`` by form to the whole character."""
        pieces = pieces or {}
        automaton = ahocorasick.Automaton()
        for form in {**terms, **allowed, **pieces}:
            payload = Payload(len(form), tuple(terms.get(form, ())), allowed.get(form, ""), pieces.get(form, ""))
            automaton.add_word(form, payload)
        automaton.make_automaton()
        return cls(automaton)

    def matches(self, text: str) -> list[Match]:
        """Every form in ``text``, allow-phrases and pieces included, by where it ends."""
        if not len(self.automaton):
            return []
        return [(end + 1 - payload.length, end + 1, payload) for end, payload in self.automaton.iter(text)]


def outside_allowed(matches: Iterable[Match]) -> Iterator[Match]:
    """The matches of terms that no allow-phrase among the matches covers."""
    matches = list(matches)
    allowed = [(start, end) for start, end, payload in matches if payload.allow]
    for start, end, payload in matches:
        if payload.terms and not any(low <= start and end <= high for low, high in allowed):
            yield start, end, payload
