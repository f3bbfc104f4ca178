"""What members make of an answer: 不对 in many words, asking again in others, and a person offered the second time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.actions import OpenCase, Say
from domain.book import FaqEntry
from domain.decision import Finding, Opinion
from domain.events import MessagePosted, Quote
from domain.policy import EscalationPolicy, Policy
from handlers.catalog import build
from handlers.escalation import Escalation
from handlers.faq.feedback import none_of_them, refuses
from handlers.judge import judge_all
from tests.handlers import facts_builder as build_facts
from tests.handlers.facts_builder import ANN, BEN, BOT, MORNING, NIGHT, Stage, a_book, of_type, said, words
from tests.handlers.faq import stages
from tests.handlers.faq.stages import REFUND

ENTRIES = (
    FaqEntry("refund", "退款多久到账？", (REFUND,), similar=("钱几天能退回来",), cooldown=30),
    FaqEntry("how", "怎么申请退款？", ("点申请售后。",)),
    FaqEntry("return", "退货要几天？", ("退货七天。",)),
    FaqEntry("swap", "换货要几天？", ("换货十天。",)),
    FaqEntry("card", "会员卡怎么办理？", ("在前台。",)),
    FaqEntry("lost", "会员卡丢了怎么补办？", ("带身份证来。",)),
)


def a_stage(policy: Policy = Policy()) -> Stage:
    return stages.a_stage(policy, ENTRIES)


def later(seconds: float) -> datetime:
    return MORNING + timedelta(seconds=seconds)


def feedback(opinion: Opinion) -> tuple[str, object] | None:
    found = [one for one in opinion.findings if one.rule == "feedback"]
    return (found[0].level, found[0].details["entry"]) if found else None


@pytest.mark.parametrize(
    "text", ["不对", "没用啊", "答非所问", "不是这个意思", "说了等于没说", "我问的不是这个", "没回答我的问题"]
)
def test_who_was_answered_may_say_so_right_after(text: str) -> None:
    stage = a_stage()
    stage.play(said("退款多久到账"))
    assert feedback(stage.play(said(text, at=later(20)))) == ("wrong", "refund")


@pytest.mark.parametrize("text", ["不对劲", "对的", "没用过这个", "谢谢", "不错", "行不行", "错过了怎么办"])
def test_other_words_are_no_feedback(text: str) -> None:
    assert not refuses(text)


@pytest.mark.parametrize(
    "event",
    [
        lambda: said("不对", by=BEN, at=later(20)),
        lambda: said("不对", at=later(300)),
        lambda: said("不对", at=later(20), mentions=(BEN,)),
        lambda: said("不对", at=later(20), quote=Quote(BEN.name, "我觉得行", BEN.id)),
        lambda: said("不对", at=later(3)),
    ],
    ids=["another", "late", "to others", "quoting others", "before the answer"],
)
def test_what_is_not_about_the_answer_counts_for_nothing(event: Callable[[], MessagePosted]) -> None:
    stage = a_stage()
    stage.play(said("退款多久到账"))
    opinion = stage.play(event())
    assert feedback(opinion) is None and words(opinion) == []


def test_a_member_who_has_gone_on_talking_means_something_else() -> None:
    stage = a_stage()
    stage.play(said("退款多久到账"))
    stage.play(said("今天好热", at=later(20)))
    assert feedback(stage.play(said("不对", at=later(30)))) is None


def test_anybody_may_quote_the_answer_and_refuse_it() -> None:
    stage = a_stage()
    stage.play(said("退款多久到账"))
    quote = Quote(BOT.name, f"@阿花 {REFUND}", BOT.id)
    assert feedback(stage.play(said("没用", by=BEN, at=later(600), quote=quote))) == ("wrong", "refund")


def test_the_first_time_other_entries_are_offered_and_the_second_time_a_person() -> None:
    stage = a_stage()
    stage.play(said("会员卡怎么办", mentions_bot=True))
    (offer,) = words(stage.play(said("不对", at=later(20), mentions_bot=True)))
    assert "您是想问“会员卡丢了怎么补办？”吗？" in offer
    assert feedback(again := stage.play(said("都不是", at=later(40)))) == ("wrong", "")
    assert "真人" in words(again)[0]
    assert words(stage.play(said("1", at=later(50)))) == ["带身份证来。"]


def test_where_nothing_else_is_near_it_asks_for_other_words() -> None:
    stage = a_stage()
    stage.play(said("退货要几天"))
    (sorry,) = words(stage.play(said("没用", at=later(20))))
    assert "抱歉" in sorry


def test_at_night_a_refusal_that_nobody_addressed_is_only_counted() -> None:
    stage = a_stage()
    stage.play(said("会员卡怎么办理", at=NIGHT, mentions_bot=True))
    opinion = stage.play(said("没用", at=NIGHT + timedelta(seconds=20)))
    assert feedback(opinion) == ("wrong", "card") and words(opinion) == []


def test_the_same_question_in_other_words_counts_and_the_second_time_offers_a_person() -> None:
    stage = a_stage()
    stage.play(said("退款多久到账"))
    first = stage.play(said("钱几天能退回来", at=later(25)))
    assert feedback(first) == ("rephrased", "refund") and words(first) == []
    second = stage.play(said("退款到底要多久才到账", at=later(60)))
    assert feedback(second) == ("rephrased", "refund")
    assert "真人" in words(second)[0] and not any(REFUND in text for text in words(second))


def test_another_question_that_is_surely_answered_brings_no_person() -> None:
    stage = a_stage()
    stage.play(said("会员卡怎么办理", mentions_bot=True))
    stage.play(said("没用", at=later(20), mentions_bot=True))
    opinion = stage.play(said("会员卡丢了怎么补办", at=later(40), mentions_bot=True))
    assert words(opinion) == ["带身份证来。"]


def test_talk_about_the_same_is_no_question_asked_again() -> None:
    stage = a_stage()
    stage.play(said("退款多久到账"))
    assert feedback(stage.play(said("退款到账了", at=later(60)))) is None


def test_the_same_words_again_are_no_other_words() -> None:
    stage = a_stage()
    stage.play(said("退款多久到账"))
    assert feedback(stage.play(said("退款多久到账？", at=later(20)))) is None


def test_who_asks_the_bot_again_within_the_cooldown_is_not_left_in_silence() -> None:
    stage = a_stage()
    stage.play(said("会员卡怎么办理", mentions_bot=True))
    (reply,) = words(stage.play(said("会员卡怎样办理呀", at=later(20), mentions_bot=True)))
    assert "抱歉" in reply


def test_without_people_to_hand_over_to_no_person_is_offered() -> None:
    stage = a_stage(Policy(escalation=EscalationPolicy(enabled=False)))
    stage.play(said("会员卡怎么办理"))
    stage.play(said("没用", at=later(20)))
    assert "真人" not in words(stage.play(said("没用", at=later(40), mentions_bot=True)))[0]


@pytest.mark.parametrize(
    ("text", "opens"),
    [("要", True), ("好的", True), ("嗯嗯麻烦了", True), ("不用了", False), ("好的吧今天天气不错", False)],
)
def test_a_yes_to_the_offer_opens_a_case(text: str, opens: bool) -> None:
    engine = build(a_book(faq=ENTRIES))
    talk = ("会员卡怎么办理", "没用", "还是没用")
    events = [said(one, at=later(20 * number), mentions_bot=True) for number, one in enumerate(talk)]
    judged, world = judge_all(engine, build_facts.a_world(), events, later(60))
    assert any("真人" in action.text for action in judged[-1].decision.actions if isinstance(action, Say))
    first, _ = judge_all(engine, world, [said(text, at=later(70))], later(70))
    assert any(isinstance(action, OpenCase) for action in first[0].decision.actions) == opens


def test_quoting_an_answer_with_another_subject_asks_the_same_about_it() -> None:
    stage = a_stage()
    stage.play(said("退货要几天"))
    quote = Quote(BOT.name, "@阿花 退货七天。", BOT.id)
    opinion = stage.play(said("那换货呢", by=BEN, at=later(30), quote=quote))
    assert words(opinion) == ["换货十天。"]
    assert [one.details["after"] for one in opinion.findings if one.rule == "follow_up"] == ["return"]
    nothing = stage.play(said("那你吃饭了没呢", by=BEN, at=later(90), quote=quote))
    assert [one.rule for one in nothing.findings] == ["faq"]


# ---- a person --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "call", "asks"),
    [
        (None, "人工", True),
        ("你好", "转人工", True),
        ("我的快递一直没到", "人工", False),
        (None, "叫你们经理来，东西坏了三次", False),
    ],
)
def test_a_bare_call_for_a_person_asks_once_what_it_is_about(before: str | None, call: str, asks: bool) -> None:
    book = a_book()
    stage = Stage(Escalation(book), book)
    if before is not None:
        stage.play(said(before, by=ANN))
    opinion = stage.play(said(call, at=later(5)))
    assert of_type(opinion, OpenCase)
    assert ("什么事" in words(opinion)[0]) == asks
    assert "什么事" not in "".join(words(stage.play(said("人工", at=later(30)))))


def test_the_finding_of_a_complaint_depends_on_the_words_alone() -> None:
    engine = build(a_book(faq=ENTRIES))
    alone, _ = judge_all(engine, build_facts.a_world(), [said("要")], MORNING)
    complaint: Finding = next(one for one in alone[0].decision.findings if one.rule == "complaint")
    assert complaint.level == "none"


@pytest.mark.parametrize("text", ["都不是", "以上都不对", "没有我要的", "哪个都不是", "不是", "没一个对的", "不对"])
def test_choices_may_be_refused_as_a_whole(text: str) -> None:
    assert none_of_them(text)


@pytest.mark.parametrize("text", ["都不是问题", "不是很急", "没有我要买的尺码吗", "第一个", "都行"])
def test_other_words_after_choices_refuse_none(text: str) -> None:
    assert not none_of_them(text)
