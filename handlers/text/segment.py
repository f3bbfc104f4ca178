"""Chinese words by jieba: its own dictionary loaded once at start, without its cache file in the shared temp folder."""

import gc
import logging
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

_lock = threading.Lock()


def load() -> None:
    """Build the dictionary now (under a second, some 70 MB); otherwise the first segmentation does."""
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
                tokenizer.add_word(word, freq=_ADDED_COUNT)


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
    tokenizer = _jieba().Tokenizer()
    enabled = gc.isenabled()
    gc.disable()  # half a million strings and no garbage: collecting would only cost a third of the time
    try:
        tokenizer.FREQ, tokenizer.total = _prefix_counts()
    finally:
        if enabled:
            gc.enable()
    tokenizer.initialized = True
    return tokenizer


def _prefix_counts() -> tuple[dict[str, int], int]:
    """jieba's word counts with every prefix of a word present (count 0), as its algorithm wants them."""
    text = (files("jieba") / "dict.txt").read_text(encoding="utf-8")
    columns = text.split()
    counts = dict(zip(columns[0::3], map(int, columns[1::3]), strict=True))
    # Messages arrive normalised, so words written with characters that the normaliser rewrites must be too.
    for word in [word for word in counts if "著" in word or "乾" in word or "祇" in word]:
        written = normalise(word)
        counts[written] = max(counts[word], counts.get(written, 0))
    for word in _COMMUNITY_WORDS.split():
        counts[word] = max(_ADDED_COUNT, counts.get(word, 0))
    total = sum(counts.values())
    longer = list(counts)
    for length in range(1, max(map(len, longer))):
        longer = [word for word in longer if len(word) > length]
        for word in longer:
            counts.setdefault(word[:length], 0)
    return counts, total
