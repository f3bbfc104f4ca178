"""Replay, revisions and rollback, as an operator types them, over a database with a few messages."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.options import SINCE
from bot.config import load_all
from bot.config.revisions import files_of, write_back
from domain.errors import StewardError
from domain.events import MessagePosted
from domain.revision import differences
from storage import books
from storage.database import Database
from tests.bot.config.folder import write
from tests.bot.test_cli import run
from tests.databases import new_sqlite
from tests.storage.house import ROOM, message, open_house

OLD = {
    "steward.yaml": "policy:\n  night: {start: '00:00', end: '00:00'}\n  faq: {cooldown: 0}\n",
    "faq/a.yaml": "entries:\n  - id: refund\n    question: 退款多久到账？\n    answer: 三天。\n"
    "  - id: post\n    question: 快递几天能到？\n    answer: 两天。\n",
    "words/a.yaml": "lists:\n  - {category: 本群, severity: warn, terms: [坏蛋瓜]}\n",
}
NEW = OLD | {
    "faq/a.yaml": "entries:\n  - id: refund\n    question: 退款多久到账？\n    answer: 五天。\n"
    "  - id: invoice\n    question: 怎么开发票？\n    answer: 找店员。\n",
    "words/a.yaml": "lists:\n  - {category: 本群, severity: warn, terms: [臭鸡蛋壳]}\n",
}
SAID = ("退款多久到账", "快递几天能到", "怎么开发票", "坏蛋瓜", "臭鸡蛋壳", "今天真热")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the old set published, the new one beside it, and a database in which people have spoken."""
    url = new_sqlite(tmp_path / "steward.db")
    monkeypatch.setenv("STEWARD_DATABASE_URL", url)
    write(tmp_path / "old", OLD)
    write(tmp_path / "new", NEW)
    asyncio.run(_speak(url, tmp_path / "old", SAID))
    return tmp_path


async def _speak(url: str, published: Path, texts: Sequence[str]) -> None:
    database = await Database.open(url)
    loaded = load_all(published)
    await database.write(books.save_revision, loaded.book.content_hash, "运营", loaded.texts, datetime.now(UTC))
    house = await open_house(database)
    house.now = datetime.now(UTC) - timedelta(hours=1)
    for number, text in enumerate(texts):
        at = house.after(60)
        (event,) = await house.hear(
            message(text, sender=f"成员{number}", room=replace(ROOM, owner="", admins=()), at=at)
        )
        assert isinstance(event, MessagePosted)
        await house.decide(event)
    await database.close()


def test_replay_tells_what_a_changed_folder_would_do(place: Path) -> None:
    done = run("replay", "--config", str(place / "new"), "--since", "1d")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads == ["新答上：invoice  ×1", "换了答案：refund  ×1", "不再回答：post  ×1", *heads[3:]]
    assert [head.partition("：")[0] for head in heads[3:]] == ["新拦下", "不再拦"]
    assert lines[lines.index("换了答案：refund  ×1") + 1 :][:3] == [
        "  演示群：退款多久到账",
        "    - 三天。",
        "    + 五天。",
    ]
    assert "6 messages, 5 would fare otherwise" in done.stderr


def test_replay_is_bounded_and_compares_with_what_it_is_told(place: Path) -> None:
    bounded = run("replay", "--config", str(place / "new"), "--most", "1")
    assert "1 messages, 0 would fare otherwise" in bounded.stderr and "5 older ones left out" in bounded.stderr
    same = run("replay", "--config", str(place / "new"), "--against", str(place / "new"))
    assert (same.stdout, same.exit_code) == ("", 0)
    assert run("replay", "--config", str(place / "old"), "--against", "1").stdout == ""
    late = run("replay", "--config", str(place / "new"), "--since", "5m")
    assert "0 messages" in late.stderr
    assert isinstance(run("replay", "--config", str(place / "new"), "--against", "9").exception, StewardError)


def test_revisions_are_listed_compared_and_brought_back(place: Path) -> None:
    listed = run("book", "list").stdout
    assert "1" in listed.split()[0] and "运营" in listed and "3 files" in listed
    differs = run("book", "diff", "--config", str(place / "new"), "1")
    assert differs.exit_code == 1 and "+    answer: 五天。" in differs.stdout and "steward.yaml" not in differs.stdout
    (place / "new" / "faq" / "b.yaml").write_text("entries: [", encoding="utf-8")
    assert run("book", "rollback", "--config", str(place / "new"), "1", text="n\n").exit_code == 1
    assert (place / "new" / "faq" / "b.yaml").exists()
    done = run("book", "rollback", "--config", str(place / "new"), "1", "--yes")
    assert done.exit_code == 0, done.output
    assert files_of(place / "new") == OLD
    (backup,) = (place / "new" / "backups").iterdir()
    assert (backup / "faq" / "b.yaml").read_text(encoding="utf-8") == "entries: ["
    assert "already" in run("book", "rollback", "--config", str(place / "new"), "1").stderr


def test_a_revision_is_never_written_outside_its_folder(tmp_path: Path) -> None:
    for name in ("../evil.yaml", "/etc/evil.yaml", "faq/../../evil.yaml", "notes.txt", "other/a.yaml"):
        with pytest.raises(StewardError):
            write_back(tmp_path, {"steward.yaml": "{}", name: "x"}, datetime.now(UTC))
    assert list(tmp_path.iterdir()) == []


def test_a_difference_counts_its_lines() -> None:
    (one,) = differences({"a": "x\ny\n", "b": "same"}, {"a": "x\nz\nw\n", "b": "same"})
    assert (one.name, one.added, one.removed) == ("a", 2, 1)


@pytest.mark.parametrize("text", ["7x", "soon", "7"])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    assert run("replay", "--config", ".", "--since", text).exit_code == 2


def test_times_are_spans_or_dates() -> None:
    assert SINCE.convert("2026-10-01", None, None) == datetime(2026, 10, 1, tzinfo=UTC)
    before = datetime.now(UTC)
    assert before <= SINCE.convert("2h", None, None) + timedelta(hours=2) <= datetime.now(UTC)
