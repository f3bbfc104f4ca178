"""Service hours and the service clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours import (
    Interval,
    ServiceHours,
    SpecialDay,
    add_service_time,
    is_open,
    next_open,
    opening_phrase,
    parse_intervals,
    service_hours,
)

TZ = "Asia/Shanghai"
WEEK = ServiceHours()
MONDAY = "2026-09-28"
NEVER = ServiceHours("", "", "", "", "")
WHOLE = "0:00-24:00"
ALWAYS = ServiceHours(WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("9:00-12:00", (Interval(540, 720),)),
        ("13:30–18:00, 09:00~12:00", (Interval(540, 720), Interval(810, 1080))),
        ("9:00至12:00；14:00到18:00", (Interval(540, 720), Interval(840, 1080))),
        ("0:00-24:00", (Interval(0, 1440),)),
        ("22:00-2:00", (Interval(1320, 1560),)),
        ("9:00-12:00 12:00-13:00", (Interval(540, 720), Interval(720, 780))),
    ],
)
def test_intervals_are_read_as_people_write_them(text: str, expected: tuple[Interval, ...]) -> None:
    assert parse_intervals(text) == expected


@pytest.mark.parametrize(
    "text", ["9-12", "9:00", "9:00-12:00 x", "24:00-25:00", "9:60-10:00", "9:00-9:00", "9:00-12:00, 11:00-13:00"]
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours"):
        parse_intervals(text)
    with pytest.raises(ValueError, match="hours"):
        ServiceHours(mon=text)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("08:59", False), ("09:00", True), ("11:59", True), ("12:00", False), ("13:30", True), ("18:00", False)],
)
def test_lunch_breaks_and_evenings_are_closed(clock: str, expected: bool) -> None:
    assert is_open(WEEK, at(f"{MONDAY}T{clock}"), TZ) is expected


@pytest.mark.parametrize(
    ("moment", "phrase"),
    [
        (f"{MONDAY}T10:00", "现在"),
        (f"{MONDAY}T07:00", "今天 9:00"),
        (f"{MONDAY}T12:30", "今天 13:30"),
        (f"{MONDAY}T18:00", "明天 9:00"),
        ("2026-09-25T20:00", "周一 9:00"),
        ("2026-09-27T20:00", "明天 9:00"),
    ],
)
def test_the_next_opening_is_said_shortly(moment: str, phrase: str) -> None:
    assert opening_phrase(WEEK, at(moment), TZ) == phrase


def test_closed_dates_are_skipped_and_a_far_opening_is_a_date() -> None:
    holidays = ServiceHours(closed=tuple(date(2026, 10, day) for day in range(1, 9)))
    assert opening_phrase(holidays, at("2026-09-30T20:00"), TZ) == "10月9日 9:00"
    assert opening_phrase(holidays, at("2026-10-05T20:00"), TZ) == "周五 9:00"


def test_a_week_ahead_is_said_as_a_date_not_as_todays_weekday() -> None:
    only_monday = ServiceHours(mon="9:00-10:00", tue="", wed="", thu="", fri="")
    assert opening_phrase(only_monday, at(f"{MONDAY}T10:00"), TZ) == "10月5日 9:00"


def test_a_special_day_has_its_own_hours() -> None:
    working_sunday = ServiceHours(special=(SpecialDay(date(2026, 9, 27), "10:00-11:00"),), closed=(date(2026, 9, 27),))
    assert is_open(working_sunday, at("2026-09-27T10:30"), TZ)
    assert not is_open(working_sunday, at("2026-09-27T11:00"), TZ)
    with pytest.raises(ValueError, match="hours"):
        SpecialDay(date(2026, 9, 27), "ten")


def test_a_night_reaches_into_the_next_day() -> None:
    nights = ServiceHours(mon="22:00-2:00", tue="", wed="", thu="", fri="")
    assert is_open(nights, at("2026-09-29T01:59"), TZ)
    assert not is_open(nights, at("2026-09-29T02:00"), TZ)
    assert not is_open(nights, at("2026-09-28T01:00"), TZ)


def test_who_never_opens_has_no_next_opening() -> None:
    assert next_open(NEVER, at(f"{MONDAY}T10:00"), TZ) is None
    assert opening_phrase(NEVER, at(f"{MONDAY}T10:00"), TZ) == ""
    assert add_service_time(NEVER, at(f"{MONDAY}T10:00"), timedelta(hours=1), TZ) is None


def test_opening_on_a_day_of_the_clock_change_is_on_the_wall_clock() -> None:
    opening = next_open(WEEK, datetime.fromisoformat("2026-03-29T20:00+00:00"), "Europe/Berlin")
    assert opening is not None
    assert opening.isoformat() == "2026-03-30T09:00:00+02:00"


@given(instants)
def test_it_is_open_at_the_next_opening_and_never_before(when: datetime) -> None:
    opening = next_open(WEEK, when, "America/New_York")
    assert opening is not None
    assert is_open(WEEK, opening, "America/New_York")
    assert opening >= when
    if is_open(WEEK, when, "America/New_York"):
        assert opening == when
    else:
        middle = when + (opening - when) / 2
        assert not is_open(WEEK, middle, "America/New_York")


def test_service_time_runs_only_in_service_hours() -> None:
    assert add_service_time(WEEK, at(f"{MONDAY}T11:30"), timedelta(hours=1), TZ) == at(f"{MONDAY}T14:00")
    assert add_service_time(WEEK, at("2026-09-25T17:30"), timedelta(hours=1), TZ) == at(f"{MONDAY}T09:30")
    assert add_service_time(WEEK, at("2026-09-26T17:30"), timedelta(0), TZ) == at("2026-09-26T17:30")


def test_overlapping_nights_and_mornings_count_no_minute_twice() -> None:
    odd = ServiceHours(mon="22:00-10:00", tue="9:00-12:00", wed="", thu="", fri="")
    assert add_service_time(odd, at("2026-09-28T22:00"), timedelta(hours=13), TZ) == at("2026-09-29T11:00")


@given(instants, st.integers(1, 10_000), st.integers(1, 10_000))
def test_service_time_adds_up(when: datetime, first: int, second: int) -> None:
    one, two = timedelta(seconds=first), timedelta(seconds=second)
    stop = add_service_time(WEEK, when, one, "Europe/Berlin")
    assert stop is not None
    assert add_service_time(WEEK, stop, two, "Europe/Berlin") == add_service_time(
        WEEK, when, one + two, "Europe/Berlin"
    )


@given(instants, st.integers(0, 10_000))
def test_always_open_means_plain_time(when: datetime, seconds: int) -> None:
    assert is_open(ALWAYS, when, "America/New_York")
    duration = timedelta(seconds=seconds)
    # Compared in one zone: datetimes of two zones are never equal within the hour that a clock repeats.
    due = add_service_time(ALWAYS, when, duration, "America/New_York")
    assert due is not None and due.astimezone(UTC) == when + duration


def test_a_table_by_weekday_ranges_becomes_hours() -> None:
    hours = service_hours({"mon-fri": ["09:00-12:00", "13:30-18:00"], "sat": ["10:00-17:00"]}, ["2026-10-01"])
    assert hours.closed == (date(2026, 10, 1),)
    assert is_open(hours, at(f"{MONDAY}T14:00"), TZ)
    assert is_open(hours, at("2026-09-26T16:59"), TZ)
    assert not is_open(hours, at("2026-09-27T12:00"), TZ)
    assert not is_open(hours, at("2026-10-01T10:00"), TZ)


def test_a_weekday_range_may_run_over_the_weekend() -> None:
    hours = service_hours({"sat - mon": ["9:00-10:00"]})
    assert [bool(text) for text in hours.week] == [True, False, False, False, False, True, True]


@pytest.mark.parametrize("days", ["monday", "mon-", "-fri", "", "mon-fri-sun", "周一"])
def test_weekdays_that_cannot_be_read_are_refused(days: str) -> None:
    with pytest.raises(ValueError, match="weekdays"):
        service_hours({days: ["9:00-10:00"]})


def test_dates_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(ValueError, match="date"):
        service_hours({}, ["1 October"])
