"""The outbox: which rows may go now, the checks under which a call begins, and how it ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.sql import ColumnElement

from domain.budget import BudgetState
from domain.facts import SendState
from domain.ids import AccountId, RoomId
from domain.outward import SendClass
from storage.columns import clean, load
from storage.leases import Lease, check
from storage.statements import is_postgresql, locked, upsert_many
from storage.tables.order import CASES
from storage.tables.path import BUDGETS, OUTBOX
from storage.tables.people import IDENTITIES, ROOMS

DOUBTFUL_HOLDS = timedelta(seconds=10)
"""How long a row of unknown outcome holds its lane, so that its echo can come first."""
REPEATABLE = frozenset({"recall", "mute", "unmute", "remove", "accept_invite"})
"""Doing these twice is the same as once: of unknown outcome they are tried again."""
REPEAT_AFTER = timedelta(seconds=5)
MOST_REPEATS = 5


class Outcome(StrEnum):
    """How a call ended, as channels say it."""

    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"
    THROTTLED = "throttled"


_CERTAIN = (Outcome.SENT, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Ready:
    """The head of a lane, free to go."""

    id: int
    room_id: RoomId
    kind: str
    send_class: SendClass
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """One row in the platform's own ids, marked as under way. ``mentions`` are (external id, name)."""

    id: int
    kind: str
    room: str
    private: bool
    text: str = field(repr=False)
    mentions: tuple[tuple[str, str], ...]
    member: str
    member_name: str
    reference: str
    until: datetime | None
    room_id: RoomId
    send_class: SendClass
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that will not go: it came too late, its guard failed, or the room was left."""

    id: int
    state: SendState
    reason: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """How the call of a row ended. ``not_before``: when a retry may go."""

    outbox_id: int
    outcome: Outcome
    external_id: str = ""
    reason: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A send of unknown outcome, for a person to settle or resend."""

    id: int
    account: AccountId
    room_id: RoomId
    kind: str
    text: str = field(repr=False)
    called_at: datetime | None
    reason: str


# ---- what may go -----------------------------------------------------------------------------------------------------


def _heads(account: AccountId) -> Select[Any]:
    """The oldest waiting row of each lane."""
    waiting = (OUTBOX.c.account_id == account) & (OUTBOX.c.state == SendState.WAITING.value)
    first = func.min(OUTBOX.c.id).label("id")
    return select(first).where(waiting).group_by(OUTBOX.c.room_id, OUTBOX.c.send_class)


def _lane_held(now: datetime) -> ColumnElement[bool]:
    """Whether a call of the lane is under way, or was lately left in doubt."""
    other = OUTBOX.alias("other")
    doubtful = (other.c.state == SendState.DOUBTFUL.value) & (other.c.called_at > now - DOUBTFUL_HOLDS)
    lane = and_(
        other.c.account_id == OUTBOX.c.account_id,
        other.c.room_id == OUTBOX.c.room_id,
        other.c.send_class == OUTBOX.c.send_class,
        or_(other.c.state == SendState.CALLING.value, doubtful),
    )
    return select(other.c.id).where(lane).exists()


def ready(conn: Connection, account: AccountId, now: datetime, limit: int = 256) -> list[Ready]:
    """The lane heads that are free to go, most urgent class first, then oldest.

    Nothing goes past a call of its own lane; a doubtful row holds its lane for `DOUBTFUL_HOLDS`; a row that waits for
    its time (a retry, an acknowledgement others may join) holds its own lane only.
    """
    columns = [OUTBOX.c[name] for name in ("id", "room_id", "kind", "send_class", "created_at", "expires_at")]
    due = or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= now)
    query = (
        select(*columns)
        .where(OUTBOX.c.id.in_(_heads(account)), due, ~_lane_held(now))
        .order_by(OUTBOX.c.send_class, OUTBOX.c.id)
        .limit(limit)
    )
    return [
        Ready(row.id, RoomId(row.room_id), row.kind, SendClass(row.send_class), row.created_at, row.expires_at)
        for row in conn.execute(query)
    ]


def next_due(conn: Connection, account: AccountId, now: datetime) -> datetime | None:
    """When a lane that is held by time alone is free again; None when nothing waits for a time."""
    held = select(func.min(OUTBOX.c.not_before)).where(OUTBOX.c.id.in_(_heads(account)), OUTBOX.c.not_before > now)
    doubtful = select(func.min(OUTBOX.c.called_at)).where(
        OUTBOX.c.account_id == account,
        OUTBOX.c.state == SendState.DOUBTFUL.value,
        OUTBOX.c.called_at > now - DOUBTFUL_HOLDS,
    )
    times = [conn.execute(held).scalar_one()]
    if conn.execute(select(_heads(account).exists())).scalar_one():
        called = conn.execute(doubtful).scalar_one()
        times.append(None if called is None else called + DOUBTFUL_HOLDS)
    return min((at for at in times if at is not None), default=None)


