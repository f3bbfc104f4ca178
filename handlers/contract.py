"""What a handler is: one named, pure judgement with the events it listens to."""

from typing import Protocol

from domain.decision import Opinion
from domain.events import Event
from domain.facts import Facts


class Handler(Protocol):
    """One opinion about one event, from facts alone: no await, no clock, no database, no randomness of its own.

    A handler is built once per revision of the book (`handlers.catalog.build`) and holds only immutable values.
    """

    name: str
    listens: tuple[type, ...]
    """Event classes it wants; `decide` is called for no others."""

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Findings and wanted actions. May raise: the judge keeps the traceback and the rest go on."""
