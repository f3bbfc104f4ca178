"""What members said, as bare texts: to look for writings of a word before it is listed."""

from sqlalchemy import Connection, select

from storage.tables.path import MESSAGES
from storage.tables.people import ROOMS


def said(conn: Connection, limit: int) -> list[str]:
    """The latest ``limit`` texts of members in groups, newest first; private chats and own messages left out."""
    query = (
        select(MESSAGES.c.text)
        .join(ROOMS, ROOMS.c.id == MESSAGES.c.room_id)
        .where(MESSAGES.c.own.is_(False), ROOMS.c.private.is_(False), MESSAGES.c.text != "")
        .order_by(MESSAGES.c.event_id.desc())
        .limit(limit)
    )
    return list(conn.execute(query).scalars())
