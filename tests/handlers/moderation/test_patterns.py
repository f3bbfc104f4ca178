"""Operators' patterns: what RE2 takes, where they are found, and that no text makes them slow."""

import pytest
from hypothesis import given

from domain.book import WordList
from handlers.moderation.patterns import MOST_PER_PATTERN, Patterns, refusal
from handlers.text.facts import read
from tests.handlers.text.texts import any_text

WORDS = WordList("号码", "warn", (), patterns=("暗号[0-9]{3}", "(a+)+b", "滾(远|開)点"))
PATTERNS = Patterns.compile((WORDS,))


def found(text: str) -> list[tuple[str, str]]:
    """The characters that were matched, and by which pattern."""
    compact = read(text).compact
    return [(compact[start:end], pattern) for start, end, _, pattern in PATTERNS.places(compact)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("暗 号：①②③", [("暗号123", "暗号[0-9]{3}")]),
        ("滚开点", [("滚开点", "滾(远|開)点")]),
        ("AAB", [("aab", "(a+)+b")]),
        ("暗号12", []),
        ("", []),
    ],
)
def test_patterns_see_what_is_left_of_a_text_without_its_decorations(text: str, places: list[tuple[str, str]]) -> None:
    assert found(text) == places


def test_a_pattern_that_would_choke_a_backtracking_engine_is_harmless() -> None:
    assert list(PATTERNS.places("a" * 8192)) == []


def test_evidence_is_a_few_places() -> None:
    assert len(found("暗号123" * 50)) == MOST_PER_PATTERN


@pytest.mark.parametrize("pattern", ["坏(?=蛋)", "(?<!不)坏", r"(坏)\1", "[坏", "坏{1,9999}", "坏*", "|坏"])
def test_what_cannot_be_used_is_refused_with_a_reason(pattern: str) -> None:
    assert refusal(pattern)


@pytest.mark.parametrize("pattern", WORDS.patterns)
def test_what_can_be_used_is_not_refused(pattern: str) -> None:
    assert refusal(pattern) == ""


@given(any_text)
def test_places_lie_in_any_text(text: str) -> None:
    compact = read(text).compact
    for start, end, _, _ in PATTERNS.places(compact):
        assert 0 <= start < end <= len(compact)
