"""All word lists as one automaton over normalised text: one pass gives every hit, and the longest phrase wins."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import ahocorasick

from domain.book import WordList
from domain.text import Span, TextFacts
from handlers.text.normalise import compact, normalise, trace

_LETTER = re.compile("[a-z]")
_LETTERS = re.compile(r"[a-z0-9]+")
# Single letters with something between them are spelled to evade: n m s l, s.b.
_SPELLED = re.compile(r"(?<![a-z0-9])(?:[a-z][^a-z0-9]{1,2}){1,7}[a-z](?![a-z0-9])")
_CLAUSE_END = re.compile(r"[，。！？；,!?;\n]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found: its list, where in ``compact``, and where in what the member wrote."""

    words: WordList
    start: int
    end: int
    span: Span


@dataclass(frozen=True, slots=True)
class _Payload:
    """What one form means: the lists it is a term of, and whether it is an allow-phrase."""

    length: int
    lists: tuple[WordList, ...]
    allow: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled word lists; immutable."""

    automaton: Any = field(repr=False)
    tokens: dict[str, tuple[WordList, ...]] = field(repr=False)

    @classmethod
    def compile(cls, lists: Sequence[WordList]) -> "Lexicon":
        """Fold and compile ``lists``. Whole-token Latin terms are looked up as tokens instead."""
        terms: dict[str, list[WordList]] = {}
        tokens: dict[str, list[WordList]] = {}
        allowed = {form for words in lists for phrase in words.allow if (form := folded(phrase))}
        for words in lists:
            for term in words.terms:
                form = folded(term)
                table = tokens if words.whole_token and _LETTERS.fullmatch(form) else terms
                if form:
                    table.setdefault(form, []).append(words)
        automaton = ahocorasick.Automaton()
        for form in terms.keys() | allowed:
            automaton.add_word(form, _Payload(len(form), tuple(terms.get(form, ())), form in allowed))
        automaton.make_automaton()
        return cls(automaton, {form: tuple(held) for form, held in tokens.items() if form not in allowed})

    def hits(self, text: TextFacts) -> tuple[Hit, ...]:
        """Every hit that no allow-phrase covers, in order."""
        found: list[Hit] = []
        if len(self.automaton):
            matches = list(self.automaton.iter(text.compact))
            if matches:
                found.extend(_outside_allowed(matches, text))
        if self.tokens and _LETTER.search(text.norm):
            found.extend(self._token_hits(text))
        return tuple(found)

    def would_hit(self, phrase: str) -> bool:
        """Whether any term is inside ``phrase``, allow-phrases aside."""
        form = folded(phrase)
        inside = len(self.automaton) and any(payload.lists for _, payload in self.automaton.iter(form))
        return bool(inside) or any(token in self.tokens for token in _LETTERS.findall(normalise(phrase)))

    def _token_hits(self, text: TextFacts) -> Iterator[Hit]:
        for start, end, token in _tokens(text.norm):
            for words in self.tokens.get(token, ()):
                span = text.span(start, end)
                at = text.compact_index(span[0])
                yield Hit(words, at, at + len(token), span)


def folded(phrase: str) -> str:
    """The form in which terms are compared: normalised, letters and digits only."""
    return compact(trace(phrase)).text


def _tokens(norm: str) -> Iterator[tuple[int, int, str]]:
    for match in _LETTERS.finditer(norm):
        yield match.start(), match.end(), match.group()
    for match in _SPELLED.finditer(norm):
        yield match.start(), match.end(), "".join(filter(str.isalnum, match.group()))


def _outside_allowed(matches: Iterable[tuple[int, _Payload]], text: TextFacts) -> Iterator[Hit]:
    spans = [(end + 1 - payload.length, end + 1, payload) for end, payload in matches]
    allowed = [(start, end) for start, end, payload in spans if payload.allow]
    for start, end, payload in spans:
        if not payload.lists or any(low <= start and end <= high for low, high in allowed):
            continue
        span = text.compact_span(start, end)
        if _crosses_clauses(text.raw[span[0] : span[1]], end - start):
            continue
        for words in payload.lists:
            yield Hit(words, start, end, span)


def _crosses_clauses(raw: str, length: int) -> bool:
    """A phrase over one comma is two clauses (我去，你妈妈呢); several, or within a two-letter word, are evasion."""
    if length < 3 or len(raw) == length:
        return False
    return len(_CLAUSE_END.findall(raw)) == 1
