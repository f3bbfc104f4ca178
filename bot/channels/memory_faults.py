"""Trouble that a test puts in the way of calls: outcomes they end with, and events they hang on."""

import asyncio
from collections.abc import Callable

from bot.channels.memory_community import Room
from bot.channels.port import Order, Outcome, Receipt

Fault = Callable[[Order], Receipt | asyncio.Event | None]
"""What a call meets: a receipt it ends with, an event it hangs on until set, or None for nothing special."""


class Faults:
    """The list of faults; the first that answers with a receipt ends the call."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def fail(self, outcome: Outcome, times: int = 1, *, kind: str = "", room: Room | None = None) -> None:
        """The next calls (of a kind, of a room) end like this; ``DOUBTFUL`` ones reach the room all the same."""
        left = times

        def fault(order: Order) -> Receipt | None:
            nonlocal left
            if left == 0 or not _concerns(order, kind, room):
                return None
            left -= 1
            return Receipt(outcome, reason=f"injected: {outcome}")

        self._faults.append(fault)

    def hang(self, *, kind: str = "", room: Room | None = None) -> asyncio.Event:
        """Calls (of a kind, of a room) do not return until the event is set."""
        release = asyncio.Event()
        self._faults.append(lambda order: release if _concerns(order, kind, room) and not release.is_set() else None)
        return release

    def add(self, fault: Fault) -> None:
        """A fault of one's own."""
        self._faults.append(fault)

    async def meet(self, order: Order) -> Receipt | None:
        """Let a call meet them all; None when it may go on."""
        for fault in list(self._faults):
            met = fault(order)
            if isinstance(met, asyncio.Event):
                await met.wait()
            elif met is not None:
                return met
        await asyncio.sleep(0)
        return None


def _concerns(order: Order, kind: str, room: Room | None) -> bool:
    return kind in ("", order.kind) and (room is None or room.external_id == order.room)
