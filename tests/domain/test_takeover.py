"""The takeover lease."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.takeover import (
    Lease,
    Reminder,
    TakeoverRule,
    due_reminder,
    lapsed,
    lapses_at,
    next_check,
    release,
    take,
)

TAKEN = datetime(2026, 5, 1, 12, tzinfo=UTC)


def later(minutes: float) -> datetime:
    return TAKEN + timedelta(minutes=minutes)


def test_every_change_of_holder_is_a_new_epoch() -> None:
    lease = take(Lease(), "anna")
    assert lease == Lease(1, "anna")
    assert take(lease, "anna") == lease
    assert take(lease, "ben") == Lease(2, "ben")
    assert release(lease) == Lease(2, None)
    assert release(Lease()) == Lease()


@given(st.lists(st.sampled_from(["anna", "ben", None]), max_size=20))
def test_an_epoch_belongs_to_one_holder(acts: list[str | None]) -> None:
    lease = Lease()
    holders: dict[int, str | None] = {0: None}
    for agent in acts:
        following = release(lease) if agent is None else take(lease, agent)
        assert following.epoch - lease.epoch == (following.holder != lease.holder)
        lease = following
        assert holders.setdefault(lease.epoch, lease.holder) == lease.holder


def test_silence_for_half_an_hour_gives_the_case_back() -> None:
    assert not lapsed(later(29.99), TAKEN, None)
    assert lapsed(later(30), TAKEN, None)
    assert not lapsed(later(30), TAKEN, later(10))
    assert lapses_at(TAKEN, later(10)) == later(40)


def test_a_word_from_before_the_takeover_does_not_shorten_it() -> None:
    assert lapses_at(TAKEN, later(-20)) == later(30)


def test_two_reminders_come_before_the_lapse() -> None:
    assert due_reminder(later(9.9), TAKEN, None, 0) is None
    assert due_reminder(later(10), TAKEN, None, 0) == Reminder(1, timedelta(minutes=10), later(30))
    assert due_reminder(later(15), TAKEN, None, 1) is None
    second = due_reminder(later(20), TAKEN, None, 1)
    assert second is not None
    assert second.number == 2
    assert due_reminder(later(25), TAKEN, None, 2) is None


def test_after_a_downtime_only_the_latest_reminder_comes_and_none_after_the_lapse() -> None:
    missed = due_reminder(later(25), TAKEN, None, 0)
    assert missed is not None
    assert missed.number == 2
    assert due_reminder(later(31), TAKEN, None, 0) is None


def test_the_agents_word_starts_the_count_anew() -> None:
    assert due_reminder(later(21), TAKEN, later(15), 0) is None
    again = due_reminder(later(25), TAKEN, later(15), 0)
    assert again is not None
    assert (again.number, again.lapses_at) == (1, later(45))


def test_the_next_look_is_at_the_next_reminder_or_the_lapse() -> None:
    assert [next_check(TAKEN, None, sent) for sent in (0, 1, 2, 3)] == [later(10), later(20), later(30), later(30)]


@given(st.integers(0, 3), st.floats(0, 60))
def test_looking_at_the_next_check_always_finds_something(sent: int, word: float) -> None:
    moment = next_check(TAKEN, later(word), sent)
    reminder = due_reminder(moment, TAKEN, later(word), sent)
    assert lapsed(moment, TAKEN, later(word)) or (reminder is not None and reminder.number == sent + 1)


@pytest.mark.parametrize(
    ("lapse", "reminders"), [(0, ()), (30, (20, 10)), (30, (10, 10)), (30, (30,)), (30, (0, 10)), (30, (40,))]
)
def test_reminders_out_of_order_are_refused(lapse: int, reminders: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="takeover"):
        TakeoverRule(timedelta(minutes=lapse), tuple(timedelta(minutes=mark) for mark in reminders))
