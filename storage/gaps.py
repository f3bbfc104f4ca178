"""Gaps: times in which an account heard nothing although it should have. They are recorded and shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.ids import AccountId
from storage.columns import clean
from storage.tables.staff import GAPS


@dataclass(frozen=True, slots=True)
class GapRecord:
    """One gap of one account."""

    id: int
    account: AccountId
    started_at: datetime
    ended_at: datetime
    reason: str


def record_gap(conn: Connection, account: AccountId, started_at: datetime, ended_at: datetime, reason: str) -> None:
    """Keep a gap that has ended."""
    values = {"account_id": account, "started_at": started_at, "ended_at": ended_at, "reason": clean(reason)}
    conn.execute(GAPS.insert().values(**values))


def list_gaps(conn: Connection, limit: int = 100) -> list[GapRecord]:
    """The latest gaps, newest first."""
    columns = (GAPS.c.id, GAPS.c.account_id, GAPS.c.started_at, GAPS.c.ended_at, GAPS.c.reason)
    rows = conn.execute(select(*columns).order_by(GAPS.c.id.desc()).limit(limit))
    return [GapRecord(row[0], AccountId(row[1]), *row[2:]) for row in rows]
