"""Gaps: times in which an account heard nothing although it should have. They are recorded and shown."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from domain.ids import AccountId
from storage.columns import MICROSECOND, clean
from storage.tables.path import INBOX
from storage.tables.staff import GAPS


def record_gap(conn: Connection, account: AccountId, started_at: datetime, ended_at: datetime, reason: str) -> None:
    """Keep a gap that has ended."""
    values = {"account_id": account, "started_at": started_at, "ended_at": ended_at, "reason": clean(reason)}
    conn.execute(GAPS.insert().values(**values))


def behind_since(conn: Connection, account: AccountId, after: datetime, most: timedelta) -> datetime | None:
    """When the id of the newest event in the inbox had come, if that was committed after ``after`` and waited longer
    than ``most`` for it; else None, for then nothing queued.

    Events are committed in the order in which they came: what came after this moment is not there.
    """
    newest = (
        select(INBOX.c.received_at, INBOX.c.window)
        .where(INBOX.c.account_id == account, INBOX.c.received_at > after, INBOX.c.window.is_not(None))
        .order_by(INBOX.c.id.desc())
        .limit(1)
    )
    row = conn.execute(newest).one_or_none()
    if row is None or (waited := row.window * MICROSECOND) <= most:
        return None
    came: datetime = row.received_at - waited
    return came
