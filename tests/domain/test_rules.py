"""How far a rule is trusted: reviews counted, and Wilson's interval as known from the literature."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules import RuleFacts, distrusted, precision

counts = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("right", "wrong", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 5, 0.2366, 0.7634), (10, 0, 0.7225, 1.0), (95, 5, 0.8882, 0.9785)],
)
def test_the_interval_is_wilsons(right: int, wrong: int, low: float, high: float) -> None:
    found = precision(right, wrong)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_before_any_review_nothing_is_known() -> None:
    assert precision(0, 0) is None


@given(counts, counts)
def test_the_interval_holds_the_share(right: int, wrong: int) -> None:
    found = precision(right, wrong)
    assert found is None or 0 <= found.low <= found.share <= found.high <= 1


def test_a_review_that_is_changed_counts_once() -> None:
    rule = RuleFacts().judged(right=True).judged(right=False, before=True)
    assert (rule.right, rule.wrong) == (0, 1)


@pytest.mark.parametrize(
    ("right", "wrong", "back"), [(0, 2, False), (0, 3, True), (20, 3, False), (10, 6, True), (100, 12, False)]
)
def test_a_rule_falls_back_when_it_is_wrong_too_often_for_certain(right: int, wrong: int, back: bool) -> None:
    assert distrusted(RuleFacts(None, right, wrong)) is back
