"""Who asks the bot what it does not know is told so: once in a while, and only for a clear question."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.events import MessagePosted, Quote
from domain.policy import EscalationPolicy, FaqPolicy, Policy
from tests.handlers.facts_builder import BEN, MORNING, NIGHT, a_case, said, words
from tests.handlers.faq.stages import a_stage

PARKING = "地下停车场几点关门呀？"


def asked(text: str = PARKING, minutes: float = 0, **more: object) -> MessagePosted:
    """A question to the bot."""
    given = {"at": MORNING + timedelta(minutes=minutes), "mentions_bot": True, **more}
    return said(text, **given)  # type: ignore[arg-type]


def test_a_clear_question_that_no_entry_is_near_is_owned_up_to_and_a_person_named() -> None:
    opinion = a_stage().play(asked())
    (reply,) = words(opinion)
    assert "人工" in reply
    assert [(one.rule, one.level) for one in opinion.findings] == [("faq", "none"), ("unknown", "admitted")]
    assert opinion.final


def test_a_member_is_told_once_an_hour_and_everybody_else_too() -> None:
    stage = a_stage()
    assert len(words(stage.play(asked()))) == 1
    assert words(stage.play(asked("储物柜可以过夜吗？", 30))) == []
    assert len(words(stage.play(asked("储物柜可以过夜吗？", 31, by=BEN)))) == 1
    assert len(words(stage.play(asked("雨伞在哪里借？", 61)))) == 1


def test_at_night_too_for_it_was_asked() -> None:
    assert words(a_stage().play(asked(at=NIGHT))) != []


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(lambda: said(PARKING), id="nobody asked the bot"),
        pytest.param(lambda: asked(mentions_bot=False, mentions=(BEN,)), id="somebody else is asked"),
        pytest.param(lambda: asked("今天好热啊"), id="no question"),
        pytest.param(lambda: asked("啥？"), id="too short for one"),
        pytest.param(lambda: asked("在吗"), id="a greeting"),
        pytest.param(lambda: asked("你会唱歌吗？"), id="about the bot"),
        pytest.param(lambda: asked("你是机器人吗？"), id="what it is"),
        pytest.param(lambda: asked("小管家几岁了？"), id="about it by its name"),
        pytest.param(lambda: asked("是不是脑子有病啊，傻逼吗？"), id="an insult"),
        pytest.param(lambda: asked(mentions_bot=False, quote=Quote("小管家", "当天发。", None)), id="asking on"),
    ],
)
def test_what_is_no_clear_question_to_the_bot_is_left_alone(event: Callable[[], MessagePosted]) -> None:
    assert words(a_stage().play(event())) == []


@pytest.mark.parametrize("text", ["请问你们几点开门？", "想问您这边停车场在哪里？", "麻烦问你一下雨伞在哪里借？"])
def test_a_question_that_says_you_to_all_of_us_is_one(text: str) -> None:
    assert len(words(a_stage().play(asked(text)))) == 1


def test_who_has_a_case_open_is_not_sent_to_a_person_again() -> None:
    assert words(a_stage().with_cases(a_case()).play(asked())) == []


def test_a_room_may_want_silence_and_one_without_agents_promises_none() -> None:
    assert words(a_stage(Policy(faq=FaqPolicy(admit=False))).play(asked())) == []
    (reply,) = words(a_stage(Policy(escalation=EscalationPolicy(enabled=False))).play(asked()))
    assert "人工" not in reply and "记下" in reply


def test_an_answer_in_its_cooldown_is_not_unknown() -> None:
    stage = a_stage()
    assert len(words(stage.play(asked("退款多久到账？")))) == 1
    assert words(stage.play(asked("退款多久到账？", 0.5))) == []
