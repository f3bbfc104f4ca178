"""The outbox: which rows may go now, and the checks under which a call begins."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Update, and_, bindparam, func, or_, select, update
from sqlalchemy.sql import ColumnElement

from domain.facts import SendState
from domain.ids import AccountId, RoomId
from domain.outward import SendClass
from storage.budgets import budget, save_budget
from storage.calls import (
    DOUBTFUL_HOLDS,
    MOST_REPEATS,
    REPEAT_AFTER,
    REPEATABLE,
    Call,
    Doubtful,
    Outcome,
    Ready,
    Settlement,
    Skipped,
)
from storage.columns import Moment, load
from storage.given import many, one_of
from storage.leases import Lease, check
from storage.prepared import fetch, run, run_many
from storage.settling import abandon_calls, give_back, list_doubtful, settle
from storage.statements import is_postgresql, is_state
from storage.tables.order import CASES
from storage.tables.path import OUTBOX
from storage.tables.people import IDENTITIES, ROOMS
from storage.together import take_along

__all__ = [
    "DOUBTFUL_HOLDS",
    "MOST_REPEATS",
    "REPEATABLE",
    "REPEAT_AFTER",
    "Call",
    "Doubtful",
    "Outcome",
    "Ready",
    "Settlement",
    "Skipped",
    "abandon_calls",
    "advance",
    "begin",
    "budget",
    "give_back",
    "list_doubtful",
    "next_due",
    "ready",
    "save_budget",
    "settle",
]

_NOW = bindparam("now", type_=Moment)
_SINCE = bindparam("since", type_=Moment)


# ---- what may go -----------------------------------------------------------------------------------------------------


def _heads() -> Select[Any]:
    """The oldest waiting row of each lane, past answers that let people speak first and warnings that wait for others.

    A retry is not passed.
    """
    waiting = (OUTBOX.c.account_id == bindparam("account")) & (is_state(OUTBOX.c.state, SendState.WAITING))
    passed = or_(*(OUTBOX.c.send_class == int(kind) for kind in (SendClass.MODERATION, SendClass.ANSWER)))
    in_turn = [~passed, OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= _NOW]
    waiting &= or_(*in_turn, OUTBOX.c.attempts > 0)
    return select(func.min(OUTBOX.c.id).label("id")).where(waiting).group_by(OUTBOX.c.room_id, OUTBOX.c.send_class)


def _lane_held() -> ColumnElement[bool]:
    """Whether a call of the lane is under way, or was lately left in doubt."""
    calling, doubtful = OUTBOX.alias("calling"), OUTBOX.alias("doubtful")
    held = [
        select(calling.c.id).where(_same_lane(calling), is_state(calling.c.state, SendState.CALLING)).exists(),
        select(doubtful.c.id)
        .where(_same_lane(doubtful), is_state(doubtful.c.state, SendState.DOUBTFUL), doubtful.c.called_at > _SINCE)
        .exists(),
    ]
    return or_(*held)


def _same_lane(other: Any) -> ColumnElement[bool]:
    return and_(
        other.c.account_id == OUTBOX.c.account_id,
        other.c.room_id == OUTBOX.c.room_id,
        other.c.send_class == OUTBOX.c.send_class,
    )


def _free(query: Select[Any]) -> Select[Any]:
    """``account``, ``now``, ``since``, ``most`` → of a query's outbox rows the lane heads that are free to go."""
    its_time = or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= _NOW)
    heads = query.where(OUTBOX.c.id.in_(_heads()), its_time, ~_lane_held())
    return heads.order_by(OUTBOX.c.send_class, OUTBOX.c.id).limit(bindparam("most"))


def _given(account: AccountId, now: datetime, limit: int) -> dict[str, Any]:
    return {"account": account, "now": now, "since": now - DOUBTFUL_HOLDS, "most": limit}


_SHOWN = ("id", "room_id", "kind", "send_class", "created_at", "expires_at")
_READY = _free(select(*(OUTBOX.c[name] for name in _SHOWN)))


