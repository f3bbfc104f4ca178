"""What turns a question into another one however alike the words are: numbers, negation, opposites."""

import re

_CHINESE_DIGITS = "零一二三四五六七八九"
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = re.compile(
    r"([0-9]+(?:\.[0-9]+)?)([千万亿]?)|([零一二两三四五六七八九十百千万亿]+)"
    r"(?=[个天元块次号点月年日件斤折人名张岁级星期楼层周代季章集寸分小位条台部家种倍关字届卷册页门套双只秒米克句款本栋室课题站环])"
)
_LARGEST = 10**15
_LARGE = {"": 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_CHOICE = re.compile(r"(.{1,2})(?:不|没)\1|是否|能否|可否|有没|有无|(?:[不没])(?=\W*$)|不是(?=.+[吗么]\W*$)")
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
    "加入/退出 允许/禁止 锁定/解锁 隐藏/显示 安装/卸载 启用/停用 有线/无线 收费/免费 "
    "男生/女生 男装/女装 男鞋/女鞋 男友/女友 男朋友/女朋友 男款/女款 爷爷/奶奶 外公/外婆 公公/婆婆 "
    "上一句/下一句 前一句/后一句 前一句/下一句 上一句/后一句 上句/下句 前句/后句 上联/下联 上册/下册 上集/下集 "
    "上学期/下学期 "
    "上半年/下半年 近义词/反义词 繁体/简体 正版/盗版 新版/旧版 新版/老版 全职/兼职 本科/专科 文科/理科 已婚/未婚 "
    "长发/短发 "
    "干性/油性 涨价/降价 出发/到达 进站/出站 寄件/收件 发件/收件 寄件/取件 退货/换货 借款/还款 借出/归还 "
    "批发/零售 买房/租房 "
    "加热/制冷 胎教/早教 室友/房东 头像/昵称 开机/关机 点亮/熄灭 拉黑/恢复 冻结/解冻 变胖/变瘦 长胖/减肥 "
    "手写/打印 正装/便装"
)
_EXCLUSIVE = (
    "今天 明天 昨天 后天 前天/本周 下周 上周/这个月 下个月 上个月/今年 明年 去年 后年"
    "/周一 周二 周三 周四 周五 周六 周日/星期一 星期二 星期三 星期四 星期五 星期六 星期天"
    "/春节 国庆 中秋 元旦 清明 端午 五一 元宵/小学 初中 高中 大学 幼儿园/早饭 午饭 晚饭/早餐 午餐 晚餐"
    "/安卓 苹果/微信 支付宝/入口 出口/转账 收款/借入 借出/试用 正式/男厕 女厕/左边 右边 中间/东门 西门 南门 北门"
    "/电影 电视剧 小说 漫画/英语 日语 韩语 法语 德语 俄语 泰语 粤语/英文 日文 韩文/语文 数学 物理 化学 生物 地理 "
    "历史 政治"
    "/一年级 二年级 三年级 四年级 五年级 六年级 七年级 八年级 九年级/高一 高二 高三 初一 初二 初三 大一 大二 "
    "大三 大四"
    "/春天 夏天 秋天 冬天/春季 夏季 秋季 冬季/移动 联通 电信/淘宝 京东 拼多多 唯品会/顺丰 圆通 中通 申通 韵达 极兔"
    "/建设银行 工商银行 农业银行 中国银行 招商银行 交通银行/建行 工行 农行 中行 招行/水费 电费 煤气费 物业费 "
    "停车费 暖气费 网费 话费"
    "/月卡 季卡 年卡 次卡/早班 中班 晚班/身份证 护照 驾驶证 居住证 结婚证 学生证/哥哥 弟弟 姐姐 妹妹 舅舅 叔叔 "
    "姑姑 儿子 女儿"
    "/北京 上海 广州 深圳 天津 重庆 杭州 南京 武汉 成都 西安 长沙 郑州 青岛 苏州 厦门 大连 沈阳 济南 合肥 福州 "
    "昆明 哈尔滨"
    "/白羊座 金牛座 双子座 巨蟹座 狮子座 处女座 天秤座 天蝎座 射手座 摩羯座 水瓶座 双鱼座/雅思 托福/大杯 中杯 小杯"
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
