"""Load everything a batch of events may need to know, in at most twelve statements whatever the batch's size."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from domain.events import Event
from domain.facts import (
    RECENT_LIMIT,
    RECENT_SECONDS,
    SANCTIONS_DAYS,
    SANCTIONS_LIMIT,
    Ability,
    Counters,
    DrawFacts,
    MemberFacts,
    MemberKey,
    Recent,
    Sanction,
    World,
)
from domain.ids import NO_MEMBER, NO_ROOM, AccountId, RoomId
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
    cases = read.cases(conn, wanted, now)
    for case in cases.values():
        wanted.rooms.add(case.room_id)
        wanted.members.add(case.member.id)
        wanted.pairs.add((case.room_id, case.member.id))
    rooms = read.rooms(conn, wanted.rooms, staff_room_keys)
    sanctions = read.sanctions(conn, wanted, now)
    users, bindings = read.staff(conn, wanted.codes, now)
    return World(
        account=replace(account_facts(row), abilities=abilities),
        rooms=rooms,
        members=_members(conn, wanted.pairs, sanctions.values(), now),
        people=read.people(conn, wanted.members),
        cases=cases,
        sanctions={number: one for number, one in sanctions.items() if number in wanted.numbers},
        draws=_draws(conn, wanted),
        marks=read.marks(conn, _mark_places(wanted), now),
        sends=_sends(conn, wanted, now),
        bindings=bindings,
        removals=_removals(sanctions.values(), now),
        staff_rooms=tuple(room.id for room in rooms.values() if room.staff),
        staff_by_name=users,
        quiet_until=row.quiet_until,
        counters=Counters(row.last_case or 0, row.last_sanction or 0, row.last_draw or 0),
    )


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
    seen = read.room_members(conn, pairs)
    recent = read.recent(conn, pairs)
    held: dict[MemberKey, list[Sanction]] = {}
    horizon = now - timedelta(days=SANCTIONS_DAYS)
    for sanction in sanctions:
        if sanction.at >= horizon:
            held.setdefault((sanction.room_id, sanction.member.id), []).append(sanction)
    keys = {key for key in pairs if key in seen or key in held}
    return {key: _member(key, seen.get(key), recent.get(key, []), held.get(key, [])) for key in keys}


def _member(
    key: MemberKey, row: Row[Any] | None, recent: Sequence[Recent], sanctions: Sequence[Sanction]
) -> MemberFacts:
    kept = tuple(sanctions[-SANCTIONS_LIMIT:])
    if row is None:
        return MemberFacts(*key, sanctions=kept)
    return MemberFacts(
        *key,
        joined_at=row.joined_at,
        left_at=row.left_at,
        messages=row.messages,
        recent=_within(recent),
        sanctions=kept,
    )


def _within(recent: Sequence[Recent]) -> tuple[Recent, ...]:
    """The fold of `domain.evolve`: each message drops those that lie ten minutes before its own time."""
    kept: list[Recent] = []
    for one in recent:
        horizon = one.at - timedelta(seconds=RECENT_SECONDS)
        kept = [*(earlier for earlier in kept if earlier.at >= horizon), one]
    return tuple(kept[-RECENT_LIMIT:])


def _draws(conn: Connection, wanted: Wanted) -> dict[int, DrawFacts]:
    rows = read.draws(conn, wanted)
    if not rows:
        return {}
    full = {row.number for row in rows if row.number in wanted.rosters or row.room_id in wanted.roster_rooms}
    entered = read.entries(conn, [row.number for row in rows], full, wanted.members)
    return {row.number: read.draw_facts(row, entered.get(row.number, []), row.number in full) for row in rows}


def _sends(conn: Connection, wanted: Wanted, now: datetime) -> Mapping[RoomId, tuple[Any, ...]]:
    if not wanted.own:
        return {}
    found = read.sends(conn, wanted.own, now)
    return {room: tuple(found.get(room, ())) for room in wanted.own}


def _removals(sanctions: Iterable[Sanction], now: datetime) -> dict[RoomId, tuple[datetime, ...]]:
    horizon = now - timedelta(seconds=read.REMOVALS_SECONDS)
    found: dict[RoomId, list[datetime]] = {}
    for one in sanctions:
        if one.kind is SanctionKind.REMOVE and one.enforced and one.at >= horizon:
            found.setdefault(one.room_id, []).append(one.at)
    return {room: tuple(times) for room, times in found.items()}
