"""How people begin to talk without saying anything yet: 有人吗, greetings, 我想问下; and how others say 在的."""

import re
from enum import StrEnum
from functools import lru_cache


class Opening(StrEnum):
    """A beginning that says nothing yet: is anybody there; good day; I would like to ask."""

    CALL = "call"
    GREETING = "greeting"
    OPENER = "opener"


_HELLO = r"(?:你好|您好|大家好|各位好|亲|喂|hi|hello|嗨|哈喽|请问)*"
_WHO = r"(?:群主|管理员?|老板娘?|店家|掌柜的?|店主|大佬|亲|小管家|机器人)?"
_TAIL = r"[啊呀呢哦哈吖鸭嘛喔哟]*"
_ANYBODY = r"(?:有人(?:在)?(?:吗|么|嘛|没有?|不)|有没有人在?|谁在)"
_CALL = re.compile(rf"{_HELLO}(?:(?:{_ANYBODY}|{_WHO}在(?:吗|么|嘛|不在?|没)){_TAIL})+")
_DAYTIME = r"早上好|早安|早|上午好|中午好|下午好|晚上好|晚安"
_GOOD_DAY = rf"(?:大家|各位|亲们)?(?:{_DAYTIME})"
_GREETING = re.compile(
    rf"(?:你好|您好|大家好|各位好|群主好|管理员好|hi|hello|嗨|哈喽|{_GOOD_DAY}|新人报[到道])+{_TAIL}"
)
_SOMETHING = r"(?:一?下|个?(?:问题|事情?|事儿)|点事儿?|一?个(?:问题|事情?)|件事|大家|各位|您|你)*"
_ASK = rf"(?:请教|问|咨询|打听|了解|请问){_SOMETHING}"
_OPENERS = (
    rf"(?:那个|就是)?(?:我|俺)?(?:就?想|要|来)?{_ASK}(?:吗|可以吗|行吗|方便吗)?",
    rf"我?(?:有|遇到)(?:个|一个|点|些)?(?:问题|事情?|疑问)(?:想?{_ASK})?",
    rf"(?:能|可以|方便)(?:不能)?{_ASK}(?:吗|么|不)?",
    r"(?:求助|求问|帮个忙|麻烦(?:一?下|问一?下)?)",
    r"请问(?:一?下)?",
)
_OPENER = re.compile("|".join(f"{_HELLO}{form}{_TAIL}" for form in _OPENERS))
_PATTERNS = ((Opening.CALL, _CALL), (Opening.GREETING, _GREETING), (Opening.OPENER, _OPENER))
LONGEST_OPENING = 20
_HERE = re.compile(
    r"(?:我|我们)?(?:在(?:的|呢|呀|啊|哦)?|有(?:的|人|啊|呀)?|怎么了?|咋了?|(?:有)?(?:什么|啥)事|您?请?说吧?|你说|讲|来了)+"
    r"[啊呀呢哦哈吗]*"
)


@lru_cache(maxsize=4096)
def opening_of(compact: str) -> Opening | None:
    """Which beginning these words (without blanks and punctuation) are, if they are nothing else."""
    if not compact or len(compact) > LONGEST_OPENING:
        return None
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(compact)), None)


@lru_cache(maxsize=1024)
def is_here(compact: str) -> bool:
    """Whether these words answer 有人吗: 在的, 怎么了, 你说."""
    here = len(compact) <= LONGEST_OPENING and _HERE.fullmatch(compact) is not None
    return here and opening_of(compact) is None
