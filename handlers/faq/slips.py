"""Slips of the pen: a word of the entry that stands misspelt in what is asked, and what was meant."""

from collections.abc import Iterator
from functools import lru_cache

from handlers.faq.order import ASKING
from handlers.faq.phrase import Phrase, respelt
from handlers.text.readings import syllable
from handlers.text.segment import knows

MOST = 2
"""More slips than this are another word."""
ANY = 1.5
"""How much a wrong character that sounds otherwise counts; any other slip counts 1."""
_KEPT = frozenset(
    "不没未无非别勿上下前后左右男女大小多少长短高低早晚新旧买卖进出开关内外东西南北红黄蓝绿黑白一二三四五六七八九十两"
)
"""Characters that change the meaning: nobody lost or mistook them by a slip."""
Slip = tuple[str, str, float]
"""What stands in the text, what should, and how much that counts."""

_BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))
"""What many people do not tell apart when they type, as n and l."""


def mended(asked: Phrase, entry: Phrase) -> tuple[Phrase, float]:
    """What is asked with its slips put right, as far as the entry shows what was meant; and how many there were.

    A character is lost, doubled, swapped with the next or replaced by another, and what comes of it is no word:
    花费 for 话费 is another thing.
    """
    text, count = f"^{asked.opening.text}$", 0.0
    known, source = asked.words, f"^{entry.opening.text}$"
    for word in entry.words:
        if len(word) > 1 and word not in known and word not in text:
            wrong = next(_misspelt(word, text, asked, source), None)
            if wrong is not None:
                text, count = text.replace(*wrong[:2], 1), count + wrong[2]
    if not count:
        text = _in_order(text, asked, entry)
        count = float(text[1:-1] != asked.opening.text)
    return (respelt(asked, text[1:-1]), count) if 0 < count <= MOST else (asked, 0.0)


def _misspelt(word: str, text: str, asked: Phrase, source: str) -> Iterator[Slip]:
    """What stands in the text instead of the word, and what should."""
    chars = asked.chars
    shared = sum([char in chars for char in word])
    if shared == len(word):
        for at in range(len(word) - 1):
            yield from _found(word[:at] + word[at + 1] + word[at] + word[at + 2 :], word, text)
            yield from _found(word[: at + 1] + word[at:], word, text)
    elif shared == len(word) - 1:
        yield from _homophone(word, text, asked)
        yield from _shortened(word, text, source)
        if word not in ASKING:
            yield from _mistaken(word, text, asked, source)


def _found(wrong: str, word: str, text: str) -> Iterator[Slip]:
    if wrong != word and wrong in text and not knows(wrong):
        yield wrong, word, 1.0


def _homophone(word: str, text: str, asked: Phrase) -> Iterator[Slip]:
    spoken, meant = blurred(text), blurred(word)
    at = next((at for at in range(len(spoken) - len(meant) + 1) if spoken[at : at + len(meant)] == meant), -1)
    if at >= 0:
        wrong = text[at : at + len(word)]
        differ = [char for char, right in zip(wrong, word, strict=True) if char != right]
        # A character that is part of a longer word is no slip.
        if len(differ) == 1 and differ[0] in asked.words and not knows(wrong):
            yield wrong, word, 1.0


@lru_cache(maxsize=8192)
def blurred(text: str) -> tuple[str, ...]:
    """How each character sounds to those who do not tell zh from z, ing from in, n from l; others stay."""
    return tuple([_blur(char) for char in text])


@lru_cache(maxsize=8192)
def _blur(char: str) -> str:
    sound = syllable(char)
    for exact, rough in _BLURRED:
        sound = sound.replace(exact, rough)
    return (f"n{sound[1:]}" if sound.startswith("l") else sound) or char


def _shortened(word: str, text: str, source: str) -> Iterator[Slip]:
    """One character is lost, and what stood beside the word in the entry stands beside the rest of it."""
    place = source.find(word)
    before, behind = source[place - 1], source[place + len(word)]
    for at, lost in enumerate(word):
        rest = word[:at] + word[at + 1 :]
        wrong = before + rest + behind
        if lost not in _KEPT and wrong in text and not (len(rest) > 1 and knows(rest)):
            yield wrong, before + word + behind, 1.0


def _mistaken(word: str, text: str, asked: Phrase, source: str) -> Iterator[Slip]:
    """Any other character stands in a word whose neighbours are the same."""
    place = source.find(word)
    before, behind = source[place - 1], source[place + len(word)]
    for at, right in enumerate(word):
        head, tail = before + word[:at], word[at + 1 :] + behind
        start = text.find(head) + len(head)
        wrong = text[start : start + 1]
        if right not in _KEPT and wrong in asked.words and wrong not in _KEPT and head + wrong + tail in text:
            mistaken = head + wrong + tail
            if not knows(mistaken[1:-1]):
                yield mistaken, head + right + tail, ANY


def _in_order(text: str, asked: Phrase, entry: Phrase) -> str:
    """The text with two characters of different words, swapped between the same neighbours, in the entry's order."""
    here, there = asked.opening.grams, entry.opening.grams
    for wrong in [gram for gram in here if gram not in there and gram[::-1] in there]:
        right = wrong[::-1]
        if len(wrong) == 2 and right not in here and not knows(wrong):
            source = f"^{entry.opening.text}$"
            at = source.find(right)
            swapped = source[at - 1] + wrong + source[at + 2]
            if at > 0 and swapped in text:
                return text.replace(swapped, source[at - 1 : at + 3], 1)
    return text
