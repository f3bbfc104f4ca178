"""Chinese words by jieba: its own dictionary loaded once at start, without its cache file in the shared temp folder."""

import gc
import logging
import math
import sys
import threading
import warnings
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from handlers.text.normalise import normalise

# What groups of today talk about and a dictionary of 2012 does not know.
_COMMUNITY_WORDS = """
    微信 群公告 群规 群昵称 入群 进群 退群 拉群 群友 群里 小程序 公众号 视频号 朋友圈 小管家 客服 转人工 退款 退换货
    换货 发货 补发 到账 提现 运费险 优惠券 满减 拼团 拼单 秒杀 预售 花呗 借呗 微粒贷 余额宝 二维码 付款码 收款码
    验证码 实名认证 绑定手机 手机号 订单号 快递单号 物流信息 签收 代收 自提 自提点 驿站 会员卡 积分商城 签到 补签 抽奖
    接龙 红包 直播间 网课 扫码 客户端 登录 注销 账号 密码 咋办 咋弄
"""
# The cost of a word in jieba's dictionary is its count; this one lets an added word win against its parts.
_ADDED_COUNT = 3000
_LONGEST_WORD = 5
_COMMON_COUNT = 500
_PADDING = "\0" * 16
"""As long as the longest word: behind the end of a text nothing is a word."""

_lock = threading.Lock()


def load() -> None:
    """Build the dictionary now (half a second, some 50 MB); otherwise the first segmentation does."""
    _tokenizer()


def segment(text: str) -> tuple[str, ...]:
    """The words of a normalised text in order, without whitespace and punctuation.

    jieba's guesses for unknown words (HMM) are off: twice as fast, and the same characters always give the same words.
    """
    return tuple([word for word in _tokenizer().cut(text, HMM=False) if word[0].isalnum()])


def add_words(words: Iterable[str]) -> None:
    """Teach words, for example the keywords of a FAQ. They are normalised; adding twice changes nothing.

    Words of one character, of more than 16, or with whitespace are left out: they would only break others apart.
    """
    tokenizer = _tokenizer()
    with _lock:
        for word in map(normalise, words):
            if 2 <= len(word) <= 16 and not any(char.isspace() for char in word) and not tokenizer.FREQ.get(word):
                tokenizer.teach(word, _ADDED_COUNT)


def knows(word: str) -> bool:
    """Whether the dictionary has this word (normalised)."""
    return bool(_tokenizer().FREQ.get(word))


@cache
def _common_words() -> str:
    counts = _tokenizer().FREQ
    common = [word for word, count in counts.items() if count >= _COMMON_COUNT and len(word) >= 2]
    return "\n".join(["", *sorted(common, key=lambda word: -counts[word]), ""])


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
    enabled = gc.isenabled()
    gc.disable()  # a third of a million strings and no garbage: collecting would only cost a third of the time
    try:
        return _with_words_alone(_jieba().Tokenizer)(_counts())
    finally:
        if enabled:
            gc.enable()


def _with_words_alone(base: Any) -> Any:
    """jieba's tokenizer, finding the same words without every prefix of a word in its dictionary: 25 MB less."""

    class Tokenizer(base):  # type: ignore[misc]
        def __init__(self, counts: dict[str, int]) -> None:
            super().__init__()
            self.FREQ, self.total = counts, sum(counts.values())
            self.initialized = True
            self._lengths: dict[str, tuple[int, ...]] = {}
            """First character → how long the words are that begin with it."""
            for char, length in sorted({(word[0], len(word)) for word in counts}):
                self._lengths[char] = (*self._lengths.get(char, ()), length)

        def teach(self, word: str, count: int) -> None:
            self.FREQ[word] = count
            self.total += count
            self._lengths[word[0]] = tuple(sorted({*self._lengths.get(word[0], ()), len(word)}))

        def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802 - jieba's name
            """Place → the last places of the words that begin there; a character that begins none stands alone."""
            counts, lengths, padded = self.FREQ, self._lengths, sentence + _PADDING
            return {
                at: [
                    at + length - 1
                    for length in lengths.get(char, ())
                    if (char if length == 1 else padded[at : at + length]) in counts
                ]
                or [at]
                for at, char in enumerate(sentence)
            }

        def calc(self, sentence: str, dag: dict[int, list[int]], route: dict[int, tuple[float, int]]) -> None:
            """The likeliest way from each place to the end: jieba's own sum, without a generator for each place."""
            counts, none = self.FREQ, math.log(self.total)
            route[len(sentence)] = (0, 0)
            for at in range(len(sentence) - 1, -1, -1):
                best = (-math.inf, -1)
                for last in dag[at]:
                    way = (math.log(counts.get(sentence[at : last + 1]) or 1) - none + route[last + 1][0], last)
                    if way > best:
                        best = way
                route[at] = best

    return Tokenizer


def _counts() -> dict[str, int]:
    """The words of jieba's dictionary and those that it lacks, with their counts."""
    text = (files("jieba") / "dict.txt").read_text(encoding="utf-8")
    columns = text.split()
    counts = dict(zip(columns[0::3], map(int, columns[1::3]), strict=True))
    # Messages arrive normalised, so words written with characters that the normaliser rewrites must be too.
    for word in [word for word in counts if "著" in word or "乾" in word or "祇" in word]:
        written = normalise(word)
        counts[written] = max(counts[word], counts.get(written, 0))
    for word in _COMMUNITY_WORDS.split():
        counts[word] = max(_ADDED_COUNT, counts.get(word, 0))
    return counts
