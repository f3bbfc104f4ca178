"""Rooms that exist before anybody speaks in them: those that configuration names."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from domain.ids import AccountId, RoomId
from domain.incoming import ExternalRoom, Incoming, IncomingKind
from storage.people import resolve


def ensure_rooms(conn: Connection, account: AccountId, rooms: Sequence[ExternalRoom], now: datetime) -> list[RoomId]:
    """Our ids of the rooms, made where they are new; cases can be told to an agents' room that is still silent."""
    named = [Incoming(IncomingKind.ROOM_JOINED, now, room=room) for room in rooms]
    places = resolve(conn, account, named, now)
    return [places.rooms[room.external_id] for room in rooms]
