"""The optional keys of an FAQ entry, and entries that answer one another's questions."""

from datetime import date
from pathlib import Path

import pytest

from bot.config import check, load
from domain.book import Example, FollowUp
from tests.bot.config.folder import lines, problems, write

HEAD = "entries:\n  - id: a\n    question: 几点开门？\n    answer: 九点。\n"
FULL = (
    HEAD
    + "    asks: [早上什么时候营业]\n    not:\n      - 几点打烊\n"
    + "    from: 2026-01-01\n    until: 2999-12-31\n    answer_at: 0.9\n    suggest_at: 0.5\n"
    + "    follow_ups:\n      - b\n      - {question: 周末呢, answer: 十点。}\n"
    + "  - id: b\n    question: 在哪里？\n    answer: 在{room}对面，{date}，{member}。\n"
)


def test_everything_an_entry_may_say_is_read(tmp_path: Path) -> None:
    entry, other = load(write(tmp_path, {"faq/a.yaml": FULL})).faq
    assert entry.asks == (Example("早上什么时候营业", "faq/a.yaml:5"),)
    assert entry.refuses == (Example("几点打烊", "faq/a.yaml:7"),)
    assert (entry.since, entry.until) == (date(2026, 1, 1), date(2999, 12, 31))
    assert (entry.answer_at, entry.suggest_at) == (0.9, 0.5)
    assert entry.follow_ups[0] == FollowUp(entry="b", where="faq/a.yaml:13")
    assert (entry.follow_ups[1].question, entry.follow_ups[1].answers) == ("周末呢", ("十点。",))
    assert other.follow_ups == ()


@pytest.mark.parametrize(
    ("more", "line", "level", "word"),
    [
        ("    asks: [关门吗]\n    not: [关门吗？, 关门吗]\n", 6, "error", "asks 和 not"),
        ("    from: 明天\n", 5, "error", "不是日期"),
        ("    from: 2999-01-02\n    until: 2999-01-01\n", 5, "error", "之后"),
        ("    until: 2020-01-01\n", 5, "warning", "过期"),
        ("    answer_at: 90\n", 5, "error", "answer_at"),
        ("    answer_at: 0.5\n    suggest_at: 0.6\n", 6, "error", "suggest_at"),
        ("    follow_ups: [c]\n", 5, "error", "没有这一条"),
        ("    follow_ups: [a]\n", 5, "error", "自己"),
        ("    follow_ups: b\n", 5, "error", "列表"),
        ("    follow_ups:\n      - {question: 周末呢}\n", 6, "error", "answer"),
        ("    follow_ups:\n      - {question: 周末呢, answer: 十点, id: x}\n", 6, "error", "id"),
        ("    similar: [几点开门, 何时开门]\n", 5, "warning", "一样"),
    ],
)
def test_what_cannot_be_meant_is_pointed_out(tmp_path: Path, more: str, line: int, level: str, word: str) -> None:
    found = problems(tmp_path, {"faq/a.yaml": HEAD + more})
    assert ("faq/a.yaml", line) in lines(found, level)
    assert any(word in problem.message for problem in found)


def test_an_unknown_variable_is_named(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {"faq/a.yaml": HEAD.replace("九点", "九点{menber}{}")})
    assert (found.line, found.level) == (4, "error")
    assert "{menber}" in found.message and "member" in found.remedy


TWINS = (
    "entries:\n  - id: a\n    question: 退款多久到账？\n    answer: 三天。\n"
    "  - id: b\n    question: 退款要多久才能到账？\n    answer: 五天。\n"
    "  - id: c\n    question: 怎么开发票？\n    answer: 找店员。\n"
)


def test_entries_that_answer_the_same_question_are_told_once_on_a_deep_look(tmp_path: Path) -> None:
    folder = write(tmp_path, {"faq/a.yaml": TWINS})
    assert check(folder) == ()
    (found,) = check(folder, deep=True)
    assert (found.file, found.line, found.level) == ("faq/a.yaml", 2, "warning")
    assert "a 和 b（faq/a.yaml:5）" in found.message


def test_entries_about_different_things_do_not_collide_however_alike_they_look(tmp_path: Path) -> None:
    text = TWINS.replace("退款要多久才能到账", "押金要多久才能到账")
    assert check(write(tmp_path, {"faq/a.yaml": text}), deep=True) == ()


@pytest.mark.parametrize("apart", [("rooms: [web:a]", "rooms: [web:b]"), ("until: 2998-01-01", "from: 2999-01-01")])
def test_entries_that_never_meet_do_not_collide(tmp_path: Path, apart: tuple[str, str]) -> None:
    text = TWINS.replace("三天。", f"三天。\n    {apart[0]}").replace("五天。", f"五天。\n    {apart[1]}")
    assert check(write(tmp_path, {"faq/a.yaml": text}), deep=True) == ()
