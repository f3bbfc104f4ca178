"""The send budget of an account."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.budget import (
    UNLIMITED,
    BudgetState,
    SendRule,
    after_refusal,
    after_send,
    earliest,
    left_today,
    why_waiting,
)
from domain.calendar_day import community_day

TZ = "Asia/Shanghai"
NOW = datetime(2026, 5, 1, 4, tzinfo=UTC)  # noon in Shanghai
RULE = SendRule(timedelta(seconds=2), timedelta(seconds=1), daily_cap=5, pause=timedelta(minutes=5))


def send(state: BudgetState, at: datetime, rule: SendRule = RULE) -> BudgetState:
    assert earliest(at, state, rule, 0.0, TZ) <= at
    return after_send(at, state, TZ)


def test_a_fresh_account_may_send_at_once() -> None:
    assert earliest(NOW, BudgetState(), RULE, 0.99, TZ) == NOW
    assert why_waiting(NOW, BudgetState(), RULE, 0.99, TZ) == "free"


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, 2.0), (0.5, 2.5), (0.9, 2.9)])
def test_between_two_sends_lie_the_interval_and_a_share_of_jitter(jitter: float, seconds: float) -> None:
    state = after_send(NOW, BudgetState(), TZ)
    assert earliest(NOW, state, RULE, jitter, TZ) == NOW + timedelta(seconds=seconds)
    assert why_waiting(NOW, state, RULE, jitter, TZ) == "interval"


def test_the_daily_cap_waits_for_the_communitys_midnight() -> None:
    state, at = BudgetState(), NOW
    for _ in range(5):
        state, at = send(state, at), at + timedelta(seconds=10)
    assert left_today(at, state, RULE, TZ) == 0
    midnight = datetime(2026, 5, 1, 16, tzinfo=UTC)
    assert earliest(at, state, RULE, 0.0, TZ) == midnight
    assert why_waiting(at, state, RULE, 0.0, TZ) == "daily_cap"
    state = send(state, midnight)
    assert left_today(midnight, state, RULE, TZ) == 4


def test_a_clock_set_back_over_midnight_gives_no_second_budget() -> None:
    midnight = datetime(2026, 5, 1, 16, tzinfo=UTC)
    state = BudgetState(day=community_day(midnight, TZ), sent_on=5)
    assert left_today(midnight - timedelta(seconds=1), state, RULE, TZ) == 0
    assert left_today(midnight - timedelta(days=3), state, RULE, TZ) == 5


def test_a_clock_set_back_never_waits_longer_than_one_interval() -> None:
    state = replace(after_send(NOW, BudgetState(), TZ), last_sent_at=NOW + timedelta(days=300))
    assert earliest(NOW, state, RULE, 0.0, TZ) == NOW + timedelta(seconds=2)


def test_a_refusal_pauses_and_each_further_one_for_longer() -> None:
    state, at, pauses = BudgetState(), NOW, []
    for _ in range(9):
        state = after_refusal(at, state, RULE)
        assert state.paused_until is not None
        assert earliest(at, state, RULE, 0.0, TZ) == state.paused_until
        assert why_waiting(at, state, RULE, 0.0, TZ) == "paused"
        pauses.append((state.paused_until - at) / timedelta(minutes=1))
        at = state.paused_until
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 360, 360]


def test_refusals_of_sends_already_under_way_are_one_refusal() -> None:
    state = after_refusal(NOW, BudgetState(), RULE)
    again = after_refusal(NOW + timedelta(seconds=3), state, RULE)
    assert (again.refusals, again.paused_until) == (1, state.paused_until)


def test_a_calm_day_forgets_refusals() -> None:
    state = after_refusal(NOW, BudgetState(), RULE)
    soon = after_refusal(NOW + timedelta(hours=23), state, RULE)
    later = after_refusal(NOW + timedelta(hours=24), state, RULE)
    assert (soon.refusals, later.refusals) == (2, 1)
    assert later.paused_until == NOW + timedelta(hours=24, minutes=5)


def test_a_pause_is_never_longer_than_the_longest() -> None:
    rule = SendRule(pause=timedelta(hours=12), longest_pause=timedelta(hours=6))
    assert after_refusal(NOW, BudgetState(), rule).paused_until == NOW + timedelta(hours=6)
    worst = BudgetState(refusals=10_000, last_refusal_at=NOW)
    assert after_refusal(NOW, worst, rule).paused_until == NOW + timedelta(hours=6)


def test_without_limits_nothing_waits() -> None:
    state = BudgetState()
    for _ in range(50):
        state = send(state, NOW, UNLIMITED)
    assert left_today(NOW, state, UNLIMITED, TZ) is None


@pytest.mark.parametrize("jitter", [-0.1, 1.0])
def test_jitter_is_a_share(jitter: float) -> None:
    with pytest.raises(ValueError, match="jitter"):
        earliest(NOW, BudgetState(), RULE, jitter, TZ)


@pytest.mark.parametrize(
    "arguments", [{"daily_cap": 0}, {"min_interval": timedelta(-1)}, {"growth": 0.5}, {"growth": 1000}]
)
def test_a_rule_without_sense_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"cap|negative|factor"):
        SendRule(**arguments)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.integers(0, 30_000), st.floats(0, 0.999), st.booleans()), max_size=40))
def test_whoever_waits_until_earliest_keeps_every_limit(steps: list[tuple[int, float, bool]]) -> None:
    state, at, sent = BudgetState(), NOW, []
    for idle, jitter, refused in steps:
        at = earliest(at + timedelta(seconds=idle), state, RULE, jitter, TZ)
        assert earliest(at, state, RULE, jitter, TZ) == at
        state = after_send(at, state, TZ)
        sent.append(at)
        if refused:
            state = after_refusal(at, state, RULE)
    assert all(later - sooner >= RULE.min_interval for sooner, later in pairwise(sent))
    days = [community_day(when, TZ) for when in sent]
    assert all(days.count(day) <= 5 for day in days)
