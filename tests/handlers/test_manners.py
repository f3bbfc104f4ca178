"""Who speaks to whom: which waiting words fall away, and whose run of messages is broken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import CancelSends, Cause, Remember, Say
from domain.events import MessagePosted, Quote
from domain.ids import NO_MEMBER
from domain.incoming import MessageKind
from domain.policy import Policy, TalkPolicy
from handlers.company import Company
from handlers.manners import Manners
from handlers.talk import SPOKEN_TO
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import AGENT, ANN, BEN, CHAT, DESK, MORNING, NIGHT, OWNER, ROOM, Stage, of_type, said

LATER = timedelta(seconds=3)


def a_stage(policy: Policy = Policy()) -> Stage:
    book = build.a_book(policy)
    return Stage(Manners(book), book)


def quoting_ann() -> Quote:
    return Quote(ANN.name, "原话", ANN.id)


@pytest.mark.parametrize("by", [AGENT, OWNER])
def test_staff_and_the_owner_answer_all_who_wait_or_those_they_turn_to(by: object) -> None:
    stage = a_stage()
    assert isinstance(by, type(ANN))
    everybody = of_type(stage.play(said("三天就到", by=by)), CancelSends)
    assert [(one.member_id, one.cause) for one in everybody] == [(NO_MEMBER, Cause.ANSWERED)]
    turned = of_type(stage.play(said("三天就到", by=by, mentions=(BEN,), quote=quoting_ann())), CancelSends)
    assert [one.member_id for one in turned] == [BEN.id, ANN.id]


@pytest.mark.parametrize(
    "event",
    [
        said("三天就到", by=BEN),
        said("三天就到", by=AGENT, room=DESK),
        said("三天就到", by=AGENT, room=CHAT),
        said("签到", by=AGENT),
        said("谢谢老板", by=AGENT),
        said("在吗", by=AGENT),
        said("小管家你来答", by=AGENT, mentions_bot=True),
        said("", by=AGENT, kind=MessageKind.STICKER),
    ],
)
def test_other_words_answer_nobody(event: MessagePosted) -> None:
    assert of_type(a_stage().play(event), CancelSends) == []


def test_a_picture_from_staff_is_an_answer_too() -> None:
    assert of_type(a_stage().play(said("", by=AGENT, kind=MessageKind.IMAGE)), CancelSends)


def test_only_one_who_has_just_spoken_can_be_interrupted() -> None:
    stage = a_stage()
    assert of_type(stage.play(said("在忙", by=BEN, mentions=(ANN,))), Remember) == []
    stage.play(said("退款"))
    (mark,) = of_type(stage.play(said("什么退款", by=BEN, mentions=(ANN,), at=MORNING + LATER)), Remember)
    assert (mark.member_id, mark.key) == (ANN.id, SPOKEN_TO)


# ---- company ---------------------------------------------------------------------------------------------------------


def company(policy: Policy = Policy()) -> Stage:
    book = build.a_book(policy)
    return Stage(Company(book), book)


def test_is_anybody_there_waits_for_people_and_is_about_its_message() -> None:
    event = said("有人吗")
    (say,) = of_type(company().play(event), Say)
    assert (say.not_before, say.unasked) == (MORNING + timedelta(seconds=45), True)
    assert say.expires_at is not None and say.expires_at > MORNING + timedelta(seconds=45)


def test_the_wait_and_the_hour_are_the_policys() -> None:
    stage = company(Policy(talk=TalkPolicy(company_wait=9, company_every=60)))
    (say,) = of_type(stage.play(said("有人吗")), Say)
    assert say.not_before == MORNING + timedelta(seconds=9)
    assert of_type(stage.play(said("有人吗", at=MORNING + timedelta(minutes=5))), Say)


def test_called_itself_it_answers_at_once_also_at_night() -> None:
    (say,) = of_type(company().play(said("在吗", at=NIGHT, mentions_bot=True)), Say)
    assert say.not_before is None
    assert of_type(company().play(said("在吗", at=NIGHT)), Say) == []


@pytest.mark.parametrize("text", ["你好", "我想问下", "早上好"])
def test_greetings_to_the_room_are_no_business_of_the_bots(text: str) -> None:
    opinion = company().play(said(text))
    assert (opinion.actions, opinion.final) == ((), True)


def test_a_greeting_to_the_bot_waits_for_the_rest_once() -> None:
    stage = company()
    (say,) = of_type(stage.play(said("我想问下", mentions_bot=True)), Say)
    assert say.not_before == MORNING + timedelta(seconds=6)
    assert of_type(stage.play(said("你好", mentions_bot=True, at=MORNING + LATER)), Say) == []


def test_what_others_are_told_is_not_answered() -> None:
    assert company().play(said("在吗", mentions=(BEN,))).findings == ()
    assert company().play(said("在吗", room=DESK)).findings == ()
    assert company().play(said("在吗", by=AGENT)).actions == ()


@pytest.mark.parametrize(
    ("event", "over"),
    [
        (said("算了", at=MORNING + LATER), True),
        (said("在吗", at=MORNING + LATER), False),
        (said("在的", by=BEN, at=MORNING + LATER), True),
        (said("哈哈哈", by=BEN, at=MORNING + LATER), False),
        (said("在的", by=BEN, mentions=(OWNER,), at=MORNING + LATER), False),
        (said("咋", by=BEN, mentions=(ANN,), at=MORNING + LATER), True),
        (said("咋", by=BEN, quote=quoting_ann(), at=MORNING + LATER), True),
        (said("在的", by=BEN, at=MORNING + timedelta(hours=1)), False),
    ],
)
def test_the_reply_on_hold_falls_away_when_the_talk_has_gone_on(event: MessagePosted, over: bool) -> None:
    stage = company()
    call = said("有人吗")
    stage.play(call)
    stage.handler = Manners(stage.book)
    gone = of_type(stage.play(event), CancelSends)
    expected = [CancelSends(room_id=ROOM, member_id=ANN.id, external_id=call.external_id, cause=Cause.GONE_ON)]
    assert gone == (expected if over else [])


def test_without_a_message_id_nothing_is_put_on_hold_that_could_not_be_taken_back() -> None:
    assert of_type(company().play(replace(said("有人吗"), external_id="")), Say) == []
