"""Own echo: which of our sends a message of our own account is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.echo import Candidate, Echo, Matched, State, TypedByOwner, Wait, match

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def row(number: int, text: str = "你好", state: State = "sent", id: str | None = None, ago: float = 1.0) -> Candidate:
    return Candidate(number, text, state, id, NOW - timedelta(seconds=ago))


def echo(text: str = "你好", id: str | None = None) -> Echo:
    return Echo(id, text, NOW)


def test_an_equal_id_decides_whatever_the_text_or_age() -> None:
    rows = [row(1, id="a"), row(2, "别的", id="b", ago=9000)]
    assert match(echo(id="b"), rows) == Matched(2, "id")


def test_hearing_an_echo_twice_gives_the_same_row() -> None:
    rows = [replace(row(1, id="a"), matched=True), row(2)]
    assert match(echo(id="a"), rows) == Matched(1, "id")


def test_a_row_with_another_id_is_another_message() -> None:
    assert match(echo(id="x"), [row(1, id="a")]) == TypedByOwner()


def test_without_ids_the_oldest_row_with_equal_text_is_meant() -> None:
    assert match(echo(), [row(2, ago=1), row(1, ago=3), row(3, "别的", ago=9)]) == Matched(1, "text")


def test_an_echo_without_id_may_be_a_row_with_one() -> None:
    assert match(echo(), [row(1, id="a")]) == Matched(1, "text")


def test_an_echo_read_before_the_sends_reply_is_the_call_in_flight() -> None:
    assert match(echo(id="x"), [row(1, state="calling")]) == Matched(1, "text")


def test_an_unmatched_echo_waits_for_the_rooms_calls_and_then_is_the_owners() -> None:
    calling = row(1, "别的", state="calling")
    assert match(echo(id="x"), [calling]) == Wait((1,))
    assert match(echo(id="x"), [replace(calling, state="sent", external_id="x")]) == Matched(1, "id")
    assert match(echo(id="x"), [replace(calling, state="sent", external_id="y")]) == TypedByOwner()


def test_with_nothing_sent_it_was_typed() -> None:
    assert match(echo(), []) == TypedByOwner()


def test_a_certain_row_goes_before_an_older_doubtful_one() -> None:
    rows = [row(1, state="doubtful", ago=20), row(2, ago=2)]
    assert match(echo(), rows) == Matched(2, "text")
    assert match(echo(), [rows[0], replace(rows[1], matched=True)]) == Matched(1, "text")


@pytest.mark.parametrize(
    ("state", "ago", "expected"),
    [
        ("sent", -5, True),
        ("sent", -5.1, False),
        ("sent", 120, True),
        ("sent", 120.1, False),
        ("calling", 119, True),
        ("doubtful", 30, True),
        ("doubtful", 30.1, False),
        ("doubtful", -5.1, False),
    ],
)
def test_the_time_must_fit(state: State, ago: float, expected: bool) -> None:
    assert (match(echo(), [row(1, state=state, ago=ago)]) == Matched(1, "text")) is expected


def test_nobody_waits_for_a_call_that_began_too_late_or_too_long_ago() -> None:
    assert match(echo(), [row(1, "别的", "calling", ago=-6)]) == TypedByOwner()
    assert match(echo(), [row(1, "别的", "calling", ago=121)]) == TypedByOwner()


texts = st.sampled_from(["甲", "乙"])
states: st.SearchStrategy[State] = st.sampled_from(get_args(State))
sends = st.lists(st.tuples(texts, states, st.booleans(), st.floats(0, 25)), max_size=8)


@given(sends, st.lists(st.tuples(texts, st.none() | st.sampled_from("0123456789")), max_size=12))
def test_equal_texts_are_consumed_one_to_one(
    given_rows: list[tuple[str, State, bool, float]], heard: list[tuple[str, str | None]]
) -> None:
    rows = {
        n: row(n, text, state, str(n) if with_id and state == "sent" else None, ago)
        for n, (text, state, with_id, ago) in enumerate(given_rows)
    }
    by_text: list[int] = []
    for text, external_id in heard:
        verdict = match(echo(text, external_id), rows.values())
        if isinstance(verdict, Matched):
            found = rows[verdict.outbox_id]
            if verdict.by == "text":
                assert found.text == text
                assert not found.matched
                by_text.append(found.outbox_id)
            else:
                assert found.external_id == external_id
            rows[verdict.outbox_id] = replace(found, matched=True)
    assert len(by_text) == len(set(by_text))


@given(sends)
def test_every_send_finds_its_echo_when_all_are_heard(given_rows: list[tuple[str, State, bool, float]]) -> None:
    rows = {
        n: row(n, text, state, str(n) if with_id and state == "sent" else None, ago)
        for n, (text, state, with_id, ago) in enumerate(given_rows)
    }
    for n, sent in list(rows.items()):
        verdict = match(Echo(sent.external_id or f"new {n}", sent.text, NOW), rows.values())
        assert isinstance(verdict, Matched)
        rows[verdict.outbox_id] = replace(rows[verdict.outbox_id], matched=True)
    assert all(sent.matched for sent in rows.values())
