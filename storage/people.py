"""From the platform's ids to ours: rooms, members and identities are found or made for a whole batch at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from domain.ids import AccountId, MemberId, RoomId
from domain.incoming import ExternalPerson, ExternalRoom, Incoming
from storage.columns import clean, dump
from storage.given import many, one_of
from storage.prepared import fetch
from storage.quotes import QuoteKey, quoted_members
from storage.statements import is_postgresql
from storage.tables.people import ACCOUNTS, IDENTITIES, MEMBERS, ROOMS


@dataclass(frozen=True, slots=True)
class Places:
    """Our ids for the external ids of a batch."""

    rooms: Mapping[str, RoomId]
    members: Mapping[str, MemberId]
    quoted: Mapping[QuoteKey, MemberId] = field(default_factory=dict)


def resolve(conn: Connection, account: AccountId, incomings: Sequence[Incoming], now: datetime) -> Places:
    """Find or make everybody and every room that the batch names; changed names, topics and offices are taken over."""
    rooms = _rooms_named(incomings)
    people = _people_named(incomings, rooms.values())
    members = _members(conn, account, people, now)
    places = Places(find_rooms(conn, account, rooms, members, now), members)
    return replace(places, quoted=quoted_members(conn, incomings, places.rooms))


def _rooms_named(incomings: Iterable[Incoming]) -> dict[str, ExternalRoom]:
    named: dict[str, ExternalRoom] = {}
    for incoming in incomings:
        room = incoming.room
        if room is None:
            continue
        before = named.get(room.external_id)
        named[room.external_id] = room if before is None or before == room else _joined(before, room)
    return named


def _joined(before: ExternalRoom, room: ExternalRoom) -> ExternalRoom:
    return replace(
        room,
        topic=room.topic or before.topic,
        owner=before.owner if room.owner is None else room.owner,
        admins=before.admins if room.admins is None else room.admins,
    )


def _people_named(incomings: Iterable[Incoming], rooms: Iterable[ExternalRoom]) -> dict[str, str]:
    """External id → name; empty where only the id is known."""
    named: dict[str, str] = {}
    for room in rooms:
        for external_id in (room.owner, *(room.admins or ())):
            if external_id:
                named.setdefault(external_id, "")
    for incoming in incomings:
        for person in _people_of(incoming):
            named[person.external_id] = person.name or named.get(person.external_id, "")
    return named


def _people_of(incoming: Incoming) -> Iterable[ExternalPerson]:
    if incoming.sender is not None:
        yield incoming.sender
    yield from incoming.people
    yield from incoming.mentions


def _lock_account(conn: Connection, account: AccountId) -> None:
    # Two processes that meet the same new person at once would make two members.
    if is_postgresql(conn):
        conn.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.id == account).with_for_update())


# ---- members ---------------------------------------------------------------------------------------------------------


def _members(conn: Connection, account: AccountId, people: Mapping[str, str], now: datetime) -> dict[str, MemberId]:
    if not people:
        return {}
    wanted = {clean(external_id): clean(name) for external_id, name in people.items()}
    held = _held_members(conn, account, wanted)
    if len(held) < len(wanted):
        _lock_account(conn, account)
        held = _held_members(conn, account, wanted)
        missing = [external_id for external_id in wanted if external_id not in held]
        for external_id, member in zip(missing, _make_members(conn, account, missing, wanted, now), strict=True):
            held[external_id] = (member, wanted[external_id])
    renamed = [
        {"held": member, "name": wanted[external_id]}
        for external_id, (member, name) in held.items()
        if wanted[external_id] and wanted[external_id] != name
    ]
    if renamed:
        conn.execute(update(MEMBERS).where(MEMBERS.c.id == bindparam("held")), renamed)
    return {external_id: held[clean(external_id)][0] for external_id in people}


def _held_members(conn: Connection, account: AccountId, wanted: Iterable[str]) -> dict[str, tuple[MemberId, str]]:
    given = {"account": account, "names": many(conn, list(wanted))}
    rows = fetch(conn, _members_query(is_postgresql(conn)), given)
    return {row.external_id: (MemberId(row.member_id), row.name) for row in rows}


@cache
def _members_query(postgresql: bool) -> Select[Any]:
    named = one_of(postgresql, IDENTITIES.c.external_id, "names")
    return (
        select(IDENTITIES.c.external_id, IDENTITIES.c.member_id, MEMBERS.c.name)
        .join(MEMBERS, MEMBERS.c.id == IDENTITIES.c.member_id)
        .where(IDENTITIES.c.account_id == bindparam("account"), named)
    )


def _make_members(
    conn: Connection, account: AccountId, missing: Sequence[str], names: Mapping[str, str], now: datetime
) -> list[MemberId]:
    if not missing:
        return []
    rows = [{"name": names[external_id], "created_at": now} for external_id in missing]
    statement = MEMBERS.insert().returning(MEMBERS.c.id, sort_by_parameter_order=True)
    made = [MemberId(number) for number in conn.execute(statement, rows).scalars()]
    conn.execute(
        IDENTITIES.insert(),
        [
            {"account_id": account, "external_id": external_id, "member_id": member, "created_at": now}
            for external_id, member in zip(missing, made, strict=True)
        ],
    )
    return made


# ---- rooms -----------------------------------------------------------------------------------------------------------


def find_rooms(
    conn: Connection,
    account: AccountId,
    rooms: Mapping[str, ExternalRoom],
    members: Mapping[str, MemberId],
    now: datetime,
) -> dict[str, RoomId]:
    """Find or make rooms by external id; ``members`` are their owners and admins, by external id."""
    if not rooms:
        return {}
    wanted = {clean(external_id): room for external_id, room in rooms.items()}
    held = _held_rooms(conn, account, wanted)
    if len(held) < len(wanted):
        _lock_account(conn, account)
        held = _held_rooms(conn, account, wanted)
        _make_rooms(conn, account, {key: room for key, room in wanted.items() if key not in held}, now)
        held = _held_rooms(conn, account, wanted)
    for external_id, row in held.items():
        changes = _changes(row, wanted[external_id], members)
        if changes:
            conn.execute(update(ROOMS).where(ROOMS.c.id == row.id).values(**changes))
    return {external_id: RoomId(held[clean(external_id)].id) for external_id in rooms}


def _held_rooms(conn: Connection, account: AccountId, wanted: Iterable[str]) -> dict[str, Any]:
    given = {"account": account, "names": many(conn, list(wanted))}
    return {row.external_id: row for row in fetch(conn, _rooms_query(is_postgresql(conn)), given)}


@cache
def _rooms_query(postgresql: bool) -> Select[Any]:
    columns = [ROOMS.c[name] for name in ("id", "external_id", "topic", "private", "owner_id", "admins")]
    named = one_of(postgresql, ROOMS.c.external_id, "names")
    return select(*columns).where(ROOMS.c.account_id == bindparam("account"), named)


def _make_rooms(conn: Connection, account: AccountId, missing: Mapping[str, ExternalRoom], now: datetime) -> None:
    if not missing:
        return
    channel = conn.execute(select(ACCOUNTS.c.channel).where(ACCOUNTS.c.id == account)).scalar_one()
    rows = [
        {
            "account_id": account,
            "external_id": external_id,
            "key": f"{channel}:{external_id}",
            "topic": clean(room.topic),
            "private": room.private,
            "created_at": now,
        }
        for external_id, room in missing.items()
    ]
    conn.execute(ROOMS.insert(), rows)


def _changes(row: Any, room: ExternalRoom, members: Mapping[str, MemberId]) -> dict[str, object]:
    """What the channel states otherwise than we hold it. Not known (None, empty topic) changes nothing."""
    changes: dict[str, object] = {}
    topic = clean(room.topic)
    if topic and topic != row.topic:
        changes["topic"] = topic
    if room.private != row.private:
        changes["private"] = room.private
    if room.owner is not None and members.get(room.owner) != row.owner_id:
        changes["owner_id"] = members.get(room.owner)
    if room.admins is not None:
        admins = dump(sorted(members[external_id] for external_id in set(room.admins) if external_id))
        if admins != row.admins:
            changes["admins"] = admins
    return changes
