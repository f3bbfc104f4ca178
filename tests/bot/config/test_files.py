"""Each kind of file: what is refused, what is warned about, and on which line."""

from pathlib import Path

import pytest

from bot.config import load
from tests.bot.config.folder import ENTRY, lines, problems, write


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("entries:\n  - id: a\n    question: 问\n", 2, "answer"),
        ("entries:\n  - id: a\n    question: 问\n    answer:\n", 4, "空"),
        ("entries:\n  - id: a\n    question: 问\n    answer: ' '\n", 4, "空"),
        ("entries:\n  - id: a\n    question: 问\n    answer: []\n", 4, "空"),
        (f"entries:\n  - id: a\n    question: 问\n    answer: {'长' * 2001}\n", 4, "太长"),
        ("entries:\n  - id: a\n    question: 问\n    answer: 答\n    anwser: 答\n", 5, "anwser"),
        ("entries:\n  - id: a b\n    question: 问\n    answer: 答\n", 2, "a b"),
        ("entries:\n  - question: 问\n    answer: 答\n", 2, "id"),
        ("entries:\n  - 问答\n", 2, "键值"),
        ("entries:\n  a: b\n", 2, "列表"),
        ("entry:\n  - id: a\n", 1, "entry"),
        ("- id: a\n", 1, "最外层"),
        ("entries:\n  - {id: a, question: 问, answer: 答, rooms: [演示群]}\n", 2, "演示群"),
        ("entries:\n  - {id: a, question: 问, answer: 答, cooldown: 一天}\n", 2, "cooldown"),
        ("entries:\n  - {id: a, question: 问, answer: 答, enabled: 是}\n", 2, "enabled"),
    ],
)
def test_a_faulty_faq_file_is_refused(tmp_path: Path, text: str, line: int, word: str) -> None:
    found = problems(tmp_path, {"faq/a.yaml": text})
    assert ("faq/a.yaml", line) in lines(found)
    assert any(word in problem.message for problem in found)


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    found = problems(tmp_path, {"faq/a.yaml": ENTRY, "faq/b/c.yaml": ENTRY.replace("几点开门", "在哪")})
    assert lines(found) == [("faq/b/c.yaml", 2)]
    assert "faq/a.yaml:2" in found[0].message


def test_one_phrasing_in_two_entries_is_a_warning_unless_their_rooms_differ(tmp_path: Path) -> None:
    twin = ENTRY.replace("id: a", "id: b")
    found = problems(tmp_path, {"faq/a.yaml": ENTRY, "faq/b.yaml": twin})
    assert lines(found, "warning") == [("faq/b.yaml", 2)]
    apart = {
        "faq/a.yaml": ENTRY + "    rooms: [web:a]\n",
        "faq/b.yaml": twin + "    rooms: [web:b]\n",
    }
    assert problems(tmp_path, apart) == ()


@pytest.mark.parametrize(
    ("text", "line", "level", "word"),
    [
        ("lists:\n  - category: 甲\n    terms: [坏]\n", 3, "error", "单字"),
        ("lists:\n  - category: 甲\n    terms: ['！']\n", 3, "error", "符号"),
        ("lists:\n  - category: 甲\n    terms: ['']\n", 3, "error", "空"),
        ("lists:\n  - terms: [坏蛋瓜]\n", 2, "error", "category"),
        ("lists:\n  - category: 甲\n    severity: high\n", 3, "error", "high"),
        ("lists:\n  - category: 甲\n    word: [坏蛋瓜]\n", 3, "error", "word"),
        ("lists:\n  - category: 甲\n    terms:\n      - 坏蛋瓜\n      - 坏 蛋瓜\n", 5, "warning", "重复"),
        ("lists:\n  - category: 甲\n    terms: [天快]\n    allow: [四海升平]\n", 4, "warning", "四海升平"),
        ("lists:\n  - category: 甲\n    terms: [日快]\n", 3, "warning", "生日快乐"),
        ("lists:\n  - category: 甲\n    terms: [坏蛋瓜, 员会]\n", 3, "warning", "委员会"),
        ("lists:\n  - category: 甲\n    patterns:\n      - 坏(?=蛋)\n", 4, "error", "(?="),
        ("lists:\n  - category: 甲\n    patterns:\n      - 坏蛋瓜\n      - '[坏'\n", 5, "error", "missing ]"),
        ("lists:\n  - category: 甲\n    patterns: [坏*]\n", 3, "error", "空文字"),
        ("lists:\n  - {category: 甲, terms: [坏蛋瓜]}\n  - {category: 乙, terms: [坏-蛋瓜]}\n", 3, "warning", "已经有"),
        ("lists:\n  - {category: 甲, terms: [坏蛋瓜]}\n  - {category: 甲, terms: [坏瓜蛋]}\n", 3, "warning", "两次"),
    ],
)
def test_a_doubtful_word_list_is_pointed_out(tmp_path: Path, text: str, line: int, level: str, word: str) -> None:
    found = problems(tmp_path, {"words/a.yaml": text})
    assert ("words/a.yaml", line) in lines(found, level)
    assert any(word in problem.message for problem in found)


