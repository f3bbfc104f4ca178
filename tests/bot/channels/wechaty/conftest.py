"""One gateway process for each module, emptied for each test; a channel that is logged in on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.channels.port import Login
from tests.bot.channels.wechaty.ear import Ear, channel_of
from tests.gateway import Gateway

ROOM = "10001@chatroom"
OTHER_ROOM = "10002@chatroom"


async def furnish(gateway: Gateway) -> None:
    """Two members and the bot as owner in one room; 小明 and the bot have names of their own in it."""
    await gateway.add_contact(gateway.self_id, "小管家")
    await gateway.add_contact("wxid_ming", "小明", friend=True)
    await gateway.add_contact("wxid_hong", "小红")
    ming = {"id": "wxid_ming", "alias": "三号楼小明", "inviter": "wxid_hong"}
    await gateway.add_room(ROOM, "一群", [ming, "wxid_hong"], owner=gateway.self_id, admins=["wxid_hong"])
    await gateway.rename_member(ROOM, gateway.self_id, "楼长助理")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running() -> AsyncIterator[Gateway]:
    async with Gateway() as gateway:
        yield gateway


@pytest_asyncio.fixture(loop_scope="module")
async def gateway(running: Gateway) -> Gateway:
    """Emptied and furnished."""
    await running.reset()
    await furnish(running)
    await running.control("clear-ledger")
    return running


@pytest_asyncio.fixture(loop_scope="module")
async def ear(gateway: Gateway) -> AsyncIterator[Ear]:
    """Connected and logged in."""
    async with Ear(channel_of(gateway)) as ear:
        await ear.login(Login.ONLINE)
        yield ear
    await gateway.await_stream(opened=False)
