"""Short messages of one member in a row, as one text; and members whose every message is answered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import Remember, Say, SendClass
from domain.book import Book
from domain.decision import Opinion
from domain.events import Event, MessagePosted, Person, Quote
from domain.facts import Facts
from domain.incoming import MessageKind
from domain.policy import Policy, TalkPolicy
from handlers.loops import PAUSED, REPLIED, counted, paused
from handlers.talk import SPOKEN_TO, joined
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import AGENT, ANN, BEN, MORNING, ROOM, Stage, facts_for, said


class Silent:
    """Hears everything and does nothing but what a test gives it."""

    name = "silent"
    listens: tuple[type, ...] = (MessagePosted,)

    def __init__(self, book: Book) -> None:
        self.actions: tuple[Remember, ...] = ()

    def decide(self, event: Event, facts: Facts) -> Opinion:
        return Opinion(actions=self.actions)


def a_stage(policy: Policy = Policy()) -> Stage:
    book = build.a_book(policy)
    return Stage(Silent(book), book)


def together(stage: Stage, texts: Iterable[str], step: float = 3) -> str | None:
    """The joined text of the last one, each said ``step`` seconds after the one before."""
    found = None
    for number, text in enumerate(texts):
        event = said(text, at=MORNING + timedelta(seconds=number * step))
        facts = facts_for(event, stage.world, stage.book)
        text_facts = joined(event, facts)
        found = text_facts.raw if text_facts is not None else None
        stage.play(event)
    return found


def test_short_messages_in_a_row_are_one_text() -> None:
    assert together(a_stage(), ("退款", "已经申请了", "多久到账")) == "退款，已经申请了，多久到账"


def test_a_message_alone_or_after_a_pause_has_nothing_to_join() -> None:
    assert together(a_stage(), ("退款",)) is None
    assert together(a_stage(), ("退款", "多久到账"), step=25) is None


def test_at_most_five_belong_together() -> None:
    assert together(a_stage(), ["一", "二", "三", "四", "五", "六"], step=1) == "二，三，四，五，六"
    assert together(a_stage(Policy(talk=TalkPolicy(join_messages=1))), ("退款", "多久")) is None
    assert together(a_stage(Policy(talk=TalkPolicy(join_messages=2))), ("退款", "申请了", "多久")) == "申请了，多久"


@pytest.mark.parametrize("link", ["你好", "我想问下", "请问"])
def test_greetings_and_openers_add_nothing_but_do_not_break_the_row(link: str) -> None:
    assert together(a_stage(), ("退款", link, "多久到账")) == "退款，多久到账"
    assert together(a_stage(), (link, "退款多久")) is None


@pytest.mark.parametrize("between", ["谢谢老板", "我写得很长很长" * 10, "#接龙 1. 我"])
def test_rituals_long_messages_and_lists_break_the_row(between: str) -> None:
    assert together(a_stage(), ("退款", between, "多久到账")) is None


def test_somebody_who_turned_to_the_member_or_a_reply_broke_the_row() -> None:
    for key in (SPOKEN_TO, f"{REPLIED}:1"):
        stage = a_stage()
        stage.play(said("退款"))
        mark = (ROOM, ANN.id, key)
        stage.world = replace(stage.world, marks={mark: MORNING})
        event = said("多久到账", at=MORNING + timedelta(seconds=3))
        assert joined(event, facts_for(event, stage.world, stage.book)) is None


@pytest.mark.parametrize(
    "event",
    [
        said("多久到账", by=BEN),
        said("多久到账", kind=MessageKind.IMAGE),
        said("多久到账", mentions=(BEN,)),
        said("多久到账", quote=Quote("小明", "原话", BEN.id)),
        said("谢谢"),
        said("好的好的"),
    ],
)
def test_some_messages_join_nothing(event: MessagePosted) -> None:
    stage = a_stage()
    stage.play(said("退款", at=MORNING - timedelta(seconds=3)))
    assert joined(event, facts_for(event, stage.world, stage.book)) is None


# ---- loops -----------------------------------------------------------------------------------------------------------


def answer(send_class: SendClass = SendClass.ANSWER) -> tuple[Say, ...]:
    return (Say(room_id=ROOM, text="好", send_class=send_class),)


def spoken(stage: Stage, count: int, step: float = 5, by: Person = ANN, text: str = "话") -> list[str]:
    """The marks after ``count`` messages that each get an answer."""
    keys: list[str] = []
    silent = stage.handler
    assert isinstance(silent, Silent)
    for number in range(count):
        event = said(f"{text}{number}", by=by, at=MORNING + timedelta(seconds=number * step))
        facts = facts_for(event, stage.world, stage.book)
        silent.actions = () if paused(event, facts) else counted(event, facts, answer(), "小管家")
        keys += [mark.key for mark in silent.actions]
        stage.play(event)
    return keys


def test_five_answered_messages_in_a_row_end_in_a_pause() -> None:
    assert spoken(a_stage(), 8) == [f"{REPLIED}:{n}" for n in range(1, 6)] + [PAUSED]


def test_slow_talk_staff_and_commands_never_do() -> None:
    assert PAUSED not in spoken(a_stage(), 12, step=40)
    assert spoken(a_stage(), 8, by=AGENT) == []
    event = said("积分")
    assert counted(event, facts_for(event, a_stage().world, build.a_book()), answer(), "小管家") == ()


def test_a_message_without_a_reply_begins_a_new_count() -> None:
    stage = a_stage()
    spoken(stage, 3)
    assert isinstance(stage.handler, Silent)
    stage.handler.actions = ()
    stage.play(said("没有回复", at=MORNING + timedelta(seconds=20)))
    event = said("又来", at=MORNING + timedelta(seconds=25))
    (mark,) = counted(event, facts_for(event, stage.world, stage.book), answer(), "小管家")
    assert mark.key == f"{REPLIED}:1"


def test_warnings_and_acknowledgements_are_no_talk() -> None:
    event = said("话")
    facts = facts_for(event, a_stage().world, build.a_book())
    for send_class in (SendClass.MODERATION, SendClass.EVENT, SendClass.STAFF):
        assert counted(event, facts, answer(send_class), "小管家") == ()
