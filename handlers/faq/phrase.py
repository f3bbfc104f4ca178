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

from handlers.faq.dialect import BUILT_IN, Wording
from handlers.faq.lexicon import lexicon
from handlers.faq.order import Arrangement, arranged
from handlers.faq.sense import negated, numbers, sides
from handlers.text.facts import asks
from handlers.text.normalise import normalise
from handlers.text.readings import sounds
from handlers.text.segment import segment

LONGEST = 120
"""Characters of a message that are compared; a longer one is no question of this kind."""

SHORTEST_PART = 4
"""Characters of a part that can be a question by itself; 怎么办 or 多少钱 says not what about."""
_BETWEEN = re.compile(r"[^\w@#%+-]+")

_HEAD = re.compile(
    r"(?:(?:@[^ ]{1,20} +|(?!谁|哪)[^ ,.!?]{0,4}(?:姐|哥|老师|群主|管家|客服|店长|经理|老板|同学|掌柜)[ ,!:]+"
    r"|请问一下|请问下|请问|请教一下|请教|问一下|问下|问个问题|想问一下|想问下|想问问|想问|我想问|我想问一下|我想知道|想知道"
    r"|我想咨询一下|咨询一下|咨询下|咨询|求问|求助|你好|您好|哈喽|hello|hi|嗨|在吗|在不在|在么|有人吗|有人在吗|亲爱的|亲"
    r"|客服在吗|各位(?:大神|大佬|老师|亲|朋友|群友|姐妹)?|大家好|大家|大佬|大神|弱弱地?的?问[一个]?[下句]?|不好意思|打扰一下|打扰了|劳驾"
    r"|那个|那么|那|就是|话说|对了|哎|诶|欸|嗯|额|呃|啊|麻烦问一下|麻烦|帮忙看下|帮我看下"
    r"|有谁知道|有人知道|有没有人知道|哪位知道|谁知道|知不知道|你知道|想了解一下|了解一下)"
    r"[ ,.!?~:…]*)+"
)
_LAST = (
    "谢谢|谢了|多谢|感谢|拜托了|拜托|急|在线等|求解答|求解|求回复|求告知|有人知道吗|有谁知道吗|谁知道|有人知道么|"
    "啊|呀|呢|哦|噢|哈|嘛|啦|哇|咯|喔|诶|撒|噻|嘞|捏"
)
_MARKS = " ,.!?~…"
_TAIL = re.compile(rf"(?:[{_MARKS}]*(?:{_LAST}))+[{_MARKS}]*$")
_LAST_WORDS = tuple(_LAST.split("|"))
_LATIN = re.compile(r"[a-z][a-z0-9]*")
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

    def cosine(self, other: "Opening") -> float:
        """How much two have in common, from 0 to 1."""
        grams = other.grams
        shared = sum([value * value for gram, value in self.grams.items() if gram in grams])
        return shared / (self.length * other.length)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One question ready for close comparison."""

    opening: Opening
    words: Mapping[str, float] = field(repr=False)
    """Rarity of its words."""
    norm_words: float
    """Length of the word vector."""
    chars: frozenset[str] = field(repr=False)
    weight_chars: float
    """Rarities of its characters together; ``weight_pairs`` of its pairs."""
    weight_pairs: float
    asks: frozenset[str]
    numbers: frozenset[str]
    latin: frozenset[str]
    negated: frozenset[bool]
    """Whether it says not: all of it, and the part that asks."""
    sides: frozenset[str]
    """Words that have an opposite."""
    question: bool
    sound: str
    """The bare text as it sounds."""
    groups: frozenset[int] = field(repr=False)
    """The groups of like words that its words are in."""
    arrangement: Arrangement = field(repr=False)

    @property
    def bare(self) -> str:
        """The text without punctuation and spaces."""
        return self.opening.bare


def phrase(question: str, wording: Wording = BUILT_IN) -> Phrase:
    """The phrase of an entry's question."""
    return complete(opening(normalise(question), wording), True)


def opening(norm: str, wording: Wording = BUILT_IN) -> Opening:
    """The quick part, of a normalised text."""
    said = strip(norm)
    return _opened(said, wording.reword(said))


def respelt(asked: Phrase, text: str) -> Phrase:
    """The phrase as if its text had been spelt so."""
    start = asked.opening
    said = start.said
    if len(text) == len(start.text):
        for wrong, right in zip(start.text, text, strict=True):
            if wrong != right and start.text.count(wrong) == said.count(wrong) == 1:
                said = said.replace(wrong, right)
    return complete(_opened(said, text), asked.question)


def _opened(said: str, text: str) -> Opening:
    bare = "".join(filter(str.isalnum, text))
    known = background()
    # A dict is an ordered set here: sums over it are the same in every process.
    grams = dict.fromkeys((*bare, *map(add, bare, bare[1:])))
    rarities = list(map(known.grams.get, grams, repeat(known.rare_gram)))
    return Opening(said, text, bare, dict(zip(grams, rarities, strict=True)), math.hypot(*rarities) or 1.0)


def complete(start: Opening, question: bool) -> Phrase:
    """The rest of the phrase; ``question``: whether the words sound like one."""
    known = background()
    words, lexicon_ = segment(start.text), lexicon()
    rare = {word: known.words.get(word, known.rare_word) for word in words}
    chars = frozenset(start.bare)
    weight_chars = sum(map(start.grams.__getitem__, sorted(chars)))
    return Phrase(
        opening=start,
        words=rare,
        norm_words=math.sqrt(sum(value * value for value in rare.values())),
        chars=chars,
        weight_chars=weight_chars,
        weight_pairs=sum(start.grams.values()) - weight_chars,
        asks=frozenset(name for name, pattern in _ASKS if pattern.search(start.text)),
        numbers=numbers(start.text),
        latin=frozenset(_LATIN.findall(start.text)),
        negated=_negations(start.said),
        sides=sides(start.said) | sides(start.text),
        question=question,
        sound=sounds(start.bare),
        groups=lexicon_.groups_of(rare),
        arrangement=arranged(words, lexicon_),
    )


def _negations(said: str) -> frozenset[bool]:
    part = asking_part(said)
    return frozenset((negated(said), negated(part))) if part else frozenset((negated(said),))


def strip(norm: str) -> str:
    """Take greetings and filler off both ends; what would leave nothing stays as it is."""
    text = norm[:LONGEST]
    head = _HEAD.match(text)
    rest = text[head.end() :] if head else text
    if rest.rstrip(_MARKS).endswith(_LAST_WORDS):
        rest = _TAIL.sub("", rest)
    return rest if len(rest) >= 2 else text


def asking_part(said: str) -> str | None:
    """The one part of a text of several that asks, when it says what about; else None.

    Who asks often tells first why: 三天了，快递到哪里了.
    """
    parts = [part for part in _BETWEEN.split(said) if part]
    if len(parts) < 2:
        return None
    asking = [part for part in parts if asks(part.replace("好几", ""))]
    return asking[0] if len(asking) == 1 and len(asking[0]) >= SHORTEST_PART else None
