"""What is known about the words of one message: normalised forms with the way back to the original characters."""

from bisect import bisect_left
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Span = tuple[int, int]
Offsets = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Readers:
    """The costly readings, pure functions of the text; each called on first use only."""

    words: Callable[[str], tuple[str, ...]]
    """Of the normalised text: its words."""
    mood: Callable[[str], float]
    """Of the normalised text: how likely its mood is negative."""
    grievance: Callable[[str], float]
    """Of the normalised text: how likely it complains to somebody."""
    asks: Callable[[str], bool]
    """Of the normalised text: whether it looks like a question."""
    offsets: Callable[[str], tuple[Offsets, Offsets]]
    """Of the original: the indices that `TextFacts.offsets` and `TextFacts.compact_offsets` hold."""


@dataclass(frozen=True)  # without slots: what is read on first use is kept beside the fields
class TextFacts:
    """The own words of one message (quotes and mentions already taken out by the channel), read once.

    ``raw`` is what the member wrote. ``norm`` is its normalised form: one case, one width, simplified, invisible
    characters and decorations dropped, whitespace and long repeats shortened, trimmed. ``compact`` is ``norm``
    without whitespace, punctuation and symbols, the form in which terms are matched.
    """

    raw: str = field(repr=False)
    norm: str = field(repr=False)
    compact: str = field(repr=False)
    truncated: bool
    """Only the beginning was normalised: the message is longer than the judged length."""
    readers: Readers = field(repr=False, compare=False)
    found: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What pure functions made of these words already: groups repeat themselves (`handlers.once`)."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of ``norm`` in order, without whitespace and punctuation."""
        return self.readers.words(self.norm)

    @cached_property
    def mood(self) -> float:
        """Probability 0..1 that the mood is negative, by the fitted model."""
        return self.readers.mood(self.norm)

    @cached_property
    def grievance(self) -> float:
        """Probability 0..1 that it complains to whoever should mend something, by the fitted model."""
        return self.readers.grievance(self.norm)

    @cached_property
    def is_question(self) -> bool:
        """Whether it looks like a question; generous, because it only ever lowers a bar."""
        return self.readers.asks(self.norm)

    @cached_property
    def _places(self) -> tuple[Offsets, Offsets]:
        return self.readers.offsets(self.raw)

    @property
    def offsets(self) -> Offsets:
        """For each character of ``norm`` its index in ``raw``; rising, not strictly: ⑩ stands for two."""
        return self._places[0]

    @property
    def compact_offsets(self) -> Offsets:
        """For each character of ``compact`` its index in ``raw``; rising, not strictly."""
        return self._places[1]

    @cached_property
    def is_list(self) -> bool:
        """Whether this is a 接龙, a list that a group continues by copying: no command, question or flood."""
        return self.norm.startswith("#接龙")

    def span(self, start: int, end: int) -> Span:
        """The span of ``raw`` that ``norm[start:end]`` was made from; bounds outside are cut as in slicing."""
        return _back(self.offsets, start, end, len(self.raw))

    def compact_span(self, start: int, end: int) -> Span:
        """The span of ``raw`` that ``compact[start:end]`` was made from, noise between its characters included."""
        return _back(self.compact_offsets, start, end, len(self.raw))

    def compact_index(self, raw_index: int) -> int:
        """The first position in ``compact`` made from ``raw[raw_index]`` or a later character."""
        return bisect_left(self.compact_offsets, raw_index)


def _back(offsets: Offsets, start: int, end: int, length: int) -> Span:
    start, end = max(start, 0), min(end, len(offsets))
    if start >= end:
        at = offsets[start] if start < len(offsets) else length
        return at, at
    return offsets[start], offsets[end - 1] + 1
