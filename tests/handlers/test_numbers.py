"""A bare number: a choice of the FAQ or a mark for a case, whichever was asked last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import CaseState, RateCase, Say
from domain.book import FaqEntry
from domain.facts import CaseFacts
from domain.policy import FaqPolicy, Policy
from handlers.catalog import build
from handlers.judge import judge_all
from handlers.numbers import number_of
from tests.handlers.facts_builder import MORNING, a_book, a_case, a_world, said

ENTRIES = (
    FaqEntry("refund", "退款多久到账？", ("三到五个工作日。",)),
    FaqEntry("ship", "什么时候发货？", ("当天发。",)),
)
SHY = Policy(faq=FaqPolicy(answer_at=1.0, suggest_at=1.0, addressed_answer_at=1.0, addressed_suggest_at=0.3))


def resolved(minutes_ago: float) -> CaseFacts:
    """阿花's case, resolved and asked about so long before the suggestion."""
    at = MORNING - timedelta(minutes=minutes_ago)
    return replace(a_case(), state=CaseState.RESOLVED, resolved_at=at, asked_at=at)


def reply(text: str, case: CaseFacts) -> tuple[list[int], list[str], list[str]]:
    """What a reply to both does: marks given, words said, and the findings besides the four."""
    engine = build(a_book(SHY, faq=ENTRIES))
    world = a_world(cases={case.number: case})
    offered = said("退款多久到账", mentions_bot=True)
    judged, _ = judge_all(engine, world, [offered, said(text, at=MORNING + timedelta(minutes=2))], MORNING)
    assert any("您是想问" in action.text for action in judged[0].decision.actions if isinstance(action, Say))
    actions = judged[1].decision.actions
    scores = [action.score for action in actions if isinstance(action, RateCase)]
    texts = [action.text for action in actions if isinstance(action, Say) and action.mentions]
    return scores, texts, [one.rule for one in judged[1].decision.findings[4:]]


def test_a_number_right_after_the_choices_takes_one_of_them() -> None:
    scores, texts, found = reply("1", resolved(minutes_ago=5))
    assert (scores, texts, found) == ([], ["三到五个工作日。"], ["choice"])


def test_a_number_after_the_question_how_it_went_is_a_mark() -> None:
    scores, texts, found = reply("1", resolved(minutes_ago=-1))
    assert scores == [1] and "三到五" not in "".join(texts) and "choice" not in found


@pytest.mark.parametrize(("text", "score"), [("1分", 1), ("满意度 1", 1), ("5", 5), ("五星", 5)])
def test_what_can_only_be_a_mark_is_one(text: str, score: int) -> None:
    assert reply(text, resolved(minutes_ago=5))[0] == [score]


@pytest.mark.parametrize("text", ["第二个", "选2", "我选2吧", "2号", "是第二条"])
def test_a_choice_may_be_named_in_words(text: str) -> None:
    assert number_of(text) == 2


@pytest.mark.parametrize("text", ["22", "2点", "两个", "4", "第2天"])
def test_other_numbers_choose_nothing(text: str) -> None:
    assert number_of(text) is None
