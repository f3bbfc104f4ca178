"""How people say that an answer was none: 不对, 没用, 答非所问; and that none of the choices is theirs: 都不是."""

import re

from handlers.repeats import remembering

_BEFORE = (
    r"(?:你们?|您|我|这|那|这个|那个|说的|讲的|回答|答案|答的|机器人|小管家"
    r"|完全|根本|还是|也|都|啊|哎|唉|呃|额)*"
)
_AFTER = r"(?:啊|呀|吧|了|的|哦|呢|嘛|吗|哈|诶|好吧|好吗)*"
_NOT_THIS = (
    r"不是(?:这|那)(?:个|样|些|意思|个意思|么?回事)?(?:问题)?|不是问(?:这|那)个?"
    r"|不是我?(?:想|要)?(?:问|要|说)(?:这个|那个|的)?(?:问题)?"
)
_WRONG = (
    r"不对|没用|没有用|不管用|没啥用|没什么用|不行|不准|答错了?|错了|弄错了?|搞错了?|帮不上忙"
    r"|所?答非所问|文不对题|驴唇不对马嘴|牛头不对马嘴|没[答说]到点(?:子)?上|看不懂|没解决|解决不了"
    r"|说了(?:等于|跟|和)?没说(?:一样)?|(?:等于|跟)没说(?:一样)?|没(?:有)?帮助|瞎说|乱说|胡说|乱答|瞎答"
    r"|没(?:有)?(?:回答|答|理解|听懂|明白|看懂)(?:到|对|上)?(?:我)?(?:的)?(?:问题|意思|话)?"
    r"|问的(?:又)?不是(?:这个|这|那个)|[说讲答](?:的)?(?:些)?(?:什么|啥)(?:呀|啊|鬼|玩意)?"
)
_REFUSAL = re.compile(rf"^{_BEFORE}(?:{_WRONG}|{_NOT_THIS}){_AFTER}$")
_NONE_OF_THEM = re.compile(
    r"(?:以上|这几个|这些|几个)?(?:都|全)(?:不是|不对|没有)|没有我(?:要|想)(?:问|找)?的|没一个(?:是|对)的?|哪个都不是|不是啊?"
)
_SIGNS = frozenset("不没错非瞎乱胡什啥")
"""Every refusal has one of these."""
LONGEST = 20


@remembering
def refuses(norm: str) -> bool:
    """Whether the words (normalised), said right after an answer, say that it was not what was asked."""
    bare = _bare(norm)
    return bool(bare) and _REFUSAL.match(bare) is not None


@remembering
def none_of_them(norm: str) -> bool:
    """Whether the words (normalised), said after a choice was offered, take none of it."""
    bare = _bare(norm)
    return bool(bare) and (_NONE_OF_THEM.fullmatch(bare) is not None or _REFUSAL.match(bare) is not None)


def _bare(norm: str) -> str:
    """The letters and digits of what may be a refusal; empty for most of what is said."""
    if len(norm) > 2 * LONGEST or _SIGNS.isdisjoint(norm):
        return ""
    bare = "".join(filter(str.isalnum, norm))
    return bare if len(bare) <= LONGEST else ""
