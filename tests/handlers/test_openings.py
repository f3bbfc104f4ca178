"""Beginnings that say nothing yet are told from questions and commands."""

import pytest

from handlers.openings import Opening, is_here, opening_of
from tests.handlers.facts_builder import read


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("有人吗？", Opening.CALL),
        ("在吗在吗", Opening.CALL),
        ("在不在呀", Opening.CALL),
        ("你好，有人在吗", Opening.CALL),
        ("群主在吗", Opening.CALL),
        ("你好～", Opening.GREETING),
        ("大家早上好！", Opening.GREETING),
        ("早上好呀", Opening.GREETING),
        ("我想问下", Opening.OPENER),
        ("请问一下…", Opening.OPENER),
        ("你好，想请教个问题", Opening.OPENER),
        ("能问个问题吗", Opening.OPENER),
        ("我想问下退款多久到账", None),
        ("你好退款多久", None),
        ("客服在吗", None),
        ("签到", None),
        ("谢谢", None),
        ("", None),
    ],
)
def test_an_opening_is_the_whole_message(text: str, opening: Opening | None) -> None:
    assert opening_of(read(text).compact) is opening


@pytest.mark.parametrize(
    ("text", "here"),
    [("在的", True), ("怎么了？", True), ("你说", True), ("在吗", False), ("有人吗", False), ("好的", False)],
)
def test_an_answer_to_is_anybody_there_is_no_question_of_the_same_kind(text: str, here: bool) -> None:
    assert is_here(read(text).compact) is here
