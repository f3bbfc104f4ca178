"""Check-ins: days, streaks, points and levels."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar_day import community_day, day_exists, day_start, instant, next_midnight
from domain.checkin import (
    Level,
    PointsRule,
    StreakStep,
    check_in,
    continues,
    level_of,
    points_rule,
)

SHANGHAI = "Asia/Shanghai"
ZONES = [SHANGHAI, "America/New_York", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu", "UTC"]
RULE = PointsRule(5, (StreakStep(3, 2), StreakStep(7, 10)))
instants = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_day_turns_at_the_communitys_midnight() -> None:
    assert community_day(at("2026-05-01T15:59:59.999999+00:00"), SHANGHAI) == date(2026, 5, 1)
    assert community_day(at("2026-05-01T16:00:00+00:00"), SHANGHAI) == date(2026, 5, 2)


def test_the_same_instant_is_the_same_day_however_it_is_written() -> None:
    instant_utc = at("2026-05-01T16:00:00+00:00")
    elsewhere = instant_utc.astimezone(timezone(timedelta(hours=-11)))
    assert community_day(elsewhere, SHANGHAI) == community_day(instant_utc, SHANGHAI)


@given(instants, st.sampled_from(ZONES))
def test_the_day_starts_before_its_instants_and_the_next_midnight_comes_after(when: datetime, tz: str) -> None:
    day = community_day(when, tz)
    assert day_start(day, tz) <= when < next_midnight(when, tz)
    assert community_day(next_midnight(when, tz), tz) > day
    assert community_day(next_midnight(when, tz) - timedelta(microseconds=1), tz) == day


def test_a_day_whose_midnight_is_skipped_starts_at_the_jump() -> None:
    # In São Paulo the clock went from 23:59 on the 3rd to 1:00 on 4 November 2018.
    start = day_start(date(2018, 11, 4), "America/Sao_Paulo")
    assert start == at("2018-11-04T03:00:00+00:00")
    assert community_day(start - timedelta(seconds=1), "America/Sao_Paulo") == date(2018, 11, 3)


def test_days_of_23_and_25_hours_are_one_day() -> None:
    short = next_midnight(at("2026-03-08T12:00:00-05:00"), "America/New_York") - day_start(
        date(2026, 3, 8), "America/New_York"
    )
    long = next_midnight(at("2026-11-01T12:00:00-05:00"), "America/New_York") - day_start(
        date(2026, 11, 1), "America/New_York"
    )
    assert (short, long) == (timedelta(hours=23), timedelta(hours=25))


def test_a_skipped_clock_time_lies_after_the_jump() -> None:
    moment = instant(date(2026, 3, 8), at("2026-03-08T02:30:00").time(), "America/New_York")
    assert moment == at("2026-03-08T03:30:00-04:00")


def test_samoa_never_lived_the_thirtieth() -> None:
    assert not day_exists(date(2011, 12, 30), "Pacific/Apia")
    assert day_exists(date(2011, 12, 31), "Pacific/Apia")


@pytest.mark.parametrize("tz", ["Mars/Olympus", "", "../etc/passwd", "Asia"])
def test_an_unknown_zone_is_refused(tz: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        community_day(at("2026-05-01T00:00:00+00:00"), tz)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        check_in(datetime(2026, 5, 1), SHANGHAI, None, 0, RULE)  # noqa: DTZ001


def test_the_first_check_in_starts_a_streak() -> None:
    result = check_in(at("2026-05-01T08:00:00+08:00"), SHANGHAI, None, 0, RULE)
    assert (result.outcome, result.day, result.streak, result.points) == ("counted", date(2026, 5, 1), 1, 5)
    assert result.counted


def test_a_second_one_on_the_day_changes_nothing() -> None:
    result = check_in(at("2026-05-01T23:59:59+08:00"), SHANGHAI, date(2026, 5, 1), 4, RULE)
    assert (result.outcome, result.streak, result.points, result.counted) == ("already", 4, 0, False)


def test_the_next_day_lengthens_the_streak_and_a_missed_one_breaks_it() -> None:
    tomorrow, later = at("2026-05-02T00:00:00+08:00"), at("2026-05-03T00:00:00+08:00")
    assert check_in(tomorrow, SHANGHAI, date(2026, 5, 1), 2, RULE).streak == 3
    assert check_in(later, SHANGHAI, date(2026, 5, 1), 2, RULE).streak == 1


def test_a_message_from_before_the_last_check_in_breaks_nothing() -> None:
    result = check_in(at("2026-04-30T12:00:00+08:00"), SHANGHAI, date(2026, 5, 1), 9, RULE)
    assert (result.outcome, result.streak, result.points) == ("earlier", 9, 0)


def test_excused_days_bridge_a_streak_without_lengthening_it() -> None:
    when, down = at("2026-05-04T08:00:00+08:00"), [date(2026, 5, 2), date(2026, 5, 3)]
    assert check_in(when, SHANGHAI, date(2026, 5, 1), 5, RULE, down).streak == 6
    assert check_in(when, SHANGHAI, date(2026, 5, 1), 5, RULE, down[:1]).streak == 1


def test_a_day_that_never_was_does_not_break_a_streak() -> None:
    assert continues(date(2011, 12, 29), date(2011, 12, 31), "Pacific/Apia")
    assert not continues(date(2011, 12, 29), date(2011, 12, 31), "Pacific/Auckland")


def test_no_bridge_is_endless() -> None:
    every_day = {date(2020, 1, 1) + timedelta(days=n) for n in range(3000)}
    assert not continues(date(2020, 1, 1), date(2026, 1, 1), SHANGHAI, every_day)


def test_a_negative_streak_is_refused() -> None:
    with pytest.raises(ValueError, match="streak"):
        check_in(at("2026-05-01T08:00:00+08:00"), SHANGHAI, None, -1, RULE)


@given(st.lists(instants, max_size=30), st.sampled_from(ZONES))
def test_a_member_never_has_two_check_ins_on_a_day(times: list[datetime], tz: str) -> None:
    last: date | None = None
    streak, days = 0, []
    for when in sorted(times):
        result = check_in(when, tz, last, streak, RULE)
        assert result.outcome != "earlier"
        if result.counted:
            last, streak = result.day, result.streak
            days.append(result.day)
    assert days == sorted(set(days)) == sorted({community_day(when, tz) for when in times})


@given(st.sampled_from(ZONES), st.integers(2, 40), st.integers(0, 23))
def test_checking_in_every_day_makes_a_streak_of_all_days(tz: str, count: int, hour: int) -> None:
    last, streak = None, 0
    for n in range(count):
        day = date(2026, 3, 1) + timedelta(days=n)
        when = instant(day, at("2026-01-01T00:00:00").time().replace(hour=hour), tz)
        result = check_in(when, tz, last, streak, RULE)
        last, streak = result.day, result.streak
    assert streak == count


def test_a_step_is_paid_on_the_day_that_reaches_it() -> None:
    assert [RULE.points(streak) for streak in (1, 2, 3, 4, 7, 8)] == [5, 5, 7, 5, 15, 5]
    assert PointsRule(5, (StreakStep(7, 10),), cap=12).points(7) == 12
    assert points_rule(5, {7: 10, 3: 2}) == RULE


def test_the_next_step_is_there_to_cheer_for() -> None:
    assert RULE.next_step(1) == StreakStep(3, 2)
    assert RULE.next_step(3) == StreakStep(7, 10)
    assert RULE.next_step(7) is None


@pytest.mark.parametrize(
    ("base", "bonus", "cap", "said"),
    [(-1, {}, None, "base"), (1, {1: 2}, None, "2 days"), (1, {3: -2}, None, "bonus"), (1, {}, -1, "cap")],
)
def test_nonsense_in_a_points_rule_is_refused(base: int, bonus: dict[int, int], cap: int | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        points_rule(base, bonus, cap)


def test_steps_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="upwards"):
        PointsRule(1, (StreakStep(7, 1), StreakStep(3, 1)))


def test_levels_follow_the_points() -> None:
    table = (Level("一", 0), Level("二", 50), Level("三", 200))
    low, middle, top = level_of(-5, table), level_of(50, table), level_of(1000, table)
    assert (low.level.name, low.number, low.missing) == ("一", 1, 55)
    assert (middle.level.name, middle.number, middle.next, middle.missing) == ("二", 2, table[2], 150)
    assert (top.level.name, top.number, top.next, top.missing) == ("三", 3, None, 0)


@given(st.integers(-100, 5000), st.integers(0, 500))
def test_more_points_never_lower_a_level(points: int, more: int) -> None:
    assert level_of(points + more).number >= level_of(points).number


@pytest.mark.parametrize("table", [(), (Level("一", 0), Level("二", 0)), (Level("一", 9), Level("二", 3))])
def test_a_level_table_that_does_not_rise_is_refused(table: tuple[Level, ...]) -> None:
    with pytest.raises(ValueError, match="level table"):
        level_of(1, table)
