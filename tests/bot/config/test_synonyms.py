"""synonyms.yaml: what it means, and what is wrong with it by file and line."""

import pytest

from bot.config.files import Source
from bot.config.nodes import parse
from bot.config.problems import Problems
from bot.config.synonyms import read_synonyms


def reading(text: str) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """What a file says, and its problems as (line, message)."""
    problems = Problems()
    found = read_synonyms(Source("synonyms.yaml", text, parse(text)), problems)
    return dict(found), [(problem.line, problem.message) for problem in problems.sorted()]


def test_each_other_way_stands_for_its_word() -> None:
    assert reading("运费: [邮费, 快递费]\n集合: 碰头\n") == ({"邮费": "运费", "快递费": "运费", "碰头": "集合"}, [])


def test_no_file_and_an_empty_one_bring_no_words() -> None:
    assert read_synonyms(None, Problems()) == {}
    assert reading("") == ({}, [])


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("- 运费\n", 1, "文件最外层应该是键值"),
        ("运费: [邮费]\n物流: [邮费]\n", 2, "邮费 有两个意思：运费、物流"),
        ("运费:\n  - 邮费\n  - '！'\n", 3, "同义词是空的或不是文字"),
        ("运费: [运费]\n", 1, "运费 和它自己同义"),
        (f"运费: [{'费' * 21}]\n", 1, "同义词太长（最多 20 字）"),
    ],
)
def test_what_is_wrong_is_told_by_line(text: str, line: int, message: str) -> None:
    assert reading(text)[1] == [(line, message)]
