"""Writing an entry into an operator's file: what is not changed stays to the letter."""

import difflib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.config.editing import find, with_entry, without_entry
from bot.config.nodes import as_json, parse
from domain.errors import StewardError

FILE = """\
# 订单。
entries:
  - id: refund            # 老问题
    question: "退款: 多久？"
    similar:
      # 群里的原话
      - 退款要几天   # 常见
      - 钱呢
      # 还有别的再加
    answer: |-
      三到五天。
      # 这不是注释

  # ---- 物流 ----
  - {id: post, question: 包邮吗, answer: 满 88 包邮}  # 一行的

  - id: park
    question: 停车场在哪？
    answer: 东门
    not: [停车费多少]
# 完
"""


def values_of(text: str, entry_id: str) -> dict[str, Any]:
    found = find(text, entry_id)
    assert found is not None
    return dict(found.values)


def changed(text: str, entry_id: str, **changes: Any) -> tuple[list[str], list[str]]:
    """The lines that went and those that came, where these keys change (None: taken out)."""
    values = {key: value for key, value in {**values_of(text, entry_id), **changes}.items() if value is not None}
    edited = with_entry(text, entry_id, values)
    assert values_of(edited, entry_id).keys() == values.keys()
    lines = list(difflib.ndiff(text.splitlines(), edited.splitlines()))
    return [one[2:] for one in lines if one[0] == "-"], [one[2:] for one in lines if one[0] == "+"]


def test_the_same_values_change_no_letter() -> None:
    for entry in ("refund", "post", "park"):
        assert with_entry(FILE, entry, values_of(FILE, entry)) == FILE


def test_a_changed_list_keeps_what_stands_beside_its_items() -> None:
    gone, come = changed(FILE, "refund", similar=["退款要几天", "钱: 到哪了", "退了吗"])
    assert gone == ["      - 钱呢"]
    assert come == ["      - '钱: 到哪了'", "      - 退了吗"]


def test_new_keys_stand_in_their_order_and_texts_of_several_lines_are_blocks() -> None:
    gone, come = changed(FILE, "park", answer=["东门", "东门，\n往里走。"], until=date(2027, 1, 1), cooldown=0)
    assert gone == ["    answer: 东门"]
    wanted = ["answer:", "  - 东门", "  - |-", "    东门，", "    往里走。", "until: 2027-01-01", "cooldown: 0"]
    assert [line[4:] for line in come] == wanted


def test_a_key_that_is_taken_out_takes_no_comment_of_others_along() -> None:
    gone, come = changed(FILE, "refund", similar=None)
    assert gone == ["    similar:", "      - 退款要几天   # 常见", "      - 钱呢"] and come == []
    gone, come = changed(FILE, "park", **{"not": None})
    assert gone == ["    not: [停车费多少]"] and come == []


def test_an_entry_on_one_line_stays_on_it() -> None:
    gone, come = changed(FILE, "post", similar=["免邮吗"])
    assert len(gone) == 1 and come[0].startswith("  - {id: post, question: 包邮吗, similar: [免邮吗], answer: ")
    assert "# 一行的" in come[0]


def test_a_new_entry_comes_last_before_what_follows() -> None:
    new = {
        "id": "open",
        "question": "几点开门？",
        "answer": "九点",
        "follow_ups": ["park", {"question": "周末呢", "answer": "十点"}],
    }
    edited = with_entry(FILE, "open", new)
    head, _, tail = edited.partition("\n  - id: open\n")
    assert head == FILE.removesuffix("# 完\n") and tail.endswith("# 完\n")
    assert values_of(edited, "open") == new


@pytest.mark.parametrize("text", ["", "entries:\n", "entries: []  # 还没有\n", "# 说明\n", "entries: ~\n"])
def test_a_file_without_entries_gets_its_first(text: str) -> None:
    edited = with_entry(text, "a", {"id": "a", "question": "问", "answer": "true"})
    assert as_json(parse(edited)) == {"entries": [{"id": "a", "question": "问", "answer": "true"}]}
    assert all(line in edited for line in text.splitlines() if line.startswith("#"))


