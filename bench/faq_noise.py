"""Questions as people really type them: slips, another script, greetings, filler, dialect, turned round."""

import random
from collections.abc import Callable
from functools import cache

import opencc

from handlers.faq.phrase import background
from handlers.text.normalise import normalise
from handlers.text.readings import alike, syllable
from handlers.text.segment import segment

_HEADS = (
    "请问",
    "你好，",
    "@小管家 ",
    "群主，",
    "想问一下",
    "老师好，",
    "各位大神，",
    "弱弱问一句，",
    "在吗，",
    "小美姐，",
)
_TAILS = ("呀", "谢谢", "，在线等", "？？？", "啊", "，有人知道吗", "～", "😊", "，急", "哈")
_DIALECT = (
    ("怎么样", "咋样"),
    ("怎么办", "咋整"),
    ("怎么", "咋个"),
    ("为什么", "为啥"),
    ("什么时候", "啥时候"),
    ("什么", "啥子"),
    ("多少钱", "好多钱"),
    ("多少", "好多"),
    ("没有", "冇"),
    ("哪里", "哪儿"),
    ("哪个", "哪一个"),
    ("知道", "晓得"),
    ("吗", "不"),
    ("如何", "咋"),
)

_PADDING = {
    "多久": ("要_", "要_才能", "大概_", "大概_能", "一般_会", "需要_", "得_"),
    "什么时候": ("大概_", "_能", "_才能", "_可以", "是_", "_会"),
    "怎么": ("要_", "该_", "应该_", "可以_", "是_", "_样"),
    "如何": ("应该_", "要_", "可以_"),
    "多少": ("大概_", "是_", "要_", "一共_"),
    "哪里": ("在_", "_可以", "_能"),
    "可以": ("能不能", "是不是_", "能", "_不_"),
    "吗": ("_请问", "不", "么", "呢"),
    "?": ("啊", "呢", "吗?", ""),
}


def slip(text: str, chance: random.Random) -> str:
    """One slip: a character lost, doubled, swapped with the next, or another of the same sound."""
    if len(text) < 4:
        return text
    at = chance.randrange(len(text) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    others = [char for char in alike(text[at]) if char != text[at]]
    return text[:at] + (chance.choice(others) if others and kind == 2 else text[at] * 2) + text[at + 1 :]


_BLURS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"), ("l", "n"))


def mistyped(text: str, chance: random.Random) -> str:
    """One wrong character: of nearly the same sound (zh and z, ing and in, l and n), of the same, or any other."""
    if len(text) < 4:
        return text
    at = chance.randrange(len(text) - 1)
    known, sound = _by_sound(), syllable(text[at])
    near = [char for one in _blurred(sound) for char in known.get(one, "")]
    ways = [near, list(known.get(sound, "")) if sound else [], list(known[chance.choice(sorted(known))])]
    found = [char for char in chance.choice([way for way in ways if way]) if char != text[at]]
    return text[:at] + (chance.choice(found) if found else "") + text[at + 1 :]


@cache
def _by_sound() -> dict[str, str]:
    """The usual characters of each syllable."""
    known: dict[str, str] = {}
    for char in sorted(gram for gram in background().grams if len(gram) == 1):
        if syllable(char):
            known[syllable(char)] = known.get(syllable(char), "") + char
    return known


def _blurred(sound: str) -> list[str]:
    """The syllables that one may be mistaken for."""
    found = [sound.replace(exact, rough, 1) for exact, rough in _BLURS if exact in sound]
    found += [sound.replace(rough, exact, 1) for exact, rough in _BLURS if rough in sound and exact not in sound]
    return [one for one in found if one != sound]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def traditional(text: str, chance: random.Random) -> str:
    """In traditional characters."""
    del chance
    return str(_converter().convert(text))


def wrapped(text: str, chance: random.Random) -> str:
    """With a greeting, a nickname or filler on either side or both."""
    kind = chance.randrange(3)
    head = chance.choice(_HEADS) if kind != 1 else ""
    return head + text.rstrip("?？。") + (chance.choice(_TAILS) if kind else "")


def dialect(text: str, chance: random.Random) -> str:
    """With the asking words of the south and the west."""
    del chance
    for plain, spoken in _DIALECT:
        text = text.replace(plain, spoken)
    return text


def padded(text: str, chance: random.Random) -> str:
    """With small words that change nothing: 要多久才能, 大概什么时候."""
    able = [plain for plain in _PADDING if plain in text]
    if able:
        plain = chance.choice(able)
        text = text.replace(plain, chance.choice(_PADDING[plain]).replace("_", plain), 1)
    return chance.choice(("", "", "", "请问", "我想问", "现在", "一般", "咱们", "这边")) + text


def turned(text: str, chance: random.Random) -> str:
    """With what comes first behind the rest: 发票怎么开, 怎么开发票."""
    words = segment(normalise(text))
    at = chance.randrange(1, len(words)) if len(words) > 1 else 0
    return "".join(words[at:] + words[:at])


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "slip": slip,
    "mistyped": mistyped,
    "traditional": traditional,
    "wrapped": wrapped,
    "dialect": dialect,
    "turned": turned,
    "padded": padded,
}
