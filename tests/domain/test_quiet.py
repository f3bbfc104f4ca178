"""Chinese lengths of time, and the night."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quiet import LONGEST, Night, chinese_number, is_night, parse_clock, parse_duration

TZ = "Asia/Shanghai"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2小时", 2 * HOUR),
        ("30分钟", 30 * MINUTE),
        ("30 分钟", 30 * MINUTE),
        ("半小时", 30 * MINUTE),
        ("半个小时", 30 * MINUTE),
        ("1天", DAY),
        ("一天", DAY),
        ("半天", 12 * HOUR),
        ("一个半小时", 90 * MINUTE),
        ("1个半小时", 90 * MINUTE),
        ("两个小时", 2 * HOUR),
        ("两小时半", 150 * MINUTE),
        ("一天半", 36 * HOUR),
        ("１２小时", 12 * HOUR),
        ("１．５小时", 90 * MINUTE),
        ("1小时30分", 90 * MINUTE),
        ("1小时零5分", 65 * MINUTE),
        ("一小时零五分钟", 65 * MINUTE),
        ("1天2小时", 26 * HOUR),
        ("三刻钟", 45 * MINUTE),
        ("十五分钟", 15 * MINUTE),
        ("二十五分钟", 25 * MINUTE),
        ("一百二十分钟", 2 * HOUR),
        ("两个星期", 14 * DAY),
        ("1礼拜", 7 * DAY),
        ("45秒", timedelta(seconds=45)),
        ("1h30m", 90 * MINUTE),
        ("90MIN", 90 * MINUTE),
        ("3個小時", 3 * HOUR),
        ("", None),
        ("小时", None),
        ("半", None),
        ("2", None),
        ("0分钟", None),
        ("-1小时", None),
        ("明天", None),
        ("两小时吧", None),
        ("大概2小时", None),
        ("30分2小时", None),
        ("1小时1小时", None),
        ("半小时半", None),
        ("一个半小时半", None),
        ("400天", None),
        ("999999999周", None),
        ("十十分钟", None),
        ("²小时", 2 * HOUR),
        ("٣小时", None),
    ],
)
def test_lengths_are_read_as_people_write_them(text: str, expected: timedelta | None) -> None:
    assert parse_duration(text) == expected


def _in_chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = digits[hundreds] + "百" if hundreds else ""
    if tens:
        text += digits[tens] + "十" if hundreds or tens > 1 else "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones or not number else "")


def test_chinese_numbers_are_read() -> None:
    assert [chinese_number(_in_chinese(number)) for number in range(1000)] == list(range(1000))


@pytest.mark.parametrize("text", ["", "十百", "一二十", "一二三四", "12", "百十百", "零百", "小"])
def test_what_is_no_chinese_number_is_none(text: str) -> None:
    assert chinese_number(text) is None


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 5))
def test_compound_lengths_add_up(hours: int, minutes: int, days: int) -> None:
    text = "".join(f"{n}{unit}" for n, unit in ((days, "天"), (hours, "小时"), (minutes, "分钟")) if n)
    expected = days * DAY + hours * HOUR + minutes * MINUTE
    assert parse_duration(text) == (expected or None)


@given(st.text(alphabet="0123456789.零一二两十百半个小时分钟天秒周 ０５hms", max_size=20) | st.text(max_size=100))
def test_any_text_is_a_length_in_bounds_or_none(text: str) -> None:
    duration = parse_duration(text)
    assert duration is None or timedelta(0) < duration <= LONGEST


def test_a_huge_text_is_no_length() -> None:
    assert parse_duration("1" * 100_000 + "小时") is None


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("22:59", False), ("23:00", True), ("00:00", True), ("07:59", True), ("08:00", False), ("12:00", False)],
)
def test_the_night_runs_over_midnight(clock: str, expected: bool) -> None:
    assert is_night(at(f"2026-05-01T{clock}"), TZ) is expected


def test_a_night_may_lie_within_a_day_or_not_be_at_all() -> None:
    nap = Night(time(12), time(14))
    assert is_night(at("2026-05-01T13:00"), TZ, nap)
    assert not is_night(at("2026-05-01T23:30"), TZ, nap)
    assert not any(Night(time(8), time(8)).covers(time(hour)) for hour in range(24))


def test_the_night_is_the_communitys_not_the_servers() -> None:
    assert is_night(datetime(2026, 5, 1, 16, tzinfo=UTC), TZ)


@pytest.mark.parametrize(("text", "expected"), [("23:00", time(23)), (" 8：05 ", time(8, 5)), ("00:00", time(0))])
def test_clock_times_are_read(text: str, expected: time) -> None:
    assert parse_clock(text) == expected


@pytest.mark.parametrize("text", ["", "24:00", "8", "8:60", "8:5", "23:00:00", "noon"])
def test_other_clock_times_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_clock(text)
