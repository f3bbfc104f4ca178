"""Chinese words by jieba: its own dictionary loaded once at start, without its cache file in the shared temp folder."""

import logging
import math
import sys
import threading
import warnings
from functools import cache
from importlib import import_module
from typing import Any

from handlers.text.words import Dictionary

_LONGEST_WORD = 5

_lock = threading.Lock()


def load() -> None:
    """Read the dictionary now (some 40 ms); otherwise the first segmentation does."""
    _tokenizer()


def segment(text: str) -> tuple[str, ...]:
    """The words of a normalised text in order, without whitespace and punctuation.

    jieba's guesses for unknown words (HMM) are off: twice as fast, and the same characters always give the same words.
    """
    return tuple([word for word in _tokenizer().cut(text, HMM=False) if word[0].isalnum()])


def knows(word: str) -> bool:
    """Whether the dictionary has this word (normalised)."""
    return bool(_tokenizer().words.count(word))


@cache
def _common_words() -> str:
    return "\n".join(["", *_tokenizer().words.common, ""])


def common_words_with(form: str, most: int = 3) -> list[str]:
    """Very common words that are longer than ``form`` and hold it, the most common first."""
    words, at = _common_words(), 0
    found: list[str] = []
    while len(found) < most and (at := words.find(form, at)) >= 0:
        start, end = words.rindex("\n", 0, at + 1) + 1, words.index("\n", at)
        if end - start > len(form):
            found.append(words[start:end])
        at = end
    return found


def overlapped(text: str, start: int, end: int) -> bool:
    """Whether a word of two characters or more lies partly in ``text[start:end]`` and partly outside.

    Then the span is a piece of ordinary words rather than a word of its own.
    """
    at = max(0, start - _LONGEST_WORD)
    for word in _tokenizer().cut(text[at : end + _LONGEST_WORD], HMM=False):
        following = at + len(word)
        if at < end and following > start and (at < start or following > end):
            return True
        at = following
    return False


@cache
def _jieba() -> Any:
    """Import jieba without its pkg_resources detour (slow, deprecated, noisy) and without its log handler."""
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = sys.modules.get("pkg_resources")
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
        try:
            module = import_module("jieba")
        finally:
            if known is None:
                del sys.modules["pkg_resources"]
            else:
                sys.modules["pkg_resources"] = known
        logger = logging.getLogger("jieba")
        logger.handlers.clear()
        logger.setLevel(logging.WARNING)
        return module


@cache
def _tokenizer() -> Any:
    return _with_packed_words(_jieba().Tokenizer)(Dictionary.packaged())


def _with_packed_words(base: Any) -> Any:
    """jieba's tokenizer, finding the same words in a packed dictionary: not one string for each word and prefix."""

    class Tokenizer(base):  # type: ignore[misc]
        def __init__(self, words: Dictionary) -> None:
            super().__init__()
            self.words, self.initialized = words, True

        def get_DAG(self, sentence: str) -> None:  # noqa: N802 - jieba's name
            """Nothing: `calc` looks at the words itself."""

        def calc(self, sentence: str, dag: None, route: dict[int, tuple[float, int]]) -> None:
            """The likeliest way from each place to the end, jieba's own sum: what is no word counts as one."""
            words, none, second = self.words, math.log(self.words.total), "\0"
            route[len(sentence)] = (0, 0)
            for at in range(len(sentence) - 1, -1, -1):
                first, ways = sentence[at], []
                if second in words.seconds.get(first, ""):
                    going = words.going_on(first + second)
                    for rest, weight in (*going.get("", ()), *going.get(sentence[at + 2 : at + 3] or "\0", ())):
                        if sentence.startswith(rest, at + 2):
                            last = at + 1 + len(rest)
                            ways.append((weight - none + route[last + 1][0], last))
                single = words.alone(first)
                if single is not None or not ways:
                    ways.append(((single or 0.0) - none + route[at + 1][0], at))
                route[at], second = max(ways), first

    return Tokenizer
