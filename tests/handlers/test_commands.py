"""What members ask about the bot and about themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import AddAppeal, CaseState, Remember, SanctionKind, Say
from domain.book import WordList
from domain.facts import MemberFacts, PersonFacts, Sanction
from domain.ids import EventId
from domain.policy import Policy, RetentionPolicy
from handlers.commands import MemberCommands
from tests.handlers.facts_builder import (
    ANN,
    BEN,
    CHAT,
    DESK,
    MORNING,
    NIGHT,
    ROOM,
    Stage,
    a_book,
    a_case,
    a_world,
    held,
    of_type,
    said,
    words,
)


def _stage(policy: Policy = Policy()) -> Stage:
    book = a_book(policy, words=(WordList("insult", "warn", ("某词",), title="好好说话"),))
    return Stage(MemberCommands(book), book)


def _sanction(number: int, rule: str = "insult", reversed_: bool = False) -> Sanction:
    reversed_at = MORNING if reversed_ else None
    return Sanction(
        number, ROOM, ANN, SanctionKind.WARN, rule, "warn", MORNING, None, True, EventId(number), reversed_at
    )


@pytest.mark.parametrize("text", ["帮助", "help", "帮助！", "幫助"])
def test_help_is_for_members_in_groups_and_for_agents_in_their_room(text: str) -> None:
    (say,) = of_type(_stage().play(said(text)), Say)
    assert say.text.count("\n") == 5
    assert say.expires_at == MORNING + timedelta(minutes=3)
    assert "#12 回复 内容" in words(_stage().play(said(text, room=DESK)))[0]


def test_privacy_tells_what_why_how_long_and_where() -> None:
    policy = Policy(retention=RetentionPolicy(messages=30, cases=0))
    (text,) = words(_stage(policy).play(said("隐私")))
    assert "30 天" in text
    assert "长期" in text
    assert "https://bot.example/privacy" in text


@pytest.mark.parametrize(("days_ago", "streak"), [(0, 4), (1, 4), (2, 0)])
def test_points_show_the_balance_and_only_a_streak_that_lives(days_ago: int, streak: int) -> None:
    stage = _stage()
    last = MORNING.date() - timedelta(days=days_ago)
    stage.world = a_world(people={ANN.id: PersonFacts(ANN.id, last, 4, 38)})
    assert words(stage.play(said("积分"))) == [f"您现在有 38 积分，连续签到 {streak} 天。"]


def test_progress_tells_the_state_of_ones_own_case() -> None:
    stage = _stage()
    assert "没有您的求助" in words(stage.play(said("进度")))[0]
    stage.with_cases(a_case())
    assert words(stage.play(said("进度"))) == ["编号 12 在排队，同事看到就来，不用重复说。"]
    assert "明天 9:00" in words(stage.play(said("进度", at=NIGHT)))[0]
    assert "没有您的求助" in words(stage.play(said("进度", BEN)))[0]
    stage.with_cases(held(a_case()))
    assert words(stage.play(said("进度"))) == ["编号 12 由李静在跟进，请稍等。"]
    stage.with_cases(replace(a_case(), state=CaseState.RESOLVED, resolved_at=MORNING))
    assert "处理完了" in words(stage.play(said("进度")))[0]
    assert "没有您的求助" in words(stage.play(said("进度", at=MORNING + timedelta(days=2))))[0]


def test_warnings_are_listed_by_rule_and_never_by_word() -> None:
    stage = _stage()
    assert "没有您的处置" in words(stage.play(said("我的警告")))[0]
    sanctions = (_sanction(7), _sanction(8, "flood"), _sanction(9, reversed_=True))
    stage.with_members(MemberFacts(ROOM, ANN.id, sanctions=sanctions))
    assert words(stage.play(said("我的警告"))) == [
        "近30天有 2 条：7号（好好说话）、8号（不刷屏）。觉得误会请发“申诉”。"
    ]


def test_an_appeal_reaches_staff_once_per_sanction() -> None:
    stage = _stage().with_members(MemberFacts(ROOM, ANN.id, sanctions=(_sanction(7), _sanction(8))))
    opinion = stage.play(said("申诉"))
    assert of_type(opinion, AddAppeal)[0].sanction == 8
    assert of_type(opinion, Remember)
    (notice,) = words(opinion, DESK)
    assert "#undo 8" in notice
    assert "演示群" in notice
    again = stage.play(said("申诉"))
    assert of_type(again, AddAppeal) == []
    assert "再等等" in words(again)[0]


def test_a_muted_member_appeals_in_a_private_chat() -> None:
    stage = _stage()
    stage.world = replace(stage.world, sanctions={7: _sanction(7), 8: replace(_sanction(8), member=BEN)})
    assert "7号" in words(stage.play(said("我的警告", room=CHAT)))[0]
    opinion = stage.play(said("申诉", room=CHAT))
    (appeal,) = of_type(opinion, AddAppeal)
    assert (appeal.sanction, appeal.room_id) == (7, ROOM)
    assert "演示群" in words(opinion, DESK)[0]
    assert of_type(stage.play(said("申诉", room=CHAT)), AddAppeal) == []


def test_who_has_nothing_to_appeal_is_told_so() -> None:
    stage = _stage().with_members(MemberFacts(ROOM, ANN.id, sanctions=(_sanction(7, reversed_=True),)))
    opinion = stage.play(said("申诉"))
    assert of_type(opinion, AddAppeal) == []
    assert "不用申诉" in words(opinion)[0]


def test_an_answer_ats_the_asker_but_not_in_a_private_chat() -> None:
    assert of_type(_stage().play(said("积分")), Say)[0].mentions == (ANN,)
    assert of_type(_stage().play(said("积分", room=CHAT)), Say)[0].mentions == ()


@pytest.mark.parametrize("text", ["帮助我一下", "积分怎么用", "隐私政策", "#接龙 帮助", "进度如何", "签到"])
def test_other_words_are_none_of_these_commands(text: str) -> None:
    assert _stage().play(said(text)).findings == ()


def test_commands_are_final_and_asked_for() -> None:
    opinion = _stage().play(said("帮助"))
    assert opinion.final
    assert not of_type(opinion, Say)[0].unasked
