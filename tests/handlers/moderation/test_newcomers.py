"""Newcomers' links where the room limits them, and a wave of joins that is slowed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import AddSanction, Say
from domain.book import Book
from domain.events import MemberJoined, Person
from domain.facts import MemberFacts
from domain.ids import EventId, MemberId
from domain.incoming import MessageKind
from domain.policy import ModerationPolicy, NewcomerPolicy, Policy
from handlers.moderation.handler import Moderation
from handlers.welcome import Welcome
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import ANN, DESK, MORNING, OWNER, ROOM, Stage, of_type, said, whispers, words

LINK = "资料在这里 https://files.example.com/a 大家看看"
MINUTE = timedelta(minutes=1)


def a_book(**limits: int) -> Book:
    """The demo room with these limits for newcomers."""
    return build.a_book(Policy(moderation=ModerationPolicy(newcomer=NewcomerPolicy(**limits))))


def a_stage(**limits: int) -> Stage:
    """Its moderation."""
    book = a_book(**limits)
    return Stage(Moderation(book), book)


@pytest.mark.parametrize(
    ("kind", "limited"),
    [(MessageKind.CARD, True), (MessageKind.LINK, True), (MessageKind.MINI_PROGRAM, True), (MessageKind.IMAGE, False)],
)
def test_a_name_card_or_a_shared_link_is_a_contact_too(kind: MessageKind, limited: bool) -> None:
    stage = a_stage(hours=24)
    stage.with_members(MemberFacts(ROOM, ANN.id, joined_at=MORNING - MINUTE))
    opinion = stage.play(said("", kind=kind))
    assert [s.rule for s in of_type(opinion, AddSanction)] == ["newcomer"] * limited


def test_a_name_card_of_the_owner_or_of_somebody_long_here_is_no_matter() -> None:
    stage = a_stage(hours=24)
    stage.with_members(MemberFacts(ROOM, ANN.id, joined_at=MORNING - 1500 * MINUTE))
    stage.with_members(MemberFacts(ROOM, OWNER.id, joined_at=MORNING - MINUTE))
    for who in (ANN, OWNER):
        assert of_type(stage.play(said("", by=who, kind=MessageKind.CARD)), AddSanction) == []


def joined(number: int, seconds: float) -> MemberJoined:
    """Somebody's coming, so many seconds into the morning."""
    people = (Person(MemberId(number), f"新人{number}"),)
    at = MORNING + timedelta(seconds=seconds)
    return MemberJoined(id=EventId(5000 + number), room_id=ROOM, at=at, people=people)


@pytest.mark.parametrize(
    ("limits", "member", "limited"),
    [
        ({}, {"joined_at": MORNING - MINUTE}, False),
        ({"hours": 24}, {"joined_at": MORNING - MINUTE, "messages": 50}, True),
        ({"hours": 24}, {"joined_at": MORNING - 1500 * MINUTE}, False),
        ({"messages": 3}, {"joined_at": MORNING - 9999 * MINUTE, "messages": 2}, True),
        ({"messages": 3}, {"joined_at": MORNING - MINUTE, "messages": 3}, False),
        ({"hours": 24, "messages": 3}, {"messages": 0}, False),
    ],
    ids=["no limit", "first day", "second day", "third message", "fourth message", "there before the bot"],
)
def test_newcomers_show_no_links_where_the_room_wants_it_so(
    limits: dict[str, int], member: dict[str, object], limited: bool
) -> None:
    stage = a_stage(**limits)
    stage.with_members(MemberFacts(ROOM, ANN.id, **member))  # type: ignore[arg-type]
    opinion = stage.play(said(LINK))
    assert [s.rule for s in of_type(opinion, AddSanction)] == ["newcomer"] * limited
    assert any("新成员先不发链接" in text for _, text in whispers(opinion)) is limited
    assert words(opinion, ROOM) == []


def test_a_newcomer_without_a_link_may_say_anything() -> None:
    stage = a_stage(hours=24, messages=3)
    stage.with_members(MemberFacts(ROOM, ANN.id, joined_at=MORNING))
    assert of_type(stage.play(said("大家好，请问今天有活动吗")), AddSanction) == []


def test_many_joins_within_a_minute_are_a_wave_and_staff_hear_of_it_once() -> None:
    stage = a_stage(wave_joins=5)
    told = [words(stage.play(joined(100 + n, n)), DESK) for n in range(12)]
    assert [bool(texts) for texts in told] == [False] * 4 + [True] + [False] * 7
    assert "5 个人" in told[4][0]


def test_joins_over_a_longer_time_are_no_wave() -> None:
    stage = a_stage(wave_joins=5)
    assert not any(words(stage.play(joined(100 + n, 20 * n)), DESK) for n in range(12))


def test_who_came_with_a_wave_shows_no_links_and_who_was_there_before_may() -> None:
    stage = a_stage(wave_joins=5)
    for number in range(5):
        stage.play(joined(100 + number, number))
    came = Person(MemberId(101), "新人101")
    stage.with_members(MemberFacts(ROOM, came.id, joined_at=MORNING + timedelta(seconds=1)))
    stage.with_members(MemberFacts(ROOM, ANN.id, joined_at=MORNING - 60 * MINUTE))
    at = MORNING + 2 * MINUTE
    assert of_type(stage.play(said(LINK, by=came, at=at)), AddSanction)
    assert not of_type(stage.play(said(LINK.replace("a", "b"), at=at)), AddSanction)
    assert not of_type(stage.play(said(LINK.replace("a", "c"), by=came, at=at + 40 * MINUTE)), AddSanction)


def test_during_a_wave_nobody_is_greeted_by_name() -> None:
    stage = a_stage(wave_joins=5)
    for number in range(5):
        stage.play(joined(100 + number, number))
    welcome = Welcome(stage.book)
    later = joined(120, 30)
    facts = build.facts_for(later, stage.world, stage.book)
    assert of_type(welcome.decide(later, facts), Say) == []
    long_after = replace(later, at=MORNING + 31 * MINUTE)
    facts = build.facts_for(long_after, stage.world, stage.book)
    assert of_type(welcome.decide(long_after, facts), Say)
