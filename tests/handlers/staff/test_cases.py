"""What agents do with cases from their room and from the console."""

from dataclasses import replace

import pytest

from domain.actions import (
    AgentSpoke,
    AppendToCase,
    Audit,
    Author,
    CaseState,
    ResolveCase,
    Say,
    SendClass,
    SetTimer,
    TakeCase,
)
from domain.events import Person, Quote
from domain.facts import MemberFacts, RoomFacts
from domain.ids import MemberId
from domain.incoming import MessageKind
from handlers.staff import StaffCommands
from tests.handlers.facts_builder import (
    AGENT,
    ANN,
    BOT,
    CHAT,
    CHEN,
    COLLEAGUE,
    DESK,
    LI,
    LOOK_ALIKE,
    MORNING,
    ROOM,
    ROOMS,
    Stage,
    a_book,
    a_case,
    acted,
    held,
    of_type,
    said,
    words,
)

NOTICE = Quote(BOT.name, "【#12】新求助 · 群“演示群” · 阿花\n原因：投诉", BOT.id)


def _stage() -> Stage:
    book = a_book()
    return Stage(StaffCommands(book), book).with_cases(a_case())


def _to_member(stage_opinion: list[Say]) -> list[Say]:
    return [say for say in stage_opinion if say.room_id == ROOM]


@pytest.mark.parametrize(
    "text", ["#12 回复 今天补发", "＃１２回复：今天补发", "#12回复 今天补发", " #12 回复 今天补发"]
)
def test_a_reply_goes_to_the_members_room_with_an_at_and_takes_the_case(text: str) -> None:
    stage = _stage()
    opinion = stage.play(said(text, AGENT, DESK))
    (say,) = _to_member(of_type(opinion, Say))
    assert (say.text, say.mentions, say.send_class, say.expires_at) == ("今天补发", (ANN,), SendClass.STAFF, None)
    assert of_type(opinion, TakeCase)[0].user_id == LI.user_id
    assert of_type(opinion, AgentSpoke)[0].number == 12
    assert [(m.author, m.text) for m in of_type(opinion, AppendToCase)] == [(Author.AGENT, "今天补发")]
    case = stage.world.cases[12]
    assert (case.state, case.epoch, case.assignee_name) == (CaseState.ASSIGNED, 1, "李静")
    assert case.first_reply_at == MORNING
    assert opinion.final


def test_quoting_the_notice_and_writing_is_a_reply() -> None:
    opinion = _stage().play(said("您好，正在查", AGENT, DESK, quote=NOTICE))
    assert [say.text for say in _to_member(of_type(opinion, Say))] == ["您好，正在查"]


def test_bare_command_words_under_a_quoted_notice_are_commands() -> None:
    stage = _stage()
    assert of_type(stage.play(said("接手", AGENT, DESK, quote=NOTICE)), TakeCase)
    resolved = stage.play(said("解决", AGENT, DESK, quote=NOTICE))
    assert of_type(resolved, ResolveCase)
    assert "解决" not in words(resolved, ROOM)


def test_quoting_a_colleague_who_wrote_the_number_sends_nothing() -> None:
    gossip = Quote(COLLEAGUE.name, "【#12】这位真难缠", COLLEAGUE.id)
    opinion = _stage().play(said("哈哈是的", AGENT, DESK, quote=gossip))
    assert opinion.actions == ()


def test_quoting_another_message_of_the_bot_says_that_nothing_was_sent() -> None:
    told = Quote(BOT.name, "#12 已记为内部备注，不会发给对方。", BOT.id)
    opinion = _stage().play(said("那就这样回他", AGENT, DESK, quote=told))
    assert words(opinion, ROOM) == []
    assert "没有发出去" in words(opinion, DESK)[0]


@pytest.mark.parametrize("text", ["#12 他真烦", "#12回复了吗", "#12 解决了没有", "#12 转给谁好呢"])
def test_any_other_numbered_line_is_an_internal_note_and_the_bot_says_so(text: str) -> None:
    opinion = _stage().play(said(text, AGENT, DESK))
    assert [m.author for m in of_type(opinion, AppendToCase)] == [Author.NOTE]
    assert words(opinion, ROOM) == []
    assert "不会发给对方" in words(opinion, DESK)[0]


def test_plain_talk_in_the_agents_room_goes_nowhere() -> None:
    assert _stage().play(said("中午吃什么", AGENT, DESK)).actions == ()


@pytest.mark.parametrize("by", [LOOK_ALIKE, Person(MemberId(99), "李静")])
@pytest.mark.parametrize("text", ["#12 回复 你好", "#12 接手", "#12 转给 @陈晨", "#12 解决", "#12 内部的话"])
def test_a_look_alike_is_refused_and_recorded(by: Person, text: str) -> None:
    stage = _stage()
    before = stage.world.cases
    opinion = stage.play(said(text, by, DESK))
    (audit,) = of_type(opinion, Audit)
    assert (audit.actor, audit.outcome, audit.target) == (f"member:{by.id}", "refused", "case:12")
    assert words(opinion, ROOM) == []
    assert len(words(opinion, DESK)) == 1
    assert stage.world.cases == before


def test_somebody_unbound_who_quotes_the_notice_is_refused() -> None:
    opinion = _stage().play(said("我来回", LOOK_ALIKE, DESK, quote=NOTICE))
    assert of_type(opinion, Audit)[0].outcome == "refused"
    assert words(opinion, ROOM) == []


