"""The value of a message's words: spans, and readings that wait until asked for."""

from dataclasses import FrozenInstanceError

import pytest

from domain.text import Readers, TextFacts


class CountingReaders:
    """Readers that count how often they were asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def words(self, norm: str) -> tuple[str, ...]:
        self.asked.append("words")
        return tuple(norm)

    def mood(self, norm: str) -> float:
        self.asked.append("mood")
        return 0.0 if norm else 1.0

    def grievance(self, norm: str) -> float:
        self.asked.append("grievance")
        return 0.25 if norm else 1.0

    def asks(self, norm: str) -> bool:
        self.asked.append("asks")
        return norm.endswith("?")

    def offsets(self, raw: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        self.asked.append("offsets")
        return (0, 1, 2, 3, 3, 4), (0, 3, 3, 4)


def facts_of(counting: CountingReaders) -> TextFacts:
    return TextFacts(
        raw="a--⑩b",
        norm="a--10b",
        compact="a10b",
        truncated=False,
        readers=Readers(counting.words, counting.mood, counting.grievance, counting.asks, counting.offsets),
    )


def test_costly_readings_happen_once_and_only_when_asked() -> None:
    counting = CountingReaders()
    facts = facts_of(counting)
    assert counting.asked == []
    assert (facts.words, facts.words, facts.mood, facts.mood) == (tuple("a--10b"), tuple("a--10b"), 0.0, 0.0)
    assert (facts.grievance, facts.grievance) == (0.25, 0.25)
    assert (facts.is_question, facts.is_question, facts.span(0, 1), facts.compact_span(0, 1)) == (
        False,
        False,
        (0, 1),
        (0, 1),
    )
    assert counting.asked == ["words", "mood", "grievance", "asks", "offsets"]


def test_having_been_asked_does_not_change_equality() -> None:
    asked, fresh = facts_of(CountingReaders()), facts_of(CountingReaders())
    assert asked.words
    assert asked == fresh


def test_facts_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        facts_of(CountingReaders()).norm = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("bounds", "span"),
    [((0, 1), (0, 1)), ((1, 3), (3, 4)), ((0, 4), (0, 5)), ((-3, 99), (0, 5)), ((2, 2), (3, 3)), ((9, 12), (5, 5))],
)
def test_compact_spans_lead_back_and_are_cut_like_slices(bounds: tuple[int, int], span: tuple[int, int]) -> None:
    assert facts_of(CountingReaders()).compact_span(*bounds) == span


def test_a_place_in_the_original_leads_to_the_compact_form() -> None:
    facts = facts_of(CountingReaders())
    assert [facts.compact_index(at) for at in range(6)] == [0, 1, 1, 1, 3, 4]
