"""What each account has sent, kept over restarts."""

from datetime import date

from sqlalchemy import Connection, bindparam, select

from domain.budget import BudgetState
from domain.ids import AccountId
from storage.prepared import fetch
from storage.statements import upsert_many
from storage.tables.path import BUDGETS

_OF = select(BUDGETS).where(BUDGETS.c.account_id == bindparam("account"))


def budget(conn: Connection, account: AccountId) -> BudgetState:
    """What the account has sent so far."""
    row = next(iter(fetch(conn, _OF, {"account": account})), None)
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
