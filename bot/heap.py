"""What this process asks of the C library's heap: one for all threads, and back to the system what loading has left."""

import ctypes
import sys
from typing import Any

_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""


def share() -> None:
    """Before the first thread: no heap of its own for each. They seldom run side by side, and 30 MB lay idle."""
    _call("mallopt", _ARENA_MAX, 1)


def give_back() -> None:
    """After something big was loaded: its leftovers, some 15 MB after the dictionaries, go back to the system."""
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    """glibc alone has these; elsewhere nothing happens."""
    if sys.platform != "linux":
        return
    function: Any = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*numbers)
