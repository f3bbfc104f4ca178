"""Whether to answer: bands for addressed and ambient messages, cooldown, night, suggestions and rooms of their own."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.actions import Say
from domain.events import MessagePosted
from domain.incoming import MessageKind
from domain.policy import FaqPolicy, Policy
from handlers.numbers import CHOICE_WINDOW
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import BEN, DESK, MORNING, NIGHT, OTHER_ROOM, of_type, said, words
from tests.handlers.faq.stages import REFUND, SHIP, a_stage

# Nothing is sure enough in this room, so that suggestions can be seen.
SHY = Policy(faq=FaqPolicy(answer_at=1.0, suggest_at=1.0, addressed_answer_at=1.0, addressed_suggest_at=0.3))


def test_a_clear_question_is_answered_to_the_asker_unasked() -> None:
    opinion = a_stage().play(said("请问退款多久到账"))
    (say,) = of_type(opinion, Say)
    assert (say.text, say.unasked, say.mentions) == (REFUND, True, (build.ANN,))
    finding = opinion.findings[0]
    assert (finding.level, finding.details["entry"]) == ("answer", "refund")
    assert finding.details["candidates"] == [["refund", 0.995]]


def test_the_same_entry_is_answered_once_within_its_cooldown() -> None:
    stage = a_stage()
    times = (0, 30, 70)
    answers = [words(stage.play(said("退款多久到账", at=MORNING + timedelta(seconds=s)))) for s in times]
    assert answers == [[REFUND], [], [REFUND]]
    assert [words(stage.play(said("什么时候发货"))) for _ in range(2)] == [[SHIP], [SHIP]]


def test_at_night_only_the_addressed_are_answered() -> None:
    assert words(a_stage().play(said("退款多久到账", at=NIGHT))) == []
    assert words(a_stage().play(said("退款多久到账", at=NIGHT, mentions_bot=True))) == [REFUND]


@pytest.mark.parametrize(
    "event",
    [
        lambda: said("退款多久到账", room=DESK),
        lambda: said("退款多久到账", kind=MessageKind.IMAGE),
        lambda: said("#接龙 退款多久到账"),
        lambda: said("退款多久到账", kind=MessageKind.GROUP_NOTE),
        lambda: said("退款多久到账", mentions=(BEN,)),
        lambda: said("退款多久到账", mentions_all=True),
    ],
)
def test_some_messages_are_never_answered(event: Callable[[], MessagePosted]) -> None:
    assert words(a_stage().play(event())) == []


def test_who_is_addressed_and_nearly_sure_gets_suggestions_and_a_number_brings_the_answer() -> None:
    stage = a_stage(SHY)
    (offer,) = words(stage.play(said("退款多久到账", mentions_bot=True)))
    assert offer == "您是想问“退款多久到账？”吗？回复 1 就好。"
    assert words(stage.play(said("1", by=BEN))) == []
    assert words(stage.play(said("1", at=MORNING + timedelta(seconds=20)))) == [REFUND]


@pytest.mark.parametrize("yes", ["是的", "对", "嗯嗯", "对对对！"])
def test_a_yes_right_after_takes_the_only_choice(yes: str) -> None:
    stage = a_stage(SHY)
    stage.play(said("退款多久到账", mentions_bot=True))
    assert words(stage.play(said(yes, by=BEN))) == []
    assert words(stage.play(said(yes, mentions=(BEN,)))) == []
    stage = a_stage(SHY)
    stage.play(said("退款多久到账", mentions_bot=True))
    assert words(stage.play(said(yes, at=MORNING + timedelta(seconds=20)))) == [REFUND]
    assert words(stage.play(said("什么时候发货", at=MORNING + timedelta(seconds=30), mentions_bot=True))) != []


@pytest.mark.parametrize(
    ("reply", "after"), [("2", timedelta(0)), ("1", CHOICE_WINDOW + timedelta(seconds=1)), ("4", timedelta(0))]
)
def test_a_number_that_was_not_offered_or_comes_late_brings_nothing(reply: str, after: timedelta) -> None:
    stage = a_stage(SHY)
    stage.play(said("退款多久到账", mentions_bot=True))
    assert words(stage.play(said(reply, at=MORNING + after))) == []


def test_nobody_gets_suggestions_who_did_not_ask_for_them() -> None:
    assert words(a_stage(SHY).play(said("退款多久到账"))) == []


def test_a_rooms_own_entry_is_answered_there_only() -> None:
    assert words(a_stage().play(said("二群的群规是什么", room=OTHER_ROOM))) == ["好好说话。"]
    assert words(a_stage().play(said("二群的群规是什么"))) == []


def test_switched_off_it_still_judges() -> None:
    opinion = a_stage(Policy(faq=FaqPolicy(enabled=False))).play(said("退款多久到账"))
    assert (opinion.findings[0].level, opinion.actions) == ("answer", ())
