"""Two writers that meet on PostgreSQL: accounts that add to each other's messages, and one that is frozen."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.util import await_only

from domain.actions import Say
from domain.decision import Decision, Judged
from domain.errors import LeaseLost, Temporary
from domain.events import Event
from domain.ids import RoomId
from domain.outward import Merge, SendClass
from storage import leases, outbox
from storage import postgresql as storage_postgresql
from storage.commit import commit
from storage.database import Database
from storage.outbox import Call
from tests.databases import drop_postgresql, new_postgresql
from tests.storage.house import INNOCENT, House, message, open_house


@pytest.fixture
def on_postgresql(postgresql: str) -> Iterator[str]:
    url = new_postgresql(postgresql)
    yield url
    drop_postgresql(postgresql, url)


def share(room: RoomId, house: House) -> Say:
    """Something that others may join, and that may go at once."""
    words = Merge("checkin", "{names} 到", f"{house.account}")
    return Say(room_id=room, text="到", merge=words, send_class=SendClass.EVENT, not_before=house.now)


async def waiting(house: House) -> RoomId:
    """A room of this account's in which such a message waits."""
    (event,) = await house.hear(message(f"{house.account}", at=house.now))
    await house.decide(event, share(event.room_id, house))
    return event.room_id


async def crosses(house: House, event: Event, other_room: RoomId, both: asyncio.Barrier) -> list[Call]:
    """Add to the other's message; when both have, take a turn, and end when both have."""
    world = await house.world([event])
    judged = Judged(event, Decision(event.id, INNOCENT, (share(other_room, house),)))

    def work(conn: Connection) -> list[Call]:
        commit(conn, house.lease, [judged], world, 1, house.now)
        await_only(both.wait())
        begun = outbox.advance(conn, house.lease, (), house.now, 10, checked=True)
        await_only(both.wait())
        return [one for one in begun if isinstance(one, Call)]

    return await house.db.write(work)


@pytest.mark.postgres
async def test_neither_waits_for_the_other_and_both_messages_go_next(on_postgresql: str) -> None:
    db = await Database.open(on_postgresql)
    houses = [await open_house(db, name) for name in ("wx-a", "wx-b")]
    rooms = [await waiting(house) for house in houses]
    for house in houses:
        house.after(1)
    events = [(await house.hear(message("又来", at=house.now)))[0] for house in houses]
    both = asyncio.Barrier(2)
    async with asyncio.timeout(60):
        begun = await asyncio.gather(
            *(crosses(*each, both) for each in zip(houses, events, reversed(rooms), strict=True))
        )
    assert begun == [[], []]
    for house in houses:
        house.after(1)
        (call,) = await house.advance()
        assert isinstance(call, Call)
        assert call.text == "1、2 到" if house is houses[0] else "2、1 到"
    await db.close()


@pytest.mark.postgres
async def test_who_is_frozen_in_the_middle_of_a_decision_cannot_keep_the_account(
    on_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_postgresql, "IDLE_SECONDS", 0.5)
    frozen, other = await Database.open(on_postgresql), await Database.open(on_postgresql)
    house = await open_house(frozen)
    begun, thawed = asyncio.Event(), asyncio.Event()

    def freeze(conn: Connection) -> None:
        leases.check(conn, house.lease)
        begun.set()
        await_only(thawed.wait())
        leases.check(conn, house.lease)

    freezing = asyncio.create_task(frozen.write(freeze))
    await begun.wait()
    later = house.now + timedelta(hours=1)
    async with asyncio.timeout(60):
        taken = await other.write(leases.acquire, house.account, "other", later, timedelta(seconds=15))
    assert taken is not None
    assert taken.fence > house.lease.fence
    thawed.set()
    with pytest.raises(Temporary):
        await freezing
    with pytest.raises(LeaseLost):
        await frozen.write(leases.check, house.lease)
    await frozen.close()
    await other.close()