def test_taking_over_tells_member_and_agents_and_sets_the_watch() -> None:
    stage = _stage()
    opinion = stage.play(said("#12 接手", AGENT, DESK))
    (timer,) = of_type(opinion, SetTimer)
    assert (timer.name, timer.reference) == ("case.watch", "12")
    assert (timer.due_at - MORNING).total_seconds() == 600
    assert "李静" in words(opinion, ROOM)[0]
    assert _to_member(of_type(opinion, Say))[0].guard is not None
    assert words(opinion, DESK) == ["#12 由李静接手。"]
    again = stage.play(said("#12 接手", AGENT, DESK))
    assert of_type(again, TakeCase) == []


def test_a_case_is_passed_on_by_console_name_or_by_the_mention_that_the_channel_cut_out() -> None:
    by_name = _stage().play(said("#12 转给 @陈晨", AGENT, DESK))
    assert of_type(by_name, TakeCase)[0].user_id == CHEN.user_id
    stage = _stage().with_cases(held(a_case()))
    by_mention = stage.play(said("#12 转给 他熟", AGENT, DESK, mentions=(COLLEAGUE,)))
    assert of_type(by_mention, TakeCase)[0].user_id == CHEN.user_id
    assert of_type(by_mention, AppendToCase)[0].text == "由李静转给了陈晨：他熟"
    assert stage.world.cases[12].epoch == 2
    bare = _stage().play(said("转给", AGENT, DESK, mentions=(COLLEAGUE,), quote=NOTICE))
    assert of_type(bare, TakeCase)[0].user_id == CHEN.user_id


def test_a_colleague_nobody_knows_gets_no_case() -> None:
    opinion = _stage().play(said("#12 转给 @老张", AGENT, DESK))
    assert of_type(opinion, TakeCase) == []
    assert "老张" in words(opinion, DESK)[0]


def test_a_colleague_may_answer_in_a_held_case_without_taking_it_away() -> None:
    stage = _stage().with_cases(held(a_case()))
    opinion = stage.play(said("#12 回复 我补充一句", COLLEAGUE, DESK))
    assert of_type(opinion, TakeCase) == []
    assert words(opinion, ROOM) == ["我补充一句"]
    assert "李静" in words(opinion, DESK)[0]


def test_resolving_asks_the_member_once() -> None:
    stage = _stage().with_cases(held(a_case()))
    opinion = stage.play(said("#12 解决", AGENT, DESK))
    (resolved,) = of_type(opinion, ResolveCase)
    assert (resolved.ask, resolved.epoch) == (True, 2)
    assert "打个分" in words(opinion, ROOM)[0]
    again = stage.play(said("#12 解决", AGENT, DESK))
    assert words(again, ROOM) == []
    assert "已经结束" in words(again, DESK)[0]


def test_an_answer_is_not_voided_by_resolving_right_after() -> None:
    stage = _stage()
    (say,) = _to_member(of_type(stage.play(said("#12 回复 已补发", AGENT, DESK)), Say))
    stage.play(said("#12 解决", AGENT, DESK))
    assert say.guard is None


@pytest.mark.parametrize("text", ["#99 回复 你好", "#99 接手", "#99 解决", "#99 备注"])
def test_an_unknown_number_gets_a_polite_hint(text: str) -> None:
    opinion = _stage().play(said(text, AGENT, DESK))
    assert words(opinion, DESK) == ["没有找到 #99，请看看编号对不对。"]
    assert of_type(opinion, AppendToCase) == []


def test_a_half_typed_command_gets_its_usage() -> None:
    assert "#12 回复 内容" in words(_stage().play(said("#12 回复", AGENT, DESK)), DESK)[0]


def test_case_commands_in_a_members_room_stay_there_unheard() -> None:
    stage = _stage()
    by_agent = stage.play(said("#12 回复 你好", AGENT, ROOM))
    assert of_type(by_agent, AppendToCase) == []
    assert "客服群" in words(by_agent, ROOM)[0]
    by_member = stage.play(said("#12 解决", ANN, ROOM))
    assert words(by_member) == []
    assert of_type(by_member, Audit)[0].outcome == "refused"
    assert stage.play(said("#3 谁要拼车", ANN, ROOM)).actions == ()


def test_the_agent_learns_when_the_member_or_the_bot_has_left() -> None:
    gone = MemberFacts(ROOM, ANN.id, left_at=MORNING)
    left = _stage().with_members(gone).play(said("#12 回复 在吗", AGENT, DESK))
    assert "已经退群" in words(left, DESK)[0]
    stage = _stage()
    without = RoomFacts(ROOM, "web:demo", "演示群", present=False)
    stage.world = replace(stage.world, rooms={**ROOMS, ROOM: without})
    away = stage.play(said("#12 回复 在吗", AGENT, DESK))
    assert words(away, ROOM) == []
    assert of_type(away, AgentSpoke) == []


def test_the_console_does_the_same_and_tells_the_agents_room_what_matters() -> None:
    stage = _stage()
    taken = stage.play(acted("#12 接手", by=CHEN))
    assert words(taken, DESK) == ["#12 由陈晨接手。"]
    replied = stage.play(acted("#12 回复 您好", by=CHEN))
    assert words(replied) == ["您好"]
    assert of_type(replied, Audit)[0].actor == "user:2"


def test_pictures_and_lists_are_no_commands() -> None:
    stage = _stage()
    assert stage.play(said("#12 解决", AGENT, DESK, kind=MessageKind.GROUP_NOTE)).actions == ()
    assert stage.play(said("#接龙\n1. 小李", AGENT, DESK)).actions == ()


def test_a_private_chat_is_no_agents_room() -> None:
    opinion = _stage().play(said("#12 回复 你好", AGENT, CHAT))
    assert words(opinion, ROOM) == []
    assert of_type(opinion, AppendToCase) == []
