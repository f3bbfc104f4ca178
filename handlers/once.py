"""Asked once an event: what several handlers want to know of the same facts is found out by the first of them."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple, cast

from domain.events import MessagePosted
from domain.facts import Facts

T = TypeVar("T")
Names = TypeVarTuple("Names")


def once(find: Callable[[MessagePosted, Facts, *Names], T]) -> Callable[[MessagePosted, Facts, *Names], T]:
    """Let a pure function of a message, its facts and perhaps some names be called once per event.

    What it found is kept with the facts themselves, so nothing of it outlives them or is taken for another event's.
    """

    @wraps(find)
    def asked(event: MessagePosted, facts: Facts, *names: *Names) -> T:
        key = (find, names)
        known = facts.found.get(key, facts)
        if known is facts:
            known = facts.found[key] = find(event, facts, *names)
        return cast(T, known)

    return asked
