"""The send budget as it is kept."""

from dataclasses import replace
from datetime import date, timedelta

from domain.budget import BudgetState
from storage import outbox
from tests.storage.house import START, House


async def test_the_budget_survives_a_restart(house: House) -> None:
    assert await house.db.read(outbox.budget, house.account) == BudgetState()
    state = BudgetState(START, date(2025, 3, 3), 17, 2, START, START + timedelta(minutes=5))
    for kept in (state, replace(state, sent_on=18, paused_until=None)):
        await house.db.write(outbox.save_budget, house.account, kept)
        assert await house.db.read(outbox.budget, house.account) == kept
