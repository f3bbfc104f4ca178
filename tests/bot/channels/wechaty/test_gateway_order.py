"""Contents come in any order or never; what is told keeps the order in which it was said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.port import Login
from domain.incoming import IncomingKind
from tests.bot.channels.wechaty.conftest import ROOM
from tests.bot.channels.wechaty.ear import QUICK, Ear, channel_of
from tests.gateway import Gateway

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]


async def test_jitter_and_a_content_that_never_comes_invert_nothing(gateway: Gateway, ear: Ear) -> None:
    await gateway.jitter(payload_ms=(0, 200))
    await gateway.burst(150, rooms=6, members=5, hot_share=0.5, texts=["{n}"])
    stuck = await gateway.say("burst-room-1@chatroom", "burst-member-1", "卡住", withhold=True)
    await gateway.burst(150, rooms=6, members=5, hot_share=0.5, texts=["1{n}"])
    told = await ear.heard(301)
    assert [one.external_id for one in told] == [one["messageId"] for one in await gateway.emitted(kinds=["message"])]
    assert [one.external_id for one in told if one.kind is IncomingKind.UNREADABLE] == [stuck]


async def test_an_unreadable_message_is_read_when_it_can_be(gateway: Gateway, ear: Ear) -> None:
    stuck = await gateway.say(ROOM, "wxid_ming", "卡住了", withhold=True)
    await gateway.say(ROOM, "wxid_ming", "没卡")
    first, second = await ear.heard(2)
    assert (first.kind, first.external_id, second.text) == (IncomingKind.UNREADABLE, stuck, "没卡")
    await gateway.release(stuck)
    again = await ear.channel.refetch(stuck)
    assert again is not None
    assert (again.kind, again.external_id, again.text) == (IncomingKind.MESSAGE, stuck, "卡住了")
    assert again.at <= second.at


async def test_what_is_still_unreadable_is_told_as_nothing(gateway: Gateway, ear: Ear) -> None:
    assert await ear.channel.refetch("no such message") is None
    assert await ear.channel.refetch("invitation:no such one") is None


async def test_a_content_that_fails_once_is_asked_for_again_at_once(gateway: Gateway, ear: Ear) -> None:
    await gateway.control("fail-payloads", next=2)
    await gateway.say(ROOM, "wxid_ming", "第二次就好")
    (one,) = await ear.heard(1)
    assert (one.kind, one.text) == (IncomingKind.MESSAGE, "第二次就好")


async def test_no_more_than_the_allowed_contents_are_asked_for_at_once(gateway: Gateway) -> None:
    async with Ear(channel_of(gateway, replace(QUICK, in_flight=3, payload=30.0))) as ear:
        await ear.login(Login.ONLINE)
        await gateway.control("withhold", all=True)
        await gateway.burst(20, texts=["{n}"])
        assert await gateway.await_call("MessagePayload", at_least=3)
        await gateway.say(ROOM, "wxid_ming", "最后")
        assert await gateway.calls("MessagePayload") == 3
        await gateway.release()
        await ear.heard(21)
        assert ear.texts()[-1] == "最后"
    await gateway.await_stream(opened=False)


async def test_a_burst_is_heard_whole_and_in_order(gateway: Gateway, ear: Ear) -> None:
    await gateway.burst(2000, rooms=20, members=10, hot_share=0.5)
    told = await ear.heard(2000)
    assert [one.external_id for one in told] == [one["messageId"] for one in await gateway.emitted(kinds=["message"])]
    assert {one.kind for one in told} == {IncomingKind.MESSAGE}
    assert len({one.key for one in told}) == 2000


async def test_joins_keep_their_place_among_messages(gateway: Gateway, ear: Ear) -> None:
    await gateway.settings(payload_jitter_ms=[0, 150], payload_kinds=["message", "room_member"])
    await gateway.add_contact("wxid_new", "新人")
    await gateway.say(ROOM, "wxid_ming", "一")
    await gateway.join(ROOM, ["wxid_new"], "wxid_ming")
    await gateway.say(ROOM, "wxid_new", "大家好")
    await gateway.leave(ROOM, ["wxid_new"])
    kinds = [one.kind for one in await ear.heard(4)]
    assert kinds == [IncomingKind.MESSAGE, IncomingKind.JOINED, IncomingKind.MESSAGE, IncomingKind.LEFT]
