"""Do two questions ask the same? The matcher's probability, unless each has a word of its own that the other lacks."""

from functools import lru_cache

from domain.text import TextFacts
from handlers.faq.index import Candidate, FaqIndex
from handlers.faq.model import Model
from handlers.faq.phrase import Phrase, phrase

_GENERAL = frozenset(
    (
        *("怎么", "什么", "多久", "多少", "多少钱", "哪里", "哪个", "哪些", "几点", "几天", "几", "谁"),
        *("什么时候", "时候", "怎么办", "为什么", "可以", "能", "能不能", "会", "要", "需要", "是", "是不是"),
        *("有", "没有", "有没有", "支持", "吗", "呢", "吧", "啊", "呀", "的", "了", "着", "过", "得", "地"),
        *("在", "到", "去", "才", "还", "就", "都", "也", "我", "我们", "你", "你们", "您", "咱", "这", "那"),
        *("这个", "那个", "一下", "请问", "请", "想", "想问", "如果", "的话", "个", "后", "以后", "之后"),
        *("时间", "大概", "一般", "现在", "直接", "自己", "应该", "必须", "知道", "方法", "流程"),
        *("到底", "究竟", "还是", "已经", "真的", "怎样", "如何", "啥", "咋", "为啥", "下", "次", "快", "慢", "大约"),
    )
)
"""Words that ask or fill: another one of them does not make another question; the matcher weighs them itself."""


def surest(index: FaqIndex, asked: TextFacts, model: Model) -> Candidate | None:
    """The entry of an index that asks the same as a message most likely; None where none is near.

    An index with the one entry alone tells how sure the bot would be if nothing else came near. Beside better ones the
    matcher asks how far a candidate leads; alone it takes one that differs in its subject (退货, 换货) for the same.
    """
    for candidate in index.search(asked, model):
        entry = candidate.entry
        if not all(swapped(asked.norm, phrase) for phrase in (entry.question, *entry.similar)):
            return candidate
    return None


def swapped(one: str, other: str) -> bool:
    """Whether two questions want something else: each has a telling word that the other lacks (退货, 换货), or one
    asks when and the other how much.
    """
    return apart(_phrase(one), _phrase(other))


def apart(left: Phrase, right: Phrase) -> bool:
    """The same of two phrases."""
    if left.asks and right.asks and not left.asks & right.asks:
        return True
    return _lacks(left, right) and _lacks(right, left)


def _lacks(one: Phrase, other: Phrase) -> bool:
    text = other.opening.text
    return any(not all(char in text for char in word) for word in one.words if word not in _GENERAL)


_phrase = lru_cache(maxsize=4096)(phrase)
