"""The inward actions of a batch, sorted by type for those who apply them."""

from collections.abc import Iterable
from typing import Any

from domain.actions import Inward
from domain.events import Event

Done = tuple[Event, Inward]


class Effects:
    """The inward actions of a batch by type, in order. ``of(T)`` are the actions, ``with_events(T)`` pairs."""

    def __init__(self, done: Iterable[Done]) -> None:
        self._by_type: dict[type, list[Done]] = {}
        for event, action in done:
            self._by_type.setdefault(type(action), []).append((event, action))

    def of(self, kind: type) -> list[Any]:
        """The actions of one type."""
        return [action for _, action in self._by_type.get(kind, ())]

    def with_events(self, kind: type) -> list[tuple[Event, Any]]:
        """The actions of one type with the events they follow from."""
        return list(self._by_type.get(kind, ()))