def test_a_common_word_that_is_allowed_is_no_longer_pointed_out(tmp_path: Path) -> None:
    text = "lists:\n  - {category: 甲, terms: [员会], allow: [委员会]}\n"
    assert not any("委员会" in problem.message for problem in problems(tmp_path, {"words/a.yaml": text}))


def test_a_list_may_replace_a_built_in_category_and_allow_its_words(tmp_path: Path) -> None:
    text = (
        "lists:\n  - {category: 推销, rule: advert, severity: review, replace: true, terms: [隔壁的店]}\n"
        "  - {category: 本群, allow: [傻逼]}\n"
    )
    folder = write(tmp_path, {"words/a.yaml": text})
    book = load(folder)
    assert [words.terms for words in book.words if words.category == "推销"] == [("隔壁的店",)]
    assert problems(folder, {}) == ()


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("welcome.hear: 在\n", 1, "welcome.hear"),
        ("welcome:\n  here:\n    - 在{name}\n", 2, "{name}"),
        ("welcome.here: ''\n", 1, "空"),
        ("welcome.here: []\n", 1, "说法"),
        ("welcome.here: 在{\n", 1, "花括号"),
        ("welcome.here: '{0}'\n", 1, "花括号"),
        ("welcome.here: '{bot.__class__}'\n", 1, "花括号"),
        (f"welcome.here: {'长' * 1001}\n", 1, "太长"),
        ("- 在\n", 1, "最外层"),
    ],
)
def test_a_faulty_text_is_refused(tmp_path: Path, text: str, line: int, word: str) -> None:
    found = problems(tmp_path, {"texts.yaml": text})
    assert ("texts.yaml", line) in lines(found)
    assert any(word in problem.message for problem in found)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("bot_nmae: 阿福\n", 1, "bot_nmae"),
        ("time_zone: Mars/Olympus\n", 1, "Mars"),
        ("public_url: bot.example\n", 1, "http"),
        ("staff_rooms: [客服群]\n", 1, "客服群"),
        ("rooms:\n  演示群: {}\n", 2, "演示群"),
        ("policy:\n  faq:\n    answer: 0.9\n", 3, "faq.answer"),
        ("policy:\n  faq:\n    answer_at: 1.2\n", 3, "answer_at"),
        ("policy:\n  faq:\n    suggest_at: 0.95\n", 3, "suggest_at"),
        ("policy:\n  faq:\n    answer_at: '0.9'\n", 3, "数字"),
        ("policy:\n  night:\n    start: 25:00\n", 3, "时间"),
        ("policy:\n  escalation:\n    hours:\n      open:\n        mon-fri: ['9点']\n", 5, "时间段"),
        ("policy:\n  escalation:\n    hours:\n      open:\n        周一: ['09:00-12:00']\n", 5, "星期"),
        ("policy:\n  moderation:\n    ladder: 5\n", 3, "键值"),
        ("policy:\n  moderation:\n    flood:\n      messages: 1000\n", 4, "15"),
        ("rooms:\n  web:a:\n    policy:\n      faq:\n        cooldown: -1\n", 5, "cooldown"),
        ("rooms:\n  web:a:\n    policy:\n      time_zone: Asia/Tokyo\n", 4, "time_zone"),
        ("rooms:\n  web:a:\n    topics: 甲\n", 3, "topics"),
        ("- a\n", 1, "最外层"),
    ],
)
def test_a_faulty_steward_file_is_refused(tmp_path: Path, text: str, line: int, word: str) -> None:
    found = problems(tmp_path, {"steward.yaml": text})
    assert ("steward.yaml", line) in lines(found)
    assert any(word in problem.message for problem in found)


@pytest.mark.parametrize(
    ("entry", "line", "word"),
    [
        ("{id: a, kind: post, at: '8点', text: 早}", 2, "8点"),
        ("{id: a, kind: party, at: '08:00', text: 早}", 2, "party"),
        ("{id: a, kind: post, at: '08:00'}", 2, "text"),
        ("{id: a, kind: draw, at: '08:00', title: 抽}", 2, "奖品"),
        ("{id: a, kind: draw, at: '08:00', title: 抽, prizes: [奶茶]}", 2, "奖品"),
        ("{id: a, kind: draw, at: '08:00', title: 抽, prizes: [奶茶x1, 奶茶x2]}", 2, "重复"),
        ("{id: a, kind: draw, at: '08:00', title: 抽, prizes: [奶茶x30000]}", 2, "总数"),
        ("{id: a, kind: post, at: '08:00', text: 早, weekdays: [周一]}", 2, "周一"),
        ("{id: a, kind: post, at: '08:00', text: 早}\n  - {id: a, kind: post, at: '09:00', text: 早}", 3, "重复"),
    ],
)
def test_a_faulty_campaign_is_refused(tmp_path: Path, entry: str, line: int, word: str) -> None:
    found = problems(tmp_path, {"campaigns.yaml": f"campaigns:\n  - {entry}\n"})
    assert ("campaigns.yaml", line) in lines(found)
    assert any(word in problem.message for problem in found)
