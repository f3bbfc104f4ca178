"""Draws: entered once per person, closed on time, and proven by their receipt."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import CloseDraw, EnterDraw, Prize, Say
from domain.draw import commitment
from domain.draw_verify import Published, verify
from domain.events import Person
from domain.facts import Entrant
from domain.ids import MemberId
from domain.policy import EngagementPolicy, Policy
from handlers.engagement import Draws
from handlers.engagement.drawing import terms_of
from tests.handlers.facts_builder import (
    ANN,
    BEN,
    CARL,
    MORNING,
    OTHER_ROOM,
    ROOM,
    Stage,
    a_book,
    a_draw,
    fired,
    of_type,
    said,
    words,
)


def _stage() -> Stage:
    book = a_book()
    draw = a_draw()
    return Stage(Draws(book), book).with_draws(replace(draw, commitment=commitment(draw.seed)))


def _close(stage: Stage) -> CloseDraw:
    (closed,) = of_type(stage.play(fired("draw.close", "3", at=MORNING + timedelta(minutes=5))), CloseDraw)
    return closed


@pytest.mark.parametrize("text", ["参加", "我要参加", "参加 3", "参加3号", "參加！"])
def test_a_member_enters_once(text: str) -> None:
    stage = _stage()
    opinion = stage.play(said(text))
    (entry,) = of_type(opinion, EnterDraw)
    assert (entry.number, entry.member, len(entry.entrant)) == (3, ANN, 32)
    assert words(opinion) == ["阿花 已参加“周三抽奖”，祝好运～"]
    again = stage.play(said(text))
    assert of_type(again, EnterDraw) == []
    assert "一人一次" in words(again)[0]
    assert stage.world.draws[3].entrants == 1


def test_acknowledgements_of_one_draw_merge() -> None:
    stage = _stage()
    keys = {say.merge.key for m in (ANN, BEN, CARL) for say in of_type(stage.play(said("参加", m)), Say) if say.merge}
    assert keys == {"draw.entered:3"}


def test_without_a_draw_that_is_said_merged() -> None:
    stage = _stage()
    opinion = stage.play(said("参加", room=OTHER_ROOM))
    assert words(opinion) == ["阿花 现在没有进行中的抽奖，下次开始我会在群里说。"]
    assert of_type(opinion, Say)[0].merge is not None
    assert words(stage.play(said("参加 8"))) == ["没有找到进行中的第 8 场抽奖。"]


def test_with_several_draws_the_number_is_asked_for() -> None:
    stage = _stage().with_draws(a_draw(4, title="加场"))
    assert words(stage.play(said("参加"))) == ["现在有几场抽奖：3（周三抽奖）、4（加场）。请发“参加 编号”。"]
    assert of_type(stage.play(said("参加 4")), EnterDraw)[0].number == 4
    assert words(stage.play(said("我的参与"))) == ["您参加了：4（加场）。"]


def test_who_comes_after_the_time_is_not_entered() -> None:
    opinion = _stage().play(said("参加", at=MORNING + timedelta(minutes=5)))
    assert of_type(opinion, EnterDraw) == []
    assert "截止" in words(opinion)[0]


def test_one_persons_ids_in_two_draws_have_nothing_in_common() -> None:
    stage = _stage().with_draws(a_draw(4, salt=b"t" * 32))
    ids = {of_type(stage.play(said(f"参加 {number}")), EnterDraw)[0].entrant for number in (3, 4)}
    assert len(ids) == 2


# ---- closing ---------------------------------------------------------------------------------------------------------


def test_the_receipt_verifies_against_what_was_published() -> None:
    stage = _stage()
    for number in range(40):
        stage.play(said("参加", Person(MemberId(500 + number), f"成员{number}")))
    draw = stage.world.draws[3]
    closed = _close(stage)
    published = Published(commitment=draw.commitment, rules_hash=terms_of(draw).hash)
    checked = verify(json.loads(closed.receipt), published)
    assert checked.failed == ()
    told = [(winner.prize, winner.member.name) for winner in closed.winners]
    assert told == [(w["prize"], w["name"]) for w in json.loads(closed.receipt)["winners"]]
    assert [winner.rank for winner in closed.winners] == [0, 1, 2]


def test_winners_are_announced_in_one_line_with_the_link() -> None:
    stage = _stage()
    for member in (ANN, BEN, CARL):
        stage.play(said("参加", member))
    opinion = stage.play(fired("draw.close", "3", at=MORNING + timedelta(minutes=5)))
    (say,) = of_type(opinion, Say)
    assert "\n" not in say.text
    assert say.text.endswith("https://bot.example/draws/3")
    assert all(member.name in say.text for member in (ANN, BEN, CARL))
    assert set(say.mentions) == {ANN, BEN, CARL}


def test_fewer_entrants_than_prizes_leave_no_blank_winner() -> None:
    stage = _stage()
    stage.play(said("参加"))
    closed = _close(stage)
    assert [(winner.member, winner.prize) for winner in closed.winners] == [(ANN, "奶茶")]
    assert verify(json.loads(closed.receipt)).ok


def test_a_draw_without_entrants_ends_kindly() -> None:
    stage = _stage()
    opinion = stage.play(fired("draw.close", "3", at=MORNING + timedelta(minutes=5)))
    assert of_type(opinion, CloseDraw)[0].winners == ()
    assert "没有人参加" in words(opinion)[0]


def test_many_winners_are_named_in_short_and_not_all_mentioned() -> None:
    stage = _stage().with_draws(a_draw(prizes=(Prize("贴纸", 30),)))
    for number in range(30):
        stage.play(said("参加", Person(MemberId(500 + number), f"成员{number}")))
    (say,) = of_type(stage.play(fired("draw.close", "3", at=MORNING + timedelta(minutes=5))), Say)
    assert "等30人" in say.text
    assert say.mentions == ()


@pytest.mark.parametrize("reference", ["3", "9", "", "x"])
def test_a_draw_is_closed_once(reference: str) -> None:
    stage = _stage()
    _close(stage)
    assert stage.play(fired("draw.close", reference)).actions == ()


def test_a_roster_that_was_not_loaded_is_an_error_and_no_draw() -> None:
    stage = _stage().with_draws(a_draw(roster=None, entrants=2, entered=frozenset({ANN.id})))
    with pytest.raises(ValueError, match="roster of draw 3"):
        _close(stage)


def test_the_order_of_entering_decides_nothing() -> None:
    entrants = [Entrant(Person(MemberId(n), f"成员{n}"), f"{n:032x}", MORNING) for n in range(20)]
    outcomes = {
        _close(_stage().with_draws(a_draw(roster=tuple(order), entrants=20))).winners
        for order in (entrants, entrants[::-1])
    }
    assert len(outcomes) == 1


def test_switched_off_nobody_enters_but_an_open_draw_still_closes() -> None:
    book = a_book(Policy(engagement=EngagementPolicy(enabled=False)))
    stage = Stage(Draws(book), book).with_draws(a_draw())
    assert stage.play(said("参加", room=ROOM)).actions == ()
    assert _close(stage).number == 3
