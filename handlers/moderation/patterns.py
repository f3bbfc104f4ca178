"""Operators' regular expressions on RE2: all of them in one pass, in time linear in the text whatever they say."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import re2

from domain.book import WordList
from handlers.text.normalise import normalise

MOST_PER_PATTERN = 4
"""Places of one pattern that are kept as evidence."""
_HANZI = re.compile("[\u2e80-\u9fff]")

Place = tuple[int, int, WordList, str]
"""Where in the text (start, end), of which list, and by which pattern."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    words: WordList
    text: str
    compiled: Any


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiled patterns; immutable."""

    every: Any = field(repr=False)
    members: tuple[_Pattern, ...] = field(repr=False)

    @classmethod
    def compile(cls, lists: Iterable[WordList]) -> "Patterns":
        """One set over the patterns of all lists; those that `refusal` refuses must have been taken out."""
        every, members = re2.Set.SearchSet(_options()), []
        for words in lists:
            for text in words.patterns:
                every.Add(_folded(text))
                members.append(_Pattern(words, text, re2.compile(_folded(text), _options())))
        if members:
            every.Compile()
        return cls(every, tuple(members))

    def places(self, compact: str) -> Iterator[Place]:
        """Where patterns match a text in the form in which terms are compared (letters and digits only)."""
        for number in sorted(self.every.Match(compact) or ()) if self.members else ():
            pattern = self.members[number]
            for count, match in enumerate(pattern.compiled.finditer(compact), 1):
                if match.end() > match.start():
                    yield match.start(), match.end(), pattern.words, pattern.text
                if count == MOST_PER_PATTERN:
                    break


def refusal(pattern: str) -> str:
    """Why a pattern cannot be used, in the words of RE2, or that it matches nothing at all; empty when it can."""
    try:
        compiled = re2.compile(_folded(pattern), _options())
    except re2.error as error:
        said = error.args[0]
        return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return "它连空文字也匹配" if compiled.search("") else ""


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.case_sensitive = False
    return options


def _folded(pattern: str) -> str:
    """Chinese characters as they are in a normalised text (simplified); the rest is syntax."""
    return _HANZI.sub(lambda char: normalise(char.group()) or char.group(), pattern)
