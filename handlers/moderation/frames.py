"""Frames in which insults are made, as ``(滚|爬)(远|开|)点``: found by a part always in them, then read whole."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ahocorasick

from domain.book import WordList
from handlers.text.normalise import folded

MOST_PER_FRAME = 4
"""Places of one frame that are looked at in a message: enough for evidence, and bounded for giant texts."""
_PARTS = re.compile(r"\(([^()]*)\)|([^()]+)")
_EVERYWHERE = frozenset(
    "的一是不了我你他她它您这那有在人都说就也个好吗吧啊呢呀么嘛哦去来到得过上下会能要想把被给让别还没很多少大小真怎什样自己看听吃喝"
    "买做打玩写发问出回天年月日时间事情家里中国地方对错老师生学早晚今明后前面见和跟像着只从再最先点些两三几行快跑算当叫们用头手心"
)
"""Characters of every second message, hence poor to look for."""

Place = tuple[int, int, WordList, str]
"""Where in the text (start, end), of which list, and by which frame."""


@dataclass(frozen=True)
class _Frame:
    words: WordList
    text: str
    parts: tuple[tuple[str, ...], ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        # Compiled when it is first looked for: most frames never are, and a start takes no longer for them.
        return re.compile("".join(map(_pattern, self.parts)))


@dataclass(frozen=True, slots=True)
class Frames:
    """Compiled frames; immutable."""

    automaton: Any = field(repr=False)

    @classmethod
    def compile(cls, lists: Iterable[WordList]) -> "Frames":
        """One automaton over the rarest part of each frame."""
        anchored: dict[str, list[_Frame]] = defaultdict(list)
        for words in lists:
            for text in words.frames:
                parts = parts_of(text)
                if anchors := _anchors(parts):
                    frame = _Frame(words, text, parts)
                    for anchor in anchors:
                        anchored[anchor].append(frame)
        automaton = ahocorasick.Automaton()
        for anchor, frames in anchored.items():
            automaton.add_word(anchor, tuple(frames))
        automaton.make_automaton()
        return cls(automaton)

    def places(self, text: str) -> Iterator[Place]:
        """Where frames are in a text in the form in which terms are compared."""
        if not len(self.automaton):
            return
        likely = {id(frame): frame for _, frames in self.automaton.iter(text) for frame in frames}
        for frame in likely.values():
            for count, match in enumerate(frame.pattern.finditer(text), 1):
                yield match.start(), match.end(), frame.words, frame.text
                if count == MOST_PER_FRAME:
                    break


def parts_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The parts of a frame in order, each with its choices in folded form; an empty choice may be left out."""
    return tuple(
        # A choice of symbols only is none, and must not become one that may be left out.
        tuple(dict.fromkeys(folded(choice) for choice in (fixed or chosen).split("|") if folded(choice) or not choice))
        for chosen, fixed in _PARTS.findall(text)
    )


def _anchors(parts: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The choices of the part that is always there and seldom elsewhere; nothing when every part may be missing."""
    return max((part for part in parts if all(part)), key=_rarity, default=())


def _rarity(part: Sequence[str]) -> tuple[float, float]:
    worth = [sum(0.2 if char in _EVERYWHERE else 1.0 for char in choice) for choice in part]
    return min(worth), sum(worth) / len(worth)


def _pattern(part: Sequence[str]) -> str:
    # The longest choice first: what is found should be all of it.
    choices = sorted(filter(None, part), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, choices))}){'' if all(part) else '?'}"
