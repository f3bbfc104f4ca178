"""The send budget of one account: how soon the next message may go without the platform taking offence."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from domain.calendar_day import ONE_DAY, community_day, next_midnight

Reason = Literal["free", "interval", "daily_cap", "paused"]


@dataclass(frozen=True, slots=True)
class SendRule:
    """Limits of one account. ``daily_cap`` None means no cap; a zero interval and jitter mean no rate limit.

    Between two sends lie ``min_interval`` plus a random share of ``jitter``. After a refusal (频繁) nothing is sent
    for ``pause``, then ``pause * growth`` and so on up to ``longest_pause``; ``calm`` without refusal forgets them.
    """

    min_interval: timedelta = timedelta(seconds=2)
    jitter: timedelta = timedelta(seconds=1)
    daily_cap: int | None = 2000
    pause: timedelta = timedelta(minutes=5)
    growth: float = 2.0
    longest_pause: timedelta = timedelta(hours=6)
    calm: timedelta = timedelta(hours=24)

    def __post_init__(self) -> None:
        lengths = (self.min_interval, self.jitter, self.pause, self.longest_pause, self.calm)
        if min(lengths) < timedelta(0):
            raise ValueError("no length of time in a send rule is negative")
        if self.daily_cap is not None and self.daily_cap < 1:
            raise ValueError(f"the daily cap is 1 or more, or none, not {self.daily_cap}")
        if not 1 <= self.growth <= 100:
            raise ValueError(f"the pause grows by a factor of 1 to 100, not {self.growth}")


UNLIMITED = SendRule(min_interval=timedelta(0), jitter=timedelta(0), daily_cap=None)
"""For channels without a platform to offend (web, memory)."""


@dataclass(frozen=True, slots=True)
class BudgetState:
    """What the account has spent. ``sent_on`` counts for the community day ``day``; ``refusals`` in a row so far."""

    last_sent_at: datetime | None = None
    day: date | None = None
    sent_on: int = 0
    refusals: int = 0
    last_refusal_at: datetime | None = None
    paused_until: datetime | None = None


def earliest(now: datetime, state: BudgetState, rule: SendRule, jitter: float, tz: str) -> datetime:
    """The first instant from ``now`` on at which one more message may go.

    ``jitter`` is a random number in [0, 1): draw it once per message, not once per question, or the shortest of
    many waits wins. Raises ValueError outside that range.
    """
    return max(at for at, _ in _bounds(now, state, rule, jitter, tz))


def why_waiting(now: datetime, state: BudgetState, rule: SendRule, jitter: float, tz: str) -> Reason:
    """Which limit decides `earliest`; ``free`` when none does."""
    at, reason = max(_bounds(now, state, rule, jitter, tz), key=lambda bound: bound[0])
    return reason if at > now else "free"


def _bounds(now: datetime, state: BudgetState, rule: SendRule, jitter: float, tz: str) -> list[tuple[datetime, Reason]]:
    if not 0 <= jitter < 1:
        raise ValueError(f"jitter is a number in [0, 1), not {jitter}")
    bounds: list[tuple[datetime, Reason]] = [(now, "free")]
    if state.last_sent_at is not None:
        # A last send in the future means that the clock was set back: never wait more than one interval for it.
        gap = rule.min_interval + rule.jitter * jitter
        bounds.append((min(state.last_sent_at, now) + gap, "interval"))
    if left_today(now, state, rule, tz) == 0:
        bounds.append((next_midnight(now, tz), "daily_cap"))
    if state.paused_until is not None:
        bounds.append((min(state.paused_until, now + rule.longest_pause), "paused"))
    return bounds


def left_today(now: datetime, state: BudgetState, rule: SendRule, tz: str) -> int | None:
    """How many messages the daily cap still allows on this community day; None without a cap."""
    if rule.daily_cap is None:
        return None
    return max(rule.daily_cap - _sent_on(community_day(now, tz), state), 0)


def _sent_on(day: date, state: BudgetState) -> int:
    # A clock set back over midnight by a little must not hand out a second day's budget.
    same = state.day is not None and day <= state.day <= day + ONE_DAY
    return state.sent_on if same else 0


def after_send(now: datetime, state: BudgetState, tz: str) -> BudgetState:
    """The state once a call to send has begun (whatever its outcome: the platform has seen the attempt)."""
    today = community_day(now, tz)
    count = _sent_on(today, state)
    day = state.day if count and state.day else today
    return replace(state, last_sent_at=now, day=day, sent_on=count + 1)


def after_refusal(now: datetime, state: BudgetState, rule: SendRule) -> BudgetState:
    """The state once the platform said 频繁: a pause, longer with each refusal in a row.

    Refusals during a pause answer sends that were under way before it; they neither lengthen it nor count.
    """
    if state.paused_until is not None and now < state.paused_until:
        return replace(state, last_refusal_at=now)
    calm = state.last_refusal_at is None or now - state.last_refusal_at >= rule.calm
    before = 0 if calm else state.refusals
    # In seconds and with a bounded exponent: neither a float nor a timedelta holds what unbounded growth comes to.
    seconds = rule.pause.total_seconds() * rule.growth ** min(before, 100)
    pause = timedelta(seconds=min(seconds, rule.longest_pause.total_seconds()))
    return replace(state, refusals=before + 1, last_refusal_at=now, paused_until=now + pause)
