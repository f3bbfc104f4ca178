"""Examples beside entries, run as an operator runs them."""

import re
from datetime import UTC, datetime
from pathlib import Path

from bot.config import load
from bot.faq_tests import run as run_tests
from tests.bot.config.folder import write
from tests.bot.test_cli import run

FAQ = """entries:
  - id: refund-time
    question: 退款多久到账？
    answer: 三天。
    asks:
      - 请问退款多久到账呀
      - 今天天气不错
    not: [退款多久到账]
  - id: fair
    question: 庙会在哪里？
    answer: 在东门。
    until: 2020-02-01
    asks: [庙会在哪里]
  - id: room
    question: 群规是什么？
    answer: 好好说话。
    rooms: [web:a]
    asks: [群规是什么]
  - id: off
    question: 几点开门？
    answer: 九点。
    enabled: false
    asks: [随便什么]
"""


def test_failures_come_with_file_line_and_what_was_found_instead(tmp_path: Path) -> None:
    folder = write(tmp_path, {"faq/a.yaml": FAQ})
    done = run("faq", "test", "--config", str(folder))
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["faq/a.yaml:7"] * 2 + ["faq/a.yaml:8"] * 2
    assert "“今天天气不错”（没有 @）应该由 refund-time 回答，实际没有相近的问答" in lines[0]
    assert re.search(r"（@ 了）不该由 refund-time 回答，实际由 refund-time [01]\.\d\d 回答", lines[3])
    assert "5 examples of 3 entries, 2 failed" in done.stderr


def test_entries_with_days_and_rooms_are_tried_where_they_hold(tmp_path: Path) -> None:
    sound = FAQ.replace("      - 今天天气不错\n", "").replace("    not: [退款多久到账]\n", "")
    book = load(write(tmp_path, {"faq/a.yaml": sound}))
    for now in (datetime(2019, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)):
        assert run_tests(book, now).failures == ()