# ---- begin -----------------------------------------------------------------------------------------------------------


def begin(conn: Connection, lease: Lease, outbox_ids: Sequence[int], now: datetime) -> list[Call | Skipped]:
    """Mark rows as under way, after the last checks; rows that are not waiting any more are left out.

    Checked here and nowhere earlier: the lease's fencing number (`LeaseLost`), expiry, the guard (case and takeover
    epoch), and that the account is in the room.
    """
    check(conn, lease)
    rows = _rows_to_begin(conn, lease.account, outbox_ids)
    reasons = {row.id: _obstacle(row, now) for row in rows}
    skipped = [Skipped(row.id, *found) for row in rows if (found := reasons[row.id]) is not None]
    _mark(conn, [row.id for row in rows if reasons[row.id] is None], lease, now)
    if skipped:
        conn.execute(
            update(OUTBOX).where(OUTBOX.c.id == bindparam("held")),
            [{"held": s.id, "state": s.state.value, "reason": s.reason, "settled_at": now} for s in skipped],
        )
    outside = _external_ids(conn, [row for row in rows if reasons[row.id] is None])
    by_id = {one.id: one for one in skipped}
    return [by_id.get(row.id) or _call(row, outside) for row in rows]


def _rows_to_begin(conn: Connection, account: AccountId, outbox_ids: Sequence[int]) -> list[Any]:
    joined = OUTBOX.outerjoin(ROOMS, ROOMS.c.id == OUTBOX.c.room_id).outerjoin(
        CASES, CASES.c.number == OUTBOX.c.guard_case
    )
    query = (
        select(
            OUTBOX,
            ROOMS.c.external_id.label("room_external_id"),
            ROOMS.c.private.label("room_private"),
            ROOMS.c.present.label("room_present"),
            CASES.c.epoch.label("case_epoch"),
        )
        .select_from(joined)
        .where(
            OUTBOX.c.id.in_(list(outbox_ids)),
            OUTBOX.c.account_id == account,
            OUTBOX.c.state == SendState.WAITING.value,
        )
        .order_by(OUTBOX.c.send_class, OUTBOX.c.id)
    )
    if is_postgresql(conn):
        query = query.with_for_update(of=OUTBOX)
    return list(conn.execute(query))


def _obstacle(row: Any, now: datetime) -> tuple[SendState, str] | None:
    if row.expires_at is not None and row.expires_at <= now:
        return SendState.EXPIRED, "its time was over before it could go"
    if row.guard_case is not None and row.case_epoch != row.guard_epoch:
        return SendState.CANCELLED, "the case has changed hands since"
    if row.room_present is False:
        return SendState.CANCELLED, "the account is not in the room any more"
    return None


def _mark(conn: Connection, numbers: Collection[int], lease: Lease, now: datetime) -> None:
    if numbers:
        conn.execute(
            update(OUTBOX)
            .where(OUTBOX.c.id.in_(sorted(numbers)))
            .values(
                state=SendState.CALLING.value,
                called_at=now,
                fence=lease.fence,
                attempts=OUTBOX.c.attempts + 1,
                not_before=None,
            )
        )


def _external_ids(conn: Connection, rows: Sequence[Any]) -> dict[tuple[int, int], str]:
    """(account, member) → the newest external id, for targets and mentions."""
    members = {row.member_id for row in rows if row.member_id is not None}
    members.update(member for row in rows for member, _ in load(row.mentions) or ())
    if not members:
        return {}
    query = select(IDENTITIES.c.account_id, IDENTITIES.c.member_id, IDENTITIES.c.external_id)
    found = conn.execute(query.where(IDENTITIES.c.member_id.in_(sorted(members))).order_by(IDENTITIES.c.id))
    return {(row.account_id, row.member_id): row.external_id for row in found}


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


# ---- settle ----------------------------------------------------------------------------------------------------------


def settle(conn: Connection, settlements: Sequence[Settlement], now: datetime) -> None:
    """Record how calls ended. What an echo has settled as sent stays sent; only its id is added.

    A call that went doubtful meanwhile (another process took over while it was under way) is settled by a late answer
    that leaves no doubt: sent or refused.
    """
    if not settlements:
        return
    held = _unsettled(conn, [one.outbox_id for one in settlements])
    rows = [
        {"held": one.outbox_id} | _ending(one, held[one.outbox_id], now)
        for one in settlements
        if one.outbox_id in held and (held[one.outbox_id].state == SendState.CALLING or one.outcome in _CERTAIN)
    ]
    if rows:
        conn.execute(update(OUTBOX).where(OUTBOX.c.id == bindparam("held")), rows)
    late = [
        {"held": one.outbox_id, "external_id": one.external_id}
        for one in settlements
        if one.outbox_id not in held and one.outcome is Outcome.SENT and one.external_id
    ]
    if late:
        echoed = (OUTBOX.c.state == SendState.SENT.value) & OUTBOX.c.external_id.is_(None)
        conn.execute(update(OUTBOX).where(OUTBOX.c.id == bindparam("held"), echoed), late)


