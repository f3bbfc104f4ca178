"""The world: what a batch is judged on is what the database says, and what `evolve` said it would say."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Connection

from domain import actions as act
from domain.decision import Decision, Judged
from domain.events import Event, MessagePosted
from domain.evolve import evolve
from domain.facts import MemberFacts, PersonFacts, World
from domain.ids import NO_MEMBER, AccountId
from domain.incoming import ExternalQuote, Incoming, IncomingKind
from storage import roster, staff, timers, whispers, world_queries
from storage.database import Database
from storage.outbox import Call, Outcome, Settlement
from storage.timers import Planned
from storage.wanted import code_hash
from storage.world import load_world
from tests.databases import new_sqlite
from tests.storage.house import AGENTS, INNOCENT, OTHER_ROOM, ROOM, START, House, a_draw, key_of, message
from tests.storage.inventor import invent

NAMES = ("小李", "小王", "小张")


def seen(world: World, events: list[Event]) -> dict[str, object]:
    """The part of a world that the events' rooms and members may know, in a comparable form."""
    keys = {key_of(one) for one in events}
    members = {member for _, member in keys}
    cases = {c.number: c for c in world.cases.values() if (c.room_id, c.member.id) in keys}
    draws = {
        d.number: replace(d, roster=None, entered=d.entered & members) for d in world.draws.values() if not d.closed
    }
    return {
        "rooms": world.rooms,
        "members": {key: world.members.get(key) or MemberFacts(*key) for key in keys},
        "people": {member: world.people.get(member) or PersonFacts(member) for member in members},
        "cases": cases,
        "draws": draws,
        "marks": world.marks,
        "removals": {room: sorted(times) for room, times in world.removals.items()},
        "rules": world.rules,
        "quiet": world.quiet_until,
        "counters": world.counters,
    }


