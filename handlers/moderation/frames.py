"""Frames in which insults are made, as ``^(滚|爬)(远|开|)点$``: found by a part always in them, then read whole.

``^`` and ``$`` say that nothing of the same clause comes before or after but a particle; as a choice, ``$`` says
that the clause may end there instead of going on. A frame with ``(，|)`` in it may go over a comma.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product
from math import inf

from domain.book import WordList
from domain.text import TextFacts
from handlers.text.normalise import each_folded

MOST_PER_FRAME = 4
"""Places of one frame that are looked at in a message: enough for evidence, and bounded for giant texts."""
MOST_ANCHORS, LONGEST_RUN = 400, 4
OPENS, CLOSES = "^", "$"
COMMA = "(，|)"
"""Where a frame says this, one clause may end and the next begin."""
COMMON, RARER = 0.02, 0.025
"""How often a character of every second message is met, and how much less often any other one: about."""
DEAR = 100_000
"""So many phrases more to look for are as dear as one that is met at every character."""
_TAIL = "[啊呀吗吧呢嘛哈哦了啦么的你]{0,2}"
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
    run: slice
    """The parts that anchors are made of."""

    def may_stand(self, text: str, start: int, end: int) -> bool:
        """Whether this frame is around an anchor: of most that are met the characters beside it show that it is not."""
        before, after = self._before, self._after
        if (before and text[start - 1 : start] not in before) or (after and text[end : end + 1] not in after):
            return False
        return self._is_whole(text, start, end)

    def _is_whole(self, text: str, start: int, end: int) -> bool:
        starts, ends = {start}, {end}
        for part in self.parts[: self.run.start][::-1]:
            starts = {at - len(choice) for at in starts for choice in part if text.endswith(choice, 0, at)}
        for part in self.parts[self.run.stop :]:
            ends = {at + len(choice) for at in ends for choice in part if text.startswith(choice, at)}
        return bool(starts and ends)

    @cached_property
    def _before(self) -> frozenset[str]:
        return _edge(self.parts[: self.run.start][::-1], -1)

    @cached_property
    def _after(self) -> frozenset[str]:
        return _edge(self.parts[self.run.stop :], 0)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first looked for: most frames never are, and a start takes no longer for them."""
        tail = _TAIL if self.text.endswith(CLOSES) else ""
        return re.compile("".join(map(_pattern, self.parts)) + tail)


def anchored(lists: Iterable[WordList]) -> dict[str, tuple[Frame, ...]]:
    """The frames of all lists by what to look for: the choices of the rarest part of each."""
    found: dict[str, tuple[Frame, ...]] = {}
    for words in lists:
        for text in (variant for frame in words.frames for variant in variants(frame)):
            parts = parts_of(text)
            run = _rarest(parts)
            # One tuple for all its anchors, most of which are those of no other frame.
            only = (Frame(words, text, parts, run),)
            for anchor in dict.fromkeys(map("".join, product(*parts[run]))) if run.stop else ():
                found[anchor] = found[anchor] + only if anchor in found else only
    return found


def places(text: str, likely: Iterable[Frame]) -> Iterator[Place]:
    """Where frames are in a text in the form in which terms are compared; ``likely`` are those that may be in it."""
    for frame in {id(frame): frame for frame in likely}.values():
        for match in islice(frame.pattern.finditer(text), MOST_PER_FRAME):
            yield match.start(), match.end(), frame.words, frame.text


@lru_cache(maxsize=1024)
def variants(text: str) -> tuple[str, ...]:
    """A frame that goes on, and one for each place where its clause may end instead."""
    return tuple(_variants(text))


def _variants(text: str) -> Iterator[str]:
    if f"|{CLOSES}" not in text and f"{CLOSES}|" not in text:
        yield text
        return
    pieces = [match.group() for match in _PARTS.finditer(text)]
    choices = [piece.strip("()").split("|") if piece.startswith("(") else [piece] for piece in pieces]
    ends = [at for at, chosen in enumerate(choices) if len(chosen) > 1 and CLOSES in chosen]
    for at in ends:
        yield "".join(pieces[:at]).replace(f"|{CLOSES}", "") + CLOSES
    rest = [[choice for choice in chosen if choice != CLOSES or len(chosen) == 1] for chosen in choices]
    if all(rest):
        whole = (f"({'|'.join(chosen)})" if len(chosen) > 1 else chosen[0] for chosen in rest)
        yield "".join(whole) if ends else text


def stands(written: str, text: TextFacts, start: int, end: int) -> bool:
    """Whether ``compact[start:end]`` is as much of its clause as the frame says; whatever is no letter ends one."""
    at = text.compact_offsets
    opened = not written.startswith(OPENS) or start == 0 or at[start] - at[start - 1] > 1
    return opened and (not written.endswith(CLOSES) or end == len(at) or at[end] - at[end - 1] > 1)


@lru_cache(maxsize=4096)
def parts_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The parts of a frame in order, each with its choices in folded form; an empty choice may be left out."""
    bare = text.removeprefix(OPENS).removesuffix(CLOSES)
    return tuple(_choices(fixed or chosen) for chosen, fixed in _PARTS.findall(bare))


@lru_cache(maxsize=4096)
def _choices(part: str) -> tuple[str, ...]:
    choices, forms = part.split("|"), each_folded(part, "|")
    if forms != choices:
        # A choice of symbols only is none, and must not become one that may be left out.
        forms = [form for choice, form in zip(choices, forms, strict=True) if form or not choice]
    return tuple(dict.fromkeys(forms))


def _rarest(parts: Sequence[tuple[str, ...]]) -> slice:
    """The neighbouring parts that are seldom met elsewhere: one of their phrases is always there."""
    best, least = slice(0, 0), inf
    each = [(len(part), _often(part), all(part)) for part in parts]
    for first in range(len(parts)):
        often, count, told = 1.0, 1, False
        for last, (choices, how_often, always) in enumerate(each[first : first + LONGEST_RUN], first):
            often, count, told = often * how_often, count * choices, told or always
            if count > MOST_ANCHORS:
                break
            if told and often * DEAR + count < least:
                best, least = slice(first, last + 1), often * DEAR + count
    return best


def _edge(parts: Iterable[tuple[str, ...]], at: int) -> frozenset[str]:
    """The characters of which one must come next, none where that may be anything: part after part may be left out."""
    chars: set[str] = set()
    for part in parts:
        chars.update(choice[at] for choice in part if choice)
        if all(part):
            return frozenset(chars)
    return frozenset()


@lru_cache(maxsize=4096)
def _often(part: tuple[str, ...]) -> float:
    """How often any choice of a part is met: one character that is seldom met makes it seldom."""
    return sum([COMMON ** len(choice) * (1.0 if _EVERYWHERE.issuperset(choice) else RARER) for choice in part])


def _pattern(part: Sequence[str]) -> str:
    # The longest choice first: what is found should be all of it.
    choices = sorted(filter(None, part), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, choices))}){'' if all(part) else '?'}"
