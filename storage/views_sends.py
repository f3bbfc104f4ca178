"""What the console shows of the outbox: sends whose outcome is unknown, and those that were never made."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from domain.actions import SendClass
from domain.facts import SendState
from domain.ids import AccountId, EventId, RoomId
from storage.paging import PAGE, newest
from storage.tables.path import OUTBOX
from storage.tables.people import ROOMS
from storage.views_decisions import room_title


@dataclass(frozen=True, slots=True)
class SendView:
    """One outbox row. ``kind`` is say, recall, mute …; ``again_of`` the doubtful row it repeats."""

    id: int
    account_id: AccountId
    room_id: RoomId
    room: str
    event_id: EventId
    kind: str
    send_class: SendClass
    state: SendState
    text: str = field(repr=False)
    member: str
    created_at: datetime
    expires_at: datetime | None
    called_at: datetime | None
    settled_at: datetime | None
    attempts: int
    reason: str
    again_of: int | None


def sends(conn: Connection, state: SendState, before: int | None = None, limit: int = PAGE) -> list[SendView]:
    """Rows in one state, newest first, with ids below ``before``."""
    query = newest(_query().where(OUTBOX.c.state == state), OUTBOX.c.id, before, limit)
    return [_send(row) for row in conn.execute(query)]


def send(conn: Connection, outbox_id: int) -> SendView | None:
    """One row, or None."""
    row = conn.execute(_query().where(OUTBOX.c.id == outbox_id)).one_or_none()
    return None if row is None else _send(row)


def _query() -> Select[Any]:
    return select(OUTBOX, ROOMS.c.topic, ROOMS.c.private, ROOMS.c.key.label("room_key")).join(
        ROOMS, ROOMS.c.id == OUTBOX.c.room_id, isouter=True
    )


def _send(row: Row[Any]) -> SendView:
    return SendView(
        id=row.id,
        account_id=AccountId(row.account_id),
        room_id=RoomId(row.room_id),
        room=room_title(row.topic, row.private, row.room_key),
        event_id=EventId(row.event_id),
        kind=row.kind,
        send_class=SendClass(row.send_class),
        state=SendState(row.state),
        text=row.text,
        member=row.member_name,
        created_at=row.created_at,
        expires_at=row.expires_at,
        called_at=row.called_at,
        settled_at=row.settled_at,
        attempts=row.attempts,
        reason=row.reason,
        again_of=row.again_of,
    )
