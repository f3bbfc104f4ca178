"""Timers are rows: each due time fires once, over restarts, several processes and changes of the clock."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from domain.ids import AccountId, EventId, RoomId
from storage.codec import timer_payload
from storage.inbox import insert_rows, timer_row
from storage.leases import Lease, check
from storage.statements import insert_into, is_state, locked
from storage.tables.path import TIMERS


@dataclass(frozen=True, slots=True)
class Planned:
    """A due time to be kept; ``room_id`` is NO_ROOM for timers of no room."""

    name: str
    room_id: RoomId
    due_at: datetime
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Fired:
    """What `fire_due` did: events now in the inbox, and timers recorded as skipped because they were too late."""

    events: tuple[EventId, ...]
    skipped: int


def plan(conn: Connection, account: AccountId, rows: Sequence[Planned], now: datetime) -> int:
    """Keep due times that are not kept yet; how many are new. A time that has fired is never planned again."""
    if not rows:
        return 0
    values = [
        {
            "account_id": account,
            "name": row.name,
            "room_id": row.room_id,
            "due_at": row.due_at,
            "reference": row.reference,
            "state": "waiting",
        }
        for row in rows
    ]
    made = conn.execute(insert_into(conn, TIMERS).on_conflict_do_nothing().returning(TIMERS.c.id), values)
    return len(made.all())


def forget(conn: Connection, account: AccountId, prefix: str, keep: Collection[Planned], now: datetime) -> int:
    """Take back due times still ahead, of timers whose name begins with ``prefix``, that are not in ``keep``; how many.

    For a changed book: what it does not plan any more must not happen.
    """
    ahead = (TIMERS.c.account_id == account) & (TIMERS.c.state == "waiting") & (TIMERS.c.due_at > now)
    named = TIMERS.c.name.startswith(prefix, autoescape=True)
    wanted = {(row.name, row.room_id, row.due_at, row.reference) for row in keep}
    query = select(TIMERS.c.id, TIMERS.c.name, TIMERS.c.room_id, TIMERS.c.due_at, TIMERS.c.reference)
    rows = conn.execute(query.where(ahead, named)).all()
    gone = [row.id for row in rows if (row.name, row.room_id, row.due_at, row.reference) not in wanted]
    for start in range(0, len(gone), 500):
        conn.execute(delete(TIMERS).where(TIMERS.c.id.in_(gone[start : start + 500])))
    return len(gone)


def fire_due(
    conn: Connection,
    lease: Lease,
    now: datetime,
    grace: Callable[[str], timedelta | None],
    limit: int = 256,
) -> Fired:
    """Put an event into the inbox for each timer whose time has come, and mark it, in one transaction.

    ``grace`` tells by name how late a timer may still fire (None: whenever); later ones are recorded as skipped.
    Raises `LeaseLost`.
    """
    check(conn, lease)
    due = (TIMERS.c.account_id == lease.account) & (is_state(TIMERS.c.state, "waiting")) & (TIMERS.c.due_at <= now)
    query = select(TIMERS).where(due).order_by(TIMERS.c.due_at, TIMERS.c.id).limit(limit)
    rows = conn.execute(locked(conn, query)).all()
    fresh = [row for row in rows if (longest := grace(row.name)) is None or now - row.due_at <= longest]
    events = [
        timer_row(
            lease.account,
            f"timer:{row.id}",
            RoomId(row.room_id),
            now,
            now,
            timer_payload(row.name, row.due_at, row.reference),
        )
        for row in fresh
    ]
    made = insert_rows(conn, events)
    _mark(conn, [row.id for row in fresh], "fired", now)
    kept = {row.id for row in fresh}
    late = [row.id for row in rows if row.id not in kept]
    _mark(conn, late, "skipped", now)
    return Fired(tuple(made.values()), len(late))


def _mark(conn: Connection, numbers: Sequence[int], state: str, now: datetime) -> None:
    if numbers:
        conn.execute(update(TIMERS).where(TIMERS.c.id.in_(list(numbers))).values(state=state, settled_at=now))


def next_timer(conn: Connection, account: AccountId) -> datetime | None:
    """When the account's next timer is due."""
    waiting = (TIMERS.c.account_id == account) & (is_state(TIMERS.c.state, "waiting"))
    due_at: datetime | None = conn.execute(select(func.min(TIMERS.c.due_at)).where(waiting)).scalar_one()
    return due_at
