"""Load everything a batch of events may need to know, in at most twelve statements whatever the batch's size."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from domain.events import Event
from domain.facts import (
    RECENT_LIMIT,
    RECENT_SECONDS,
    SANCTIONS_DAYS,
    SANCTIONS_LIMIT,
    Ability,
    Counters,
    MemberFacts,
    MemberKey,
    Recent,
    RoomFacts,
    Sanction,
    World,
)
from domain.ids import NO_MEMBER, NO_ROOM, AccountId, MemberId, RoomId
from domain.order_actions import SanctionKind
from storage import world_reads as read
from storage.accounts import account_facts
from storage.wanted import Wanted, wanted_by


def load_world(
    conn: Connection,
    account: AccountId,
    events: Sequence[Event],
    now: datetime,
    staff_room_keys: Collection[str] = (),
    abilities: frozenset[Ability] = frozenset(Ability),
) -> World:
    """The facts for ``events``: their rooms and members, and what their texts, quotes and timers name by number.

    Raises LookupError for an unknown account.
    """
    row = read.account_row(conn, account)
    if row is None:
        raise LookupError(f"account {account} is unknown")
    wanted = wanted_by(events)
    # Where no number was ever given, there is nothing to look for.
    cases = read.cases(conn, wanted, now) if row.last_case else {}
    for case in cases.values():
        wanted.rooms.add(case.room_id)
        wanted.members.add(case.member.id)
        wanted.pairs.add((case.room_id, case.member.id))
    rooms = read.rooms(conn, wanted.rooms, staff_room_keys)
    alone, elsewhere = _elsewhere(conn, wanted, rooms)
    rooms |= read.rooms(conn, {room for room, _ in elsewhere} - rooms.keys(), ()) if elsewhere else {}
    sanctions = read.sanctions(conn, wanted, elsewhere, now) if row.last_sanction else {}
    stays, places = _stays(conn, wanted, sanctions)
    rooms |= read.rooms(conn, places - rooms.keys(), ()) if places else {}
    users, bindings = read.staff(conn, wanted.codes, now) if wanted.commands else ({}, {})
    return World(
        account=replace(account_facts(row), abilities=abilities),
        rooms=rooms,
        members=_members(conn, wanted.pairs, sanctions.values(), now),
        people=read.people(conn, wanted.members) if wanted.members else {},
        cases=cases,
        sanctions={n: one for n, one in sanctions.items() if _named(one, wanted, alone)},
        draws=read.draws(conn, wanted) if row.last_draw else {},
        # After an outage events are judged late: what mattered when they happened counts.
        marks=read.marks(conn, _mark_places(wanted), now, min((event.at for event in events), default=now)),
        sends=read.sends(conn, wanted, now) if wanted.own else {},
        bindings=bindings,
        removals=_removals(sanctions.values(), now),
        staff_rooms=tuple(room.id for room in rooms.values() if room.staff),
        staff_by_name=users,
        quiet_until=row.quiet_until,
        rules=read.rules(row.rules),
        stays=stays,
        counters=Counters(row.last_case or 0, row.last_sanction or 0, row.last_draw or 0),
    )


def _elsewhere(
    conn: Connection, wanted: Wanted, rooms: Mapping[RoomId, RoomFacts]
) -> tuple[set[MemberId], set[MemberKey]]:
    """Who speaks with the bot alone, and the rooms they are in: a muted member can appeal only there."""
    alone = {member for room, member in wanted.pairs if room in rooms and rooms[room].private}
    return alone, read.stays(conn, alone) if alone else set()


def _stays(
    conn: Connection, wanted: Wanted, sanctions: Mapping[int, Sanction]
) -> tuple[dict[MemberId, frozenset[RoomId]], set[RoomId]]:
    """Where those are whom a command may ban or free or who were removed, and the rooms of all named sanctions."""
    named = [one for one in sanctions.values() if one.number in wanted.numbers or one.rule in wanted.rules]
    whose = {one.member.id for one in named if wanted.bans or one.kind is SanctionKind.REMOVE}
    whose |= wanted.members if wanted.bans else set()
    found: dict[MemberId, set[RoomId]] = {}
    for room, member in read.present(conn, whose) if whose else ():
        found.setdefault(member, set()).add(room)
    stays = {member: frozenset(places) for member, places in found.items()}
    return stays, {one.room_id for one in named}.union(*stays.values())


def _named(one: Sanction, wanted: Wanted, alone: Collection[MemberId]) -> bool:
    return one.number in wanted.numbers or one.rule in wanted.rules or one.member.id in alone


def _mark_places(wanted: Wanted) -> set[tuple[int, int]]:
    """Marks of members here, of members anywhere, of rooms, and of everything."""
    places: set[tuple[int, int]] = set(wanted.pairs)
    places.update((NO_ROOM, member) for member in wanted.members)
    places.update((room, NO_MEMBER) for room in wanted.rooms)
    places.add((NO_ROOM, NO_MEMBER))
    return places


def _members(
    conn: Connection, pairs: Collection[MemberKey], sanctions: Iterable[Sanction], now: datetime
) -> dict[MemberKey, MemberFacts]:
    held: dict[MemberKey, list[Sanction]] = {}
    horizon = now - timedelta(days=SANCTIONS_DAYS)
    for sanction in sanctions:
        if sanction.at >= horizon:
            held.setdefault((sanction.room_id, sanction.member.id), []).append(sanction)
    seen = read.members(conn, pairs) if pairs else {}
    found: dict[MemberKey, MemberFacts] = {}
    for key in pairs:
        if key in seen or key in held:
            facts, recent = seen.get(key) or (MemberFacts(*key), [])
            kept = tuple(held.get(key, ())[-SANCTIONS_LIMIT:])
            found[key] = replace(facts, recent=_within(recent), sanctions=kept)
    return found


def _within(recent: Sequence[Recent]) -> tuple[Recent, ...]:
    """The fold of `domain.evolve`: each message drops those that lie ten minutes before its own time."""
    if not recent:
        return ()
    window = timedelta(seconds=RECENT_SECONDS)
    if max(one.at for one in recent) - window <= min(one.at for one in recent):
        return tuple(recent)
    kept: list[Recent] = []
    for one in recent:
        horizon = one.at - window
        kept = [*(earlier for earlier in kept if earlier.at >= horizon), one]
    return tuple(kept[-RECENT_LIMIT:])


def _removals(sanctions: Iterable[Sanction], now: datetime) -> dict[RoomId, tuple[datetime, ...]]:
    horizon = now - timedelta(seconds=read.REMOVALS_SECONDS)
    found: dict[RoomId, list[datetime]] = {}
    for one in sanctions:
        if one.kind is SanctionKind.REMOVE and one.enforced and one.at >= horizon:
            found.setdefault(one.room_id, []).append(one.at)
    return {room: tuple(times) for room, times in found.items()}
