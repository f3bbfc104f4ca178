"""The send budget as one responder keeps it: how many calls may begin, and when the next one may."""

import random
from datetime import datetime, timedelta

from bot.house import House
from domain.budget import BudgetState, SendRule, after_refusal, earliest, why_waiting


class Allowance:
    """One account's. ``moved``: storage does not know the present ``state`` yet."""

    def __init__(self, house: House, rule: SendRule) -> None:
        self._house = house
        self._rule = rule
        self.limited = rule.min_interval > timedelta(0) or rule.jitter > timedelta(0) or rule.daily_cap is not None
        self.state = BudgetState()
        self.moved = False
        self.draw()

    def draw(self) -> None:
        """Another share of chance for the wait before the next call: one for each, not for each question."""
        self._jitter = random.random()  # noqa: S311 - spreads sends over time, guards nothing

    def stored(self, state: BudgetState) -> None:
        """What storage has from now on."""
        self.state, self.moved = state, False

    def places(self, now: datetime, free: int) -> int:
        """How many of ``free`` places may be taken now."""
        if not self.limited and self.state.paused_until is None:
            return free
        if self.free_at(now) is not None:
            return 0
        return min(free, 1) if self.limited else free

    def free_at(self, now: datetime) -> datetime | None:
        """When the next call may begin; None for now."""
        at = earliest(now, self.state, self._rule, self._jitter, self._house.time_zone)
        return at if at > now else None

    def pause(self, now: datetime) -> str:
        """The platform wants us to be slower; says what is waited for from now on."""
        self.state, self.moved = after_refusal(now, self.state, self._rule), True
        return why_waiting(now, self.state, self._rule, self._jitter, self._house.time_zone)
