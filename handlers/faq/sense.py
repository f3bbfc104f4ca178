"""What turns a question into another one however alike the words are: numbers, negation, opposites."""

import re

_CHINESE_DIGITS = "零一二三四五六七八九"
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = re.compile(
    r"([0-9]+(?:\.[0-9]+)?)([千万亿]?)|([零一二两三四五六七八九十百千万亿]+)"
    r"(?=[个天元块次号点月年日件斤折人名张岁级星期楼层周代季章集寸分小位条台部家种倍])"
)
_LARGEST = 10**15
_LARGE = {"": 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_CHOICE = re.compile(r"(.{1,2})(?:不|没)\1|是否|能否|可否|有没|有无|(?:[不没])(?=\W*$)")
"""Asking whether, which negates nothing: 能不能, 好玩不?, 上班了没?"""
_NO_NEGATION = re.compile(
    r"不(?:同|断|错|管|仅|但|光|只是|过|久|少|论|好意思|止|知道|知|懂|会儿|客气|限|尽|明白|清楚|了解|小心|一样)"
    r"|差不多|要不(?!要)|对不起|了不[起得]|没(?:事|错|关系|问题)|淹没|出没|沉没|埋没"
    r"|[分区辨性特级类个告差鉴识派]别|别(?:的|人|处|墅|名|称|针)|未(?:来|必|知)|非(?:常|洲|得)|除非|是非"
)
_NEGATION = re.compile(r"不|没|无法|未|别|勿|非")
_PAIRS = (
    "开通/关闭 开启/关闭 打开/关闭 打开/关掉 注册/注销 登录/退出 绑定/解绑 绑定/解除 增加/减少 "
    "提高/降低 升级/降级 升高/降低 上架/下架 上班/下班 上午/下午 上行/下行 上传/下载 上火/去火 "
    "上车/下车 上面/下面 上门/到店 提前/推迟 提前/延期 转入/转出 存入/取出 充值/提现 收款/付款 "
    "收入/支出 买家/卖家 买入/卖出 进口/出口 进群/退群 入会/退会 男生/女生 男人/女人 男孩/女孩 "
    "大人/小孩 成人/儿童 老人/小孩 公司/个人 线上/线下 国内/国外 国产/进口 新手/老手 新款/旧款 "
    "新用户/老用户 最大/最小 最高/最低 最多/最少 最长/最短 最早/最晚 优点/缺点 好处/坏处 左边/右边 "
    "东边/西边 开始/结束 开门/关门 增肥/减肥 白天/晚上 早上/晚上 周末/工作日 冬天/夏天 阳历/阴历 "
    "前面/后面 室内/室外 省内/省外 市内/市外 本地/外地 单程/往返 全款/分期 主卡/副卡 正面/背面 "
    "加入/退出 允许/禁止 锁定/解锁 隐藏/显示 安装/卸载 启用/停用 有线/无线 收费/免费"
)
_EXCLUSIVE = (
    "今天 明天 昨天 后天 前天/本周 下周 上周/这个月 下个月 上个月/今年 明年 去年 后年"
    "/周一 周二 周三 周四 周五 周六 周日/星期一 星期二 星期三 星期四 星期五 星期六 星期天"
    "/春节 国庆 中秋 元旦 清明 端午 五一 元宵/小学 初中 高中 大学 幼儿园/早饭 午饭 晚饭/早餐 午餐 晚餐"
    "/安卓 苹果/微信 支付宝/入口 出口/转账 收款/借入 借出/试用 正式/男厕 女厕/左边 右边 中间/东门 西门 南门 北门"
    "/东区 西区 南区 北区/红色 黑色 白色 蓝色 绿色 黄色 粉色/成年 未成年/单人 双人/单人间 双人间/中药 西药"
)
"""Of each of these only one is meant."""
_OPPOSITES = tuple(tuple(pair.split("/")) for pair in _PAIRS.split(" "))
_OPPOSITE: dict[str, frozenset[str]] = {}
for _one, _other in _OPPOSITES:
    _OPPOSITE[_one] = _OPPOSITE.get(_one, frozenset()) | {_other}
    _OPPOSITE[_other] = _OPPOSITE.get(_other, frozenset()) | {_one}
for _words in (group.split(" ") for group in _EXCLUSIVE.split("/")):
    for _one in _words:
        _OPPOSITE[_one] = _OPPOSITE.get(_one, frozenset()) | (frozenset(_words) - {_one})
_SIDES = re.compile("|".join(sorted(_OPPOSITE, key=len, reverse=True)))


def numbers(text: str) -> frozenset[str]:
    """The numbers of a normalised text by value: 五万, 5万 and 50000 are the same."""
    found = set()
    for arabic, unit, chinese in _NUMBER.findall(text):
        value = float(arabic) * _LARGE[unit] if arabic else min(_value(chinese), _LARGEST)
        found.add(f"{value:.15g}")
    return frozenset(found)


def negated(text: str) -> bool:
    """Whether a normalised text says not, apart from words that only look so."""
    return _NEGATION.search(text) is not None and (
        _NEGATION.search(_NO_NEGATION.sub("", _CHOICE.sub("", text))) is not None
    )


def sides(text: str) -> frozenset[str]:
    """The words of a normalised text that have an opposite."""
    return frozenset(_SIDES.findall(text))


def opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one text says the opposite of what the other says, by their `sides`."""
    here, there = one - other, other - one
    return bool(here and there) and any(_OPPOSITE[word] & there for word in here)


def _value(chinese: str) -> int:
    """The value of a number written in Chinese; 二三 read digit by digit."""
    total, section, digit = 0, 0, 0
    for char in chinese.replace("两", "二"):
        if char in _CHINESE_DIGITS:
            digit = digit * 10 + _CHINESE_DIGITS.index(char)
        elif char in _CHINESE_UNITS:
            section += (digit or 1) * _CHINESE_UNITS[char]
            digit = 0
        else:
            total, section, digit = (total + section + digit) * _LARGE[char], 0, 0
    return total + section + digit
