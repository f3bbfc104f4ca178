"""Who is quoted: platforms give a shown name and a text, seldom an id."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from domain.ids import MemberId, RoomId
from domain.incoming import Incoming
from storage.columns import clean
from storage.tables.path import MESSAGES
from storage.tables.people import ROOM_MEMBERS

QuoteKey = tuple[RoomId, str, str]
"""Room, shown name and external id of a quoted message."""


def quoted_members(
    conn: Connection, incomings: Iterable[Incoming], rooms: Mapping[str, RoomId]
) -> dict[QuoteKey, MemberId]:
    """Who is quoted: by the quoted message's id, else by the name if just one member of the room shows it."""
    wanted: set[QuoteKey] = set()
    for incoming in incomings:
        if incoming.quote is not None and incoming.room is not None:
            room = rooms[incoming.room.external_id]
            wanted.add((room, clean(incoming.quote.name), clean(incoming.quote.external_id)))
    if not wanted:
        return {}
    by_id = _authors(conn, wanted)
    by_name = _sole_bearers(conn, wanted)
    found: dict[QuoteKey, MemberId] = {}
    for room, name, external_id in wanted:
        member = by_id.get((room, external_id)) or by_name.get((room, name))
        if member is not None:
            found[room, name, external_id] = member
    return found


def _authors(conn: Connection, wanted: Iterable[QuoteKey]) -> dict[tuple[RoomId, str], MemberId]:
    ids = {(room, external_id) for room, _, external_id in wanted if external_id}
    if not ids:
        return {}
    query = select(MESSAGES.c.room_id, MESSAGES.c.external_id, MESSAGES.c.member_id).where(
        MESSAGES.c.room_id.in_({room for room, _ in ids}), MESSAGES.c.external_id.in_({key for _, key in ids})
    )
    return {(row.room_id, row.external_id): MemberId(row.member_id) for row in conn.execute(query)}


def _sole_bearers(conn: Connection, wanted: Iterable[QuoteKey]) -> dict[tuple[RoomId, str], MemberId]:
    names = {(room, name) for room, name, _ in wanted if name}
    if not names:
        return {}
    query = select(ROOM_MEMBERS.c.room_id, ROOM_MEMBERS.c.name, ROOM_MEMBERS.c.member_id).where(
        ROOM_MEMBERS.c.room_id.in_({room for room, _ in names}), ROOM_MEMBERS.c.name.in_({name for _, name in names})
    )
    bearers: dict[tuple[RoomId, str], list[MemberId]] = {}
    for row in conn.execute(query):
        bearers.setdefault((row.room_id, row.name), []).append(MemberId(row.member_id))
    return {key: members[0] for key, members in bearers.items() if len(members) == 1}
