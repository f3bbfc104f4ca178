"""Check-ins: streak, points and levels, as arithmetic on community days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Literal

from domain.calendar_day import ONE_DAY, community_day, day_exists

__all__ = [
    "CheckInResult",
    "Level",
    "LevelStanding",
    "PointsRule",
    "StreakStep",
    "check_in",
    "community_day",
    "continues",
    "level_of",
    "points_rule",
]

LONGEST_BRIDGE = 400
"""Days. Not even recorded downtime bridges a streak over more than this; it also bounds the work per check-in."""


@dataclass(frozen=True, slots=True)
class StreakStep:
    """The check-in that makes a streak ``streak`` days long earns ``bonus`` points on top of the base."""

    streak: int
    bonus: int

    def __post_init__(self) -> None:
        if self.streak < 2:
            raise ValueError(f"a streak step begins at 2 days or later, not {self.streak}")
        if self.bonus < 0:
            raise ValueError(f"a streak bonus is 0 or more, not {self.bonus}")


@dataclass(frozen=True, slots=True)
class PointsRule:
    """Points per check-in: ``base``, plus a step's bonus on the day that reaches it, at most ``cap`` (None: none)."""

    base: int = 5
    steps: tuple[StreakStep, ...] = (StreakStep(3, 2), StreakStep(7, 10), StreakStep(30, 50))
    cap: int | None = None

    def __post_init__(self) -> None:
        if self.base < 0:
            raise ValueError(f"base points are 0 or more, not {self.base}")
        if self.cap is not None and self.cap < 0:
            raise ValueError(f"the cap is 0 or more, not {self.cap}")
        starts = [step.streak for step in self.steps]
        if starts != sorted(set(starts)):
            raise ValueError(f"streak steps go upwards, each length once, not {starts}")

    def points(self, streak: int) -> int:
        """What the check-in that makes the streak ``streak`` days long earns."""
        bonus = next((step.bonus for step in self.steps if step.streak == streak), 0)
        earned = self.base + bonus
        return earned if self.cap is None else min(earned, self.cap)

    def next_step(self, streak: int) -> StreakStep | None:
        """The next step above ``streak``, to cheer for; None at the top."""
        return next((step for step in self.steps if step.streak > streak), None)


def points_rule(base: int, streak_bonus: Mapping[int, int], cap: int | None = None) -> PointsRule:
    """The rule from a table {streak: bonus} in any order. Raises ValueError as the values do."""
    return PointsRule(base, tuple(StreakStep(streak, bonus) for streak, bonus in sorted(streak_bonus.items())), cap)


@dataclass(frozen=True, slots=True)
class CheckInResult:
    """What a check-in comes to.

    ``counted``: the streak is now ``streak`` and ``points`` are earned. ``already``: this day had one, nothing
    changes. ``earlier``: the day lies before the last one (a backlog), nothing changes and nothing breaks.
    """

    outcome: Literal["counted", "already", "earlier"]
    day: date
    streak: int
    points: int

    @property
    def counted(self) -> bool:
        """Whether the member has a new check-in by this."""
        return self.outcome == "counted"


def check_in(
    at: datetime,
    tz: str,
    last_day: date | None,
    streak: int,
    rule: PointsRule,
    excused: Collection[date] = (),
) -> CheckInResult:
    """Judge a check-in at the instant ``at``, given the member's last check-in day and the streak reached then.

    ``excused`` days (recorded downtime of the bot, paused holidays) do not break a streak, nor do they lengthen it.
    Raises ValueError for a naive ``at``, an unknown zone, or a negative streak.
    """
    if streak < 0:
        raise ValueError(f"a streak is 0 or more days, not {streak}")
    day = community_day(at, tz)
    if last_day is not None and day <= last_day:
        outcome: Literal["already", "earlier"] = "already" if day == last_day else "earlier"
        return CheckInResult(outcome, day, streak, 0)
    grown = streak + 1 if last_day is not None and continues(last_day, day, tz, excused) else 1
    return CheckInResult("counted", day, grown, rule.points(grown))


def continues(last_day: date, day: date, tz: str, excused: Collection[date] = ()) -> bool:
    """Whether a streak whose last day is ``last_day`` goes on at ``day``: each day between was excused or never was."""
    if not 0 < (day - last_day).days <= LONGEST_BRIDGE:
        return False
    between = (last_day + ONE_DAY * n for n in range(1, (day - last_day).days))
    return all(missed in excused or not day_exists(missed, tz) for missed in between)


@dataclass(frozen=True, slots=True)
class Level:
    """A level and the points from which a member has it."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class LevelStanding:
    """Where a member stands: ``number`` counts from 1; ``next`` and ``missing`` points are None and 0 at the top."""

    level: Level
    number: int
    next: Level | None
    missing: int


LEVELS: tuple[Level, ...] = (
    Level("新芽", 0),
    Level("青叶", 50),
    Level("花开", 200),
    Level("结果", 600),
    Level("成林", 1500),
)


def level_of(points: int, levels: Sequence[Level] = LEVELS) -> LevelStanding:
    """The level that ``points`` reach. Below the first level (a negative balance) the first one holds.

    Raises ValueError when the table is empty or its points do not rise.
    """
    marks = [level.points for level in levels]
    if not marks or any(low >= high for low, high in pairwise(marks)):
        raise ValueError(f"a level table has one level or more, with rising points, not {marks}")
    number = max(sum(mark <= points for mark in marks), 1)
    following = levels[number] if number < len(levels) else None
    missing = following.points - points if following else 0
    return LevelStanding(levels[number - 1], number, following, missing)
