"""Ways of saying the same, in dialects and among friends, told in one way: built in, and the operator's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.text.normalise import folded

_SAME: tuple[tuple[str, str], ...] = (
    ("什么时候", "啥时候|什么时间|啥时间|几时|何时|哪天|哪一天|多会儿|啥会儿|啥辰光|多咱|么子时候|乜时候"),
    ("多久", "多长时间|多少时间|多少天|几天|几日|几个工作日|多少个工作日|几个小时|几耐|好长时间"),
    ("怎么", "咋个|咋样|咋子|咋|怎样才能|怎样才|怎样|如何|怎么样才能|怎么才能|怎么去|点样|哪样去"),
    ("什么", "啥子|啥|神马|甚么|么子|乜嘢|乜野|咩"),
    ("为什么", "为啥|为何|干嘛|怎么会|怎么就|点解|为么子|为啥子|做咩"),
    ("哪里", "哪儿|哪边|啥地方|什么地方|何处|哪块|哪点|哪哈儿|哪垯|边度"),
    ("谁", "边个|哪位|哪个人|啥人|谁个"),
    ("怎么办", "怎么弄|怎么处理|怎么整|怎么搞|怎么解决|怎么弄啊|咋办|咋整|咋弄|咋个办|咋个整|点算|点搞"),
    ("多少钱", "几钱|好多钱|几块钱|啥价|什么价格|什么价|多少价格|价格多少|几多钱|多少米"),
    ("多少", "几多"),
    (
        "能",
        "能不能够|能不能|可不可以|可以不可以|能否|可否|是否可以|是否能|可以|能够|可唔可以|得唔得|中不中|得不得行|是否支持|支不支持|支持",
    ),
    ("有", "有没有|有没得|有无|是否有|有冇"),
    ("没有", "冇得|冇|没得|莫得|木有|么得|木得"),
    ("会", "会不会|是否会"),
    ("在", "搁|喺"),
    ("不", "唔"),
    ("忘", "搞忘"),
    ("怎么改", "点改"),
    ("能吗", "得行吗|要得吗|中吗"),
    ("几点", "几点钟"),
    ("这个", "呢个"),
    ("谁是", "边个系"),
    ("是", "是不是|是否|系唔系|系咪"),
    ("知道", "晓得|晓不晓得"),
    ("运费", "邮费|快递费"),
    ("我", "俺"),
    ("你", "侬|恁"),
)
"""Ways of asking that mean the same, longest first within each alternative list."""
_WHETHER = re.compile(r"(?<=.)[不没]得?(?=\W*$)")
"""行不? 还在没? ask whether, as 吗 does."""
_EITHER = re.compile(r"([^能可好有是会中得要])[不没唔]\1")
"""So does 上不上班."""
_MARKS = " ,.!?~…"
_KEPT = ("几点",)
"""What no shorter word within it may change."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said instead of what: ``words`` maps a way of saying to the one that all are told in."""

    words: Mapping[str, str]
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        longest_first = sorted(self.words, key=lambda word: (-len(word), word))
        object.__setattr__(self, "_pattern", re.compile("|".join(map(re.escape, longest_first))))

    def reword(self, norm: str) -> str:
        """A normalised text in the one way."""
        told = _WHETHER.sub("吗", norm)
        if _EITHER.search(told):
            told = _EITHER.sub(r"\1", told)
            told = told if told.endswith("吗") else told.rstrip(_MARKS) + "吗"
        # Twice: 咋个处理 is 怎么处理, which is 怎么办.
        return self._pattern.sub(self._plain, self._pattern.sub(self._plain, told))

    def _plain(self, match: re.Match[str]) -> str:
        return self.words[match[0]]


BUILT_IN = Wording({**{word: word for word in _KEPT}, **{old: new for new, olds in _SAME for old in olds.split("|")}})


def wording(own: Mapping[str, str]) -> Wording:
    """The built-in ways with an operator's own, each → what it stands for; own ones win."""
    if not own:
        return BUILT_IN
    # What an own word stands for may itself be told in another way.
    meant = {folded(old): BUILT_IN.reword(folded(new)) for old, new in own.items()}
    # 券 for 优惠券 must leave the 券 in 优惠券 alone.
    return Wording({**BUILT_IN.words, **{word: word for word in meant.values()}, **meant})
