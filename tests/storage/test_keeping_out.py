"""Whether a removal or a ban still stands: as a channel asks it, and for what was to be done and still waits."""

from sqlalchemy import select

from domain import actions as act
from domain.events import Event
from domain.ids import MemberId
from domain.outward import Remove
from storage.keeping_out import kept_out
from storage.tables.path import OUTBOX
from tests.storage.house import AGENTS, START, House, message, sender_of

LI = "wx-小李"


def _removal(event: Event, number: int = 1, enforced: bool = True) -> act.AddSanction:
    return act.AddSanction(
        number=number,
        room_id=event.room_id,
        member=sender_of(event),
        kind=act.SanctionKind.REMOVE,
        rule="abuse",
        severity="remove",
        at=START,
        until=None,
        enforced=enforced,
        event_id=event.id,
        why="",
    )


async def _is_out(house: House, room: str = "room-1") -> bool:
    return await house.db.read(kept_out, house.account, room, LI)


async def test_a_removal_keeps_out_of_its_room_until_it_is_taken_back(house: House) -> None:
    (event,) = await house.hear(message("坏话"))
    assert not await _is_out(house)
    await house.decide(event, _removal(event))
    assert await _is_out(house) and not await _is_out(house, "room-2")
    assert not await house.db.read(kept_out, house.account, "room-1", "wx-小王")
    (undo,) = await house.hear(message("#undo 1", sender="陈"))
    await house.decide(undo, act.ReverseSanction(number=1, at=START, by="user:1"))
    assert not await _is_out(house)


async def test_what_was_only_recorded_keeps_nobody_out(house: House) -> None:
    (event,) = await house.hear(message("坏话"))
    await house.decide(event, _removal(event, enforced=False))
    assert not await _is_out(house)


async def test_a_ban_keeps_out_of_every_room_until_it_is_lifted(house: House) -> None:
    (event,) = await house.hear(message("坏话"))
    member = sender_of(event)
    await house.decide(event, act.Ban(member=member, number=1, at=START, by="user:1"))
    assert await _is_out(house) and await _is_out(house, "room-2")
    (lift,) = await house.hear(message("#解除拉黑 1", sender="陈"))
    await house.decide(lift, act.LiftBan(member_id=MemberId(member.id)))
    assert not await _is_out(house)


async def test_the_command_that_takes_a_removal_back_is_judged_on_whether_the_member_is_there(house: House) -> None:
    (event,) = await house.hear(message("坏话"))
    await house.decide(event, _removal(event))
    (first,) = await house.hear(message("#undo 1", sender="陈", room=AGENTS, at=house.after(1)))
    member = sender_of(event)
    assert (await house.world([first])).stays == {member.id: {event.room_id}}
    gone = act.SetPresence(room_id=event.room_id, member=member, present=False, at=house.now)
    await house.decide(first, gone)
    (second,) = await house.hear(message("#undo 1", sender="陈", room=AGENTS, at=house.after(1)))
    assert (await house.world([second])).stays == {}


async def test_what_was_taken_back_before_it_was_done_is_not_done(house: House) -> None:
    async def states() -> list[str]:
        found = select(OUTBOX.c.state).order_by(OUTBOX.c.id)
        return await house.db.read(lambda conn: list(conn.execute(found).scalars()))

    (first,) = await house.hear(message("坏话"))
    member = sender_of(first)
    remove = Remove(room_id=first.room_id, member=member)
    await house.decide(first, _removal(first), remove)
    (banning,) = await house.hear(message("#拉黑 1", sender="陈", at=house.after(1)))
    await house.decide(banning, act.Ban(member=member, number=1, at=START, by="user:1"), remove)
    (lift,) = await house.hear(message("#解除拉黑 1", sender="陈", at=house.after(1)))
    await house.decide(lift, act.LiftBan(member_id=member.id))
    assert await states() == ["waiting", "cancelled"]
    (undo,) = await house.hear(message("#undo 1", sender="陈", at=house.after(1)))
    await house.decide(undo, act.ReverseSanction(number=1, at=START, by="user:1"))
    assert await states() == ["cancelled", "cancelled"]
