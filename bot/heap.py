"""What this process asks of its memory: one heap for its threads, few looks for garbage, and back what is left over."""

import ctypes
import gc
import sys
from typing import Any

COLLECT_AFTER = (20_000, 20, 20)
"""Of the values that a message makes nearly all go at once; to look for circles among them as often as Python does by
itself costs the event loop a sixth of its time under bursts."""
_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""


def share() -> None:
    """Before the first thread: no heap of its own for each. They seldom run side by side, and 30 MB lay idle."""
    _call("mallopt", _ARENA_MAX, 1)


def hold() -> None:
    """Before much is loaded that stays: to look for garbage among it would be a twelfth of a start. Until `settle`."""
    gc.disable()


def settle() -> None:
    """After everything was loaded: one look for what it has left, which goes back to the system; the rest stays.

    Dictionaries and index are not looked through again: that would cost every message.
    """
    gc.collect()
    gc.freeze()
    give_back()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def give_back() -> None:
    """What the C library keeps for itself goes back to the system: some 15 MB after the dictionaries."""
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    """glibc alone has these; elsewhere nothing happens."""
    if sys.platform != "linux":
        return
    function: Any = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*numbers)
