"""One event, one line."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    held = (list(root.handlers), root.level)
    out = io.StringIO()
    yield out
    root.handlers[:], root.level = held[0], held[1]


def test_a_line_has_the_act_and_its_fields(stream: io.StringIO) -> None:
    logs.setup("text", stream)
    logs.line(logs.logger("decide"), "event", event=7, outcome="decided", ms=1.5)
    line = stream.getvalue()
    assert line.endswith(" info decide event event=7 outcome=decided ms=1.5\n")


def test_no_value_can_end_the_line_or_pass_for_another_key(stream: io.StringIO) -> None:
    logs.setup("text", stream)
    logs.line(logs.logger("respond"), "call", reason='no\nsuch "room" outcome=sent')
    text = stream.getvalue()
    assert text.count("\n") == 1
    assert r'reason="no\nsuch \"room\" outcome=sent"' in text


def test_a_traceback_stays_on_the_line_of_its_event(stream: io.StringIO) -> None:
    logs.setup("json", stream)
    try:
        raise ValueError("boom")
    except ValueError:
        logs.line(logs.logger("decide"), "failed", logging.ERROR, trace=True, event=3)
    value = json.loads(stream.getvalue())
    assert value["event"] == 3
    assert "ValueError at test_logs.py" in value["trace"]
    assert "boom" not in value["trace"], "an error's words may quote a message"


def test_a_timed_block_tells_its_outcome_also_when_it_fails(stream: io.StringIO) -> None:
    logs.setup("json", stream)
    with pytest.raises(KeyError), logs.timed(logs.logger("app"), "start", port=1):
        raise KeyError("x")
    with logs.timed(logs.logger("app"), "start") as told:
        told["revision"] = 4
    failed, fine = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (failed["outcome"], failed["port"]) == ("KeyError", 1)
    assert (fine["outcome"], fine["revision"]) == ("ok", 4)
    assert fine["ms"] >= 0


def test_libraries_speak_only_from_warnings_on(stream: io.StringIO) -> None:
    logs.setup("text", stream)
    logging.getLogger("some.library").info("chatter")
    logging.getLogger("some.library").warning("careful")
    assert stream.getvalue().count("\n") == 1


async def test_lines_of_one_moment_of_an_event_loop_are_written_together_and_soon(stream: io.StringIO) -> None:
    logs.setup("text", stream)
    for number in range(3):
        logs.line(logs.logger("respond"), "call", out=number)
    assert stream.getvalue() == ""
    await asyncio.sleep(2 * logs.GATHER_SECONDS)
    assert [line[-5:] for line in stream.getvalue().splitlines()] == ["out=0", "out=1", "out=2"]


async def test_a_warning_is_written_at_once_with_what_was_before_it(stream: io.StringIO) -> None:
    logs.setup("text", stream)
    logs.line(logs.logger("respond"), "call", out=1)
    logs.line(logs.logger("respond"), "call", logging.WARNING, out=2)
    assert [line[-5:] for line in stream.getvalue().splitlines()] == ["out=1", "out=2"]


def test_a_time_has_milliseconds_in_utc(stream: io.StringIO) -> None:
    logs.setup("text", stream)
    record = logging.LogRecord("steward.app", logging.INFO, "", 0, "start", (), None)
    record.created = 1_795_305_599.9996
    assert logs.LineFormatter().format(record) == "2026-11-21T23:59:59.999Z info app start"
