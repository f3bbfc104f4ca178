"""Groups repeat themselves: 收到, 签到, 哈哈哈. What a pure function finds in a short text is kept for the next one."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")

SHORT = 24
"""Characters. Longer texts are hardly ever said twice."""
KEPT = 2048
"""Texts that are kept; a few megabytes."""


def remembering(read: Callable[[str], T]) -> Callable[[str], T]:
    """The same function with a memory for short texts."""
    known = lru_cache(maxsize=KEPT)(read)

    @wraps(read)
    def reading(text: str) -> T:
        return known(text) if len(text) <= SHORT else read(text)

    return reading
