"""Timers: each due time fires once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.actions import SetTimer
from domain.errors import LeaseLost
from domain.events import TimerFired
from domain.ids import NO_ROOM
from storage import leases, timers
from storage.tables.path import TIMERS
from storage.timers import Planned
from tests.storage.house import START, TTL, House, message


def whenever(name: str) -> None:
    """No timer is ever too late."""


async def test_a_due_time_fires_once_however_often_it_is_planned(house: House) -> None:
    rows = [Planned("digest.daily", NO_ROOM, START), Planned("digest.daily", NO_ROOM, START + timedelta(days=1))]
    assert await house.db.write(timers.plan, house.account, rows, START) == 2
    assert await house.db.write(timers.plan, house.account, rows, START) == 0
    assert await house.db.read(timers.next_timer, house.account) == START
    fired = await house.db.write(timers.fire_due, house.lease, START, whenever)
    assert (len(fired.events), fired.skipped) == (1, 0)
    again = await house.db.write(timers.fire_due, house.lease, START, whenever)
    assert again.events == ()
    assert await house.db.write(timers.plan, house.account, rows, START) == 0
    (event,) = await house.take()
    assert isinstance(event, TimerFired)
    assert (event.name, event.due_at, event.room_id) == ("digest.daily", START, NO_ROOM)
    assert await house.db.read(timers.next_timer, house.account) == START + timedelta(days=1)


async def test_beyond_its_grace_a_timer_is_recorded_as_skipped(house: House) -> None:
    rows = [Planned("campaign:tea", NO_ROOM, START), Planned("case.watch", NO_ROOM, START, "7")]
    await house.db.write(timers.plan, house.account, rows, START)
    house.after(3600)
    minute = timedelta(minutes=1)
    fired = await house.db.write(
        timers.fire_due, house.lease, house.now, lambda name: minute if name.startswith("campaign") else None
    )
    assert (len(fired.events), fired.skipped) == (1, 1)
    (event,) = await house.take()
    assert isinstance(event, TimerFired) and event.reference == "7"
    states = await house.db.read(
        lambda conn: list(conn.execute(select(TIMERS.c.state).order_by(TIMERS.c.name)).scalars())
    )
    assert states == ["skipped", "fired"]


async def test_a_stale_holder_fires_nothing(house: House) -> None:
    await house.db.write(timers.plan, house.account, [Planned("x", NO_ROOM, START)], START)
    await house.db.write(leases.acquire, house.account, "two", START + TTL * 2, TTL)
    with pytest.raises(LeaseLost):
        await house.db.write(timers.fire_due, house.lease, START, whenever)
    assert await house.take() == []


async def test_a_decision_sets_a_timer_of_its_rooms_account(house: House) -> None:
    (event,) = await house.hear(message("a"))
    due_at = START + timedelta(minutes=5)
    await house.decide(event, SetTimer(name="draw.close", room_id=event.room_id, due_at=due_at, reference="1"))
    assert await house.db.read(timers.next_timer, house.account) == due_at
    fired = await house.db.write(timers.fire_due, house.lease, due_at, whenever)
    assert len(fired.events) == 1
