"""The ban list: whom staff banned is kept out where the channel can, and staff hear of it once."""

from dataclasses import replace
from datetime import timedelta

from domain.actions import Recall, Remove
from domain.events import Event, MemberJoined
from domain.facts import Ability, AccountFacts, PersonFacts, StaffFacts
from domain.ids import EventId, UserId
from handlers.moderation.bans import Bans
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import ANN, BEN, BOT, DESK, MORNING, ROOM, Stage, of_type, said, words

WECHAT = frozenset({Ability.MENTION, Ability.REMOVE_MEMBER, Ability.REMOVE_AS_ADMIN_ONLY})


def a_stage(abilities: frozenset[Ability] = frozenset(Ability) - {Ability.REMOVE_AS_ADMIN_ONLY}) -> Stage:
    """A community in which one member is banned."""
    book = build.a_book()
    stage = Stage(Bans(book), book)
    account = AccountFacts(stage.world.account.id, BOT.id, BOT.name, channel="web", abilities=abilities)
    people = {**stage.world.people, ANN.id: PersonFacts(ANN.id, banned=True)}
    stage.world = replace(stage.world, account=account, people=people)
    return stage


def joined(minutes: int = 0) -> Event:
    """The banned one and another come in."""
    at = MORNING + timedelta(minutes=minutes)
    return MemberJoined(id=EventId(1 + minutes), at=at, room_id=ROOM, people=(ANN, BEN))


def test_who_is_banned_is_removed_at_the_door_and_staff_hear_of_it_once_a_day() -> None:
    stage = a_stage()
    first, again = stage.play(joined()), stage.play(joined(10))
    assert [remove.member.id for remove in of_type(first, Remove)] == [ANN.id]
    assert len(words(first, DESK)) == 1
    assert of_type(again, Remove)
    assert words(again, DESK) == []


def test_where_the_bot_may_not_remove_staff_are_asked_to() -> None:
    opinion = a_stage(WECHAT).play(joined())
    assert of_type(opinion, Remove) == []
    assert "请群主" in words(opinion, DESK)[0]


def test_what_a_banned_member_says_is_taken_back_and_answered_by_nothing() -> None:
    opinion = a_stage().play(said("退款多久到账"))
    assert of_type(opinion, Recall)
    assert of_type(opinion, Remove)
    assert opinion.final


def test_others_and_staff_are_left_alone() -> None:
    stage = a_stage()
    assert stage.play(said("你好", by=BEN)).findings == ()
    staff = PersonFacts(ANN.id, staff=StaffFacts(UserId(1), "李静"), banned=True)
    stage.world = replace(stage.world, people={ANN.id: staff})
    assert stage.play(joined()).actions == ()
