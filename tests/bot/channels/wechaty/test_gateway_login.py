"""Logging out and in, other ids, codes to scan: health follows on one stream, and nothing goes deaf."""

from __future__ import annotations

import pytest

from bot.channels.port import Login
from domain.incoming import IncomingKind
from tests.bot.channels.wechaty.conftest import ROOM
from tests.bot.channels.wechaty.ear import Ear, channel_of
from tests.gateway import Gateway

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]


async def test_logout_and_login_on_one_stream_are_told_with_the_gap(gateway: Gateway, ear: Ear) -> None:
    await gateway.logout_account("在手机上退出")
    await ear.login(Login.OFFLINE)
    await gateway.scan(qrcode="https://login.invalid/again")
    health = await ear.login(Login.SCANNING)
    assert health.scan_url == "https://login.invalid/again"
    await gateway.scan(status=3, qrcode="")
    await ear.until(lambda: "确认" in ear.healths[-1].reason)
    assert ear.healths[-1].scan_url == "https://login.invalid/again"
    await gateway.login_account()
    await ear.login(Login.ONLINE)
    assert len(ear.gaps) == 1
    assert ear.channel.health.scan_url == ""
    await gateway.say(ROOM, "wxid_ming", "回来了")
    assert (await ear.heard(1))[0].text == "回来了"


async def test_changed_ids_make_another_account(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_ming", "一")
    await ear.heard(1)
    renamed = await gateway.login_account(rekey="-2")
    await ear.until(lambda: ear.healths[-1].account_id == "wxid_self-2")
    await gateway.say(renamed[ROOM], renamed["wxid_ming"], "@小管家 二", mentions=[])
    await gateway.say_as_self(renamed[ROOM], "三")
    _, two, three = await ear.heard(3)
    assert two.sender is not None
    assert (two.sender.external_id, two.mentions_bot) == ("wxid_ming-2", True)
    assert three.kind is IncomingKind.OWN_MESSAGE
    (gap,) = ear.gaps
    first_of_new = next(n for n, one in enumerate(ear.events) if getattr(one, "account_id", "") == "wxid_self-2")
    assert ear.events.index(gap) < first_of_new


async def test_a_scan_code_is_shown_until_somebody_logs_in() -> None:
    async with Gateway(login="never") as gateway, Ear(channel_of(gateway)) as ear:
        health = await ear.login(Login.SCANNING)
        assert (health.scan_url, health.account_id) == ("https://login.invalid/start", "")
        assert health.since is not None
        await gateway.login_account()
        await ear.login(Login.ONLINE)
        assert ear.gaps == []


async def test_a_new_name_of_the_account_is_told(gateway: Gateway, ear: Ear) -> None:
    await gateway.rename_contact(gateway.self_id, "大管家")
    await ear.until(lambda: ear.healths[-1].account_name == "大管家")
    await gateway.say(ROOM, "wxid_ming", "@大管家 在吗")
    assert (await ear.heard(1))[0].mentions_bot
