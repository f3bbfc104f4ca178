"""The inbox: received means committed here; one row per event, once per (account, key)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Insert, Select, bindparam, func, or_, select, text, update
from sqlalchemy.sql import ColumnElement

from domain.events import Event
from domain.ids import AccountId, EventId, RoomId, UserId
from domain.incoming import Incoming, IncomingKind
from storage.codec import decode, encode, head_of, room_of, staff_payload
from storage.columns import MICROSECOND, Moment, clean, dump, load
from storage.given import many, one_of
from storage.leases import Lease, check
from storage.people import resolve
from storage.prepared import fetch, run_many
from storage.statements import insert_of, is_postgresql, is_state
from storage.tables.path import INBOX

ENTROPY_BYTES = 32
CONSOLE_FIRST = 0
CHANNEL = 1
"""Priorities: what staff do in the console is judged before what the channel told."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message whose id is known but not its content. ``tries`` counts how often it was asked for again."""

    event_id: EventId
    external_id: str
    room_external_id: str
    at: datetime
    received_at: datetime
    tries: int


def receive(
    conn: Connection,
    account: AccountId,
    incomings: Sequence[Incoming],
    received_at: datetime,
    heard_at: Sequence[datetime] | None = None,
) -> list[EventId | None]:
    """Commit what a channel heard, in order; None for what is in the inbox already.

    ``heard_at``: when each id arrived; the time from then to this commit is kept. Raises ValueError for values that
    no channel tells (timers, staff commands, a message without sender); nothing of the batch is kept then.
    """
    if not incomings:
        return []
    places = resolve(conn, account, incomings, received_at)
    randomness = secrets.token_bytes(ENTROPY_BYTES * len(incomings))
    rows: dict[str, dict[str, Any]] = {}
    keys: list[str | None] = []
    for index, incoming in enumerate(incomings):
        key = incoming.key
        if key in rows:
            keys.append(None)
            continue
        keys.append(key)
        room, payload = room_of(incoming, places), encode(incoming, places)
        row = rows[key] = _row(account, key, incoming.kind, room, incoming.at, received_at, payload)
        row["entropy"] = randomness[index * ENTROPY_BYTES : (index + 1) * ENTROPY_BYTES]
        if incoming.kind is IncomingKind.UNREADABLE:
            row["state"] = "unreadable"
        if heard_at:
            row["window"] = (received_at - heard_at[index]) // MICROSECOND
    made = insert_rows(conn, list(rows.values()))
    return [None if key is None else made.get(key) for key in keys]


def _row(
    account: AccountId, key: str, kind: IncomingKind, room: RoomId, at: datetime, received_at: datetime, payload: object
) -> dict[str, Any]:
    return {
        "account_id": account,
        "key": key,
        "kind": kind.value,
        "room_id": room,
        "priority": CHANNEL,
        "state": "waiting",
        "at": at,
        "received_at": received_at,
        "window": None,
        "entropy": b"",
        "payload": dump(payload),
    }


@cache
def _new(postgresql: bool) -> Insert:
    return insert_of(postgresql, INBOX).on_conflict_do_nothing(index_elements=["account_id", "key"])


@cache
def _numbers(postgresql: bool) -> Select[Any]:
    named = one_of(postgresql, INBOX.c.key, "keys")
    return select(INBOX.c.key, INBOX.c.id, INBOX.c.entropy).where(INBOX.c.account_id == bindparam("account"), named)


def insert_rows(conn: Connection, rows: Sequence[dict[str, Any]]) -> dict[str, EventId]:
    """Insert inbox rows of one account whose key is new; key → number. Numbers grow in the order given."""
    if not rows:
        return {}
    run_many(conn, _new(is_postgresql(conn)), rows)
    ours = {row["key"]: row["entropy"] for row in rows}
    held = fetch(conn, _numbers(is_postgresql(conn)), {"account": rows[0]["account_id"], "keys": many(conn, ours)})
    # A row whose random bytes are not ours was there before.
    return {key: EventId(number) for key, number, entropy in held if entropy == ours[key]}


def timer_row(
    account: AccountId, key: str, room: RoomId, at: datetime, now: datetime, payload: object
) -> dict[str, Any]:
    """The inbox row of a timer that fired."""
    row = _row(account, key, IncomingKind.TIMER, room, at, now, payload)
    return row | {"entropy": secrets.token_bytes(ENTROPY_BYTES)}


def put_staff(
    conn: Connection,
    account: AccountId,
    room: RoomId,
    user_id: UserId,
    user_name: str,
    command: str,
    at: datetime,
) -> EventId:
    """A console user's act, judged before anything else that waits."""
    key = f"staff:{secrets.token_hex(16)}"
    row = _row(account, key, IncomingKind.STAFF, room, at, at, staff_payload(user_id, user_name, command))
    own = {"priority": CONSOLE_FIRST, "entropy": secrets.token_bytes(ENTROPY_BYTES)}
    return insert_rows(conn, [row | own])[key]


