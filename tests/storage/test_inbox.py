"""The inbox: once per key, in order, under our own ids."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain import events as ev
from domain.ids import NO_ROOM, UserId
from domain.incoming import ExternalPerson, ExternalQuote, Incoming, IncomingKind, MessageKind
from storage import inbox
from storage.database import Database
from storage.leases import Lease
from storage.tables.path import INBOX
from tests.storage.house import OTHER_ROOM, ROOM, START, House, message, open_house, person


async def test_what_is_heard_comes_out_as_it_went_in(house: House) -> None:
    said = message(
        "你好\x00 \ud800",
        sender="小李",
        external_id="m1",
        mentions=(person("小王"),),
        mentions_bot=True,
        quote=ExternalQuote("小王", "前面的话", "m0"),
        message_kind=MessageKind.TEXT,
    )
    await house.hear(message("前面的话", sender="小王", external_id="m0"))
    events = await house.hear(said)
    event = events[-1]
    assert isinstance(event, ev.MessagePosted)
    assert (event.text, event.external_id, event.at) == ("你好 ?", "m1", START)
    assert [one.name for one in event.mentions] == ["小王"]
    assert event.mentions_bot and not event.mentions_all
    assert event.quote is not None and event.quote.text == "前面的话"
    assert len(event.entropy) == 32 and event.entropy != events[0].entropy


async def test_the_same_event_is_kept_once(house: House) -> None:
    first = await house.db.write(inbox.receive, house.account, [message("a"), message("b"), message("a")], START)
    again = await house.db.write(inbox.receive, house.account, [message("b"), message("c")], START)
    assert [one is None for one in first] == [False, False, True]
    assert [one is None for one in again] == [True, False]
    assert [event.text for event in await house.take() if isinstance(event, ev.MessagePosted)] == ["a", "b", "c"]


async def test_a_repeated_id_with_another_time_is_a_new_event(house: House) -> None:
    said = message("a", external_id="m1")
    later = replace(said, at=START + timedelta(seconds=1))
    assert len(await house.hear(said, later)) == 2


async def test_events_keep_the_order_in_which_they_were_heard(house: House) -> None:
    texts = [f"第{n}句" for n in range(300)]
    heard = await house.db.write(inbox.receive, house.account, [message(text) for text in texts], START)
    assert heard == sorted(number for number in heard if number is not None)
    taken = await house.take(limit=300)
    assert [event.text for event in taken if isinstance(event, ev.MessagePosted)] == texts
    assert len(await house.take(limit=7)) == 7


async def test_members_are_known_again_and_renamed(house: House) -> None:
    (first,) = await house.hear(message("a", sender="小李"))
    renamed = replace(message("b"), sender=ExternalPerson("wx-小李", "李老板"))
    second = (await house.hear(renamed))[-1]
    assert isinstance(first, ev.MessagePosted) and isinstance(second, ev.MessagePosted)
    assert first.sender.id == second.sender.id
    assert (first.sender.name, second.sender.name) == ("小李", "李老板")


async def test_a_room_alias_is_the_name_that_is_shown(house: House) -> None:
    said = replace(message("a"), sender=ExternalPerson("wx-小李", "小李", alias="楼主"))
    (event,) = await house.hear(said)
    assert isinstance(event, ev.MessagePosted) and event.sender.name == "楼主"


async def test_owner_and_admins_stay_when_the_channel_does_not_know_them_now(house: House) -> None:
    (event,) = await house.hear(message("a"))
    room = (await house.world([event])).rooms[event.room_id]
    assert room.owner_id is not None and len(room.admin_ids) == 1
    unknown = replace(ROOM, owner=None, admins=None, topic="")
    (_, again) = await house.hear(message("b", room=unknown))
    assert (await house.world([again])).rooms[event.room_id] == room
    none = replace(ROOM, owner="", admins=())
    (*_, last) = await house.hear(message("c", room=none))
    stripped = (await house.world([last])).rooms[event.room_id]
    assert stripped.owner_id is None and stripped.admin_ids == frozenset()


async def test_each_account_has_its_own_keys_and_rooms(house: House) -> None:
    other = await open_house(house.db, "wx-bot-2")
    (mine,) = await house.hear(message("a"))
    (theirs,) = await other.hear(message("a"))
    assert mine.room_id != theirs.room_id
    assert [event.id for event in await house.take()] == [mine.id]


async def test_all_kinds_of_events_come_out(house: House) -> None:
    people = (person("甲"), person("乙"))
    heard = [
        Incoming(IncomingKind.OWN_MESSAGE, START, "o1", ROOM, text="我说的"),
        Incoming(IncomingKind.RECALLED, START, "r1", ROOM, person("甲"), reference="m1"),
        Incoming(IncomingKind.JOINED, START, "", ROOM, person("丙"), people),
        Incoming(IncomingKind.LEFT, START, "", ROOM, None, people),
        Incoming(IncomingKind.ROOM_INVITED, START, "i1", None, person("丙"), reference="i1", details={"topic": "新群"}),
        Incoming(IncomingKind.ROOM_JOINED, START, "", OTHER_ROOM, person("丙")),
        Incoming(IncomingKind.ROOM_RENAMED, START, "", OTHER_ROOM, details={"topic": "改名了"}),
        Incoming(IncomingKind.ROOM_LEFT, START, "", OTHER_ROOM),
    ]
    own, recalled, joined, left, invited, entered, renamed, gone = await house.hear(*heard)
    assert isinstance(own, ev.OwnMessage) and own.text == "我说的"
    assert isinstance(recalled, ev.MessageRecalled) and recalled.reference == "m1"
    assert isinstance(joined, ev.MemberJoined) and [one.name for one in joined.people] == ["甲", "乙"]
    assert joined.inviter is not None and joined.inviter.name == "丙"
    assert isinstance(left, ev.MemberLeft) and left.remover is None and left.people == joined.people
    assert isinstance(invited, ev.RoomInvited) and (invited.topic, invited.room_id) == ("新群", NO_ROOM)
    assert isinstance(entered, ev.RoomJoined) and entered.inviter == joined.inviter
    assert isinstance(renamed, ev.RoomRenamed) and renamed.topic == "改名了"
    assert isinstance(gone, ev.RoomLeft)


async def test_what_no_channel_tells_is_refused_as_a_whole(house: House) -> None:
    timer = Incoming(IncomingKind.TIMER, START, "t1", ROOM)
    with pytest.raises(ValueError, match="timer"):
        await house.db.write(inbox.receive, house.account, [message("a"), timer], START)
    assert await house.take() == []


async def test_staff_in_the_console_are_judged_first(house: House) -> None:
    await house.hear(message("a"))
    await house.db.write(inbox.put_staff, house.account, NO_ROOM, UserId(3), "小陈", "#安静 2小时", START)
    first, second = await house.take()
    assert isinstance(first, ev.StaffActed) and (first.command, first.user_id) == ("#安静 2小时", 3)
    assert isinstance(second, ev.MessagePosted)


async def test_the_window_from_id_to_commit_is_measured(house: House) -> None:
    received = START + timedelta(milliseconds=40)
    await house.db.write(inbox.receive, house.account, [message("a")], received, [START])

    def windows(conn: object) -> list[int]:
        return list(conn.execute(select(INBOX.c.window)).scalars())  # type: ignore[attr-defined]

    assert await house.db.read(windows) == [40_000]


async def test_a_failed_event_blocks_nobody_and_can_be_judged_again(house: House) -> None:
    first, second = await house.hear(message("a"), message("b"))
    await house.db.write(inbox.fail, house.lease, first.id, "Traceback …", START)
    assert await house.take() == [second]
    assert await house.db.write(inbox.retry_failed, first.id, START)
    assert await house.take() == [first, second]
    assert not await house.db.write(inbox.retry_failed, first.id, START)


async def _unreadable(db: Database, lease: Lease) -> inbox.Unreadable:
    incoming = Incoming(IncomingKind.UNREADABLE, START, "m9", ROOM)
    await db.write(inbox.receive, lease.account, [incoming], START)
    (found,) = await db.read(inbox.list_unreadable, lease.account)
    return found


async def test_an_unreadable_message_waits_aside_until_it_is_read(house: House) -> None:
    found = await _unreadable(house.db, house.lease)
    assert (found.external_id, found.room_external_id, found.tries) == ("m9", "room-1", 0)
    assert await house.take() == []
    await house.db.write(inbox.unreadable_again, found.event_id)
    assert (await house.db.read(inbox.list_unreadable, house.account))[0].tries == 1
    late = message("终于", external_id="m9")
    assert await house.db.write(inbox.replace_unreadable, house.account, found.event_id, late, START)
    (event,) = await house.take()
    assert isinstance(event, ev.MessagePosted) and (event.id, event.text) == (found.event_id, "终于")


async def test_an_unreadable_message_that_came_otherwise_is_not_judged_twice(house: House) -> None:
    found = await _unreadable(house.db, house.lease)
    said = message("终于", external_id="m9")
    await house.hear(said)
    assert not await house.db.write(inbox.replace_unreadable, house.account, found.event_id, said, START)
    assert len(await house.take()) == 1
    assert await house.db.read(inbox.list_unreadable, house.account) == []
