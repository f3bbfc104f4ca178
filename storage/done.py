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
        self._all = tuple(done)
        for event, action in self._all:
            self._by_type.setdefault(type(action), []).append((event, action))

    def of(self, kind: type) -> list[Any]:
        """The actions of one type."""
        return [action for _, action in self._by_type.get(kind, ())]

    def in_order(self, *kinds: type) -> list[Any]:
        """The actions of several types, in the order of their events."""
        return [action for _, action in self._all if isinstance(action, kinds)]

    def with_events(self, kind: type) -> list[tuple[Event, Any]]:
        """The actions of one type with the events they follow from."""
        return list(self._by_type.get(kind, ()))