def ready(conn: Connection, account: AccountId, now: datetime, limit: int = 256) -> list[Ready]:
    """The lane heads that are free to go, most urgent class first, then oldest.

    Nothing goes past a call of its own lane; a doubtful row holds its lane for `DOUBTFUL_HOLDS`; a row that waits for
    its time (a retry, an acknowledgement others may join) holds its own lane only; an answer or a warning on hold not
    even that.
    """
    rows = fetch(conn, _READY, _given(account, now, limit))
    return [
        Ready(row.id, RoomId(row.room_id), row.kind, SendClass(row.send_class), row.created_at, row.expires_at)
        for row in rows
    ]


_HELD = select(func.min(OUTBOX.c.not_before)).where(
    OUTBOX.c.account_id == bindparam("account"),
    is_state(OUTBOX.c.state, SendState.WAITING),
    OUTBOX.c.not_before > _NOW,
)
_IN_DOUBT = select(func.min(OUTBOX.c.called_at)).where(
    OUTBOX.c.account_id == bindparam("account"),
    is_state(OUTBOX.c.state, SendState.DOUBTFUL),
    OUTBOX.c.called_at > _SINCE,
    _heads().exists(),
)


def next_due(conn: Connection, account: AccountId, now: datetime) -> datetime | None:
    """When a lane that is held by time alone is free again; None when nothing waits for a time."""
    ((held,),) = fetch(conn, _HELD, {"account": account, "now": now})
    ((called,),) = fetch(conn, _IN_DOUBT, {"account": account, "since": now - DOUBTFUL_HOLDS, "now": now})
    times = (held, None if called is None else called + DOUBTFUL_HOLDS)
    return min((at for at in times if at is not None), default=None)


# ---- begin -----------------------------------------------------------------------------------------------------------


def begin(conn: Connection, lease: Lease, outbox_ids: Sequence[int], now: datetime) -> list[Call | Skipped]:
    """Mark rows as under way, after the last checks; rows that are not waiting any more are left out.

    Checked here and nowhere earlier: the lease's fencing number (`LeaseLost`), expiry, the guard (case and takeover
    epoch), and that the account is in the room.
    """
    check(conn, lease)
    given = {"numbers": many(conn, outbox_ids), "account": lease.account}
    return _begin(conn, lease, fetch(conn, _named(is_postgresql(conn)), given), now)


def _begin(conn: Connection, lease: Lease, rows: Sequence[Any], now: datetime) -> list[Call | Skipped]:
    reasons = {row.id: _obstacle(row, now) for row in rows}
    going = [row for row in rows if reasons[row.id] is None]
    if take_along(conn, lease.account, going, now):
        given = {"numbers": many(conn, [row.id for row in rows]), "account": lease.account}
        rows = fetch(conn, _named(is_postgresql(conn)), given)
        going = [row for row in rows if reasons[row.id] is None]
    if going:
        given = {"numbers": many(conn, [row.id for row in going]), "now": now, "by": lease.fence}
        run(conn, _called(is_postgresql(conn)), given)
    skipped = {row.id: Skipped(row.id, *found) for row in rows if (found := reasons[row.id]) is not None}
    if skipped:
        run_many(conn, _SKIPPED, [_ended(one, now) for one in skipped.values()])
    outside = _external_ids(conn, going)
    return [skipped.get(row.id) or _call(row, outside) for row in rows]


@cache
def _named(postgresql: bool) -> Select[Any]:
    """``numbers``, ``account`` → these rows as far as they wait, with what is checked of them."""
    query = _checked(postgresql).where(
        one_of(postgresql, OUTBOX.c.id, "numbers"),
        OUTBOX.c.account_id == bindparam("account"),
        is_state(OUTBOX.c.state, SendState.WAITING),
    )
    return query.order_by(OUTBOX.c.send_class, OUTBOX.c.id)


@cache
def _going(postgresql: bool) -> Select[Any]:
    """As `_READY`, with what is checked of them.

    What somebody adds to at this moment goes with the next turn: two accounts that add to each other's rooms and then
    take a turn in the same transaction would wait for each other.
    """
    return _free(_checked(postgresql, past_locked=True).where(is_state(OUTBOX.c.state, SendState.WAITING)))


