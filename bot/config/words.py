"""Reads words/*.yaml into word lists; those of the folder add to the built-in ones or replace a category of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from bot.config.fields import Fields, tables
from bot.config.files import Source
from bot.config.problems import Problems
from bot.config.words_checks import BUILTIN, check_terms, good_patterns, lines_of, warn_allow, warn_repeats
from domain.book import WordList
from handlers.moderation.lexicon import Lexicon

KEYS = (
    "category",
    "rule",
    "severity",
    "to_somebody",
    "title",
    "whole_token",
    "exact",
    "as_written",
    "trial",
    "replace",
    "terms",
    "frames",
    "patterns",
    "allow",
)
SEVERITIES = ("none", "review", "warn", "remove")
RULES = ("abuse", "advert")
LONGEST_TERM = 40
LONGEST_TEMPLATE = 4_000
LONGEST_PATTERN = 1_000
MOST_TERMS = 50_000
MOST_PATTERNS = 500
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class _Read:
    """One list as read, whether it takes the place of the built-in one, and where to report about it."""

    words: WordList
    replaces: bool
    fields: Fields


def read_words(builtin: Iterable[Source], own: Iterable[Source], problems: Problems) -> tuple[WordList, ...]:
    """All lists in force: the built-in ones less the categories that a ``replace: true`` list takes over."""
    shipped = [read.words for source in builtin for read in _lists(source, problems)]
    added = [read for source in own for read in _lists(source, problems)]
    replaced = {read.words.category for read in added if read.replaces}
    lists = (*(words for words in shipped if words.category not in replaced), *(read.words for read in added))
    warn_repeats([read.words for read in added], problems)
    if any(read.words.allow for read in added):
        lexicon = Lexicon.compile(lists)
        for read in added:
            warn_allow(read.words, read.fields, lexicon)
    return lists


def _lists(source: Source, problems: Problems) -> Iterator[_Read]:
    for table in tables(source.name, source.root, "lists", problems):
        read = _list(Fields(source.name, table, problems, "词表"))
        if read is not None:
            yield read


def _list(fields: Fields) -> _Read | None:
    fields.known(KEYS)
    category = fields.text("category", longest=40, required=True)
    templates = fields.texts("terms", longest=LONGEST_TEMPLATE, most=MOST_TERMS)
    allowed = fields.texts("allow", longest=LONGEST_TEMPLATE, most=MOST_TERMS)
    exact = fields.flag("exact", False)
    if category is None or not (
        _within_bounds(fields, "terms", templates) and _within_bounds(fields, "allow", allowed)
    ):
        return None
    words = WordList(
        category=category,
        severity=fields.choice("severity", "warn", SEVERITIES),
        terms=_all(templates),
        allow=_all(allowed),
        rule=fields.choice("rule", "abuse", RULES),
        title=fields.text("title", longest=40) or "",
        whole_token=fields.flag("whole_token", False),
        to_somebody=fields.choice("to_somebody", "", SEVERITIES),
        where=f"{fields.file}:{fields.table.line}",
        exact=exact,
        as_written=fields.flag("as_written", False),
        trial=fields.flag("trial", False),
        frames=fields.texts("frames", longest=LONGEST_TEMPLATE, most=MOST_TERMS),
        patterns=good_patterns(fields, fields.texts("patterns", longest=LONGEST_PATTERN, most=MOST_PATTERNS)),
    )
    phrases = ((term, template) for template in templates for term in spelled_out(template))
    if not fields.file.startswith(BUILTIN):
        # Thousands of terms that never change are checked by a test, and not at every start.
        check_terms(fields, phrases, exact, words.allow)
    return _Read(words, fields.flag("replace", False), fields)


def spelled_out(template: str) -> Iterable[str]:
    """All phrases that a template stands for: ``(滚|爬)(远|开|)点`` is six."""
    return map("".join, product(*_choices(template)))


def _choices(template: str) -> list[list[str]]:
    return [part.split("|") if index % 2 else [part] for index, part in enumerate(_CHOICE.split(template))]


def _all(templates: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for template in templates for phrase in spelled_out(template)))


def _within_bounds(fields: Fields, key: str, templates: Sequence[str]) -> bool:
    """Whether what the templates stand for is not too much and nowhere too long; says so otherwise."""
    total = 0
    for template in templates:
        choices = _choices(template)
        total += prod(map(len, choices))
        if sum(max(map(len, choice)) for choice in choices) > LONGEST_TERM * (1 if key == "terms" else 2):
            line = lines_of(fields, key).get(template, fields.table.line)
            fields.error(line, f"词“{template}”展开后超过 {LONGEST_TERM} 字", "写短一点")
            return False
    if total > MOST_TERMS:
        fields.error(fields.table.line, f"展开后有 {total} 个词，最多 {MOST_TERMS} 个", "拆成几个词表，或减少可选项")
    return total <= MOST_TERMS
