"""Ways of saying the same, in dialects and among friends, told in one way: built in, and the operator's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.text.normalise import folded

_SAME: tuple[tuple[str, str], ...] = (
    (
        "什么时候",
        "啥辰光好|几时好|啥时候好|啥时候|什么时间|啥时间|几时|何时|哪天|哪一天|多会儿|啥会儿|啥辰光|多咱|么子时候|么时候|乜时候|啥前儿|啥前"
        "|什么时候才能|什么时候才可以|什么时候能|什么时候可以|什么时候才|大概什么时候|一般什么时候|几点钟|几多点|几点",
    ),
    (
        "多久",
        "多长时间|多少时间|多少天|几天|几日|几个工作日|多少个工作日|几个小时|几耐|几长时间|好长时间|多少辰光|好多天"
        "|要等多久|得等多久|需要等多久|等多久|需要多久|要多久|得多久|大概多久|一般多久|多久才能|多久才可以|多久能|多久可以|多久才",
    ),
    (
        "怎么",
        "咋个|咋样|咋子|咋|怎吗|怎末|肿么|怎样才能|怎样才|怎样|如何|怎么样才能|怎么才能|怎么去|点样|哪样去|啷个|哪能|按怎"
        "|要怎么|该怎么|应该怎么|怎么可以",
    ),
    ("什么", "啥子|啥个|啥|神马|甚么|么子|乜嘢|乜野|咩|啥物"),
    ("为什么", "为啥|为何|干嘛|怎么会|怎么就|点解|为么子|为啥子|做咩|何解"),
    (
        "哪里",
        "哪儿|哪边|啥地方|什么地方|何处|哪块|哪点|哪哈儿|哪垯|哪疙瘩|边度|叨位",
    ),
    ("在哪里", "在哪里可以|喺边|搁哪里|搁哪儿|搁哪|到哪里可以|在哪里能|喺边度|搁哪疙瘩"),
    ("谁", "边个|边位|哪位|哪个人|啥人|谁个"),
    (
        "怎么办",
        "怎么弄|怎么处理|怎么整|怎么搞|怎么解决|怎么弄啊|咋办|咋整|咋弄|咋个办|咋个整|点算|点搞|点办|点处理|啷个办|啷个整|哪能办|哪能弄",
    ),
    (
        "多少钱",
        "几钱|几钿|好多钱|几块钱|啥价|什么价格|什么价|多少价格|价格多少|几多钱|多少米|好多米|几多银|怎么收费|怎么收钱|怎么算钱|收多少钱|收费多少|要交多少钱|要多少钱|得多少钱|收费标准是什么",
    ),
    ("多久到账", "什么时候到账|什么时候能到账|多久到帐|什么时候到帐"),
    ("开发票", "开票|开个发票|开张发票"),
    ("退款", "申请退款|办理退款|退款申请"),
    ("退货", "申请退货|办理退货|退货申请"),
    ("换货", "申请换货|办理换货"),
    ("联系客服", "找客服|搵客服|联系人工|找人工"),
    ("钱", "票子"),
    ("多少", "几多|是好多"),
    (
        "能",
        "能不能够|能不能|可不可以|可以不可以|能否|可否|是否可以|是否能|可以|能够|可唔可以|得唔得|中不中|得不得行|是否支持"
        "|支不支持|阔不阔以|阔以|会使",
    ),
    ("有", "有没有|有没得|有无|是否有|有冇|有得"),
    ("没有", "冇得|冇|没得|莫得|木有|么得|木得"),
    ("还有", "仲有|还有得|还有没有|还有没得|还有冇|仲有冇"),
    ("会", "会不会|是否会"),
    ("在", "搁|喺"),
    ("不", "唔|勿"),
    ("不了", "唔到|勿上|不上去|不上"),
    ("忘", "搞忘|搞落"),
    ("忘记", "唔记得|忘脱|忘球|忘咧"),
    ("坏了", "坏脱了|坏咗|烂咗|烂了"),
    ("怎么用", "怎么使"),
    ("能吗", "得行吗|要得吗|中吗|好伐"),
    ("吗", "伐|啵"),
    ("这个", "呢个|迭个"),
    ("谁是", "边个系|边位系"),
    ("是", "是不是|是否|系唔系|系咪"),
    ("知道", "晓得|晓不晓得"),
    ("运费", "邮费|快递费"),
    ("我", "俺"),
    ("你", "侬|恁"),
    ("的", "嘅|啲"),
    ("了", "咗|咧"),
    ("看", "睇"),
    ("拿", "攞"),
    ("找", "搵"),
    ("下雨", "落雨"),
    ("上班", "返工"),
    ("下班", "放工"),
    ("孩子", "细路仔|细路|细伢子|小囡|娃儿|小孩儿|小孩子|小孩"),
    ("东西", "玩意儿"),
    ("今天", "今日|今朝|今儿"),
    ("明天", "听日|明朝|明儿"),
    ("昨天", "琴日|昨儿"),
    ("现在", "宜家|而家"),
    ("周末", "星期六星期天|星期六星期日|礼拜六礼拜天|礼拜六礼拜日|双休日"),
    ("登录", "登入|登陆"),
    # Slips so usual that they stand in dictionaries.
    ("优惠券", "优惠卷|优惠劵"),
    ("代金券", "代金卷|代金劵"),
    ("到账", "到帐"),
    ("转账", "转帐"),
    ("账号", "帐号"),
    ("账户", "帐户"),
    ("账单", "帐单"),
)
"""Ways of asking that mean the same, longest first within each alternative list."""
_WHETHER = re.compile(r"(?<=.)(?:[不没]得?|不咧|勿)(?=\W*$)")
"""行不? 还在没? ask whether, as 吗 does."""
_OR_NOT = re.compile(
    r"([能有是会])[不没唔]\1|可[不唔]可以|有没得|有[冇无]|[能可是]否|得[不唔]得|中不中|阔不阔以|支不支持|系唔系|是不是"
)
_ASKS_MORE = re.compile(r"什么|怎么|多少|多久|哪|谁|几|咋|啥|吗")
"""What asks for more than yes or no."""
_EITHER = re.compile(r"([^能可好有是会中得要])[不没唔]\1")
"""So does 上不上班."""
_NOT = frozenset("不没勿唔冇无否")
"""One of these is in whatever these three find."""
_MARKS = " ,.!?~…"
_SPOKEN: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("好多", re.compile(r"好多(?=[嘛哦啊呢]?\W*$)"), "多少"),
    ("好久", re.compile(r"(?<![了没等过很])好久(?=[嘛哦啊呢]?\W*$|才|到)"), "多久"),
    ("好久", re.compile(r"(?<![了没等过很])好久(?=[^没不了都之以 ,.]{1,4}[嘛哦啊呢]?\W*$)"), "什么时候"),
    ("支持", re.compile(r"支持(?=[^,.]{1,10}吗)"), "能"),
    ("行吗", re.compile(r"(?<![举进流银执运旅同发飞放通步出])行吗"), "能吗"),
    ("不起", re.compile(r"(?<=[登录])不起"), "不了"),
    (
        "点",
        re.compile(
            r"(?<![0-9几一二三四五六七八九十两早晚有哪里去怎么样要再先后])点(?=[改交赔办搵揾找处睇去搞用绑退联参]|取消|开发|算(?![啊呀嘛]?\W*$))"
        ),
        "怎么",
    ),
    ("是哪", re.compile(r"(?<=[主员板人服长师])是(?:哪个|哪位)"), "是谁"),
    ("边", re.compile(r"(?<=[到去喺])边(?=[啊呀]?\W*$)"), "哪里"),
    ("好", re.compile(r"(?<=[\u4e00-\u9fff]{2})好(?=[带参提领退换进去来报]\w{0,3}[伐吗]\W*$)"), "能"),
    ("咧", re.compile(r"([怎啥几多哪谁咋].{1,3})咧(?=\W*$)"), r"\1"),
    ("嘅", re.compile(r"嘅(?=\W*$)"), ""),
    ("㗎", re.compile(r"㗎(?=\W*$)"), ""),
)
"""What is said so only in some places: found by a piece of it, then by its place."""
_DONE = re.compile(r"(退款|退货|换货|报名|签到|退群|提现|充值|注销|开票|缴费|抽奖)[ ,]?要?怎么(?:办|操作)(?=\W*$)")
"""How something is done: 退款怎么弄 is 怎么退款."""
_KEPT = ("几点建议", "几点注意", "几点要求", "不上班", "不上课", "不起诉", "对不起", "了不起", "看不起", "好不好吗")
"""What no shorter word within it may change."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said instead of what: ``words`` maps a way of saying to the one that all are told in."""

    words: Mapping[str, str]
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rests: dict[str, list[str]] = {}
        for word in sorted(self.words, key=lambda word: (-len(word), word)):
            rests.setdefault(word[0], []).append(re.escape(word[1:]))
        # By what they begin with, so that few are tried at each place; the longest first among these.
        pattern = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())
        object.__setattr__(self, "_pattern", re.compile(pattern))

    def reword(self, norm: str) -> str:
        """A normalised text in the one way."""
        doubts = not _NOT.isdisjoint(norm)
        told = _WHETHER.sub("吗", norm) if doubts else norm
        for sign, pattern, plain in _SPOKEN:
            if sign in told:
                told = pattern.sub(plain, told)
        if doubts:
            told = _whether(told)
        once = self._pattern.sub(self._plain, told)
        # Twice: 咋个处理 is 怎么处理, which is 怎么办.
        told = self._pattern.sub(self._plain, once) if once != told else once
        return _DONE.sub(r"怎么\1", told) if "怎么" in told else told

    def _plain(self, match: re.Match[str]) -> str:
        return self.words[match[0]]


def _whether(told: str) -> str:
    """上不上班 asks whether, as 上班吗 does."""
    either = _EITHER.search(told) is not None
    if either:
        told = _EITHER.sub(r"\1", told)
    if (either or _OR_NOT.search(told)) and not _ASKS_MORE.search(told):
        told = told.rstrip(_MARKS) + "吗"
    return told


BUILT_IN = Wording(
    {
        # What all are told in stays as it is, whatever shorter words are in it.
        **{word: word for word in (*_KEPT, *(new for new, _ in _SAME))},
        **{folded(old): new for new, olds in _SAME for old in olds.split("|")},
    }
)


def wording(own: Mapping[str, str]) -> Wording:
    """The built-in ways with an operator's own, each → what it stands for; own ones win."""
    if not own:
        return BUILT_IN
    # What an own word stands for may itself be told in another way.
    meant = {folded(old): BUILT_IN.reword(folded(new)) for old, new in own.items()}
    # 券 for 优惠券 must leave the 券 in 优惠券 alone.
    return Wording({**BUILT_IN.words, **{word: word for word in meant.values()}, **meant})
