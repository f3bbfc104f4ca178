"""How calls ended: settled, tried again, or left in doubt."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, case, func, or_, select, update

from domain.facts import SendState
from domain.ids import AccountId
from storage.calls import CERTAIN, MOST_REPEATS, REPEAT_AFTER, REPEATABLE, Doubtful, Outcome, Settlement
from storage.columns import Moment, clean
from storage.given import many, one_of
from storage.leases import Lease, check
from storage.prepared import fetch, run_many
from storage.statements import is_postgresql, is_state
from storage.tables.path import OUTBOX


@cache
def _unsettled(postgresql: bool) -> Select[Any]:
    unsettled = or_(is_state(OUTBOX.c.state, SendState.CALLING), is_state(OUTBOX.c.state, SendState.DOUBTFUL))
    query = (
        select(OUTBOX.c.id, OUTBOX.c.kind, OUTBOX.c.attempts, OUTBOX.c.state)
        .where(one_of(postgresql, OUTBOX.c.id, "numbers"), unsettled)
        .order_by(OUTBOX.c.id)
    )
    return query.with_for_update() if postgresql else query


_SETTLED = update(OUTBOX).where(OUTBOX.c.id == bindparam("held"))
_OPEN = (SendState.CALLING.value, SendState.DOUBTFUL.value)
_ECHOED = OUTBOX.c.state == SendState.SENT.value
"""What an echo has settled stays as it is; only its id is added."""
_SENT = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("held"), or_(_ECHOED, *(OUTBOX.c.state == state for state in _OPEN)))
    .values(
        state=SendState.SENT.value,
        external_id=func.coalesce(OUTBOX.c.external_id, bindparam("told", type_=String)),
        reason=case((_ECHOED, OUTBOX.c.reason), else_=bindparam("why", type_=String)),
        settled_at=case((_ECHOED, OUTBOX.c.settled_at), else_=bindparam("at", type_=Moment)),
        not_before=None,
    )
)


def settle(conn: Connection, settlements: Sequence[Settlement], now: datetime) -> None:
    """Record how calls ended. What an echo has settled as sent stays sent; only its id is added.

    A call that went doubtful meanwhile (another process took over while it was under way) is settled by a late answer
    that leaves no doubt: sent or refused.
    """
    sent = [_sent(one, now) for one in settlements if one.outcome is Outcome.SENT]
    if sent:
        run_many(conn, _SENT, sorted(sent, key=_HELD))
    others = [one for one in settlements if one.outcome is not Outcome.SENT]
    if not others:
        return
    numbers = many(conn, [one.outbox_id for one in others])
    held = {row.id: row for row in fetch(conn, _unsettled(is_postgresql(conn)), {"numbers": numbers})}
    rows = [
        {"held": one.outbox_id} | _ending(one, held[one.outbox_id], now)
        for one in others
        if one.outbox_id in held and (held[one.outbox_id].state == SendState.CALLING or one.outcome in CERTAIN)
    ]
    if rows:
        run_many(conn, _SETTLED, rows)


_HELD = itemgetter("held")


def _sent(one: Settlement, now: datetime) -> dict[str, Any]:
    return {"held": one.outbox_id, "told": clean(one.external_id) or None, "why": clean(one.reason), "at": now}


def _ending(one: Settlement, row: Any, now: datetime) -> dict[str, Any]:
    ending: dict[str, Any] = {
        "state": SendState.REFUSED.value,
        "external_id": clean(one.external_id) or None,
        "reason": clean(one.reason),
        "not_before": None,
        "settled_at": now,
    }
    match one.outcome:
        case Outcome.SENT | Outcome.REFUSED:
            return ending
        case Outcome.DOUBTFUL if row.kind in REPEATABLE and row.attempts < MOST_REPEATS:
            return ending | {"state": SendState.WAITING.value, "settled_at": None, "not_before": now + REPEAT_AFTER}
        case Outcome.DOUBTFUL:
            return ending | {"state": SendState.DOUBTFUL.value}
        case Outcome.RETRY | Outcome.THROTTLED:
            again_at = one.not_before or now
            return ending | {"state": SendState.WAITING.value, "settled_at": None, "not_before": again_at}


def abandon_calls(conn: Connection, lease: Lease, now: datetime) -> int:
    """At start and takeover: calls that an earlier holder left under way become doubtful, repeatable ones wait again.

    Returns how many became doubtful.
    """
    check(conn, lease)
    left = (OUTBOX.c.account_id == lease.account) & (is_state(OUTBOX.c.state, SendState.CALLING))
    left &= OUTBOX.c.fence < lease.fence
    reason = "the program ended during the call"
    conn.execute(
        update(OUTBOX)
        .where(left, OUTBOX.c.kind.in_(sorted(REPEATABLE)))
        .values(state=SendState.WAITING.value, not_before=now, reason=reason)
    )
    doubtful = conn.execute(update(OUTBOX).where(left).values(state=SendState.DOUBTFUL.value, reason=reason))
    return doubtful.rowcount


def give_back(conn: Connection, lease: Lease, under_way: Collection[int]) -> int:
    """After a commit whose answer was lost: calls on record that this holder never made wait again; how many.

    ``under_way`` are those that it did make and whose outcome is not on record yet.
    """
    check(conn, lease)
    left = (OUTBOX.c.account_id == lease.account) & (is_state(OUTBOX.c.state, SendState.CALLING))
    left &= (OUTBOX.c.fence == lease.fence) & ~one_of(is_postgresql(conn), OUTBOX.c.id, "numbers")
    back = (
        update(OUTBOX).where(left).values(state=SendState.WAITING.value, called_at=None, attempts=OUTBOX.c.attempts - 1)
    )
    return conn.execute(back, {"numbers": many(conn, under_way)}).rowcount


def list_doubtful(conn: Connection, account: AccountId | None = None, limit: int = 100) -> list[Doubtful]:
    """Sends of unknown outcome, oldest first."""
    columns = [OUTBOX.c[name] for name in ("id", "account_id", "room_id", "kind", "text", "called_at", "reason")]
    query = select(*columns).where(is_state(OUTBOX.c.state, SendState.DOUBTFUL)).order_by(OUTBOX.c.id).limit(limit)
    if account is not None:
        query = query.where(OUTBOX.c.account_id == account)
    return [Doubtful(*row) for row in conn.execute(query)]
