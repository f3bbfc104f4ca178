"""`steward words`, as an operator types it."""

from pathlib import Path

import pytest

from bot.cli.words import words
from tests.bot.test_cli import run
from tests.databases import new_sqlite

LIST = """
lists:
  - category: 本群
    severity: warn
    terms: [坏蛋瓜]
    allow: [坏蛋瓜子]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    (config / "words").mkdir(parents=True)
    (config / "steward.yaml").write_text("{}\n", encoding="utf-8")
    (config / "words" / "own.yaml").write_text(LIST, encoding="utf-8")
    return config


def test_a_text_is_explained_character_by_character(folder: Path) -> None:
    done = run("words", "test", "--config", str(folder), "你这坏*蛋瓜，怀旦刮，坏蛋瓜子真香")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].startswith("abuse   warn")
    assert lines[1].startswith("advert  none")
    assert "  2-6 “坏*蛋瓜”  原样  词“坏蛋瓜” · 本群  warn" in lines
    assert "  7-10 “怀旦刮”  谐音  词“坏蛋瓜” · 本群  warn" in lines
    assert "  11-14 “坏蛋瓜”  原样  词“坏蛋瓜” · 本群  不算：在 allow 的“坏蛋瓜子”里" in lines
    assert "      words/own.yaml:3" in lines


def test_an_innocent_text_has_two_findings_and_nothing_else(folder: Path) -> None:
    done = run("words", "test", "--config", str(folder), "--mention", "今天天气真好")
    assert [line.split()[:2] for line in done.output.splitlines()] == [["abuse", "none"], ["advert", "none"]]


def test_twins_of_a_word_are_named_and_looked_for_in_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEWARD_DATABASE_URL", new_sqlite(tmp_path / "steward.db"))
    done = run("words", "twins", "坏蛋")
    assert done.exit_code == 0, done.output
    assert "huaidan" in done.output
    assert "最近 0 条消息里" in done.output


def test_both_commands_are_there() -> None:
    assert sorted(words.commands) == ["test", "twins"]


def test_what_is_no_word_has_no_twins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_DATABASE_URL", new_sqlite(tmp_path / "steward.db"))
    for empty in ("", " ", "！"):
        done = run("words", "twins", empty)
        assert done.exit_code == 2 and "WORD" in done.output
    done = run("words", "twins", "hello")
    assert "没有（" in done.stdout and "没有人这么写过" in done.stdout
    assert "hao、" not in run("words", "twins", "好").stdout
