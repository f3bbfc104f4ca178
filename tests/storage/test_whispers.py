"""Private words: they go to the account's private room with the member, which is made when it is missing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select, update

from domain import actions as act
from domain.actions import Say, SendClass
from domain.decision import Decision, Judged
from domain.events import Event, MessagePosted, Person
from domain.facts import SendState
from domain.ids import MemberId
from domain.incoming import ExternalRoom, Incoming, IncomingKind, direct_person, direct_room
from domain.room_actions import Cause
from storage.outbox import Call, Outcome, Settlement
from storage.tables.path import OUTBOX
from storage.tables.people import IDENTITIES, ROOMS
from tests.storage.house import AGENTS, INNOCENT, House, message, open_house, person

ANNS = ExternalRoom(direct_room("wx-小李"), "私聊", private=True)


async def rows(house: House, table: Table) -> Sequence[Any]:
    def read(conn: Connection) -> Sequence[Any]:
        return conn.execute(select(table).order_by(*table.primary_key.columns)).all()

    return await house.db.read(read)


def whisper(event: Event, text: str = "悄悄说", to: Person | None = None) -> Say:
    """A private word to the author of a message, about the room where it was said."""
    assert isinstance(event, MessagePosted)
    return Say(room_id=event.room_id, text=text, send_class=SendClass.MODERATION, whisper_to=to or event.sender)


async def test_private_words_make_the_members_private_room_and_go_there(house: House) -> None:
    (event,) = await house.hear(message("骂人"))
    await house.decide(event, whisper(event))
    (call,) = await house.advance()
    assert isinstance(call, Call)
    assert (call.room, call.private, call.text, call.mentions) == ("direct:wx-小李", True, "悄悄说", ())
    made = (await rows(house, ROOMS))[-1]
    assert (made.key, made.private, made.account_id) == ("test:direct:wx-小李", True, house.account)


async def test_a_private_room_that_is_there_already_is_the_one(house: House) -> None:
    (talk,) = await house.hear(message("你好", room=ANNS))
    await house.decide(talk)
    (event,) = await house.hear(message("骂人", at=house.after(1)))
    await house.decide(event, whisper(event), whisper(event, "再说一句"))
    assert {row.room_id for row in await rows(house, OUTBOX)} == {talk.room_id}
    assert [row.topic for row in await rows(house, ROOMS) if row.private] == ["私聊"]


async def test_private_words_to_several_go_apart_and_hold_up_nobody(house: House) -> None:
    events = await house.hear(*(message("骂人", sender=name) for name in ("小李", "小陈")))
    before = await house.world(events)
    judged = [Judged(one, Decision(one.id, INNOCENT, (whisper(one), public(one))), "") for one in events]
    await house.commit(judged, before)
    calls = [call for call in await house.advance() if isinstance(call, Call)]
    assert [call.room for call in calls] == ["direct:wx-小李", "room-1", "direct:wx-小陈"]


def public(event: Event) -> Say:
    """A word for all in the room of a message."""
    return Say(room_id=event.room_id, text="大家好好说话", send_class=SendClass.MODERATION)


async def test_the_echo_of_private_words_is_found_in_the_private_room(house: House) -> None:
    (event,) = await house.hear(message("骂人"))
    await house.decide(event, whisper(event))
    (call,) = await house.advance()
    await house.advance(Settlement(call.id, Outcome.DOUBTFUL))
    own = Incoming(IncomingKind.OWN_MESSAGE, house.after(1), "o1", ANNS, person("小管家"), text="悄悄说")
    (echo,) = await house.hear(own)
    world = await house.world([echo])
    (candidate,) = world.sends[echo.room_id]
    assert (candidate.outbox_id, candidate.norm, candidate.state) == (call.id, "悄悄说", SendState.DOUBTFUL)
    await house.decide(echo, act.SettleSend(outbox_id=call.id, external_id="o1", at=house.now))
    assert [row.state for row in await rows(house, OUTBOX)] == ["sent"]


async def test_a_doubtful_private_word_is_sent_again_in_private(house: House) -> None:
    (event,) = await house.hear(message("骂人"))
    await house.decide(event, whisper(event))
    (call,) = await house.advance()
    await house.advance(Settlement(call.id, Outcome.DOUBTFUL))
    (agent,) = await house.hear(message("#重发", room=AGENTS, at=house.after(60)))
    await house.decide(agent, act.AnswerDoubtful(outbox_id=call.id, resend=True, at=house.now))
    (again,) = await house.advance()
    assert isinstance(again, Call) and again.room == "direct:wx-小李"


async def test_simulated_private_words_are_recorded_and_never_go(house: House) -> None:
    (event,) = await house.hear(message("骂人"))
    await house.decide(event, simulated=(whisper(event),))
    assert await house.send_all() == []
    assert [row.state for row in await rows(house, OUTBOX)] == ["simulated"]


async def test_after_a_new_login_the_newest_id_is_spoken_to(house: House) -> None:
    event, other = await house.hear(message("骂人"), message("换了号", sender="新李"))
    assert isinstance(event, MessagePosted) and isinstance(other, MessagePosted)
    await house.db.write(_same_person, event.sender.id, other.sender.id)
    await house.decide(event, whisper(event))
    (call,) = await house.advance()
    assert isinstance(call, Call) and call.room == "direct:wx-新李"


def _same_person(conn: Connection, member: MemberId, other: MemberId) -> None:
    conn.execute(update(IDENTITIES).where(IDENTITIES.c.member_id == other).values(member_id=member))


async def test_whom_the_account_does_not_know_is_told_nothing_and_that_is_on_record(house: House) -> None:
    (event,) = await house.hear(message("骂人"))
    await house.decide(event, whisper(event, to=Person(MemberId(987), "别处的人")))
    assert await house.send_all() == []
    (row,) = await rows(house, OUTBOX)
    assert (row.state, row.room_id) == ("refused", event.room_id)
    assert "no private chat" in row.reason


async def test_private_words_about_another_accounts_room_come_from_that_account(house: House) -> None:
    other = await open_house(house.db, "wx-bot-2")
    (there,) = await other.hear(message("骂人"))
    (agent,) = await house.hear(message("#undo 1", room=AGENTS))
    await house.decide(agent, whisper(there, "抱歉"))
    assert await house.send_all() == []
    (call,) = await other.advance()
    assert isinstance(call, Call) and (call.room, call.text) == ("direct:wx-小李", "抱歉")


@pytest.mark.parametrize("about", ["m1", "m2"])
async def test_a_quarrel_takes_back_only_the_private_warning_of_its_message(house: House, about: str) -> None:
    (insult,) = await house.hear(message("骂人", external_id="m1"))
    await house.decide(insult, whisper(insult))
    (other,) = await house.hear(message("回骂", sender="小陈", at=house.after(1), external_id="m2"))
    assert isinstance(insult, MessagePosted)
    cancel = act.CancelSends(room_id=insult.room_id, member_id=insult.sender.id, external_id=about, cause=Cause.CALMED)
    await house.decide(other, cancel, public(other))
    expected = ["大家好好说话"] if about == "m1" else ["悄悄说", "大家好好说话"]
    assert await house.send_all() == expected


async def test_private_words_that_come_too_late_expire(house: House) -> None:
    (event,) = await house.hear(message("骂人"))
    await house.decide(event, replace(whisper(event), expires_at=house.now + timedelta(minutes=2)))
    house.after(121)
    await house.advance()
    assert [row.state for row in await rows(house, OUTBOX)] == ["expired"]


def test_a_private_rooms_name_and_its_person_are_each_others_inverse() -> None:
    assert direct_person(direct_room("wx-小李")) == "wx-小李"
    assert direct_person("room-1") == direct_person("") == ""
