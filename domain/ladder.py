"""The strike ladder: what follows from a violation, given what a member did before and how that was answered.

A rung is an answer (warn, mute, tell the owner, remove). A member climbs one rung above the highest one taken for a
strike that still counts; a strike counts while it is inside the sliding window and not reversed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Severity(IntEnum):
    """How grave a violation is."""

    LIGHT = 0
    PLAIN = 1
    GRAVE = 2


@dataclass(frozen=True, slots=True)
class Warn:
    """A kind word in public, or in private where the channel can."""


@dataclass(frozen=True, slots=True)
class Mute:
    """Silence for a while."""

    duration: timedelta

    def __post_init__(self) -> None:
        if self.duration <= timedelta(0):
            raise ValueError(f"a mute lasts longer than nothing, not {self.duration}")


@dataclass(frozen=True, slots=True)
class TellOwner:
    """The room's owner hears of it and decides."""


@dataclass(frozen=True, slots=True)
class Remove:
    """Out of the room; only where the operator opted in."""


Rung = Warn | Mute | TellOwner | Remove


@dataclass(frozen=True, slots=True)
class LadderRule:
    """One room's ladder.

    ``start`` is the index of the rung at which light, plain and grave violations begin. ``allow_remove`` opts in to
    removal; without it a Remove rung tells the owner instead. ``kind_first``: somebody's very first violation, unless
    grave, is answered by the lowest rung. A message older than ``late_after`` at judgement is at most warned.
    """

    window: timedelta = timedelta(days=7)
    rungs: tuple[Rung, ...] = (
        Warn(),
        Warn(),
        Mute(timedelta(minutes=10)),
        Mute(timedelta(hours=1)),
        TellOwner(),
        Remove(),
    )
    start: tuple[int, int, int] = (0, 0, 1)
    allow_remove: bool = False
    kind_first: bool = True
    late_after: timedelta = timedelta(minutes=2)

    def __post_init__(self) -> None:
        if not self.rungs:
            raise ValueError("a ladder has one rung or more")
        if self.window <= timedelta(0) or self.late_after < timedelta(0):
            raise ValueError("a ladder's window is longer than nothing, and no length of time is negative")
        if len(self.start) != len(Severity) or not all(0 <= rung < len(self.rungs) for rung in self.start):
            raise ValueError(f"start names a rung (0 to {len(self.rungs) - 1}) for light, plain and grave")


def ladder_rule(
    window: timedelta,
    warnings: int,
    mutes: Sequence[timedelta],
    *,
    remove: bool = False,
    grave_skips_warnings: bool = True,
    late_after: timedelta = timedelta(minutes=2),
) -> LadderRule:
    """The usual ladder: so many warnings, then the mutes, then the owner is told, then removal if opted in.

    Raises ValueError as the values do.
    """
    rungs: tuple[Rung, ...] = (*[Warn()] * warnings, *map(Mute, mutes), TellOwner(), *[Remove()] * remove)
    grave = warnings if grave_skips_warnings else 0
    return LadderRule(window, rungs, (0, 0, grave), remove, late_after=late_after)


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its name, how grave, when it was said, and a reference of the caller's (event id).

    ``recalled``: its author took the message back, which counts one rung less.
    """

    rule: str
    severity: Severity
    at: datetime
    ref: str = ""
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Strike:
    """A violation on record with the answer it got: ``action`` is what was done, ``rung`` the index climbed to.

    ``rung`` None (a record that keeps actions only): `next_step` works it out from the actions and their order.

    ``enforced`` false: the channel could not do it (a mute in WeChat) or it was only simulated. ``reversed``
    strikes (taken back by staff) count no more, but stay on record.
    """

    violation: Violation
    action: Rung
    rung: int | None = None
    enforced: bool = True
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: do ``action`` and record it at ``rung``.

    ``count`` is how many strikes count now, this one included. ``first``: nothing was on record before. ``late``: too
    old for more than a warning. ``after_final_warning``: a mute that could not be enforced went before.
    ``owner_told``: the owner has heard of this member within the window already.
    """

    action: Rung
    rung: int
    count: int
    first: bool = False
    late: bool = False
    after_final_warning: bool = False
    owner_told: bool = False

    def strike(self, violation: Violation, enforced: bool = True) -> Strike:
        """The record of this step."""
        return Strike(violation, self.action, self.rung, enforced)


def counting(history: Iterable[Strike], at: datetime, rule: LadderRule) -> tuple[Strike, ...]:
    """The strikes that count for a violation at the instant ``at``: in the window, not reversed."""
    since = at - rule.window
    return tuple(strike for strike in history if not strike.reversed and strike.violation.at > since)


def next_step(history: Sequence[Strike], violation: Violation, rule: LadderRule, now: datetime) -> Step:
    """Judge ``violation`` at ``now``, given the member's whole record in any order.

    The window slides back from the moment of the violation, so a replay judges alike. Reversed strikes are as if they
    had never been; one that fell out of the window still tells that this is no first offence.
    """
    counted = counting(history, violation.at, rule)
    first = all(strike.reversed for strike in history)
    told = any(isinstance(strike.action, TellOwner | Remove) for strike in counted)
    if now - violation.at > rule.late_after:
        # Recorded at the lowest rung: a warning that comes after the fact gives nobody a chance to mend their ways.
        return Step(Warn(), 0, len(counted) + 1, first, late=True, owner_told=told)
    final = any(isinstance(strike.action, Mute) and not strike.enforced for strike in counted)
    if final:
        rung, action = len(rule.rungs) - 1, _allowed(Remove(), rule)
    else:
        rung = _climb(counted, violation, rule, first)
        action = _allowed(rule.rungs[rung], rule)
    return Step(action, rung, len(counted) + 1, first, after_final_warning=final, owner_told=told)


def _climb(counted: Sequence[Strike], violation: Violation, rule: LadderRule, first: bool) -> int:
    if first and rule.kind_first and violation.severity is not Severity.GRAVE:
        return 0
    above = _highest(counted, rule) + 1
    rung = max(above, rule.start[violation.severity]) - violation.recalled
    return min(max(rung, 0), len(rule.rungs) - 1)


def _highest(counted: Sequence[Strike], rule: LadderRule) -> int:
    """The highest rung taken, -1 for none. An unnumbered strike took the next rung of its kind above those before.

    What its author took back afterwards counts one rung less.
    """
    highest = -1
    for strike in sorted(counted, key=lambda strike: strike.violation.at):
        kinds = [index for index, rung in enumerate(rule.rungs) if isinstance(rung, type(strike.action))]
        inferred = next((index for index in kinds if index > highest), highest)
        highest = max(highest, (inferred if strike.rung is None else strike.rung) - strike.violation.recalled)
    return highest


def _allowed(rung: Rung, rule: LadderRule) -> Rung:
    return TellOwner() if isinstance(rung, Remove) and not rule.allow_remove else rung
