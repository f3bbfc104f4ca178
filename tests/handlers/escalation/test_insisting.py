"""The third time of the same thing within minutes, with no word in between, calls somebody; playful repeats do not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import OpenCase
from domain.decision import Opinion
from handlers.escalation import Escalation
from handlers.talk import SPOKEN_TO
from tests.handlers.facts_builder import ANN, BEN, MORNING, ROOM, Stage, a_book, of_type, said

UNEASY = ("货还没到吗", "我的货怎么还没到", "我的货到底怎么还没到啊")


def _said(texts: Sequence[str], apart: float = 60, mood: float = 0.4, **how: object) -> list[Opinion]:
    book = a_book()
    stage = Stage(Escalation(book), book)
    return [
        stage.play(said(text, at=MORNING + timedelta(seconds=apart * at), **how), mood=mood)  # type: ignore[arg-type]
        for at, text in enumerate(texts)
    ]


def test_the_third_time_opens_a_case_and_says_why() -> None:
    opinions = _said(UNEASY)
    assert [len(of_type(one, OpenCase)) for one in opinions] == [0, 0, 1]
    assert of_type(opinions[2], OpenCase)[0].reason == "几分钟里第三次说同一件事，没人回应"


def test_the_level_of_the_message_stays_its_own() -> None:
    opinions = _said(UNEASY)
    assert [one.findings[0].level for one in opinions] == ["none", "none", "none"]
    assert [(one.rule, one.level) for one in opinions[2].findings[1:]] == [("joined", "escalate")]


def test_exclamation_marks_tell_unease_where_the_words_do_not() -> None:
    assert of_type(_said(["电梯几点修好", "电梯几点能修好", "电梯到底几点修好？？"], mood=0.05)[2], OpenCase)
    assert not of_type(_said(["周末谁去爬山", "周末谁去爬山呀", "周末有谁去爬山"], mood=0.05)[2], OpenCase)


@pytest.mark.parametrize(
    ("texts", "apart"),
    [
        (UNEASY[:2], 60),
        (("货还没到吗", "今天真冷啊", "货还没到吗"), 60),
        (("电梯几点修好", "电梯几点能修好", "电梯到底几点修好"), 10),
        (UNEASY, 400),
        (("唉唉", "唉唉", "唉唉"), 60),
    ],
    ids=["twice", "something else between", "in one breath", "over a quarter of an hour", "hardly a word"],
)
def test_less_than_that_is_left_alone(texts: Sequence[str], apart: float) -> None:
    assert not any(of_type(one, OpenCase) for one in _said(texts, apart))


def test_words_to_other_people_do_not_count() -> None:
    assert not any(of_type(one, OpenCase) for one in _said(UNEASY, mentions=(BEN,)))


def test_who_was_spoken_to_meanwhile_begins_anew() -> None:
    book = a_book()
    stage = Stage(Escalation(book), book)
    for at, text in enumerate(UNEASY[:2]):
        stage.play(said(text, at=MORNING + timedelta(minutes=at)), mood=0.4)
    marks = {**stage.world.marks, (ROOM, ANN.id, SPOKEN_TO): MORNING + timedelta(seconds=90)}
    stage.world = replace(stage.world, marks=marks)
    assert not of_type(stage.play(said(UNEASY[2], at=MORNING + timedelta(minutes=2)), mood=0.4), OpenCase)