def _due() -> ColumnElement[bool]:
    """``account``, ``now`` → the events that may be judged."""
    ready = or_(INBOX.c.not_before.is_(None), INBOX.c.not_before <= bindparam("now", type_=Moment))
    return (INBOX.c.account_id == bindparam("account")) & (is_state(INBOX.c.state, "waiting")) & ready


_TAKE = (
    select(INBOX.c.kind, INBOX.c.payload, INBOX.c.id, INBOX.c.at, INBOX.c.room_id, INBOX.c.entropy)
    .where(_due())
    .order_by(INBOX.c.priority, INBOX.c.id)
    .limit(bindparam("most"))
)
_WAITING = select(func.count()).select_from(INBOX).where(_due())
_NEXT_DEFERRED = select(func.min(INBOX.c.not_before)).where(
    INBOX.c.account_id == bindparam("account"), is_state(INBOX.c.state, "waiting")
)


def take(conn: Connection, account: AccountId, now: datetime, limit: int = 128) -> list[Event]:
    """The oldest waiting events, console acts first; deferred ones only when their time has come.

    They are read, not claimed: a crash before the commit of their decision leaves nothing to tidy up.
    """
    rows = fetch(conn, _TAKE, {"account": account, "now": now, "most": limit})
    return [decode(kind, head_of(*head), load(payload)) for kind, payload, *head in rows]


def waiting(conn: Connection, account: AccountId, now: datetime) -> int:
    """How many events could be taken."""
    return conn.execute(_WAITING, {"account": account, "now": now}).scalar_one()


def next_deferred(conn: Connection, account: AccountId) -> datetime | None:
    """When the first deferred event can be taken again."""
    ((found,),) = fetch(conn, _NEXT_DEFERRED, {"account": account})
    return cast("datetime | None", found)


def fail(conn: Connection, lease: Lease, event_id: EventId, traceback: str, now: datetime) -> None:
    """Set the one guilty event of a batch aside, with its traceback; it blocks nobody and is shown."""
    check(conn, lease)
    values = {"state": "failed", "traceback": clean(traceback), "decided_at": now}
    conn.execute(update(INBOX).where(INBOX.c.id == event_id, is_state(INBOX.c.state, "waiting")).values(**values))


def retry_failed(conn: Connection, event_id: EventId, now: datetime) -> bool:
    """Let a failed event be judged again; False if it is not a failed one."""
    values = {"state": "waiting", "decided_at": None, "not_before": now}
    return (
        conn.execute(
            update(INBOX).where(INBOX.c.id == event_id, is_state(INBOX.c.state, "failed")).values(**values)
        ).rowcount
        == 1
    )


# ---- messages that could not be read -------------------------------------------------------------------------------


_ASIDE = text("inbox.state IN ('failed', 'unreadable')")
"""The condition of the partial index, word for word."""


def list_unreadable(conn: Connection, account: AccountId, limit: int = 100) -> list[Unreadable]:
    """Messages still to be fetched again, those asked for least often first."""
    rows = conn.execute(
        select(INBOX.c.id, INBOX.c.at, INBOX.c.received_at, INBOX.c.tries, INBOX.c.payload)
        .where(_ASIDE, is_state(INBOX.c.state, "unreadable"), INBOX.c.account_id == account)
        .order_by(INBOX.c.tries, INBOX.c.id)
        .limit(limit)
    )
    found = []
    for row in rows:
        payload = load(row.payload)
        found.append(Unreadable(EventId(row.id), payload["id"], payload["room"], row.at, row.received_at, row.tries))
    return found


def unreadable_again(conn: Connection, event_id: EventId) -> None:
    """One more attempt to read it has failed."""
    conn.execute(update(INBOX).where(INBOX.c.id == event_id).values(tries=INBOX.c.tries + 1))


def replace_unreadable(
    conn: Connection, account: AccountId, event_id: EventId, incoming: Incoming, now: datetime
) -> bool:
    """The content came at last: the event waits for judgement under the number it has.

    False when it was heard otherwise meanwhile, or is not unreadable any more; its row is settled then.
    """
    places = resolve(conn, account, [incoming], now)
    same = select(INBOX.c.id).where(INBOX.c.account_id == account, INBOX.c.key == incoming.key, INBOX.c.id != event_id)
    known = conn.execute(same).first() is not None
    values: dict[str, Any] = {"state": "decided", "decided_at": now}
    if not known:
        values = {
            "state": "waiting",
            "key": incoming.key,
            "kind": incoming.kind.value,
            "room_id": room_of(incoming, places),
            "at": incoming.at,
            "payload": dump(encode(incoming, places)),
        }
    changed = conn.execute(
        update(INBOX).where(INBOX.c.id == event_id, is_state(INBOX.c.state, "unreadable")).values(**values)
    ).rowcount
    return changed == 1 and not known
