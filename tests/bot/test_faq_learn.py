"""Drafts from unanswered questions, as an operator makes them."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bot.config import check
from bot.faq_drafts import drafts
from domain.book import Book, FaqEntry
from domain.errors import StewardError
from domain.unanswered import Asked
from handlers.faq.index import Candidate
from handlers.faq.learning import Cluster
from tests.bot.config.folder import ENTRY, write
from tests.bot.test_cli import run
from tests.databases import new_sqlite

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NASTY = '坏"引号\\ # 号: {x}\n换\u2028行'


def a_cluster(*texts: str, nearest: Candidate | None = None, answer: str = "") -> Cluster:
    cluster = Cluster(Counter(), nearest=nearest)
    cluster.add(Asked(1, NOW, "演示\n群", text, answer=answer, case=7 if answer else None) for text in texts)
    return cluster


def test_groups_become_aliases_or_entries_and_stay_whole_through_yaml() -> None:
    entry = FaqEntry("refund", "退款多久到账？", ("三天。",), where="faq/a.yaml:2")
    near = a_cluster("钱呢", "钱呢", NASTY, nearest=Candidate(entry, 0.5, ""))
    made = drafts([near, a_cluster("发票抬头怎么改", answer=NASTY)], Book(faq=(entry,)), NOW)
    read = yaml.safe_load(made)
    assert read["aliases"] == [{"entry": "refund", "asked": 3, "similar": ["钱呢", NASTY]}]
    (draft,) = read["entries"]
    assert draft == {"id": "draft-1", "question": "发票抬头怎么改", "answer": NASTY, "enabled": False}
    assert "faq/a.yaml:2" in made and "#7" in made


def test_what_was_asked_too_seldom_is_left_out_unless_an_agent_answered() -> None:
    made = drafts([a_cluster("甲问题"), a_cluster("乙问题", answer="乙答案")], Book(), NOW, least=2)
    assert "甲问题" not in made and "乙问题" in made


def test_drafts_do_not_take_effect_by_lying_in_the_folder(tmp_path: Path) -> None:
    near = a_cluster("钱呢", nearest=Candidate(FaqEntry("a", "几点开门？", ("九点",)), 0.5, ""))
    text = drafts([near, a_cluster("发票呢")], Book(), NOW)
    found = check(write(tmp_path, {"faq/a.yaml": ENTRY, "faq/drafts.yaml": text}))
    assert {problem.file for problem in found if problem.level == "error"} == {"faq/drafts.yaml"}


def test_the_command_writes_a_new_file_and_never_over_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_DATABASE_URL", new_sqlite(tmp_path / "steward.db"))
    folder, out = write(tmp_path / "config", {"faq/a.yaml": ENTRY}), tmp_path / "drafts.yaml"
    done = run("faq", "learn", "--config", str(folder), "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "0 groups of 0 questions" in done.stderr
    assert yaml.safe_load(out.read_text(encoding="utf-8")) is None
    assert isinstance(run("faq", "learn", "--config", str(folder), "--out", str(out)).exception, StewardError)
