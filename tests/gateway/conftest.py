"""One Node process for each module of these tests; every test gets it emptied."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.gateway import Gateway
from tests.gateway.client import RawClient

ROOM = "10001@chatroom"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running() -> AsyncIterator[Gateway]:
    async with Gateway() as gateway:
        yield gateway


@pytest_asyncio.fixture(loop_scope="module")
async def gateway(running: Gateway) -> Gateway:
    """Two members and the bot as owner in one room; 小明 has a name of his own in it."""
    await running.reset()
    await running.add_contact("wxid_ming", "小明", friend=True)
    await running.add_contact("wxid_hong", "小红")
    ming = {"id": "wxid_ming", "alias": "三号楼小明", "inviter": "wxid_hong"}
    await running.add_room(ROOM, "一群", [ming, "wxid_hong"], owner=running.self_id)
    return running


@pytest_asyncio.fixture(loop_scope="module")
async def client(gateway: Gateway) -> AsyncIterator[RawClient]:
    """Connected as a bot does: the event stream first, then Start."""
    async with RawClient(gateway) as client:
        await client.start()
        yield client
    await gateway.await_stream(opened=False)
