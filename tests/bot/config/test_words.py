"""The built-in word lists, which are not checked at every start, and what is wrong with lists of one's own."""

from pathlib import Path

import pytest

from bot.config.load import check, load_texts
from handlers.text.normalise import folded
from tests.bot.config.folder import write


def test_every_built_in_term_can_hit_and_none_is_a_lone_character_by_mistake() -> None:
    lists = load_texts({"steward.yaml": "{}"}).words
    assert len(lists) > 10
    for words in lists:
        forms = [folded(term) for term in words.terms]
        assert all(forms)
        assert words.exact or words.whole_token or all(len(form) > 1 for form in forms)


CLEAN = """lists:
  - category: 本群
    severity: warn
    terms: [坏蛋瓜]
"""
BAD = """lists:
  - category: 本群
    severity: warn
    terms:
      - 坏蛋瓜
      - 坏 蛋 瓜
      - ""
      - "！！"
      - 笨
      - 开心
      - 日快
    allow: [坏蛋瓜子, 谁也不需要]
    patterns: ["(?=x)y", "[没关上"]
  - category: 一个字
    severity: wran
    exact: true
    terms: [蠢]
"""


def said(folder: Path, text: str) -> list[str]:
    """What `steward check` says of a words file."""
    write(folder, {"words/own.yaml": text})
    return [str(problem) for problem in check(folder)]


def test_a_list_that_is_in_order_is_not_talked_about(tmp_path: Path) -> None:
    assert said(tmp_path, CLEAN) == []


@pytest.mark.parametrize(
    ("line", "level", "words"),
    [
        (6, "warning", "“坏 蛋 瓜”重复"),
        (7, "error", "terms 是空的"),
        (8, "error", "“！！”只有符号"),
        (9, "error", "单字“笨”"),
        (10, "warning", "“开心”出现在常用的话里：今天玩得真开心"),
        (11, "warning", "“日快”出现在常用的话里：生日快乐"),
        (12, "warning", "“谁也不需要”没有任何词会命中"),
        (13, "error", "“(?=x)y”不能用"),
        (13, "error", "“[没关上”不能用"),
        (15, "error", "severity 不能是 wran -> 是不是 warn？"),
    ],
)
def test_each_mistake_in_a_list_is_told_by_file_and_line(tmp_path: Path, line: int, level: str, words: str) -> None:
    found = [one for one in said(tmp_path, BAD) if one.startswith(f"words/own.yaml:{line}: {level}: ") and words in one]
    assert len(found) == 1, said(tmp_path, BAD)


def test_one_character_is_fine_where_it_is_meant_exactly(tmp_path: Path) -> None:
    assert not any("单字“蠢”" in one for one in said(tmp_path, BAD))
