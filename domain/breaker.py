"""The breaker: no more than a few removals a minute in one room without a person's word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class BreakerRule:
    """At most ``limit`` removals within any ``window`` of one room."""

    limit: int = 3
    window: timedelta = timedelta(minutes=1)

    def __post_init__(self) -> None:
        if self.limit < 0:
            raise ValueError(f"the removal limit is 0 or more, not {self.limit}")
        if self.window <= timedelta(0):
            raise ValueError(f"the removal window is longer than nothing, not {self.window}")


@dataclass(frozen=True, slots=True)
class BreakerState:
    """Whether one more removal may go now; ``used`` of the limit are spent, and ``free_at`` is when one comes free.

    ``free_at`` is None while the breaker is closed (removal allowed) and when the limit is 0 (never without a person).
    """

    allowed: bool
    used: int
    free_at: datetime | None = None


def breaker(
    removals: Iterable[datetime], now: datetime, rule: BreakerRule = BreakerRule(), approved_at: datetime | None = None
) -> BreakerState:
    """Judge one more automatic removal at ``now``, given when earlier ones of this room were decided.

    A person's approval wipes the slate: removals up to ``approved_at`` do not count. Removals dated after ``now``
    (a clock set back) do count, so that a wrong clock cannot open the gate.
    """
    since = now - rule.window
    spent = sorted(at for at in removals if at > since and (approved_at is None or at > approved_at))
    if len(spent) < rule.limit:
        return BreakerState(True, len(spent))
    # One comes free when fewer than `limit` are left in the window.
    free_at = spent[len(spent) - rule.limit] + rule.window if rule.limit else None
    return BreakerState(False, len(spent), free_at)
