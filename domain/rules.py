"""How far a rule of order is trusted: live, on trial or retired, by what people said of its verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt

TITLES: Mapping[str, str] = {
    "abuse": "友善交流",
    "advert": "不发广告",
    "spread": "不发广告",
    "newcomer": "新成员先不发链接",
    "flood": "不刷屏",
}
"""The rules beside the categories of the word lists, as sanctions name them, and the group rule that members hear."""
ANY_RULE = "群规"

Z95 = 1.959964
"""Standard normal quantile of a two-sided 95 % interval."""
TRUSTED_FROM = 0.9
"""A live rule whose precision lies below this for certain goes back on trial …"""
WRONG_FROM = 3
"""… once so many of its verdicts were found wrong."""


def named(titles: Mapping[str, str], rule: str) -> str:
    """How members hear of a rule; ``titles`` are those that word lists give their categories."""
    return titles.get(rule) or TITLES.get(rule, ANY_RULE)


class RuleState(StrEnum):
    """What a hit of the rule brings: its consequence, a record alone, or nothing."""

    LIVE = "live"
    TRIAL = "trial"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What people decided of a rule; ``state`` None: as its word list says. ``right``, ``wrong``: verdicts reviewed."""

    state: RuleState | None = None
    right: int = 0
    wrong: int = 0

    def judged(self, right: bool, before: bool | None = None) -> "RuleFacts":
        """With one more review; ``before`` is what the same verdict was reviewed as earlier."""
        return replace(
            self,
            right=self.right + (right is True) - (before is True),
            wrong=self.wrong + (right is False) - (before is False),
        )


@dataclass(frozen=True, slots=True)
class Precision:
    """The share of right verdicts among those reviewed, with Wilson's 95 % interval."""

    share: float
    low: float
    high: float


def precision(right: int, wrong: int) -> Precision | None:
    """None before anything was reviewed. Source: E. B. Wilson, JASA 22 (1927), 209–212."""
    total = right + wrong
    if total <= 0:
        return None
    share, square = right / total, Z95 * Z95
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = Z95 / (1 + square / total) * sqrt(share * (1 - share) / total + square / (4 * total * total))
    # Rounding must not put a bound on the wrong side of a share of 0 or 1.
    return Precision(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


def distrusted(rule: RuleFacts) -> bool:
    """Whether a live rule goes back on trial by itself."""
    known = precision(rule.right, rule.wrong)
    return known is not None and rule.wrong >= WRONG_FROM and known.high < TRUSTED_FROM