def _unsettled(conn: Connection, numbers: Sequence[int]) -> dict[int, Any]:
    open_states = (SendState.CALLING.value, SendState.DOUBTFUL.value)
    query = select(OUTBOX.c.id, OUTBOX.c.kind, OUTBOX.c.attempts, OUTBOX.c.state).where(
        OUTBOX.c.id.in_(list(numbers)), OUTBOX.c.state.in_(open_states)
    )
    return {row.id: row for row in conn.execute(locked(conn, query.order_by(OUTBOX.c.id)))}


def _ending(one: Settlement, row: Any, now: datetime) -> dict[str, Any]:
    ending: dict[str, Any] = {
        "state": SendState.SENT.value,
        "external_id": clean(one.external_id) or None,
        "reason": clean(one.reason),
        "not_before": None,
        "settled_at": now,
    }
    match one.outcome:
        case Outcome.SENT:
            return ending
        case Outcome.REFUSED:
            return ending | {"state": SendState.REFUSED.value}
        case Outcome.DOUBTFUL if row.kind in REPEATABLE and row.attempts < MOST_REPEATS:
            return ending | {"state": SendState.WAITING.value, "settled_at": None, "not_before": now + REPEAT_AFTER}
        case Outcome.DOUBTFUL:
            return ending | {"state": SendState.DOUBTFUL.value}
        case Outcome.RETRY | Outcome.THROTTLED:
            again_at = one.not_before or now
            return ending | {"state": SendState.WAITING.value, "settled_at": None, "not_before": again_at}


def advance(
    conn: Connection, lease: Lease, settlements: Sequence[Settlement], now: datetime, limit: int
) -> list[Call | Skipped]:
    """One turn of the responder in one transaction: settle what ended, and begin up to ``limit`` free heads."""
    settle(conn, settlements, now)
    heads = ready(conn, lease.account, now, limit) if limit > 0 else []
    if not heads:
        check(conn, lease)
        return []
    return begin(conn, lease, [head.id for head in heads], now)


def abandon_calls(conn: Connection, lease: Lease, now: datetime) -> int:
    """At start and takeover: calls that an earlier holder left under way become doubtful, repeatable ones wait again.

    Returns how many became doubtful.
    """
    check(conn, lease)
    left = (OUTBOX.c.account_id == lease.account) & (OUTBOX.c.state == SendState.CALLING.value)
    left &= OUTBOX.c.fence < lease.fence
    reason = "the program ended during the call"
    conn.execute(
        update(OUTBOX)
        .where(left, OUTBOX.c.kind.in_(sorted(REPEATABLE)))
        .values(state=SendState.WAITING.value, not_before=now, reason=reason)
    )
    doubtful = conn.execute(update(OUTBOX).where(left).values(state=SendState.DOUBTFUL.value, reason=reason))
    return doubtful.rowcount


def list_doubtful(conn: Connection, account: AccountId | None = None, limit: int = 100) -> list[Doubtful]:
    """Sends of unknown outcome, oldest first."""
    columns = [OUTBOX.c[name] for name in ("id", "account_id", "room_id", "kind", "text", "called_at", "reason")]
    query = select(*columns).where(OUTBOX.c.state == SendState.DOUBTFUL.value).order_by(OUTBOX.c.id).limit(limit)
    if account is not None:
        query = query.where(OUTBOX.c.account_id == account)
    return [Doubtful(*row) for row in conn.execute(query)]


# ---- budget ----------------------------------------------------------------------------------------------------------


def budget(conn: Connection, account: AccountId) -> BudgetState:
    """What the account has sent so far."""
    row = conn.execute(select(BUDGETS).where(BUDGETS.c.account_id == account)).one_or_none()
    if row is None:
        return BudgetState()
    return BudgetState(
        last_sent_at=row.last_sent_at,
        day=None if row.day is None else date.fromisoformat(row.day),
        sent_on=row.sent_on,
        refusals=row.refusals,
        last_refusal_at=row.last_refusal_at,
        paused_until=row.paused_until,
    )


def save_budget(conn: Connection, account: AccountId, state: BudgetState) -> None:
    """Keep what the account has sent, so that a restart hands out no second budget."""
    row = {
        "account_id": account,
        "last_sent_at": state.last_sent_at,
        "day": None if state.day is None else state.day.isoformat(),
        "sent_on": state.sent_on,
        "refusals": state.refusals,
        "last_refusal_at": state.last_refusal_at,
        "paused_until": state.paused_until,
    }
    upsert_many(conn, BUDGETS, ["account_id"], [row])
