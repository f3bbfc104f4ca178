"""Questions to a service put together from patterns: what asks the same, and what differs in one thing only."""

import random
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

CONTRASTS = Path(__file__).parent / "devsets" / "faq_contrasts.txt"
"""Questions of our own writing: what asks the same, and what only looks alike."""

_HOW = (
    *("怎么{v}{n}", "{n}怎么{v}", "{n}要怎么{v}", "如何{v}{n}", "{n}咋{v}啊", "怎样才能{v}{n}", "{v}{n}怎么弄"),
    *(
        "想{v}{n}，怎么操作",
        "我要{v}{n}怎么办理",
        "{v}{n}的方法是什么",
        "{n}怎么{v}呀，第一次弄",
        "{n}在哪里{v}，怎么{v}",
    ),
)
_WHERE = (
    *(
        "在哪里{v}{n}",
        "{n}在哪里{v}",
        "{n}去哪{v}",
        "哪里可以{v}{n}",
        "{n}到哪儿{v}",
        "请问{v}{n}在什么地方",
        "{n}搁哪{v}",
    ),
)
_WHEN = (
    *("什么时候{v}{n}", "{n}什么时候{v}", "{n}几点{v}", "{n}什么时候能{v}", "{n}几时{v}", "{n}啥时候{v}啊"),
    *("{n}大概什么时候可以{v}", "昨天问了没人说，{n}什么时候{v}"),
)
_LONG = (
    *("{v}{n}要多久", "{n}多久能{v}", "{n}{v}需要几天", "{n}多长时间能{v}", "{n}要等多久才能{v}", "{n}要几天{v}"),
    *("{n}得多久{v}呀", "{n}{v}要等多久呢"),
)
_CAN = (
    *("可以{v}{n}吗", "{n}能不能{v}", "{n}可以{v}吗", "能{v}{n}不", "{v}{n}行不行", "{n}让{v}吗", "{n}{v}可以不"),
    *("支持{v}{n}吗", "我们这边能{v}{n}吗"),
)
_COST = (
    *(
        "{v}{n}多少钱",
        "{n}{v}要多少钱",
        "{v}{n}怎么收费",
        "{n}{v}要交多少钱",
        "{v}{n}的费用是多少",
        "{n}{v}贵吗，多少钱",
    ),
    *("{n}{v}好多钱", "{v}一次{n}要花多少钱"),
)
_NOT = (
    *(
        "为什么{v}不了{n}",
        "{n}{v}不了怎么办",
        "{n}怎么{v}不了",
        "{n}一直{v}不了",
        "{n}为啥{v}不了",
        "{n}点了半天{v}不了",
    ),
)
Meaning = tuple[int, str, str]
"""The kind of question, a doing and a thing."""
PATTERNS = (_HOW, _WHERE, _WHEN, _LONG, _CAN, _COST, _NOT)
NEAR_KINDS = frozenset(((0, 1), (2, 3)))
"""Kinds of questions that one answer often serves: how and where, when and how long."""
_DOINGS = {
    "开": "发票 会员 证明 网店 空调",
    "申请": "退款 退货 换货 补贴 发票 奖学金 停车位",
    "取消": "订单 预约 会员 报名 自动续费",
    "修改": "地址 密码 昵称 手机号 预约时间",
    "查": "物流 余额 积分 成绩 名额 账单",
    "领": "优惠券 奖品 快递 教材 礼物 门禁卡",
    "交": "作业 水费 物业费 押金 材料 学费",
    "退": "押金 门票 课程 会员费 定金",
    "办": "会员卡 年卡 居住证 入住 停车证",
    "预约": "场地 体检 老师 上门维修 车位",
    "安装": "宽带 软件 净水器 空调",
    "修": "电梯 水管 手机 路灯 空调",
    "换": "座位 班级 尺码 手机号 房间",
    "充": "话费 会员 饭卡 电费",
    "参加": "比赛 团购 志愿活动 夏令营",
    "绑定": "银行卡 手机号 学号 微信",
    "发": "快递 奖品 工资 通知 样品",
    "取": "快递 票 钱 衣服 体检报告",
    "看": "直播 回放 课表 成绩 群公告",
    "报": "考试 兴趣班",
}


def meanings() -> Iterator[Meaning]:
    """Each kind of question with a doing and a thing."""
    for doing, things in _DOINGS.items():
        for thing in things.split():
            yield from ((kind, doing, thing) for kind in range(len(PATTERNS)))


def said(meaning: Meaning, chance: random.Random) -> str:
    """One way of asking it."""
    kind, doing, thing = meaning
    return chance.choice(PATTERNS[kind]).format(v=doing, n=thing)


def pairs(seed: int, times: int) -> Iterator[tuple[str, str, bool]]:
    """Two questions and whether they ask the same; as many that differ in kind, doing or thing."""
    chance = random.Random(seed)
    known = list(meanings())
    for meaning in known:
        for _ in range(times):
            yield said(meaning, chance), said(meaning, chance), True
            yield said(meaning, chance), said(_other(meaning, known, chance), chance), False


def _other(meaning: Meaning, known: list[Meaning], chance: random.Random) -> Meaning:
    """A meaning that has two things of three in common."""
    near = [
        one
        for one in known
        if sum(a == b for a, b in zip(one, meaning, strict=True)) == 2
        and tuple(sorted((one[0], meaning[0]))) not in NEAR_KINDS
    ]
    return chance.choice(near)


def contrasts() -> Iterator[tuple[str, str, str, bool]]:
    """Of each line of `CONTRASTS` its first question, two questions, and whether they ask the same."""
    for line in CONTRASTS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            same, other = ([text.strip() for text in side.split(" / ")] for side in line.split("|"))
            yield from ((same[0], one, two, True) for one, two in combinations(same, 2))
            yield from ((same[0], two, one, False) for one in same for two in other)
