"""Reads and writes of the embedded web channel's platform state (people, rooms' messages, mutes, removals).

Times are milliseconds since the epoch, as the page uses them.
"""

from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.web_tables import WebMessage, WebPerson, WebStay

_people = cast(Table, WebPerson.__table__)  # type: ignore[attr-defined]
_stays = cast(Table, WebStay.__table__)  # type: ignore[attr-defined]
_messages = cast(Table, WebMessage.__table__)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Stay:
    """A person in a room."""

    person: str
    name: str
    joined_ms: int
    muted_until_ms: int
    left: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the page shows it; ``person`` is empty for the bot."""

    id: str
    room: str
    person: str
    name: str
    text: str = field(repr=False)
    at_ms: int
    quote: str = field(default="", repr=False)
    recalled: bool = False


def _insert(conn: Connection, table: Table) -> Any:
    return postgresql.insert(table) if conn.dialect.name == "postgresql" else sqlite.insert(table)


def save_person(conn: Connection, person: str, name: str, now_ms: int) -> None:
    """A new person, or a new name of a known one."""
    statement = _insert(conn, _people).values(id=person, name=name, created_ms=now_ms)
    conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"name": name}))


def person_name(conn: Connection, person: str) -> str | None:
    """The name under which a person is known, or None."""
    return conn.execute(select(_people.c.name).where(_people.c.id == person)).scalar_one_or_none()


def enter(conn: Connection, room: str, person: str, now_ms: int) -> bool:
    """A person is in the room from now on; False if they were already, or were removed from it."""
    held = conn.execute(
        select(_stays.c.left, _stays.c.removed).where(_stays.c.room == room, _stays.c.person == person)
    ).one_or_none()
    if held is None:
        conn.execute(_stays.insert().values(room=room, person=person, joined_ms=now_ms, left=False, removed=False))
        return True
    if held.removed or not held.left:
        return False
    _change_stay(conn, room, person, left=False, joined_ms=now_ms)
    return True


def leave(conn: Connection, room: str, person: str, *, removed: bool) -> bool:
    """A person left or was removed; False if they were not there."""
    rows = conn.execute(
        update(_stays)
        .where(_stays.c.room == room, _stays.c.person == person, _stays.c.left.is_(False))
        .values(left=True, removed=removed)
    )
    return rows.rowcount > 0


def readmit(conn: Connection, room: str, person: str) -> None:
    """A removed person may enter again."""
    _change_stay(conn, room, person, removed=False)


def mute(conn: Connection, room: str, person: str, until_ms: int) -> None:
    """A person cannot post until then (0: can)."""
    _change_stay(conn, room, person, muted_until_ms=until_ms)


def _change_stay(conn: Connection, room: str, person: str, **values: object) -> None:
    conn.execute(update(_stays).where(_stays.c.room == room, _stays.c.person == person).values(**values))


def stays(conn: Connection) -> dict[str, list[Stay]]:
    """Everybody in every room, those who left included: what the hub holds in memory."""
    rows = conn.execute(
        select(_stays, _people.c.name).join(_people, _people.c.id == _stays.c.person).order_by(_stays.c.joined_ms)
    )
    found: dict[str, list[Stay]] = {}
    for row in rows:
        stay = Stay(row.person, row.name, row.joined_ms, row.muted_until_ms, row.left, row.removed)
        found.setdefault(row.room, []).append(stay)
    return found


def save_message(conn: Connection, message: Message, order_id: int | None = None) -> bool:
    """Keep a message; False if its id or order is already kept."""
    values = {
        "id": message.id,
        "room": message.room,
        "person": message.person,
        "name": message.name,
        "text": message.text,
        "quote": message.quote,
        "at_ms": message.at_ms,
        "recalled": message.recalled,
        "order_id": order_id,
    }
    return conn.execute(_insert(conn, _messages).values(**values).on_conflict_do_nothing()).rowcount > 0


def recall(conn: Connection, room: str, message_id: str) -> bool:
    """A message is shown as recalled from now on; False if it is unknown or already was."""
    rows = conn.execute(
        update(_messages)
        .where(_messages.c.room == room, _messages.c.id == message_id, _messages.c.recalled.is_(False))
        .values(recalled=True)
    )
    return rows.rowcount > 0


def history(conn: Connection, room: str, limit: int = 100) -> list[Message]:
    """The room's last messages, oldest first."""
    rows = conn.execute(
        select(_messages).where(_messages.c.room == room).order_by(_messages.c.seq.desc()).limit(limit)
    ).all()
    return [_message(row) for row in reversed(rows)]


def message(conn: Connection, room: str, message_id: str) -> Message | None:
    """One message of a room, or None."""
    row = conn.execute(select(_messages).where(_messages.c.room == room, _messages.c.id == message_id)).one_or_none()
    return None if row is None else _message(row)


def last_sent(conn: Connection, limit: int = 50) -> list[Message]:
    """The bot's own last messages, oldest first: echoed again after a restart, to settle doubtful sends."""
    rows = conn.execute(
        select(_messages).where(_messages.c.order_id.is_not(None)).order_by(_messages.c.seq.desc()).limit(limit)
    ).all()
    return [_message(row) for row in reversed(rows)]


def _message(row: Any) -> Message:
    return Message(
        id=row.id,
        room=row.room,
        person=row.person,
        name=row.name,
        text="" if row.recalled else row.text,
        at_ms=row.at_ms,
        quote=row.quote,
        recalled=row.recalled,
    )
