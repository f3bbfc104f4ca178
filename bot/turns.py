"""A responder's turn: in one transaction calls that have ended are settled, and what may go is marked as under way.

The responder runs it by itself, or the decider takes it along in the transaction of its decision: then an answer is on
its way one transaction sooner, and the end of the call before it is on record without one of its own.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.budget import BudgetState, after_send
from domain.ids import AccountId
from storage import outbox
from storage.database import Connection
from storage.leases import Lease
from storage.outbox import Call, Settlement, Skipped


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be settled, and how many calls may begin (``places``) under which budget."""

    now: datetime
    settlements: tuple[Settlement, ...]
    places: int
    budget: BudgetState
    budget_moved: bool
    """Whether storage does not know the budget's present state yet."""
    time_zone: str
    wanted: bool = True
    """Whether it is worth taking even if nothing new is to be said."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a turn. ``again_at``: when something that is held by time alone may go."""

    begun: list[Call | Skipped]
    budget: BudgetState
    again_at: datetime | None


def advance(conn: Connection, lease: Lease, turn: Turn, *, held: bool = False, checked: bool = False) -> Taken:
    """Take a turn; raises `LeaseLost` with nothing done.

    ``held``: something new is known to wait for its time; ``checked``: the lease was checked in this transaction.
    """
    begun = outbox.advance(conn, lease, turn.settlements, turn.now, turn.places, checked=checked)
    budget, moved = turn.budget, turn.budget_moved
    for one in begun:
        if isinstance(one, Call):
            budget, moved = after_send(turn.now, budget, turn.time_zone), True
    if moved:
        outbox.save_budget(conn, lease.account, budget)
    look = held or not begun
    return Taken(begun, budget, outbox.next_due(conn, lease.account, turn.now) if look else None)


def settle(conn: Connection, account: AccountId, turn: Turn) -> None:
    """Record outcomes alone: no lease is needed to say what has happened."""
    outbox.settle(conn, turn.settlements, turn.now)
    outbox.save_budget(conn, account, turn.budget)


def take_over(conn: Connection, lease: Lease, now: datetime) -> tuple[BudgetState, int]:
    """The budget that is left, and how many calls of an earlier holder are doubtful now."""
    return outbox.budget(conn, lease.account), outbox.abandon_calls(conn, lease, now)


def look(conn: Connection, account: AccountId, now: datetime) -> tuple[bool, datetime | None]:
    """Whether anything may go, and if not, when a held lane is free again."""
    if outbox.ready(conn, account, now, 1):
        return True, None
    return False, outbox.next_due(conn, account, now)
