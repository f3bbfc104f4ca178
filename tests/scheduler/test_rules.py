"""When campaigns are due, on the community's clock."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules import AtClock, Every, due, next_due, parse

SHANGHAI = "Asia/Shanghai"
BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_clock_time_is_due_once_a_day_on_the_communitys_clock() -> None:
    found = list(due(parse("08:00"), at("2026-03-01T00:00"), at("2026-03-03T00:00"), SHANGHAI))
    # 8:00 in Shanghai is midnight UTC; the window's start is excluded and its end included.
    assert found == [at("2026-03-02T00:00"), at("2026-03-03T00:00")]


def test_weekdays_that_are_not_listed_are_left_out() -> None:
    # 2 March 2026 is a Monday.
    rule = parse("09:30", weekdays=(0, 4))
    found = list(due(rule, at("2026-03-01T12:00"), at("2026-03-08T12:00"), SHANGHAI))
    assert found == [at("2026-03-02T01:30"), at("2026-03-06T01:30")]


def test_a_time_skipped_by_daylight_saving_comes_after_the_jump() -> None:
    # In Berlin the clock jumps from 2:00 to 3:00 on 29 March 2026.
    found = list(due(parse("02:30"), at("2026-03-28T12:00"), at("2026-03-29T12:00"), BERLIN))
    assert found == [at("2026-03-29T01:30")]


def test_a_time_shown_twice_is_due_at_its_first_showing_only() -> None:
    # On 25 October 2026 the clock shows 2:30 twice.
    found = list(due(parse("02:30"), at("2026-10-24T12:00"), at("2026-10-25T12:00"), BERLIN))
    assert found == [at("2026-10-25T00:30")]


def test_a_day_the_community_never_lived_has_no_due_time() -> None:
    # Samoa skipped 30 December 2011.
    found = list(due(parse("12:00"), at("2011-12-29T00:00"), at("2011-12-31T12:00"), "Pacific/Apia"))
    assert [found_at.strftime("%d %H") for found_at in found] == ["29 22", "30 22"]


def test_every_few_minutes_agrees_between_processes_that_start_at_different_moments() -> None:
    rule = parse("every 20m")
    early = list(due(rule, at("2026-03-01T08:03"), at("2026-03-01T09:00"), SHANGHAI))
    late = list(due(rule, at("2026-03-01T08:31"), at("2026-03-01T09:00"), SHANGHAI))
    assert early == [at("2026-03-01T08:20"), at("2026-03-01T08:40"), at("2026-03-01T09:00")]
    assert late == early[1:]


@pytest.mark.parametrize("text", ["24:00", "8:60", "8", "every 0m", "every 1441m", "every m", "daily", ""])
def test_a_time_that_cannot_be_read_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        parse(text)


def test_a_campaign_without_weekdays_is_never_due() -> None:
    assert next_due(parse("08:00", weekdays=()), at("2026-03-01T00:00"), SHANGHAI) is None


@given(
    start=st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    split=st.integers(0, 20_000),
    clock=st.times(),
    zone=st.sampled_from([SHANGHAI, BERLIN, "America/Santiago", "Australia/Lord_Howe", "UTC"]),
)
def test_cutting_a_window_in_two_neither_loses_nor_doubles_a_due_time(
    start: datetime, split: int, clock: time, zone: str
) -> None:
    rule = AtClock(clock.replace(second=0, microsecond=0))
    after = start.replace(tzinfo=UTC)
    until = after + timedelta(minutes=20_000)
    middle = after + timedelta(minutes=split)
    whole = list(due(rule, after, until, zone))
    assert whole == [*due(rule, after, middle, zone), *due(rule, middle, until, zone)]
    assert whole == sorted(set(whole))
    assert len(whole) in (13, 14)


@given(minutes=st.integers(1, 1440), seconds=st.integers(0, 10**9))
def test_every_few_minutes_is_always_that_far_apart(minutes: int, seconds: int) -> None:
    after = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    first = next_due(Every(minutes), after, "UTC")
    assert first is not None
    assert timedelta(0) < first - after <= timedelta(minutes=minutes)
    assert next_due(Every(minutes), first, "UTC") == first + timedelta(minutes=minutes)
