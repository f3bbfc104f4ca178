"""Reads and writes of the embedded web channel's platform state (people, rooms' messages, mutes, removals).

Times are milliseconds since the epoch, as the page uses them.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage.statements import insert_into
from storage.tables.web import WEB_MESSAGES, WEB_PEOPLE, WEB_STAYS


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
    file: str = ""
    """The name of the image or file that the bot sent."""


def save_person(conn: Connection, person: str, name: str, now_ms: int) -> None:
    """A new person, or a new name of a known one."""
    statement = insert_into(conn, WEB_PEOPLE).values(id=person, name=name, created_ms=now_ms)
    conn.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"name": name}))


def person_name(conn: Connection, person: str) -> str | None:
    """The name under which a person is known, or None."""
    return conn.execute(select(WEB_PEOPLE.c.name).where(WEB_PEOPLE.c.id == person)).scalar_one_or_none()


def enter(conn: Connection, room: str, person: str, now_ms: int) -> bool:
    """A person is in the room from now on, be it after a removal that does not stand; False if they were already."""
    stay = select(WEB_STAYS.c.left).where(WEB_STAYS.c.room == room, WEB_STAYS.c.person == person)
    held = conn.execute(stay).one_or_none()
    if held is None:
        conn.execute(WEB_STAYS.insert().values(room=room, person=person, joined_ms=now_ms, left=False, removed=False))
        return True
    if not held.left:
        return False
    _change_stay(conn, room, person, left=False, removed=False, joined_ms=now_ms)
    return True


def leave(conn: Connection, room: str, person: str, *, removed: bool) -> bool:
    """A person left or was removed; False if they were not there."""
    rows = conn.execute(
        update(WEB_STAYS)
        .where(WEB_STAYS.c.room == room, WEB_STAYS.c.person == person, WEB_STAYS.c.left.is_(False))
        .values(left=True, removed=removed)
    )
    return rows.rowcount > 0


def mute(conn: Connection, room: str, person: str, until_ms: int) -> None:
    """A person cannot post until then (0: can)."""
    _change_stay(conn, room, person, muted_until_ms=until_ms)


def _change_stay(conn: Connection, room: str, person: str, **values: object) -> None:
    conn.execute(update(WEB_STAYS).where(WEB_STAYS.c.room == room, WEB_STAYS.c.person == person).values(**values))


def seen(conn: Connection, room: str, person: str) -> None:
    """A person has read all that was said in a room until now."""
    last = select(func.coalesce(func.max(WEB_MESSAGES.c.seq), 0)).where(WEB_MESSAGES.c.room == room)
    _change_stay(conn, room, person, seen_seq=last.scalar_subquery())


def unread(conn: Connection, room: str, person: str) -> int:
    """How many of the bot's messages in a room a person has not read; who was never there has read none."""
    stay = select(WEB_STAYS.c.seen_seq).where(WEB_STAYS.c.room == room, WEB_STAYS.c.person == person)
    after = func.coalesce(stay.scalar_subquery(), 0)
    own = (WEB_MESSAGES.c.room == room) & (WEB_MESSAGES.c.person == "") & WEB_MESSAGES.c.recalled.is_(False)
    return conn.execute(select(func.count()).where(own, WEB_MESSAGES.c.seq > after)).scalar_one()


def stays(conn: Connection) -> dict[str, list[Stay]]:
    """Everybody in every room, those who left included: what the hub holds in memory."""
    rows = conn.execute(
        select(WEB_STAYS, WEB_PEOPLE.c.name)
        .join(WEB_PEOPLE, WEB_PEOPLE.c.id == WEB_STAYS.c.person)
        .order_by(WEB_STAYS.c.joined_ms)
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
        "file": message.file,
    }
    return conn.execute(insert_into(conn, WEB_MESSAGES).values(**values).on_conflict_do_nothing()).rowcount > 0


def recall(conn: Connection, room: str, message_id: str) -> bool:
    """A message is shown as recalled from now on; False if it is unknown or already was."""
    rows = conn.execute(
        update(WEB_MESSAGES)
        .where(WEB_MESSAGES.c.room == room, WEB_MESSAGES.c.id == message_id, WEB_MESSAGES.c.recalled.is_(False))
        .values(recalled=True)
    )
    return rows.rowcount > 0


def history(conn: Connection, room: str, limit: int = 100) -> list[Message]:
    """The room's last messages, oldest first."""
    rows = conn.execute(
        select(WEB_MESSAGES).where(WEB_MESSAGES.c.room == room).order_by(WEB_MESSAGES.c.seq.desc()).limit(limit)
    ).all()
    return [_message(row) for row in reversed(rows)]


def message(conn: Connection, room: str, message_id: str) -> Message | None:
    """One message of a room, or None."""
    row = conn.execute(
        select(WEB_MESSAGES).where(WEB_MESSAGES.c.room == room, WEB_MESSAGES.c.id == message_id)
    ).one_or_none()
    return None if row is None else _message(row)


def rooms_with(conn: Connection, file: str) -> set[str]:
    """The rooms in which a file was sent and still stands."""
    sent = (WEB_MESSAGES.c.file == file) & WEB_MESSAGES.c.recalled.is_(False)
    return set(conn.execute(select(WEB_MESSAGES.c.room).where(sent).distinct()).scalars())


def last_sent(conn: Connection, limit: int = 50) -> list[Message]:
    """The bot's own last messages, oldest first: echoed again after a restart, to settle doubtful sends."""
    rows = conn.execute(
        select(WEB_MESSAGES)
        .where(WEB_MESSAGES.c.order_id.is_not(None))
        .order_by(WEB_MESSAGES.c.seq.desc())
        .limit(limit)
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
        file="" if row.recalled else row.file,
    )
