"""Names of people who are spoken to: a nickname that sounds like a bad word is no bad word where it calls somebody."""

import re
from collections.abc import Iterator, Sequence

from domain.events import MessagePosted
from domain.text import Span, TextFacts
from handlers.moderation.lexicon import Hit

SHORTEST = 2
"""Characters of a name that is looked for."""
_BEFORE = r"(?:^|[@＠\s,，.。!！?？;；、:：~])"
"""A name calls somebody at the beginning of a clause or behind an @; in the midst of one it may be anything."""


def without_names(hits: Sequence[Hit], event: MessagePosted, text: TextFacts) -> Sequence[Hit]:
    """The hits that are not within the name of somebody whom this message mentions or quotes."""
    names = {person.name for person in event.mentions} | ({event.quote.name} if event.quote is not None else set())
    spans = list(_places([name for name in names if len(name) >= SHORTEST], text.raw)) if hits else []
    return [hit for hit in hits if not any(low <= hit.span[0] and hit.span[1] <= high for low, high in spans)]


def _places(names: Sequence[str], raw: str) -> Iterator[Span]:
    for name in names:
        for match in re.finditer(_BEFORE + f"({re.escape(name)})", raw):
            yield match.span(1)
