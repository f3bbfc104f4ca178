"""A gateway that dies, lies, falls silent or belongs to somebody else: the channel says so and comes back."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest

from bot.channels.port import Login, Outcome
from bot.channels.wechaty.channel import WechatyChannel
from tests.bot.channels.wechaty.conftest import ROOM, furnish
from tests.bot.channels.wechaty.ear import QUICK, Ear, channel_of, say
from tests.gateway import Gateway

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]


async def test_it_opens_the_stream_then_starts_and_never_stops(gateway: Gateway) -> None:
    for n in range(10):
        async with Ear(channel_of(gateway)) as ear:
            health = await ear.login(Login.ONLINE)
            assert (health.account_id, health.account_name) == (gateway.self_id, "小管家")
            assert await gateway.await_call("Start", at_least=n + 1)
        await gateway.await_stream(opened=False)
    state = await gateway.state()
    assert state["logged_in"]
    assert state["counters"]["calls"].get("Stop", 0) == 0
    assert state["counters"]["streams"]["opened"] == 10


async def test_an_account_that_logs_in_only_at_start_comes_online() -> None:
    async with Gateway(login="start") as gateway, Ear(channel_of(gateway)) as ear:
        assert (await ear.login(Login.ONLINE)).account_id == gateway.self_id
        assert ear.gaps == []


async def test_a_killed_gateway_is_found_again_and_each_gap_is_told() -> None:
    async with Gateway() as gateway, Ear(channel_of(gateway)) as ear:
        await furnish(gateway)
        await ear.login(Login.ONLINE)
        for n in range(1, 3):
            await gateway.kill()
            await ear.login(Login.OFFLINE)
            await gateway.restart()
            await ear.until(lambda n=n: len(ear.gaps) == n)  # type: ignore[misc]
            await ear.login(Login.ONLINE)
            await gateway.say(ROOM, "wxid_ming", f"第{n}次")
            await ear.heard(n)
        assert ear.texts() == ["第1次", "第2次"]
        assert await gateway.calls("Stop") == 0
        for one, next_one in zip(ear.gaps, ear.gaps[1:], strict=False):
            assert one.started_at < one.ended_at <= next_one.started_at


async def test_a_graceful_stop_is_a_gap_that_covers_what_was_missed(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_ming", "听见")
    await ear.heard(1)
    await gateway.server("stop")
    await ear.login(Login.OFFLINE)
    await gateway.say(ROOM, "wxid_ming", "没人听见")
    await gateway.server("start")
    await ear.login(Login.ONLINE)
    await gateway.say(ROOM, "wxid_ming", "又听见")
    await ear.until(lambda: len(ear.texts()) == 2)
    assert ear.texts() == ["听见", "又听见"]
    (gap,) = ear.gaps
    missed = [one["at"] / 1000 for one in await gateway.emitted(kinds=["message"]) if not one["listened"]]
    assert [gap.started_at.timestamp() <= at <= gap.ended_at.timestamp() for at in missed] == [True]
    told = ear.events.index(gap)
    assert told < next(n for n, one in enumerate(ear.events) if n > told and one == ear.channel.health)


async def test_while_the_gateway_is_away_sends_are_put_off(gateway: Gateway, ear: Ear) -> None:
    await gateway.server("stop")
    await ear.login(Login.OFFLINE)
    assert (await ear.channel.perform(say(ROOM, "稍后"))).outcome is Outcome.RETRY
    await gateway.server("start")
    await ear.login(Login.ONLINE)
    assert (await ear.channel.perform(say(ROOM, "现在"))).outcome is Outcome.SENT
    assert await gateway.texts(ROOM) == ["现在"]


async def test_nothing_listening_at_start_is_shown_and_the_gateway_found_later() -> None:
    async with Gateway() as gateway:
        await furnish(gateway)
        await gateway.server("stop")
        async with Ear(channel_of(gateway)) as ear:
            health = await ear.until(lambda: next((one for one in ear.healths if "连不上" in one.reason), None))
            assert health is not None
            assert health.login is Login.OFFLINE
            await gateway.server("start")
            await ear.login(Login.ONLINE)
            await ear.until(lambda: ear.gaps)
            # Nobody knows the account before its first login, so that the gap comes behind it.
            assert ear.events.index(ear.gaps[0]) > ear.events.index(ear.channel.health)
            await gateway.say(ROOM, "wxid_ming", "在了")
            assert [one.text for one in await ear.heard(1)] == ["在了"]


@pytest.mark.parametrize("address", ["192.0.2.1:8788", "mute"])
async def test_an_address_that_never_answers_is_shown_and_holds_nothing_up(address: str) -> None:
    mute = socket.create_server(("127.0.0.1", 0))
    endpoint = f"127.0.0.1:{mute.getsockname()[1]}" if address == "mute" else address
    try:
        async with Ear(WechatyChannel(endpoint, "puppet_test_token", pace=QUICK)) as ear:
            ticks = 0
            while not any("连不上" in one.reason for one in ear.healths) and ticks < 1000:
                await asyncio.sleep(0.01)
                ticks += 1
            assert 20 < ticks < 1000
            assert (await ear.channel.perform(say(ROOM, "?"))).outcome is Outcome.RETRY
    finally:
        mute.close()


async def test_a_wrong_token_is_shown_without_being_written_anywhere(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with Ear(channel_of(gateway, token="puppet_wrong_secret")) as ear:
        health = await ear.until(lambda: next((one for one in ear.healths if "TOKEN" in one.reason), None))
        assert health is not None
        assert health.login is Login.OFFLINE
        refused = (await gateway.state())["counters"]["refused"]["Event"]
        await ear.until(lambda: True)
        for _ in range(100):
            if (await gateway.state())["counters"]["refused"]["Event"] > refused:
                break
            await asyncio.sleep(0.1)
        assert (await gateway.state())["counters"]["refused"]["Event"] > refused
    assert "wrong_secret" not in str(ear.events) + caplog.text
    assert "wrong_secret" not in str([vars(record) for record in caplog.records])


async def test_a_gateway_in_other_hands_is_shown_as_occupied_until_it_is_free(gateway: Gateway) -> None:
    await gateway.occupy()
    async with Ear(channel_of(gateway)) as ear:
        assert "占用" in (await ear.login(Login.OCCUPIED)).reason
        assert (await ear.channel.perform(say(ROOM, "?"))).outcome is Outcome.RETRY
        await gateway.vacate()
        await ear.login(Login.ONLINE)
        await gateway.say(ROOM, "wxid_ming", "归我了")
        await ear.heard(1)
        state = await gateway.state()
        assert state["logged_in"]
        assert state["counters"]["calls"].get("Stop", 0) == 0
        assert state["counters"]["streams"]["refused"] >= 1
    await gateway.await_stream(opened=False)


async def test_a_silent_stream_is_asked_then_torn_down_and_opened_again(gateway: Gateway, ear: Ear) -> None:
    await gateway.settings(heartbeat={"every_ms": 0}, dong={"mode": "silent"})
    await ear.login(Login.OFFLINE)
    assert await gateway.calls("Ding") >= 1
    await gateway.settings(dong={"mode": "answer"})
    await ear.login(Login.ONLINE)
    assert len(ear.gaps) >= 1
    assert "没有声音" in ear.gaps[0].reason
    await gateway.say(ROOM, "wxid_ming", "还在")
    assert (await ear.heard(1))[0].text == "还在"
    assert (await gateway.state())["logged_in"]


async def test_a_dong_is_sign_enough_that_the_stream_lives(gateway: Gateway, ear: Ear) -> None:
    await gateway.settings(heartbeat={"every_ms": 0})
    assert await gateway.await_call("Ding", at_least=8)
    assert ear.gaps == []
    assert ear.channel.health.login is Login.ONLINE


async def test_heartbeats_without_data_are_signs_of_life(gateway: Gateway, ear: Ear) -> None:
    await gateway.settings(heartbeat={"every_ms": 100, "data": None}, dong={"mode": "silent"})
    await asyncio.sleep(2 * QUICK.silent_after)
    assert ear.gaps == []
    assert ear.channel.health.login is Login.ONLINE


async def test_a_frozen_gateway_is_noticed_and_taken_up_again_after_the_thaw(gateway: Gateway, ear: Ear) -> None:
    gateway.freeze()
    try:
        await ear.login(Login.OFFLINE)
    finally:
        gateway.thaw()
    await ear.login(Login.ONLINE)
    await gateway.say(ROOM, "wxid_ming", "化了")
    await ear.heard(1)
    assert len(ear.gaps) == 1


async def test_logs_name_no_words_of_members(gateway: Gateway, ear: Ear, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await gateway.say(ROOM, "wxid_ming", "秘密的话", withhold=True)
    await gateway.wire(2, '{"messageId": "秘密的话"')
    await gateway.emit_error("秘密的话")
    await gateway.fail_sends("fail", code="UNKNOWN", text="Error: 秘密的话")
    await ear.channel.perform(say(ROOM, "秘密的话"))
    await ear.heard(1)
    assert caplog.records
    assert "秘密" not in str([vars(record) for record in caplog.records])
