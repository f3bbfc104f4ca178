"""The breaker of removals."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.breaker import BreakerRule, BreakerState, breaker

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=one) for one in seconds]


def test_three_removals_a_minute_are_allowed_and_a_fourth_is_not() -> None:
    assert breaker(ago(), NOW) == BreakerState(True, 0)
    assert breaker(ago(50, 30), NOW) == BreakerState(True, 2)
    assert breaker(ago(50, 30, 10), NOW) == BreakerState(False, 3, NOW + timedelta(seconds=10))


def test_the_window_slides() -> None:
    assert breaker(ago(60, 30, 10), NOW).allowed
    assert not breaker(ago(59.9, 30, 10), NOW).allowed


def test_with_more_than_the_limit_spent_it_frees_when_fewer_are_left() -> None:
    assert breaker(ago(50, 40, 30, 20, 10), NOW).free_at == NOW + timedelta(seconds=30)


def test_a_person_wipes_the_slate() -> None:
    assert breaker(ago(50, 30, 10), NOW, approved_at=NOW - timedelta(seconds=5)).used == 0
    assert breaker(ago(50, 30, 10), NOW, approved_at=NOW - timedelta(seconds=30)).used == 1


def test_removals_from_a_clock_ahead_count() -> None:
    assert not breaker(ago(-10, -20, -30), NOW).allowed


def test_a_limit_of_zero_never_removes_without_a_person() -> None:
    assert breaker([], NOW, BreakerRule(limit=0)) == BreakerState(False, 0, None)


@given(st.lists(st.floats(0, 600), max_size=60), st.integers(1, 5))
def test_no_minute_ever_sees_more_than_the_limit(times: list[float], limit: int) -> None:
    rule = BreakerRule(limit)
    done: list[datetime] = []
    for second in sorted(times):
        now = NOW + timedelta(seconds=second)
        state = breaker(done, now, rule)
        if state.allowed:
            done.append(now)
        else:
            assert state.free_at is not None
            assert breaker(done, state.free_at, rule).allowed
            assert not breaker(done, state.free_at - timedelta(microseconds=1), rule).allowed
    for start in done:
        assert sum(start <= other < start + rule.window for other in done) <= limit


@pytest.mark.parametrize("arguments", [(-1, timedelta(1)), (1, timedelta(0))])
def test_a_breaker_without_sense_is_refused(arguments: tuple[int, timedelta]) -> None:
    with pytest.raises(ValueError, match="removal"):
        BreakerRule(*arguments)
