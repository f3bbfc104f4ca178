"""A held thread: passed on, reminded of, given back, and begun in the member's own room."""

from datetime import datetime, timedelta

import pytest

from domain.actions import (
    AgentSpoke,
    AppendToCase,
    Author,
    CaseState,
    ReleaseCase,
    RemindedAgent,
    Say,
    SetTimer,
    TakeCase,
)
from domain.events import Person, Quote
from domain.facts import CaseFacts
from domain.incoming import MessageKind
from domain.merge import render
from handlers.takeover import Takeover
from tests.handlers.facts_builder import (
    AGENT,
    ANN,
    BEN,
    CARL,
    COLLEAGUE,
    DESK,
    LOOK_ALIKE,
    MORNING,
    ROOM,
    Stage,
    a_book,
    a_case,
    fired,
    held,
    kinds,
    of_type,
    said,
    words,
)


def _stage(*cases: CaseFacts) -> Stage:
    book = a_book()
    return Stage(Takeover(book), book).with_cases(*(cases or (held(a_case()),)))


def _minutes(count: int) -> datetime:
    return MORNING + timedelta(minutes=count)


# ---- the member ------------------------------------------------------------------------------------------------------


def test_the_members_words_are_kept_and_passed_on_quotably() -> None:
    opinion = _stage().play(said("订单是昨天下的"))
    assert [(m.author, m.text) for m in of_type(opinion, AppendToCase)] == [(Author.MEMBER, "订单是昨天下的")]
    (say,) = of_type(opinion, Say)
    assert (say.room_id, say.text, say.notice_of) == (DESK, "【#12】阿花：订单是昨天下的", 12)
    assert not opinion.final


def test_a_burst_becomes_one_notice_that_loses_nothing() -> None:
    stage = _stage()
    merges = [of_type(stage.play(said(f"第{n}句")), Say)[0].merge for n in range(7)]
    parts = [merge for merge in merges if merge is not None]
    assert len({part.key for part in parts}) == 1
    assert all(f"第{n}句" in render(parts) for n in range(7))


def test_a_nickname_with_braces_is_no_template() -> None:
    stage = _stage(held(a_case(member=Person(ANN.id, "{names}{details}"))))
    parts = [say.merge for n in range(5) for say in of_type(stage.play(said(f"第{n}句")), Say) if say.merge is not None]
    assert all(f"第{n}句" in render(parts) for n in range(5))


def test_pictures_are_shown_by_their_kind() -> None:
    opinion = _stage().play(said("", kind=MessageKind.IMAGE))
    assert of_type(opinion, AppendToCase)[0].text == "[图片]"


def test_a_number_may_be_an_answer_to_the_agent_but_a_command_is_not() -> None:
    assert of_type(_stage().play(said("3")), AppendToCase)
    assert _stage().play(said("签到")).actions == ()


def test_other_members_and_unheld_cases_are_left_alone() -> None:
    assert _stage().play(said("订单呢", BEN)).actions == ()
    assert _stage(a_case()).play(said("订单呢")).actions == ()


# ---- the agent in the members' room ----------------------------------------------------------------------------------


def test_an_agent_who_turns_to_the_member_in_their_room_takes_the_case() -> None:
    stage = _stage(a_case())
    opinion = stage.play(said("我来看看", AGENT, mentions=(ANN,)))
    assert kinds(opinion.actions) == ["TakeCase", "SetTimer", "AgentSpoke", "AppendToCase", "Say"]
    assert words(opinion) == ["#12 由李静接手。"]
    assert opinion.final
    assert stage.world.cases[12].state is CaseState.ASSIGNED
    again = stage.play(said("查到了", AGENT, mentions=(ANN,), at=_minutes(1)))
    assert kinds(again.actions) == ["AgentSpoke", "AppendToCase"]
    assert stage.world.cases[12].last_word_at == _minutes(1)


def test_quoting_the_member_counts_too_but_a_mere_name_does_not() -> None:
    known, name_only = Quote("阿花", "没人理", ANN.id), Quote("阿花", "没人理")
    assert of_type(_stage(a_case()).play(said("抱歉久等", AGENT, quote=known)), TakeCase)
    assert _stage(a_case()).play(said("抱歉久等", AGENT, quote=name_only)).actions == ()


def test_a_colleagues_word_keeps_the_holders_takeover_alive() -> None:
    stage = _stage()
    opinion = stage.play(said("补充一下", COLLEAGUE, mentions=(ANN,)))
    assert of_type(opinion, TakeCase) == []
    assert of_type(opinion, AgentSpoke)[0].number == 12


def test_neither_a_look_alike_nor_idle_talk_of_agents_is_a_takeover() -> None:
    assert _stage(a_case()).play(said("我来", LOOK_ALIKE, mentions=(ANN,))).actions == ()
    assert _stage(a_case()).play(said("大家早", AGENT)).actions == ()
    assert _stage(a_case()).play(said("你好", AGENT, mentions=(CARL,))).actions == ()


# ---- the watch -------------------------------------------------------------------------------------------------------


def test_two_reminders_and_then_the_case_comes_back() -> None:
    stage = _stage()
    told: list[str] = []
    due = _minutes(10)
    for _ in range(3):
        opinion = stage.play(fired("case.watch", "12", at=due))
        told += words(opinion, DESK)
        timers = of_type(opinion, SetTimer)
        due = timers[0].due_at if timers else due
    assert [minute for minute in (10, 20, 30) if _minutes(minute) == due] == [30]
    assert told == [
        "【#12】李静，已经 10 分钟没有新回复，再过 20 分钟会交还给我。",
        "【#12】李静，已经 20 分钟没有新回复，再过 10 分钟会交还给我。",
        "【#12】李静 30 分钟没有回复，已交还给我，等同事再接手。",
    ]
    case = stage.world.cases[12]
    assert (case.state, case.epoch, case.assignee) == (CaseState.OPEN, 2, None)


def test_the_lapse_is_told_to_the_member_in_the_new_epoch() -> None:
    opinion = _stage().play(fired("case.watch", "12", at=_minutes(30)))
    assert of_type(opinion, ReleaseCase)[0].epoch == 2
    say = next(say for say in of_type(opinion, Say) if say.room_id == ROOM)
    assert say.mentions == (ANN,)
    assert say.guard is not None
    assert (say.guard.case, say.guard.epoch) == (12, 2)


def test_the_agents_word_starts_the_count_again() -> None:
    stage = _stage()
    stage.play(fired("case.watch", "12", at=_minutes(10)))
    stage.play(said("稍等", AGENT, mentions=(ANN,), at=_minutes(15)))
    opinion = stage.play(fired("case.watch", "12", at=_minutes(20)))
    assert of_type(opinion, RemindedAgent) == []
    assert of_type(opinion, SetTimer)[0].due_at == _minutes(25)
    assert of_type(stage.play(fired("case.watch", "12", at=_minutes(25))), RemindedAgent)[0].count == 1


def test_after_a_long_downtime_a_silent_takeover_lapses_at_once() -> None:
    assert of_type(_stage().play(fired("case.watch", "12", at=_minutes(500))), ReleaseCase)


@pytest.mark.parametrize("reference", ["12", "99", "", "x"])
def test_a_watch_of_what_nobody_holds_does_nothing(reference: str) -> None:
    assert _stage(a_case()).play(fired("case.watch", reference, at=_minutes(60))).actions == ()