def test_line_ends_of_another_system_stay() -> None:
    crlf = FILE.replace("\n", "\r\n")
    edited = with_entry(crlf, "park", {**values_of(crlf, "park"), "answer": "西门"})
    assert edited == crlf.replace("东门", "西门")


@pytest.mark.parametrize(
    "text",
    [
        "entries: [{id: a, question: 问, answer: 答}, {id: b, question: 问二, answer: 答}]\n",
        "entries:\n  - id: z\n    question: &q 问\n    answer: 答\n  - id: a\n    question: *q\n    answer: 答\n",
    ],
)
def test_what_cannot_be_changed_by_itself_is_refused_with_nothing_done(text: str) -> None:
    with pytest.raises(StewardError, match="手动改"):
        with_entry(text, "a", {"id": "a", "question": "问", "answer": "别的答"})


def test_broken_yaml_is_named_with_its_line() -> None:
    with pytest.raises(StewardError, match="第 3 行"):
        find("entries:\n  - id: [a\n", "a")


PHRASES = some.text(some.sampled_from("退款到账 :#-'\"[]{}&*!|>%@`\\,?1.0\nabc是～"), min_size=1, max_size=12).map(
    str.strip
)
WORDS = PHRASES.filter(bool)
LINES = WORDS.map(lambda text: " ".join(text.split())).filter(bool)


@settings(max_examples=120, deadline=None)
@given(
    entry=some.sampled_from(["refund", "park", "post", "new"]),
    similar=some.lists(LINES, max_size=4),
    answers=some.lists(WORDS, min_size=1, max_size=3),
    score=some.none() | some.floats(0.01, 1).map(lambda score: round(score, 2)),
)
def test_whatever_is_typed_is_read_back_and_nothing_else_moves(
    entry: str, similar: list[str], answers: list[str], score: float | None
) -> None:
    held = find(FILE, entry)
    base: dict[str, Any] = {"id": entry, "question": "问"} if held is None else dict(held.values)
    values = base | {"similar": similar, "answer": answers if len(answers) > 1 else answers[0], "answer_at": score}
    values = {key: value for key, value in values.items() if value not in (None, [])}
    edited = with_entry(FILE, entry, values)
    found = find(edited, entry)
    assert found is not None
    assert {**found.values, "similar": found.values.get("similar", [])} == {**values, "similar": similar}
    rest = edited.replace(found.text, "", 1)
    own = "" if held is None else held.text
    assert "".join(rest.split()) == "".join(FILE.replace(own, "", 1).split())


def test_an_entry_taken_out_leaves_every_other_line() -> None:
    assert without_entry(FILE, "refund") == FILE[: FILE.index("  - id: refund")] + FILE[FILE.index("\n  # ---- 物流") :]
    assert without_entry(FILE, "post") == FILE.replace(
        "  - {id: post, question: 包邮吗, answer: 满 88 包邮}  # 一行的\n\n", "\n"
    ).replace("# ---- 物流 ----\n\n", "# ---- 物流 ----\n\n")
    assert "# 完\n" in without_entry(FILE, "park") and "东门" not in without_entry(FILE, "park")


def test_the_last_entry_taken_out_leaves_an_empty_list() -> None:
    text = "# 头\nentries:\n  - id: a\n    question: 问\n    answer: 答\n"
    assert without_entry(text, "a") == "# 头\nentries: []\n"
    assert with_entry("# 头\nentries: []\n", "a", {"id": "a", "question": "问", "answer": "答"}) == text


def test_what_cannot_be_taken_out_alone_is_refused() -> None:
    flow = "entries: [{id: a, question: 问, answer: 答}, {id: b, question: 问二, answer: 答}]\n"
    for text, entry in ((flow, "a"), (FILE, "nobody")):
        with pytest.raises(StewardError):
            without_entry(text, entry)
    alias = "entries:\n  - id: a\n    question: 问\n    answer: &x 答\n  - id: b\n    question: 问二\n    answer: *x\n"
    with pytest.raises(StewardError):
        without_entry(alias, "a")
