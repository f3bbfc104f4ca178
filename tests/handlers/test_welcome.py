"""Greetings, invitations, an empty @, and honest answers about being a bot."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import AcceptInvite, Audit, Remember, Say, SendClass
from domain.events import MemberJoined, Person, RoomInvited, RoomJoined
from domain.facts import MemberFacts
from domain.ids import NO_ROOM, EventId, RoomId
from domain.incoming import MessageKind
from domain.merge import render
from domain.policy import Policy, WelcomePolicy
from handlers.welcome import Welcome
from tests.handlers.facts_builder import (
    AGENT,
    ANN,
    BEN,
    BOT,
    CARL,
    CHAT,
    DESK,
    LOOK_ALIKE,
    MORNING,
    ROOM,
    Stage,
    a_book,
    of_type,
    said,
    words,
)


def _stage(**welcome: object) -> Stage:
    book = a_book(Policy(welcome=WelcomePolicy(**welcome)))  # type: ignore[arg-type]
    return Stage(Welcome(book), book)


def _joined(*people: Person, room: RoomId = ROOM, hours: float = 0) -> MemberJoined:
    return MemberJoined(id=EventId(1), at=MORNING + timedelta(hours=hours), room_id=room, people=people)


def _invited(by: Person) -> RoomInvited:
    return RoomInvited(id=EventId(2), at=MORNING, room_id=NO_ROOM, inviter=by, topic="三群", reference="invitation-1")


# ---- newcomers -------------------------------------------------------------------------------------------------------


def test_newcomers_of_a_burst_share_one_greeting_with_the_privacy_link() -> None:
    stage = _stage()
    says = of_type(stage.play(_joined(ANN, BEN)), Say) + of_type(stage.play(_joined(CARL)), Say)
    merges = [say.merge for say in says if say.merge is not None]
    assert len({merge.key for merge in merges}) == 1
    assert render(merges).startswith("欢迎阿花、小明、老王～我是群助手小管家（机器人）")
    assert "https://bot.example/privacy" in render(merges)
    assert all(say.send_class is SendClass.GREETING and say.unasked for say in says)
    assert all(say.expires_at == MORNING + timedelta(minutes=10) for say in says)


def test_who_comes_back_within_a_day_is_not_greeted_again() -> None:
    stage = _stage()
    stage.play(_joined(ANN))
    assert words(stage.play(_joined(ANN, hours=20))) == []
    assert words(stage.play(_joined(ANN, hours=30))) != []
    old = _stage().with_members(MemberFacts(ROOM, BEN.id, left_at=MORNING - timedelta(hours=3)))
    assert words(old.play(_joined(BEN))) == []


def test_the_bot_does_not_greet_itself_nor_anybody_among_the_agents() -> None:
    assert words(_stage().play(_joined(BOT))) == []
    assert words(_stage().play(_joined(ANN, room=DESK))) == []
    assert words(_stage(enabled=False).play(_joined(ANN))) == []


# ---- the bot itself --------------------------------------------------------------------------------------------------


def test_coming_into_a_room_it_says_who_it_is_once() -> None:
    stage = _stage()
    arrived = RoomJoined(id=EventId(3), at=MORNING, room_id=ROOM)
    assert "机器人" in words(stage.play(arrived))[0]
    assert words(stage.play(replace(arrived, at=MORNING + timedelta(hours=1)))) == []
    assert "引用求助通知" in words(stage.play(replace(arrived, room_id=DESK)))[0]


def test_an_invitation_of_bound_staff_is_accepted() -> None:
    opinion = _stage().play(_invited(AGENT))
    assert of_type(opinion, AcceptInvite)[0].reference == "invitation-1"
    assert of_type(opinion, Audit)[0].outcome == "accepted"
    assert "三群" in words(opinion, DESK)[0]


@pytest.mark.parametrize("by", [ANN, LOOK_ALIKE])
def test_anybody_elses_is_refused_recorded_and_told_once_an_hour(by: Person) -> None:
    stage = _stage()
    first, second = stage.play(_invited(by)), stage.play(_invited(by))
    assert of_type(first, AcceptInvite) == of_type(second, AcceptInvite) == []
    assert [of_type(opinion, Audit)[0].outcome for opinion in (first, second)] == ["refused", "refused"]
    assert (len(words(first, DESK)), len(words(second, DESK))) == (1, 0)


def test_the_policy_may_accept_anybody_or_nobody() -> None:
    assert of_type(_stage(accept_invites="anybody").play(_invited(ANN)), AcceptInvite)
    assert of_type(_stage(accept_invites="nobody").play(_invited(AGENT)), AcceptInvite) == []


# ---- called by name --------------------------------------------------------------------------------------------------


def test_an_empty_mention_is_answered_and_remembered() -> None:
    opinion = _stage().play(said(" \u2005 ", mentions_bot=True))
    assert words(opinion) == ["在的，您说。"]
    assert of_type(opinion, Remember)[0].key == "empty_mention"
    assert opinion.final
    assert _stage().play(said("", mentions_all=True)).actions == ()


@pytest.mark.parametrize(
    "text", ["你是机器人吗？", "是真人吗", "你是不是机器人", "你是谁", "ARE YOU A BOT?", "你到底是人还是机器"]
)
def test_asked_whether_it_is_a_bot_it_says_yes(text: str) -> None:
    (answer,) = words(_stage().play(said(text, mentions_bot=True)))
    assert answer.startswith("是的，我是机器人")
    assert words(_stage().play(said(text, room=CHAT))) == [answer]


def test_the_question_put_to_somebody_else_is_not_answered() -> None:
    assert _stage().play(said("你是机器人吗")).actions == ()
    assert _stage().play(said("你是机器人吗", mentions=(BEN,))).actions == ()


def test_a_picture_for_the_bot_gets_one_hint_an_hour() -> None:
    stage = _stage()
    hints = [
        words(stage.play(said("", room=CHAT, kind=MessageKind.IMAGE, at=MORNING + timedelta(minutes=m))))
        for m in (0, 5, 61)
    ]
    assert [len(hint) for hint in hints] == [1, 0, 1]
    assert "图片" in hints[0][0]
    assert stage.play(said("", kind=MessageKind.RED_PACKET)).actions == ()