@pytest.mark.parametrize("seed", range(5))
async def test_the_database_says_what_evolve_said(house: House, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(14):
        heard = [
            message(
                f"话{rng.random()}", sender=rng.choice(NAMES), room=rng.choice((ROOM, OTHER_ROOM)), at=house.after(0.5)
            )
            for _ in range(rng.choice((1, 3, 7)))
        ]
        events = await house.hear(*heard)
        before = world = await house.world(events)
        judged: list[Judged] = []
        for one in events:
            decision = invent(rng, world, one)
            norm = f"norm {one.id}"
            world = evolve(world, one, decision, norm)
            judged.append(Judged(one, decision, norm))
        committed = await house.commit(judged, before)
        assert committed.decided == len(events)
        assert seen(await house.world(events), events) == seen(world, events)


@contextmanager
def statements(conn: Connection) -> Iterator[list[str]]:
    """Every statement that the driver runs on this connection meanwhile."""
    ran: list[str] = []
    if conn.dialect.name == "sqlite":
        driver: Any = conn.connection.driver_connection
        driver.set_trace_callback(ran.append)
        yield ran
        driver.set_trace_callback(None)
    else:
        cursor: Any = type(conn.connection.cursor())
        with patch.object(cursor, "execute", autospec=True, side_effect=cursor.execute) as execute:
            yield ran
        ran += [call.args[1] for call in execute.call_args_list]


async def test_a_batch_of_any_size_is_loaded_in_at_most_twelve_statements(house: House) -> None:
    (opener,) = await house.hear(message("开始"))
    await house.decide(opener, *_draw_and_case(opener))
    texts = [f"#{n} 回复 好" for n in range(126)]
    heard = [message(text, sender=f"人{n}", at=house.after(0.01)) for n, text in enumerate(texts)]
    own = Incoming(IncomingKind.OWN_MESSAGE, house.now, "o1", ROOM, text="我说的")
    bind = message("绑定 ABCD1234", sender="某人")
    events = await house.hear(*heard, own, bind)
    assert len(events) == 128

    def load(conn: Connection) -> tuple[World, list[str]]:
        with statements(conn) as ran:
            return load_world(conn, house.account, events, house.now, ("test:agents",)), ran

    world, ran = await house.db.read(load)
    assert 8 <= len([one for one in ran if not one.startswith("BEGIN")]) <= 12
    assert world.draws and world.cases


def _draw_and_case(opener: Event) -> tuple[act.Action, ...]:
    assert isinstance(opener, MessagePosted)
    draw = a_draw(opener.room_id, START + timedelta(minutes=5))
    case = act.OpenCase(
        number=1,
        room_id=opener.room_id,
        member=opener.sender,
        reason="r",
        rule="complaint",
        at=START,
        event_id=opener.id,
    )
    return draw, case, act.EnterDraw(number=1, member=opener.sender, entrant="e", at=START)


async def test_only_the_last_ten_minutes_of_a_member_are_recent(house: House) -> None:
    said = [message(f"{minutes}分", at=START + timedelta(minutes=minutes)) for minutes in (0, 5, 9, 16)]
    events = await house.hear(*said)
    for one in events:
        await house.decide(one)
    member = (await house.world(events)).members[key_of(events[0])]
    assert [r.text for r in member.recent] == ["9分", "16分"]
    assert member.messages == 4


async def test_a_flood_is_bounded_to_its_last_messages(house: House) -> None:
    heard = [message(f"{n}", at=house.after(0.1)) for n in range(40)]
    events = await house.hear(*heard)
    before = world = await house.world(events)
    judged = [Judged(one, Decision(one.id, INNOCENT), "n") for one in events]
    for one in judged:
        world = evolve(world, one.event, one.decision, one.norm)
    await house.commit(judged, before)
    key = key_of(events[0])
    assert (await house.world(events[-1:])).members[key] == world.members[key]


async def test_the_agents_room_is_known_by_its_key_on_whatever_account(house: House) -> None:
    (agents,) = await house.hear(message("大家好", room=AGENTS))
    await house.decide(agents)
    events = await house.hear(message("a"))
    world = await house.world(events)
    assert world.staff_rooms == (agents.room_id,)
    assert world.rooms[agents.room_id].staff and not world.rooms[events[0].room_id].staff


async def test_numbers_in_commands_and_quotes_bring_their_cases(house: House) -> None:
    for n, name in enumerate(NAMES, start=1):
        (one,) = await house.hear(message("投诉", sender=name, at=house.after(1)))
        assert isinstance(one, MessagePosted)
        await house.decide(
            one,
            act.OpenCase(
                number=n, room_id=one.room_id, member=one.sender, reason="", rule="r", at=house.now, event_id=one.id
            ),
        )
    wide = message("＃１ 接手", sender="小陈", room=AGENTS)
    quoting = message("好的", sender="小陈", room=AGENTS, quote=ExternalQuote("小管家", "新事项 #3 小张 …"))
    world = await house.world(await house.hear(wide, quoting))
    assert set(world.cases) == {1, 3}
    assert {case.room_id for case in world.cases.values()} <= set(world.rooms)


async def test_the_full_roster_is_loaded_only_for_closing(house: House) -> None:
    (opener,) = await house.hear(message("开始"))
    await house.decide(opener, *_draw_and_case(opener))
    (other,) = await house.hear(message("参加", sender="小王", at=house.after(1)))
    draw = (await house.world([other])).draws[1]
    assert (draw.roster, draw.entrants, draw.entered) == (None, 1, frozenset())
    await house.decide(other)
    await house.db.write(timers.plan, house.account, [Planned("draw.close", opener.room_id, house.now, "1")], house.now)
    await house.db.write(timers.fire_due, house.lease, house.now, lambda name: None)
    draw = (await house.world(await house.take())).draws[1]
    assert draw.roster is not None and [one.member.name for one in draw.roster] == ["小李"]


async def test_own_messages_find_the_calls_of_their_room(house: House) -> None:
    await house.say("你好", "再见")
    begun = await house.advance()
    await house.advance(Settlement(begun[0].id, Outcome.SENT, "x1"))
    (own,) = await house.hear(Incoming(IncomingKind.OWN_MESSAGE, house.now, "x1", ROOM, text="你好"))
    sends = (await house.world([own])).sends[own.room_id]
    assert [(send.norm, send.state.value, send.external_id) for send in sends] == [
        ("你好", "sent", "x1"),
        ("再见", "calling", None),
    ]
    settled = act.SettleSend(outbox_id=sends[0].outbox_id, external_id="x1", at=house.now)
    world = await house.decide(own, settled)
    assert (await house.world([own])).sends == world.sends


async def test_a_binding_code_is_found_until_it_is_used_or_over(house: House) -> None:
    user = await house.db.write(staff.add_user, "小陈", "agent", "hash", START)
    await house.db.write(staff.make_code, user, code_hash("abcd1234"), START, timedelta(minutes=10))
    (one,) = await house.hear(message("绑定：ＡＢＣＤ1234", sender="陈"))
    world = await house.world([one])
    (code,) = world.bindings.values()
    assert (code.user_name, code.role) == ("小陈", "agent")
    assert world.staff_by_name["小陈"].user_id == user
    assert isinstance(one, MessagePosted)
    bind = act.BindStaff(user_id=user, member_id=one.sender.id, code_hash=code.code_hash, at=START)
    evolved = await house.decide(one, bind)
    again = await house.world([one])
    assert again.bindings == {} == evolved.bindings
    assert again.people[one.sender.id].staff == evolved.people[one.sender.id].staff is not None
    noted = act.Audit(actor="root", act="user.disable", target=f"user:{user}", outcome="done", at=START)
    await house.db.write(roster.change, user, roster.Change(active=False), None, noted)
    assert (await house.world([one])).people[one.sender.id].staff is None


async def test_an_unknown_account_is_an_error(house: House) -> None:
    with pytest.raises(LookupError, match="account"):
        await house.db.read(load_world, AccountId(999), [], START)


async def test_a_mark_is_loaded_as_long_as_it_matters_to_what_was_said(house: House) -> None:
    (first,) = await house.hear(message("第一句"))
    mark = act.Remember(room_id=first.room_id, member_id=NO_MEMBER, key="long", at=first.at)
    await house.decide(first, mark, replace(mark, key="short", until=house.after(60)))
    await house.hear(message("晚到的话", at=house.now))
    house.now += timedelta(minutes=10)
    late, now = await house.hear(message("现在说的话", at=house.now))
    assert {key for _, _, key in (await house.world([now])).marks} == {"long"}
    assert {key for _, _, key in (await house.world([late, now])).marks} == {"short", "long"}


async def test_what_has_had_its_echo_is_loaded_only_for_an_echo_of_the_same_id(house: House) -> None:
    await house.say("一", "二")
    (first,) = await house.advance()
    assert isinstance(first, Call)
    (own,) = await house.hear(Incoming(IncomingKind.OWN_MESSAGE, house.now, "x1", ROOM, text="一"))
    assert [one.outbox_id for one in (await house.world([own])).sends[own.room_id]] == [first.id]
    await house.decide(own, act.SettleSend(outbox_id=first.id, external_id="x1", at=house.now))
    later = house.after(1)
    again = Incoming(IncomingKind.OWN_MESSAGE, later, "x1", ROOM, text="一")
    same, other = await house.hear(again, replace(again, external_id="x2"))
    assert [one.outbox_id for one in (await house.world([same])).sends[own.room_id]] == [first.id]
    assert (await house.world([other])).sends == {own.room_id: ()}


async def test_who_is_quoted_is_known_by_id_or_by_a_name_only_one_bears(house: House) -> None:
    said = [message("原话", sender=name, external_id=f"q-{name}", at=house.after(1)) for name in ("甲", "乙")]
    for one in await house.hear(*said):
        await house.decide(one)
    twin = replace(message("我也叫甲", at=house.after(1)), sender=replace(said[0].sender, external_id="wx-假"))  # type: ignore[type-var]
    for one in await house.hear(twin):
        await house.decide(one)
    quotes = [ExternalQuote("甲", "原话", "q-甲"), ExternalQuote("乙", "原话"), ExternalQuote("甲", "原话")]
    events = await house.hear(*(message(f"引用{n}", quote=quote) for n, quote in enumerate(quotes)))
    members = [one.quote.member_id for one in events if isinstance(one, MessagePosted) and one.quote]
    assert isinstance(members[0], int) and isinstance(members[1], int) and members[2] is None


async def test_numbers_in_ordinary_talk_name_nothing(house: House) -> None:
    (opener,) = await house.hear(message("投诉", sender="小王"))
    await house.decide(opener, *_draw_and_case(opener))
    world = await house.world(await house.hear(message("我买了 1 个，电话 13800138000", sender="小李")))
    assert world.cases == {}


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (world_queries.sends, "ix_outbox_called"),
        (world_queries.sanctions, "ix_sanctions_at"),
        (whispers.identities, "ix_identities_member_id"),
    ],
)
async def test_sqlite_asks_what_grows_by_the_index_that_finds_little(
    tmp_path: Path, query: Callable[[bool], Any], index: str
) -> None:
    """Without statistics it would go through everything ever sent, all of a room's sanctions, or everybody known."""
    db = await Database.open(new_sqlite(tmp_path / "steward.db"))

    def plan(conn: Connection) -> str:
        compiled: Any = query(False).compile(dialect=conn.dialect)
        nothing = (None,) * len(compiled.positiontup)
        return str(conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", nothing).all())

    assert index in await db.read(plan)
    await db.close()
