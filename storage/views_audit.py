"""The audit log: who did or tried what, read for the console and written for its own acts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from domain.actions import Audit
from storage.columns import clean
from storage.tables.order import AUDIT
from storage.tables.people import ROOMS
from storage.views_decisions import room_title
from storage.views_rooms import PAGE


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
    """Entries, newest first, with ids below ``before``."""
    query = (
        select(AUDIT, ROOMS.c.topic, ROOMS.c.private, ROOMS.c.key)
        .join(ROOMS, ROOMS.c.id == AUDIT.c.room_id, isouter=True)
        .order_by(AUDIT.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(AUDIT.c.id < before)
    return [
        AuditView(
            id=row.id,
            at=row.at,
            actor=row.actor,
            act=row.act,
            target=row.target,
            outcome=row.outcome,
            room=room_title(row.topic, row.private, row.key),
            event_id=row.event_id,
        )
        for row in conn.execute(query)
    ]


def outcome_of(conn: Connection, event_id: int) -> str | None:
    """The outcome that the audit log names for an event (the latest), or None."""
    query = select(AUDIT.c.outcome).where(AUDIT.c.event_id == event_id).order_by(AUDIT.c.id.desc()).limit(1)
    outcome: str | None = conn.execute(query).scalar()
    return outcome


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
