"""签到: counted once a community day over all rooms, kindly refused after that, merged in a crowd."""

from datetime import timedelta

import pytest

from domain.actions import CheckIn, CreditPoints, Say, SendClass
from domain.facts import PersonFacts
from domain.merge import render
from domain.policy import EngagementPolicy, Policy
from handlers.engagement import CheckIns
from tests.handlers.facts_builder import (
    ANN,
    BEN,
    BOT,
    CHAT,
    MORNING,
    OTHER_ROOM,
    ROOM,
    Stage,
    a_book,
    a_world,
    kinds,
    of_type,
    said,
    words,
)


def _stage(**engagement: object) -> Stage:
    book = a_book(Policy(engagement=EngagementPolicy(**engagement)))  # type: ignore[arg-type]
    return Stage(CheckIns(book), book)


def test_a_check_in_counts_credits_and_is_acknowledged() -> None:
    stage = _stage()
    opinion = stage.play(said("签到"))
    (checkin,) = of_type(opinion, CheckIn)
    assert (checkin.member, checkin.day.isoformat(), checkin.streak) == (ANN, "2025-03-12", 1)
    (credit,) = of_type(opinion, CreditPoints)
    assert (credit.amount, credit.key, credit.cause) == (5, "checkin:11:2025-03-12", "checkin")
    (say,) = of_type(opinion, Say)
    assert (say.text, say.send_class) == ("阿花 签到成功！阿花已连续1天，积分5。", SendClass.EVENT)
    assert say.expires_at == MORNING + timedelta(minutes=30)
    assert not say.unasked
    assert opinion.final


@pytest.mark.parametrize("text", ["签到", "打卡", " 签到！", "簽到～", "签到[强]", "@小管家 签到"])
def test_the_word_may_be_decorated(text: str) -> None:
    assert of_type(_stage().play(said(text)), CheckIn)


@pytest.mark.parametrize("text", ["签到了吗", "怎么签到", "我来签到", "#接龙 签到", "签到 打卡 +1", "@小王 签到"])
def test_other_words_are_no_check_in(text: str) -> None:
    assert _stage().play(said(text)).actions == ()


def test_a_check_in_said_to_others_is_none() -> None:
    assert _stage().play(said("签到", mentions=(BEN,))).actions == ()
    assert _stage().play(said("签到", mentions_all=True)).actions == ()
    assert of_type(_stage().play(said("签到", mentions=(BOT,), mentions_bot=True)), CheckIn)


def test_twice_a_day_is_told_kindly_in_any_room() -> None:
    stage = _stage()
    stage.play(said("签到"))
    for room in (ROOM, OTHER_ROOM, CHAT):
        again = stage.play(said("签到", room=room, at=MORNING + timedelta(hours=2)))
        assert kinds(again.actions) == ["Say"]
        assert words(again) == ["阿花 今天已经签过啦，明天再来～"]


def test_the_day_is_the_communitys_and_the_streak_goes_on() -> None:
    stage = _stage()
    late = MORNING.replace(hour=23, minute=59)
    for days, minutes, streak in ((0, 0, 1), (0, 1, 2), (1, 1, 3), (4, 0, 1)):
        opinion = stage.play(said("签到", at=late + timedelta(days=days, minutes=minutes)))
        assert of_type(opinion, CheckIn)[0].streak == streak
    assert stage.world.people[ANN.id].balance == 5 + 5 + 7 + 5


def test_the_bonus_is_paid_on_reaching_the_streak_only() -> None:
    stage = _stage(streak_bonus={2: 100})
    amounts = [
        of_type(stage.play(said("签到", at=MORNING + timedelta(days=day))), CreditPoints)[0].amount for day in range(3)
    ]
    assert amounts == [5, 105, 5]


def test_a_backlog_from_before_the_last_check_in_changes_nothing() -> None:
    stage = _stage()
    stage.play(said("签到"))
    opinion = stage.play(said("签到", at=MORNING - timedelta(days=1)))
    assert of_type(opinion, CheckIn) == []
    assert len(words(opinion)) == 1


def test_a_crowd_is_acknowledged_in_one_message() -> None:
    stage = _stage()
    merges = []
    for member in (ANN, BEN):
        (say,) = of_type(stage.play(said("签到", member)), Say)
        assert say.merge is not None
        merges.append(say.merge)
    assert {merge.key for merge in merges} == {"checkin"}
    assert render(merges) == "阿花、小明 签到成功！阿花已连续1天，积分5。；小明已连续1天，积分5。"
    again = of_type(stage.play(said("签到")), Say)[0]
    assert again.merge is not None
    assert again.merge.key != "checkin"


def test_switched_off_nothing_counts() -> None:
    assert _stage(enabled=False).play(said("签到")).actions == ()


def test_the_balance_of_before_is_added_to() -> None:
    stage = _stage()
    stage.world = a_world(people={ANN.id: PersonFacts(ANN.id, balance=40)})
    assert "积分45" in words(stage.play(said("签到")))[0]