def _checked(postgresql: bool, *, past_locked: bool = False) -> Select[Any]:
    joined = OUTBOX.outerjoin(ROOMS, ROOMS.c.id == OUTBOX.c.room_id).outerjoin(
        CASES, CASES.c.number == OUTBOX.c.guard_case
    )
    query = select(
        OUTBOX,
        ROOMS.c.external_id.label("room_external_id"),
        ROOMS.c.private.label("room_private"),
        ROOMS.c.present.label("room_present"),
        CASES.c.epoch.label("case_epoch"),
    ).select_from(joined)
    return query.with_for_update(of=OUTBOX, skip_locked=past_locked) if postgresql else query


def _obstacle(row: Any, now: datetime) -> tuple[SendState, str] | None:
    if row.expires_at is not None and row.expires_at <= now:
        return SendState.EXPIRED, "its time was over before it could go"
    if row.guard_case is not None and row.case_epoch != row.guard_epoch:
        return SendState.CANCELLED, "the case has changed hands since"
    if row.room_present is False:
        return SendState.CANCELLED, "the account is not in the room any more"
    return None


@cache
def _called(postgresql: bool) -> Update:
    return (
        update(OUTBOX)
        .where(one_of(postgresql, OUTBOX.c.id, "numbers"))
        .values(
            state=SendState.CALLING.value,
            called_at=_NOW,
            fence=bindparam("by"),
            attempts=OUTBOX.c.attempts + 1,
            not_before=None,
        )
    )


_SKIPPED = update(OUTBOX).where(OUTBOX.c.id == bindparam("held"))


def _ended(one: Skipped, now: datetime) -> dict[str, Any]:
    return {"held": one.id, "state": one.state.value, "reason": one.reason, "settled_at": now}


def _external_ids(conn: Connection, rows: Sequence[Any]) -> dict[tuple[int, int], str]:
    """(account, member) → the newest external id, for targets and mentions."""
    members: set[int] = {row.member_id for row in rows if row.member_id is not None}
    members.update(member for row in rows for member, _ in load(row.mentions) or ())
    if not members:
        return {}
    found = fetch(conn, _identities(is_postgresql(conn)), {"members": many(conn, members)})
    return {(row.account_id, row.member_id): row.external_id for row in found}


@cache
def _identities(postgresql: bool) -> Select[Any]:
    columns = (IDENTITIES.c.account_id, IDENTITIES.c.member_id, IDENTITIES.c.external_id)
    return select(*columns).where(one_of(postgresql, IDENTITIES.c.member_id, "members")).order_by(IDENTITIES.c.id)


def _call(row: Any, outside: dict[tuple[int, int], str]) -> Call:
    mentions = tuple((outside.get((row.account_id, member), ""), name) for member, name in load(row.mentions) or ())
    return Call(
        id=row.id,
        kind=row.kind,
        room=row.room_external_id or "",
        private=bool(row.room_private),
        text=row.text,
        mentions=mentions,
        member=outside.get((row.account_id, row.member_id), "") if row.member_id is not None else "",
        member_name=row.member_name,
        reference=row.reference,
        until=row.until,
        room_id=RoomId(row.room_id),
        send_class=SendClass(row.send_class),
        attempts=row.attempts + 1,
        created_at=row.created_at,
    )


def advance(
    conn: Connection,
    lease: Lease,
    settlements: Sequence[Settlement],
    now: datetime,
    limit: int,
    *,
    checked: bool = False,
) -> list[Call | Skipped]:
    """One turn of the responder in one transaction: settle what ended, and `begin` up to ``limit`` free heads.

    ``checked``: the lease was checked in this transaction already.
    """
    settle(conn, settlements, now)
    if not checked:
        check(conn, lease)
    if limit <= 0:
        return []
    heads = fetch(conn, _going(is_postgresql(conn)), _given(lease.account, now, limit))
    return _begin(conn, lease, heads, now) if heads else []
