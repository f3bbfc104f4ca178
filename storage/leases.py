"""Leases: which process decides and sends for an account. A fencing number keeps a stale holder from committing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select, update

from domain.errors import LeaseLost
from domain.ids import AccountId
from storage.prepared import fetch
from storage.statements import insert_into, is_postgresql
from storage.tables.people import LEASES


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work for an account, as long as ``fence`` is the highest number given out."""

    account: AccountId
    holder: str
    fence: int


def acquire(
    conn: Connection,
    account: AccountId,
    holder: str,
    now: datetime,
    ttl: timedelta,
    patience: timedelta = timedelta(0),
) -> Lease | None:
    """Take the lease when it is free, has run out (``patience`` ago) or is already ``holder``'s; else None.

    Every taking gives a new fencing number, so that what an earlier run of the same holder left behind is fenced off.
    """
    first = {"account_id": account, "holder": "", "fence": 0, "expires_at": now}
    conn.execute(insert_into(conn, LEASES).on_conflict_do_nothing(), first)
    free = or_(LEASES.c.holder == holder, LEASES.c.holder == "", LEASES.c.expires_at <= now - patience)
    taken = conn.execute(
        update(LEASES)
        .where(LEASES.c.account_id == account, free)
        .values(holder=holder, fence=LEASES.c.fence + 1, expires_at=now + ttl)
        .returning(LEASES.c.fence)
    ).scalar_one_or_none()
    return None if taken is None else Lease(account, holder, taken)


def renew(conn: Connection, lease: Lease, now: datetime, ttl: timedelta) -> bool:
    """Hold the lease longer; False when somebody else has it now."""
    mine = (LEASES.c.account_id == lease.account, LEASES.c.fence == lease.fence, LEASES.c.holder == lease.holder)
    return conn.execute(update(LEASES).where(*mine).values(expires_at=now + ttl)).rowcount == 1


def release(conn: Connection, lease: Lease, alive_until: datetime) -> None:
    """Give the lease back, so that the next holder need not wait for it to run out.

    ``alive_until``: when this holder ceased to hear; `last_alive` tells it.
    """
    mine = (LEASES.c.account_id == lease.account, LEASES.c.fence == lease.fence, LEASES.c.holder == lease.holder)
    conn.execute(update(LEASES).where(*mine).values(holder="", expires_at=alive_until))


def last_alive(conn: Connection, account: AccountId, now: datetime, ttl: timedelta) -> datetime | None:
    """The last sign of life of whoever held the account: its giving back, else its last renewal; None: nobody ever.

    ``ttl`` is that of every holder; a moment after ``now`` cannot be.
    """
    columns = (LEASES.c.holder, LEASES.c.expires_at)
    row = conn.execute(select(*columns).where(LEASES.c.account_id == account, LEASES.c.fence > 0)).one_or_none()
    if row is None:
        return None
    alive: datetime = row.expires_at - ttl if row.holder else row.expires_at
    return min(alive, now)


def taken_since(conn: Connection, account: AccountId, fence: int) -> bool:
    """Whether anybody has taken the account after the lease with this number (0: ever)."""
    newest = conn.execute(select(LEASES.c.fence).where(LEASES.c.account_id == account)).scalar_one_or_none()
    return (newest or 0) > fence


_FENCE = select(LEASES.c.fence).where(LEASES.c.account_id == bindparam("account"))
_FENCE_SHARED = _FENCE.with_for_update(read=True)


def check(conn: Connection, lease: Lease) -> None:
    """Raise `LeaseLost` unless the lease is still the newest; nobody can take it until this transaction ends."""
    query = _FENCE_SHARED if is_postgresql(conn) else _FENCE
    if fetch(conn, query, {"account": lease.account}) != [(lease.fence,)]:
        raise LeaseLost(f"account {lease.account} is held by another process now")


def holder(conn: Connection, account: AccountId, now: datetime) -> str | None:
    """Who holds the account at ``now``; None for nobody."""
    query = select(LEASES.c.holder).where(LEASES.c.account_id == account, LEASES.c.expires_at > now)
    return conn.execute(query).scalar_one_or_none() or None
