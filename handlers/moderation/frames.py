"""Frames in which insults are made, as ``(滚|爬)(远|开|)点``: found by a part always in them, then read whole."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product
from math import prod

from domain.book import WordList
from handlers.text.normalise import folded

MOST_PER_FRAME = 4
"""Places of one frame that are looked at in a message: enough for evidence, and bounded for giant texts."""
MOST_ANCHORS, LONGEST_RUN = 100, 4
ENOUGH = 2.0
"""Worth of a phrase, in seldom characters, that makes it seldom enough."""
_PARTS = re.compile(r"\(([^()]*)\)|([^()]+)")
_EVERYWHERE = frozenset(
    "的一是不了我你他她它您这那有在人都说就也个好吗吧啊呢呀么嘛哦去来到得过上下会能要想把被给让别还没很多少大小真怎什样自己看听吃喝"
    "买做打玩写发问出回天年月日时间事情家里中国地方对错老师生学早晚今明后前面见和跟像着只从再最先点些两三几行快跑算当叫们用头手心"
)
"""Characters of every second message, hence poor to look for."""

Place = tuple[int, int, WordList, str]
"""Where in the text (start, end), of which list, and by which frame."""


@dataclass(frozen=True)
class Frame:
    """One frame of a list, taken apart."""

    words: WordList
    text: str
    parts: tuple[tuple[str, ...], ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first looked for: most frames never are, and a start takes no longer for them."""
        return re.compile("".join(map(_pattern, self.parts)))


def anchored(lists: Iterable[WordList]) -> dict[str, tuple[Frame, ...]]:
    """The frames of all lists by what to look for: the choices of the rarest part of each."""
    found: dict[str, tuple[Frame, ...]] = {}
    for words in lists:
        for text in words.frames:
            frame = Frame(words, text, parts_of(text))
            for anchor in _anchors(frame.parts):
                found[anchor] = (*found.get(anchor, ()), frame)
    return found


def places(text: str, likely: Iterable[Frame]) -> Iterator[Place]:
    """Where frames are in a text in the form in which terms are compared; ``likely`` are those whose anchor it has."""
    for frame in {id(frame): frame for frame in likely}.values():
        for match in islice(frame.pattern.finditer(text), MOST_PER_FRAME):
            yield match.start(), match.end(), frame.words, frame.text


def parts_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The parts of a frame in order, each with its choices in folded form; an empty choice may be left out."""
    return tuple(_choices(fixed or chosen) for chosen, fixed in _PARTS.findall(text))


@lru_cache(maxsize=4096)
def _choices(part: str) -> tuple[str, ...]:
    # A choice of symbols only is none, and must not become one that may be left out.
    folded_choices = ((choice, folded(choice)) for choice in part.split("|"))
    return tuple(dict.fromkeys(form for choice, form in folded_choices if form or not choice))


def _anchors(parts: Sequence[tuple[str, ...]]) -> Sequence[str]:
    """Phrases of which one is always there: those of the neighbouring parts that are seldom met elsewhere."""
    runs = (parts[first:last] for first in range(len(parts)) for last in range(first + 1, len(parts) + 1))
    few = (run for run in runs if len(run) <= LONGEST_RUN and prod(map(len, run)) <= MOST_ANCHORS)
    told = (run for run in few if any(all(part) for part in run))
    best: Sequence[tuple[str, ...]] = max(told, key=_rarity, default=())
    return tuple(dict.fromkeys(map("".join, product(*best)))) if best else ()


def _rarity(run: Sequence[tuple[str, ...]]) -> tuple[float, float]:
    """How seldom the commonest phrase of a run is met, and how few phrases there are."""
    return min(sum(map(_worth, run)), ENOUGH), -prod(map(len, run))


@lru_cache(maxsize=4096)
def _worth(part: tuple[str, ...]) -> float:
    return min(sum(0.2 if char in _EVERYWHERE else 1.0 for char in choice) for choice in part)


def _pattern(part: Sequence[str]) -> str:
    # The longest choice first: what is found should be all of it.
    choices = sorted(filter(None, part), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, choices))}){'' if all(part) else '?'}"
