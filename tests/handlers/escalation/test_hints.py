"""No phrase of complaining can match where its hints are missing: proven from the patterns themselves."""

import itertools
import re
from re import _constants as k  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from handlers.escalation import complaint, faint
from handlers.escalation.hints import HINTS, possible

COUNTED = "§"
"""Stands for a counted span of time in a pattern: `hints.COUNTED` finds each."""
SPANS = (faint.SPAN, faint.DAYS, faint.HOURS, faint.NUMBER + "[次遍回]", faint.NUMBER + "[次回]")
PATTERNS = {complaint.CALL.why: complaint._CALL} | {signal.why: signal.pattern for signal in complaint._SIGNALS}
UNKNOWN = "\0"


def spelled(parsed: Any) -> set[str]:
    """Every way to match, literal characters as they are, and one sign for anything that is not certain."""
    ways = [spelled_one(op, argument) for op, argument in parsed]
    return {"".join(way) for way in itertools.product(*ways)}


def spelled_one(op: Any, argument: Any) -> set[str]:
    if op is k.LITERAL:
        return {chr(argument)}
    if op is k.IN and len(argument) <= 12 and all(kind is k.LITERAL for kind, _ in argument):
        return {chr(code) for _, code in argument}
    if op is k.SUBPATTERN:
        return spelled(argument[3])
    if op is k.BRANCH:
        return set().union(*(spelled(branch) for branch in argument[1]))
    if op is k.MAX_REPEAT and argument[1] == 1:
        return {"", *spelled(argument[2])}
    if op is k.MAX_REPEAT and argument[0] > 0:
        return {way + UNKNOWN for way in spelled(argument[2])}
    # What only looks at its surroundings takes no characters.
    return {""} if op in (k.AT, k.ASSERT, k.ASSERT_NOT) else {UNKNOWN}


@pytest.mark.parametrize("why", PATTERNS)
def test_every_way_to_match_has_a_hint(why: str) -> None:
    pattern = PATTERNS[why].pattern
    for span in SPANS:
        pattern = pattern.replace(span, COUNTED)
    counted = (COUNTED,) if why in possible("三天") else ()
    hints = re.compile("|".join((*HINTS[why], *counted)))
    assert [way for way in spelled(parser.parse(pattern)) if not hints.search(way)] == []


@pytest.mark.parametrize(
    "span", ["三天", "10多天", "好几个星期", "半个小时", "两个钟头", "20分钟", "第三次", "十几遍", "٣天"]
)
def test_counted_spans_are_hints(span: str) -> None:
    assert possible(f"都{span}啦") >= {"等了很久", "等了一阵", "反复询问", "坏了或不能用"}


@pytest.mark.parametrize("talk", ["今天天气不错", "谢谢老板", "周末有人去公园吗", "这家的咖啡味道不错下次一起"])
def test_ordinary_talk_has_none(talk: str) -> None:
    assert possible(talk) == set()
