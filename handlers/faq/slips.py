"""Slips of the pen: a word of the entry that stands misspelt in what is asked, and what was meant."""

from collections.abc import Iterator

from handlers.faq.oddities import ANY, KEPT, NEGATIONS, blurred, is_usual, put_right
from handlers.faq.order import ASKING
from handlers.faq.phrase import Phrase, respelt
from handlers.text.pairs import unseen
from handlers.text.segment import knows

MOST = 2
"""More slips than this are another word."""
Slip = tuple[str, str, float]
"""What stands in the text, what should, and how much that counts."""


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
    if not is_usual(asked.bare):
        text, odd = put_right(text, entry, source)
        count += odd
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
        yield from _shortened(word, text, asked, source)
        if word not in ASKING:
            yield from _mistaken(word, text, asked, source)
        if not is_usual(asked.bare):
            yield from _spoilt(word, text, asked)


def _found(wrong: str, word: str, text: str) -> Iterator[Slip]:
    if wrong != word and wrong in text and not knows(wrong):
        yield wrong, word, 1.0


def _homophone(word: str, text: str, asked: Phrase) -> Iterator[Slip]:
    spoken, meant = blurred(text), blurred(word)
    at = next((at for at in range(len(spoken) - len(meant) + 1) if spoken[at : at + len(meant)] == meant), -1)
    if at >= 0:
        wrong = text[at : at + len(word)]
        differ = [place for place, char in enumerate(word) if char != wrong[place]]
        # A character that is part of a longer word is no slip.
        alone = len(differ) == 1 and wrong[differ[0]] in asked.words
        if alone and not knows(wrong) and not _is_whole_without(wrong, differ[0], asked):
            yield wrong, word, 1.0


def _is_whole_without(wrong: str, at: int, asked: Phrase) -> bool:
    """Whether a character may stand where it stands and the rest is a word by itself: 怎么养 is not 怎么样 misspelt."""
    parts = wrong[:at], wrong[at + 1 :]
    return any(len(part) > 1 and part in asked.words for part in parts) and not unseen(wrong[max(at - 1, 0) : at + 2])


def _shortened(word: str, text: str, asked: Phrase, source: str) -> Iterator[Slip]:
    """One character is lost, and what stood beside the word in the entry stands beside the rest, which is no word."""
    place = source.find(word)
    before, behind = source[place - 1], source[place + len(word)]
    for at, lost in enumerate(word):
        rest = word[:at] + word[at + 1 :]
        wrong = before + rest + behind
        whole = knows(rest) if len(rest) > 1 else rest not in asked.words
        if lost not in KEPT and wrong in text and not whole:
            yield wrong, before + word + behind, 1.0


def _mistaken(word: str, text: str, asked: Phrase, source: str) -> Iterator[Slip]:
    """Any other character stands in a word whose neighbours are the same."""
    place = source.find(word)
    before, behind = source[place - 1], source[place + len(word)]
    for at, right in enumerate(word):
        head, tail = before + word[:at], word[at + 1 :] + behind
        start = text.find(head) + len(head)
        wrong = text[start : start + 1]
        if right not in KEPT and wrong in asked.words and wrong not in KEPT and head + wrong + tail in text:
            mistaken = head + wrong + tail
            if not knows(mistaken[1:-1]):
                yield mistaken, head + right + tail, ANY


def _spoilt(word: str, text: str, asked: Phrase) -> Iterator[Slip]:
    """Any other character stands alone in a word, where nobody writes it; so does what is left of a short one."""
    for start in range(1, len(text) - len(word)):
        wrong = text[start : start + len(word)]
        differ = [at for at, char in enumerate(word) if char != wrong[at]]
        if len(differ) == 1 and _is_spoilt(word, wrong, differ[0], asked) and not knows(wrong):
            yield wrong, word, ANY


def _is_spoilt(word: str, wrong: str, at: int, asked: Phrase) -> bool:
    alone = wrong[at] in asked.words and wrong[at].isalpha() and wrong[at] not in KEPT
    if not alone or not unseen(wrong[max(at - 1, 0) : at + 2]):
        return False
    return len(word) > 2 or (word[at] not in NEGATIONS and word[1 - at] in asked.words)


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
