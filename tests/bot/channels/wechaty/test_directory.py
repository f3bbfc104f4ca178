"""Who is asked for, and how often."""

import asyncio
from collections import Counter
from typing import Any, cast

from wechaty_grpc.wechaty import puppet as pb

from bot.channels.wechaty.connection import Connection
from bot.channels.wechaty.directory import Directory
from bot.channels.wechaty.pace import DEFAULT
from domain.incoming import ExternalPerson

ROOMS = ("room-1", "room-2", "room-3")


class Gateway:
    """Answers once it is let; ``alias``: the name in a room, ``name`` everywhere."""

    def __init__(self, name: str) -> None:
        self.calls: Counter[str] = Counter()
        self.let = asyncio.Event()
        self._name = name

    async def call(self, method: str, request: bytes, response: Any, **_: object) -> Any:
        """As `Connection.call`."""
        self.calls[method] += 1
        await self.let.wait()
        if method == "ContactPayload":
            return pb.ContactPayloadResponse(name="小明")
        return pb.RoomMemberPayloadResponse(name=self._name, room_alias="三号楼小明")


async def speak(gateway: Gateway, rooms: tuple[str, ...]) -> list[ExternalPerson]:
    directory, until = Directory(cast(Connection, gateway), DEFAULT), asyncio.get_running_loop().time() + 60
    asked = [asyncio.create_task(directory.speaker(room, "wxid_ming", until)) for room in rooms]
    await asyncio.sleep(0)
    gateway.let.set()
    return await asyncio.gather(*asked)


async def test_who_speaks_in_many_rooms_at_once_is_asked_for_once() -> None:
    gateway = Gateway("小明")
    first, *others = await speak(gateway, ROOMS)
    assert first == ExternalPerson("wxid_ming", "小明", "三号楼小明")
    assert others == [ExternalPerson("wxid_ming", "小明")] * 2
    assert gateway.calls == {"RoomMemberPayload": 1}


async def test_who_speaks_twice_at_once_in_a_room_has_the_same_names_both_times() -> None:
    first, second = await speak(Gateway("小明"), (ROOMS[0], ROOMS[0]))
    assert first == second == ExternalPerson("wxid_ming", "小明", "三号楼小明")


async def test_whom_a_gateway_names_in_no_room_has_their_own_name_in_all() -> None:
    gateway = Gateway("")
    people = await speak(gateway, ROOMS)
    assert {one.name for one in people} == {"小明"}
    assert gateway.calls["ContactPayload"] == 1
