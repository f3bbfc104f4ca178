"""What is known about the words of one message: normalised forms with the way back to the original characters."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Readers:
    """The two costly readings, pure functions of the normalised text; called on first use only."""

    words: Callable[[str], tuple[str, ...]]
    mood: Callable[[str], float]


@dataclass(frozen=True, slots=True)
class TextFacts:
    """The own words of one message (quotes and mentions already taken out by the channel), read once.

    ``raw`` is what the member wrote. ``norm`` is its normalised form: one case, one width, simplified, invisible
    characters and decorations dropped, whitespace and long repeats shortened, trimmed. ``compact`` is ``norm``
    without whitespace, punctuation and symbols, the form in which terms are matched.
    ``offsets[i]`` is the index in ``raw`` of ``norm[i]``, ``compact_offsets[i]`` that of ``compact[i]``; both rise,
    not strictly, because one sign may stand for several letters.
    """

    raw: str = field(repr=False)
    norm: str = field(repr=False)
    offsets: tuple[int, ...] = field(repr=False, compare=False)
    compact: str = field(repr=False)
    compact_offsets: tuple[int, ...] = field(repr=False, compare=False)
    is_question: bool
    truncated: bool
    """Only the beginning was normalised: the message is longer than the judged length."""
    readers: Readers = field(repr=False, compare=False)
    _words: tuple[str, ...] | None = field(default=None, init=False, repr=False, compare=False)
    _mood: float | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of ``norm`` in order, without whitespace and punctuation; segmented on first use."""
        if self._words is None:
            object.__setattr__(self, "_words", self.readers.words(self.norm))
        return self._words or ()

    @property
    def mood(self) -> float:
        """Probability 0..1 that the mood is negative, by the fitted model; computed on first use."""
        if self._mood is None:
            object.__setattr__(self, "_mood", self.readers.mood(self.norm))
        return self._mood or 0.0

    @property
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


def _back(offsets: tuple[int, ...], start: int, end: int, length: int) -> Span:
    start, end = max(start, 0), min(end, len(offsets))
    if start >= end:
        at = offsets[start] if start < len(offsets) else length
        return at, at
    return offsets[start], offsets[end - 1] + 1
