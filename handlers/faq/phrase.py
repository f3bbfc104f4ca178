"""A question made comparable: filler taken off, characters and words weighed by how rare they are in Chinese."""

import gzip
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import repeat
from operator import add

from handlers.text.normalise import normalise
from handlers.text.segment import segment

LONGEST = 120
"""Characters of a message that are compared; a longer one is no question of this kind."""

_HEAD = re.compile(
    r"(?:(?:请问一下|请问下|请问|问一下|问下|想问一下|想问下|想问问|想问|我想问|我想问一下|我想知道|想知道|我想咨询一下|咨询一下|咨询下|咨询|求问|求助|"
    r"你好|您好|哈喽|hello|hi|嗨|在吗|在不在|在么|有人吗|有人在吗|亲爱的|亲|老板|群主|管家|客服|客服在吗|各位|大家好|大家|大佬|弱弱的?问一下|"
    r"那个|那么|那|就是|话说|对了|哎|诶|欸|嗯|额|呃|啊|麻烦问一下|麻烦|帮忙看下|帮我看下|有谁知道|有人知道|谁知道|知不知道|你知道|想了解一下|了解一下)"
    r"[ ,.!?~:…]*)+"
)
_LAST = "谢谢|谢了|多谢|感谢|拜托了|拜托|急|在线等|求解答|求解|求回复|啊|呀|呢|哦|噢|哈|嘛|啦|哇|咯|喔|诶"
_MARKS = " ,.!?~…"
_TAIL = re.compile(rf"(?:[{_MARKS}]*(?:{_LAST}))+[{_MARKS}]*$")
_LAST_WORDS = tuple(_LAST.split("|"))
_DIGITS = re.compile(
    r"[0-9]+(?:\.[0-9]+)?|[零一二两三四五六七八九十百千万亿]+"
    r"(?=[个天元块次号点月年日件斤折人名张岁级星期楼层])"
)
_SAME: tuple[tuple[str, str], ...] = (
    ("什么时候", "啥时候|什么时间|啥时间|几时|何时|哪天|哪一天|多会儿|啥会儿"),
    ("多久", "多长时间|多少时间|多少天|几天|几日|几个工作日|多少个工作日|几个小时"),
    ("怎么", "咋个|咋样|咋|怎样才能|怎样才|怎样|如何|怎么样才能|怎么才能|怎么去"),
    ("什么", "啥子|啥|神马|甚么"),
    ("为什么", "为啥|为何|干嘛|怎么会|怎么就"),
    ("哪里", "哪儿|哪边|啥地方|什么地方|何处|哪块"),
    ("怎么办", "怎么弄|怎么处理|怎么整|怎么搞|怎么解决|怎么弄啊"),
    ("多少钱", "几钱|好多钱|几块钱|啥价|什么价格|什么价|多少价格|价格多少"),
    ("能", "能不能够|能不能|可不可以|可以不可以|能否|可否|是否可以|是否能|可以|能够"),
    ("有", "有没有|有无|是否有"),
    ("没有", "冇|没得|莫得|木有"),
    ("会", "会不会|是否会"),
    ("是", "是不是|是否"),
    ("运费", "邮费|快递费"),
)
"""Ways of asking that mean the same, longest first within each alternative list."""
_SYNONYM = {old: new for new, olds in _SAME for old in olds.split("|")}
_SYNONYMS = re.compile("|".join(sorted(map(re.escape, _SYNONYM), key=len, reverse=True)))
_LATIN = re.compile(r"[a-z][a-z0-9]*")
_NEGATION = re.compile(
    r"不(?!同|断|错|管|仅|但|光|只是|过|久|少|论|好意思|止|知道|懂|会儿|客气)|没(?!事|错|关系)|无法|未|别(?!的|人|处|墅|名)|勿"
    r"|非(?!常|洲)"
)
_CHOICE = re.compile(r"(.)(?:不|没)\1|是否|能否|可否|有没有|有无")
_ASKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("why", r"为什么|为啥|为何|怎么回事|咋回事|什么原因|干嘛|怎么会|怎么不|怎么没|怎么又"),
        ("when", r"什么时候|啥时候|几点|几号|何时|什么时间|多久|多长时间|几天|哪天|多会儿"),
        ("where", r"哪里|哪儿|在哪|去哪|什么地方|哪个地方|何处|地址"),
        ("who", r"谁|哪位|哪个人"),
        ("much", r"多少|几个|几次|几钱|多大|多高|多重|价格|费用|收费|要钱"),
        ("what", r"什么是|是什么|啥意思|什么意思|指什么|啥是"),
        ("which", r"哪个|哪种|哪些|哪款|哪家"),
        ("how", r"怎么|如何|怎样|咋|方法|步骤|流程"),
        (
            "can",
            r"能不能|可不可以|行不行|能否|可否|可以不|会不会|是否|有没有|是不是|吗$|么$|(?:可以|能|会|行|有).*吗",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Background:
    """Rarity of characters, pairs and words in ordinary questions and chat: ln(N / document count)."""

    grams: Mapping[str, float]
    words: Mapping[str, float]
    rare_gram: float
    rare_word: float


@cache
def background() -> Background:
    """The packaged statistics (bench/fit_faq.py)."""
    packed = (files("handlers.faq") / "data" / "background.json.gz").read_bytes()
    data = json.loads(gzip.decompress(packed))
    return Background(_table(data["grams"]), _table(data["words"]), data["rare_gram"], data["rare_word"])


def _table(data: Mapping[str, str]) -> dict[str, float]:
    """Entries are grouped by their value in hundredths, which packs small."""
    return {item: int(value) / 100 for value, items in data.items() for item in items.split("\n")}


@dataclass(frozen=True, slots=True)
class Opening:
    """The quick part of a phrase: enough to see whether any entry is near."""

    said: str
    """Normalised, filler taken off."""
    text: str
    """The same with ways of asking made equal."""
    bare: str
    """The text without punctuation and spaces: equal ones are the same question."""
    grams: Mapping[str, float] = field(repr=False)
    """Rarity of its characters and pairs."""
    length: float
    """Length of that vector."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One question ready for close comparison."""

    opening: Opening
    words: Mapping[str, float] = field(repr=False)
    """Rarity of its words."""
    norm_words: float
    """Length of the word vector."""
    asks: frozenset[str]
    numbers: frozenset[str]
    latin: frozenset[str]
    negated: bool
    question: bool

    @property
    def bare(self) -> str:
        """The text without punctuation and spaces."""
        return self.opening.bare


def phrase(question: str) -> Phrase:
    """The phrase of an entry's question."""
    return complete(opening(normalise(question)), True)


def opening(norm: str) -> Opening:
    """The quick part, of a normalised text."""
    said = strip(norm)
    text = _SYNONYMS.sub(lambda match: _SYNONYM[match.group()], said)
    bare = "".join(filter(str.isalnum, text))
    known = background()
    # A dict is an ordered set here: sums over it are the same in every process.
    grams = dict.fromkeys((*bare, *map(add, bare, bare[1:])))
    rarities = list(map(known.grams.get, grams, repeat(known.rare_gram)))
    return Opening(said, text, bare, dict(zip(grams, rarities, strict=True)), math.hypot(*rarities) or 1.0)


def complete(start: Opening, question: bool) -> Phrase:
    """The rest of the phrase; ``question``: whether the words sound like one."""
    known = background()
    rare = {word: known.words.get(word, known.rare_word) for word in segment(start.text)}
    choice = _CHOICE.sub("", start.said)
    return Phrase(
        opening=start,
        words=rare,
        norm_words=math.sqrt(sum(value * value for value in rare.values())),
        asks=frozenset(name for name, pattern in _ASKS if pattern.search(start.text)),
        numbers=frozenset(_DIGITS.findall(start.text)),
        latin=frozenset(_LATIN.findall(start.text)),
        negated=_NEGATION.search(choice) is not None,
        question=question,
    )


def strip(norm: str) -> str:
    """Take greetings and filler off both ends; what would leave nothing stays as it is."""
    text = norm[:LONGEST]
    head = _HEAD.match(text)
    rest = text[head.end() :] if head else text
    if rest.rstrip(_MARKS).endswith(_LAST_WORDS):
        rest = _TAIL.sub("", rest)
    return rest if len(rest) >= 2 else text
