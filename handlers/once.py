"""Asked once: what several handlers want to know of the same facts, or again of the same words, is found out once."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple

from domain.events import MessagePosted
from domain.facts import Facts
from domain.text import TextFacts

T = TypeVar("T")
Names = TypeVarTuple("Names")


def once(find: Callable[[MessagePosted, Facts, *Names], T]) -> Callable[[MessagePosted, Facts, *Names], T]:
    """Let a pure function of a message, its facts and perhaps some names be called once per event.

    What it found is kept with the facts themselves, so nothing of it outlives them or is taken for another event's.
    """

    @wraps(find)
    def asked(event: MessagePosted, facts: Facts, *names: *Names) -> T:
        key, found = (find, names) if names else find, facts.found
        known: Any = found.get(key, found)
        if known is found:
            known = found[key] = find(event, facts, *names)
        return known  # type: ignore[no-any-return]

    return asked


def of_words(text: TextFacts, key: Hashable, find: Callable[[], T]) -> T:
    """What ``find`` makes of a text, kept with the text under ``key``, which holds all else that it depends on.

    A short text that is said again comes with what was found before (`handlers.repeats`).
    """
    found = text.found
    known: Any = found.get(key, found)
    if known is found:
        known = found[key] = find()
    return known  # type: ignore[no-any-return]
