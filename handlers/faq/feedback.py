"""How people say that an answer was none: 不对, 没用, 答非所问."""

import re

_REFUSAL = re.compile(
    r"^(?:你|您|这|那|这个|那个|说的|回答|答案|答的|机器人|小管家|完全|根本|还是|也|啊|哎|唉)*"
    r"(?:不对|不是(?:这个|这样|问这个|这意思)|没用|没有用|不管用|不行|答非所问|答错了?|错了|驴唇不对马嘴|牛头不对马嘴|没答到点(?:子)?上|看不懂|没解决)"
    r"(?:啊|呀|吧|了|的|哦|呢|嘛)*$"
)
LONGEST = 20


def refuses(norm: str) -> bool:
    """Whether the words (normalised), said right after an answer, say that it was not what was asked."""
    bare = "".join(filter(str.isalnum, norm))
    return len(bare) <= LONGEST and _REFUSAL.match(bare) is not None
