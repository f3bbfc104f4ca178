"""Who is here and who has gone."""

from domain.actions import (
    AppendToCase,
    Author,
    CancelSends,
    MarkRecalled,
    RenameRoom,
    SetPresence,
    SetRoomPresence,
)
from domain.events import MemberJoined, MemberLeft, MessageRecalled, RoomJoined, RoomLeft, RoomRenamed
from domain.ids import NO_MEMBER, EventId
from handlers.presence import Presence
from tests.handlers.facts_builder import (
    ANN,
    BEN,
    CHAT,
    DESK,
    MORNING,
    ROOM,
    Stage,
    a_book,
    a_case,
    kinds,
    of_type,
    words,
)


def _stage() -> Stage:
    book = a_book()
    return Stage(Presence(book), book)


def test_coming_and_leaving_are_recorded_and_unsent_answers_fall_away() -> None:
    stage = _stage()
    stage.play(MemberJoined(id=EventId(1), at=MORNING, room_id=ROOM, people=(ANN, BEN)))
    assert stage.world.members[ROOM, BEN.id].joined_at == MORNING
    left = stage.play(MemberLeft(id=EventId(2), at=MORNING, room_id=ROOM, people=(ANN, BEN)))
    assert kinds(left.actions) == ["SetPresence", "CancelSends"] * 2
    assert [cancel.member_id for cancel in of_type(left, CancelSends)] == [ANN.id, BEN.id]
    assert not any(presence.present for presence in of_type(left, SetPresence))
    assert stage.world.members[ROOM, BEN.id].left_at == MORNING


def test_leaving_is_not_announced_but_the_agents_of_a_case_know() -> None:
    stage = _stage().with_cases(a_case())
    left = stage.play(MemberLeft(id=EventId(2), at=MORNING, room_id=ROOM, people=(ANN,)))
    assert words(left, ROOM) == []
    assert words(left, DESK) == ["【#12】阿花 已退群“演示群”，回复可能看不到了。"]
    assert [(m.author, m.text) for m in of_type(left, AppendToCase)] == [(Author.NOTE, "已退群")]


def test_a_recalled_message_is_marked_and_its_unsent_answers_cancelled() -> None:
    recalled = MessageRecalled(id=EventId(3), at=MORNING, room_id=ROOM, sender=ANN, reference="m7")
    opinion = _stage().play(recalled)
    assert of_type(opinion, MarkRecalled)[0].external_id == "m7"
    cancel = of_type(opinion, CancelSends)[0]
    assert (cancel.member_id, cancel.external_id) == (ANN.id, "m7")
    unknown = MessageRecalled(id=EventId(3), at=MORNING, room_id=ROOM, sender=None, reference="m7")
    assert of_type(_stage().play(unknown), CancelSends)[0].member_id == NO_MEMBER


def test_the_bots_own_coming_going_and_renaming() -> None:
    stage = _stage()
    left = stage.play(RoomLeft(id=EventId(4), at=MORNING, room_id=ROOM))
    assert of_type(left, SetRoomPresence)[0].present is False
    assert stage.world.rooms[ROOM].present is False
    assert "演示群" in words(left, DESK)[0]
    stage.play(RoomJoined(id=EventId(5), at=MORNING, room_id=ROOM))
    assert stage.world.rooms[ROOM].present is True
    renamed = stage.play(RoomRenamed(id=EventId(6), at=MORNING, room_id=ROOM, topic="新名字"))
    assert of_type(renamed, RenameRoom)[0].topic == "新名字"
    assert stage.world.rooms[ROOM].topic == "新名字"


def test_the_agents_room_itself_is_not_told_that_it_was_left() -> None:
    assert words(_stage().play(RoomLeft(id=EventId(4), at=MORNING, room_id=DESK))) == []
    assert words(_stage().play(RoomLeft(id=EventId(4), at=MORNING, room_id=CHAT))) == []
