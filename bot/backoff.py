"""Growing waits between attempts, with a share of chance so that several processes do not knock in step."""

import random
from dataclasses import dataclass


@dataclass(slots=True)
class Backoff:
    """Waits in seconds from ``first`` doubling up to ``most``; `reset` after a success."""

    first: float = 0.05
    most: float = 5.0
    tries: int = 0

    def next(self) -> float:
        """How long to wait now: half of the current step for certain, half by chance."""
        step = float(min(self.first * 2 ** min(self.tries, 30), self.most))
        self.tries += 1
        return step / 2 + random.random() * step / 2  # noqa: S311 - spreads load, guards nothing

    def reset(self) -> None:
        """The next wait is the first again."""
        self.tries = 0
