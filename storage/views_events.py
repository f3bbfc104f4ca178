"""What the console shows of events that were set aside, and of times in which nothing was heard."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.ids import AccountId, EventId, RoomId
from storage.paging import PAGE, newest
from storage.tables.path import INBOX
from storage.tables.people import ACCOUNTS, ROOMS
from storage.tables.staff import GAPS
from storage.views_decisions import room_title
from storage.views_rooms import SET_ASIDE


@dataclass(frozen=True, slots=True)
class AsideView:
    """An event that could not be decided (``failed``, with its traceback) or read (``unreadable``)."""

    event_id: EventId
    account_id: AccountId
    account: str
    room_id: RoomId
    room: str
    kind: str
    at: datetime
    received_at: datetime
    tries: int
    traceback: str


@dataclass(frozen=True, slots=True)
class GapView:
    """A time in which an account heard nothing although it should have."""

    id: int
    account: str
    started_at: datetime
    ended_at: datetime
    reason: str


def failed(conn: Connection, before: int | None = None, limit: int = PAGE) -> list[AsideView]:
    """Failed events, newest first, with ids below ``before``."""
    return _aside(conn, "failed", before, limit)


def unreadable(conn: Connection, before: int | None = None, limit: int = PAGE) -> list[AsideView]:
    """Unreadable events, newest first, with ids below ``before``."""
    return _aside(conn, "unreadable", before, limit)


def event_state(conn: Connection, event_id: int) -> str | None:
    """``waiting``, ``decided``, ``failed`` or ``unreadable``; None when retention has deleted it."""
    state: str | None = conn.execute(select(INBOX.c.state).where(INBOX.c.id == event_id)).scalar()
    return state


def account_of(conn: Connection, event_id: EventId) -> AccountId | None:
    """Whose event it is; None when retention has deleted it."""
    account = conn.execute(select(INBOX.c.account_id).where(INBOX.c.id == event_id)).scalar()
    return None if account is None else AccountId(account)


def gaps(conn: Connection, before: int | None = None, limit: int = PAGE) -> list[GapView]:
    """Connection gaps, latest recorded first, with ids below ``before``."""
    query = select(GAPS, ACCOUNTS.c.name, ACCOUNTS.c.channel).join(
        ACCOUNTS, ACCOUNTS.c.id == GAPS.c.account_id, isouter=True
    )
    return [
        GapView(row.id, _account(row.name, row.channel), row.started_at, row.ended_at, row.reason)
        for row in conn.execute(newest(query, GAPS.c.id, before, limit))
    ]


def _aside(conn: Connection, state: str, before: int | None, limit: int) -> list[AsideView]:
    query = (
        select(
            INBOX, ACCOUNTS.c.name, ACCOUNTS.c.channel, ROOMS.c.topic, ROOMS.c.private, ROOMS.c.key.label("room_key")
        )
        .join(ACCOUNTS, ACCOUNTS.c.id == INBOX.c.account_id, isouter=True)
        .join(ROOMS, ROOMS.c.id == INBOX.c.room_id, isouter=True)
        .where(SET_ASIDE, INBOX.c.state == state)
    )
    return [
        AsideView(
            event_id=EventId(row.id),
            account_id=AccountId(row.account_id),
            account=_account(row.name, row.channel),
            room_id=RoomId(row.room_id),
            room=room_title(row.topic, row.private, row.room_key),
            kind=row.kind,
            at=row.at,
            received_at=row.received_at,
            tries=row.tries,
            traceback=row.traceback or "",
        )
        for row in conn.execute(newest(query, INBOX.c.id, before, limit))
    ]


def _account(name: str | None, channel: str | None) -> str:
    return f"{name or ''}（{channel or ''}）"
