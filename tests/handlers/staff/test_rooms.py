"""Silence, undo, draws, bindings and the console's own commands."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import (
    AddSanction,
    AnswerDoubtful,
    Audit,
    BindStaff,
    CloseDraw,
    OpenDraw,
    ReverseSanction,
    SanctionKind,
    Say,
    SetQuiet,
    SetTimer,
    Unmute,
    VoidCode,
)
from domain.events import Person
from domain.facts import Ability, Entrant, MemberFacts, Sanction
from domain.ids import NO_ROOM, EventId, RoomId
from domain.policy import Policy
from handlers.staff import StaffCommands
from handlers.staff.binding import code_hash
from tests.handlers.facts_builder import (
    AGENT,
    ANN,
    BEN,
    CHAT,
    DESK,
    LOOK_ALIKE,
    MORNING,
    OTHER_ROOM,
    OWNER,
    ROOM,
    Stage,
    a_book,
    a_code,
    a_draw,
    a_world,
    acted,
    of_type,
    said,
    words,
)


def _stage(policy: Policy = Policy()) -> Stage:
    book = a_book(policy)
    return Stage(StaffCommands(book), book)


def _sanction(kind: SanctionKind = SanctionKind.MUTE, enforced: bool = True) -> Sanction:
    until = MORNING + timedelta(minutes=5)
    return Sanction(7, ROOM, ANN, kind, "abuse", "warn", MORNING, until, enforced, EventId(1))


# ---- silence ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [AGENT, OWNER])
def test_bound_staff_and_the_rooms_owner_may_silence_the_bot(by: Person) -> None:
    stage = _stage()
    opinion = stage.play(said("#安静 2小时", by))
    (quiet,) = of_type(opinion, SetQuiet)
    assert (quiet.room_id, quiet.until) == (ROOM, MORNING + timedelta(hours=2))
    assert words(opinion, ROOM) == ["好的，我安静到12:00。要我回来就发 #恢复"]
    assert of_type(stage.play(said("#恢复", by)), SetQuiet)[0].until is None


@pytest.mark.parametrize("by", [ANN, LOOK_ALIKE, Person(BEN.id, "群主")])
@pytest.mark.parametrize("text", ["#安静 2小时", "#恢复", "#undo 7", "#抽奖 奶茶x1", "#开奖"])
def test_nobody_else_may_and_the_attempt_is_recorded(by: Person, text: str) -> None:
    opinion = _stage().play(said(text, by))
    (audit,) = of_type(opinion, Audit)
    assert (audit.actor, audit.outcome) == (f"member:{by.id}", "refused")
    assert len(opinion.actions) == 2
    assert len(words(opinion, ROOM)) == 1


def test_an_owner_owns_one_room_only_and_only_its_silence() -> None:
    stage = _stage()
    assert of_type(stage.play(said("#安静 2小时", OWNER, OTHER_ROOM)), SetQuiet) == []
    assert of_type(stage.play(said("#抽奖 奶茶x1", OWNER)), OpenDraw) == []


def test_the_console_silences_one_room_or_all() -> None:
    one = _stage().play(acted("#安静 1小时", ROOM))
    assert of_type(one, SetQuiet)[0].room_id == ROOM
    assert "演示群" in words(one, DESK)[0]
    every = _stage().play(acted("#安静 1小时"))
    assert of_type(every, SetQuiet)[0].room_id == NO_ROOM
    assert "所有群" in words(every, DESK)[0]


def test_a_silence_of_all_rooms_is_not_ended_in_one_of_them() -> None:
    stage = _stage()
    stage.play(acted("#安静 1小时"))
    opinion = stage.play(said("#恢复", OWNER))
    assert of_type(opinion, SetQuiet) == []
    assert "后台" in words(opinion, ROOM)[0]
    assert of_type(stage.play(acted("#恢复")), SetQuiet)[0].until is None


# ---- undo ------------------------------------------------------------------------------------------------------------


def test_undo_takes_the_strike_back_unmutes_and_apologises_in_the_members_room() -> None:
    stage = _stage().with_members(MemberFacts(ROOM, ANN.id, sanctions=(_sanction(),)))
    stage.world = replace(stage.world, sanctions={7: _sanction()})
    opinion = stage.play(said("#undo 7", AGENT, DESK))
    assert of_type(opinion, ReverseSanction)[0].by == "user:1"
    assert of_type(opinion, Unmute)[0].member == ANN
    apology = next(say for say in of_type(opinion, Say) if say.room_id == ROOM)
    assert (apology.text, apology.mentions) == ("刚才是我判断错了，记录已撤销，抱歉。", (ANN,))
    assert "7 号处置已撤销" in words(opinion, DESK)[0]
    assert stage.world.members[ROOM, ANN.id].sanctions[0].reversed_at == MORNING
    again = stage.play(said("#撤销 7", AGENT, DESK))
    assert of_type(again, ReverseSanction) == []
    assert "之前已经撤销过" in words(again, DESK)[0]


def test_undoing_a_warning_unmutes_nobody() -> None:
    stage = _stage()
    stage.world = replace(stage.world, sanctions={7: _sanction(SanctionKind.WARN)})
    assert of_type(stage.play(said("#undo 7", AGENT, DESK)), Unmute) == []


def test_an_ended_or_unenforced_mute_needs_no_unmute() -> None:
    for sanction in (_sanction(enforced=False), replace(_sanction(), until=MORNING)):
        stage = _stage()
        stage.world = replace(stage.world, sanctions={7: sanction})
        opinion = stage.play(said("#undo 7", AGENT, DESK))
        assert of_type(opinion, Unmute) == []
        assert of_type(opinion, ReverseSanction) != []


@pytest.mark.parametrize(("whispers", "told"), [(True, "已私下向阿花道歉"), (False, "代为道歉")])
def test_who_was_removed_is_not_apologised_to_in_a_room_they_are_not_in(whispers: bool, told: str) -> None:
    stage = _stage()
    abilities = frozenset(Ability) if whispers else frozenset(Ability) - {Ability.WHISPER}
    account = replace(stage.world.account, abilities=abilities)
    stage.world = replace(stage.world, account=account, sanctions={7: _sanction(SanctionKind.REMOVE)})
    opinion = stage.play(said("#undo 7", AGENT, DESK))
    (shown,) = words(opinion, DESK)
    assert told in shown and "重新邀请" in shown
    apologies = [(say.whisper_to, say.mentions) for say in of_type(opinion, Say) if say.room_id != DESK]
    assert apologies == ([(ANN, ())] if whispers else [])


def test_staff_of_another_channel_are_not_promised_that_the_member_was_told() -> None:
    stage = _stage()
    account = replace(stage.world.account, channel="wechaty", abilities=frozenset(Ability))
    stage.world = replace(stage.world, account=account, sanctions={7: _sanction(SanctionKind.REMOVE)})
    assert "代为道歉" in words(stage.play(said("#undo 7", AGENT, DESK)), DESK)[0]


def test_who_was_removed_and_is_back_hears_it_in_the_room() -> None:
    stage = _stage()
    sanction = _sanction(SanctionKind.REMOVE)
    stage.world = replace(stage.world, sanctions={7: sanction}, stays={ANN.id: frozenset({ROOM})})
    opinion = stage.play(said("#误判 7", AGENT, DESK))
    assert [say.mentions for say in of_type(opinion, Say) if say.room_id == ROOM] == [(ANN,)]
    assert not any("邀请" in text for text in words(opinion, DESK))


def test_a_wrong_removal_is_told_with_what_is_left_to_do() -> None:
    stage = _stage()
    stage.world = replace(stage.world, sanctions={7: _sanction(SanctionKind.REMOVE)})
    assert any("重新邀请" in text for text in words(stage.play(said("#误判 7", AGENT, DESK)), DESK))


def test_undo_sees_the_sanction_of_a_moment_ago() -> None:
    """The second event of a batch is judged on what the first one did."""
    from domain.decision import Decision
    from domain.evolve import evolve

    strike = AddSanction(
        number=8,
        room_id=ROOM,
        member=ANN,
        kind=SanctionKind.WARN,
        rule="abuse",
        severity="warn",
        at=MORNING,
        until=None,
        enforced=True,
        event_id=EventId(1),
        why="",
    )
    stage = _stage()
    stage.world = evolve(stage.world, said("x"), Decision(EventId(1), actions=(strike,)))
    assert of_type(stage.play(said("#undo 8", AGENT)), ReverseSanction)


def test_an_unknown_sanction_gets_a_hint() -> None:
    assert words(_stage().play(said("#undo 99", AGENT, DESK))) == ["没有找到 99 号处置，请看看编号对不对。"]


# ---- draws -----------------------------------------------------------------------------------------------------------


def test_staff_open_a_draw_with_its_timer_and_announcement() -> None:
    event = said("#抽奖 周三 奶茶x1 贴纸x2 10分钟", AGENT)
    opinion = _stage().play(event)
    (draw,) = of_type(opinion, OpenDraw)
    assert [(p.name, p.count) for p in draw.prizes] == [("奶茶", 1), ("贴纸", 2)]
    assert (len(draw.seed), draw.title, draw.source) == (32, "周三", "staff:1")
    assert draw.seed != draw.salt
    (timer,) = of_type(opinion, SetTimer)
    assert (timer.name, timer.reference, timer.due_at) == ("draw.close", "1", MORNING + timedelta(minutes=10))
    (text,) = words(opinion, ROOM)
    assert "“参加”" in text
    assert "https://bot.example/draws/1" in text
    assert draw.seed.hex() not in text
    assert of_type(_stage().play(event), OpenDraw) == [draw], "judging again gives the same draw"


@pytest.mark.parametrize("room", [DESK, CHAT])
def test_a_draw_is_opened_only_where_members_are(room: RoomId) -> None:
    assert of_type(_stage().play(said("#抽奖 奶茶x1", AGENT, room)), OpenDraw) == []


def test_a_draw_is_not_decided_before_its_announced_end() -> None:
    opinion = _stage().with_draws(a_draw()).play(said("#开奖", AGENT))
    assert of_type(opinion, CloseDraw) == []
    assert "10:05" in words(opinion)[0]


def test_staff_may_decide_a_draw_whose_end_has_come() -> None:
    entrants = (Entrant(ANN, "a" * 32, MORNING), Entrant(BEN, "b" * 32, MORNING))
    stage = _stage().with_draws(a_draw(roster=entrants, entrants=2, closes_at=MORNING))
    (closed,) = of_type(stage.play(said("#开奖", AGENT)), CloseDraw)
    assert {winner.member for winner in closed.winners} == {ANN, BEN}
    assert words(stage.play(said("#开奖", AGENT))) == ["这里没有进行中的抽奖。"]


def test_with_several_open_draws_the_number_is_asked_for() -> None:
    stage = _stage().with_draws(a_draw(3), a_draw(4, title="加场", closes_at=MORNING))
    assert "3（周三抽奖）、4（加场）" in words(stage.play(said("#开奖", AGENT)))[0]
    assert of_type(stage.play(said("#开奖 4", AGENT)), CloseDraw)[0].number == 4


# ---- binding ---------------------------------------------------------------------------------------------------------


def _with_code(expires_in: timedelta = timedelta(minutes=5)) -> Stage:
    stage = _stage()
    hashed = code_hash("AB12CD34")
    stage.world = a_world(bindings={hashed: a_code(hashed, MORNING + expires_in)})
    return stage


@pytest.mark.parametrize("text", ["绑定 AB12CD34", "绑定 ab12cd34", "#绑定 ＡＢ12CD34", "綁定：AB12CD34"])
def test_a_code_binds_in_a_private_chat_once(text: str) -> None:
    stage = _with_code()
    opinion = stage.play(said(text, BEN, CHAT))
    assert of_type(opinion, BindStaff)[0].member_id == BEN.id
    assert of_type(opinion, Audit)[0].outcome == "done"
    assert stage.world.people[BEN.id].staff is not None
    again = stage.play(said(text, ANN, CHAT))
    assert of_type(again, BindStaff) == []


@pytest.mark.parametrize("room", [ROOM, DESK])
def test_a_code_in_a_group_is_refused_and_recorded(room: RoomId) -> None:
    opinion = _with_code().play(said("绑定 AB12CD34", BEN, room))
    assert of_type(opinion, BindStaff) == []
    assert [void.code_hash for void in of_type(opinion, VoidCode)] == [code_hash("AB12CD34")]
    assert of_type(opinion, Audit)[0].outcome.startswith("refused")
    assert "私聊" in words(opinion, room)[0]
    assert "AB12CD34" not in "".join(words(opinion)) + repr(of_type(opinion, Audit))


def test_an_expired_or_unknown_code_is_refused() -> None:
    for stage, text in ((_with_code(timedelta(0)), "绑定 AB12CD34"), (_with_code(), "绑定 ZZ99ZZ99")):
        opinion = stage.play(said(text, BEN, CHAT))
        assert of_type(opinion, BindStaff) == []
        assert "过期" in words(opinion, CHAT)[0]


def test_a_contact_may_try_five_codes_in_ten_minutes_and_no_right_one_counts_beyond() -> None:
    stage = _with_code(expires_in=timedelta(minutes=30))
    for number in range(5):
        at = MORNING + timedelta(seconds=number)
        assert "过期" in words(stage.play(said(f"绑定 WRONG{number}XY", BEN, CHAT, at)), CHAT)[0]
    held = stage.play(said("绑定 AB12CD34", BEN, CHAT, MORNING + timedelta(seconds=5)))
    assert of_type(held, BindStaff) == []
    assert "10 分钟" in words(held, CHAT)[0]
    assert of_type(held, Audit)[0].outcome == "refused: too many attempts"
    assert of_type(stage.play(said("绑定 AB12CD34", ANN, CHAT, MORNING)), BindStaff) != [], "others are not held"
    stage.world = replace(stage.world, bindings=_with_code(timedelta(hours=1)).world.bindings)
    assert of_type(stage.play(said("绑定 AB12CD34", BEN, CHAT, MORNING + timedelta(minutes=10))), BindStaff) != []


def test_a_question_about_binding_a_phone_is_no_code() -> None:
    for text in ("绑定 13800001111", "绑定手机怎么弄"):
        assert _stage().play(said(text, BEN)).actions == ()


# ---- console only ----------------------------------------------------------------------------------------------------


def test_doubtful_sends_are_settled_from_the_console_only() -> None:
    (answer,) = of_type(_stage().play(acted("#重发 41")), AnswerDoubtful)
    assert (answer.outbox_id, answer.resend) == (41, True)
    assert of_type(_stage().play(acted("#已发 41")), AnswerDoubtful)[0].resend is False
    assert of_type(_stage().play(said("#重发 41", AGENT, DESK)), AnswerDoubtful) == []


def test_the_digest_is_passed_to_the_agents_rooms() -> None:
    assert words(_stage().play(acted("#日报 今天 3 件求助")), DESK) == ["今天 3 件求助"]
    assert words(_stage().play(said("#日报 今天 3 件求助", AGENT, DESK))) == []


def test_commands_not_yet_open_say_so() -> None:
    assert words(_stage().play(said("#取消抽奖 3 写错了", AGENT))) == ["这个指令还没有开通。"]
