"""Why a text is hit or left alone: every term in it, through which view, and what keeps it from counting."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.text import TextFacts
from handlers.moderation.lexicon import Hit, Lexicon, two_clauses


@dataclass(frozen=True, slots=True)
class Spotted:
    """A term in a text; ``spared`` says why it does not count, and is empty where it does."""

    hit: Hit
    spared: str = ""


def explained(lexicon: Lexicon, text: TextFacts) -> list[Spotted]:
    """Everything that counts and everything that was passed over, in the order of the text."""
    found = [Spotted(hit) for hit in lexicon.hits(text)]
    held = {(one.hit.start, one.hit.end, one.hit.term) for one in found}
    passed = (one for one in _passed_over(lexicon, text) if (one.hit.start, one.hit.end, one.hit.term) not in held)
    return sorted([*found, *passed], key=lambda one: (one.hit.start, one.hit.end))


def _passed_over(lexicon: Lexicon, text: TextFacts) -> Iterator[Spotted]:
    matches = lexicon.plain.matches(text.compact)
    allowed = [(start, end, payload.allow) for start, end, payload in matches if payload.allow]
    for start, end, payload in matches:
        phrase = next((phrase for low, high, phrase in allowed if low <= start and end <= high), "")
        why = f"在 allow 的“{phrase}”里" if phrase else "中间只隔着一个标点，算两句话"
        if phrase or two_clauses(text, start, end):
            for term in payload.terms:
                yield Spotted(Hit(term.words, start, end, text.compact_span(start, end), term=term.text), why)
    for masked, natural in lexicon.evasions.sounding_alike(text):
        if natural:
            span = text.compact_span(masked.start, masked.end)
            hit = Hit(masked.term.words, masked.start, masked.end, span, masked.view, masked.term.text)
            yield Spotted(hit, "读音像，但这是平常的话")
