"""The audit log: who did or tried what, read for the console and written for its own acts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from domain.actions import Audit
from storage.actors import names_of
from storage.columns import clean
from storage.paging import PAGE, newest
from storage.tables.order import AUDIT
from storage.tables.people import ROOMS
from storage.views_decisions import room_title


@dataclass(frozen=True, slots=True)
class AuditView:
    """One entry. ``event_id`` is the event it followed from, None for the console's own acts."""

    id: int
    at: datetime
    actor: str
    act: str
    target: str
    outcome: str
    room: str
    event_id: int | None


def audit_log(conn: Connection, before: int | None = None, limit: int = PAGE) -> list[AuditView]:
    """Entries, newest first, with ids below ``before``. ``user:7`` and ``member:7`` are shown by name."""
    query = select(AUDIT, ROOMS.c.topic, ROOMS.c.private, ROOMS.c.key).join(
        ROOMS, ROOMS.c.id == AUDIT.c.room_id, isouter=True
    )
    rows = conn.execute(newest(query, AUDIT.c.id, before, limit)).all()
    names = names_of(conn, {text for row in rows for text in (row.actor, row.target)})
    return [
        AuditView(
            id=row.id,
            at=row.at,
            actor=names.get(row.actor, row.actor),
            act=row.act,
            target=names.get(row.target, row.target),
            outcome=row.outcome,
            room=room_title(row.topic, row.private, row.key),
            event_id=row.event_id,
        )
        for row in rows
    ]


def record(conn: Connection, entry: Audit) -> None:
    """Keep an act that follows from no event: signing in, a new password, a binding code."""
    conn.execute(
        insert(AUDIT).values(
            at=entry.at,
            actor=clean(entry.actor),
            act=entry.act,
            target=clean(entry.target),
            outcome=entry.outcome,
        )
    )
