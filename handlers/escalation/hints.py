"""Words without one of which no phrase of a kind can match, so that ordinary talk costs one look at all of them.

`tests/handlers/escalation/test_hints.py` proves it of every phrase, alternative by alternative.
"""

import re
from collections.abc import Mapping
from typing import Any

import ahocorasick

_HINTS = {
    "要找真人": "人工 真人 活人 客服 管理员 负责 领导 经理 主管 们老板 们的老板 机器人",
    "明确要投诉": (
        "投诉 举报 12315 12345 消协 消费者 工商局 市监局 监管局 银保监 维权 曝光 媒体 记者 律师 院见 庭见 起诉 法律"
    ),
    "没人理会": (
        "没人 没有人 木有人 没个人 没一个人 有个人 有一个人 有人管 有人解 有人能 无人 不理 不回 不管 "
        "不搭理 不接 晾着 到底 究竟 石沉 不了了之 打不通 联系不上 找谁都 处理"
    ),
    "没人搭理": "没人 没有人 木有人 没个人 没一个人 有个人 有一个人",
    "迟迟没有结果": (
        "没人 回复 处理 解决 答复 发货 到账 动静 反应 下文 结果 说法 音讯 不给 没给 不发 没发 "
        "不修 没修 未修 有修 人修 给修 我修 不退 没退 未退 有退 人退 给退 我退"
    ),
    "等了很久": "猴年 黄花菜",
    "等了一阵": "要等 得等 要拖 得拖",
    "反复询问": "踢皮球 推来 互相推 推诿 推卸 敷衍 糊弄 打发 每次都 一次次 再三 反复 三番 一而再",
    "要求赔偿或说法": (
        "负责 说法 不给 退我 退俺 退咱 退给我 退款 退钱 退货 赔 还我 还俺 还咱 还给我 道歉 不肯 "
        "拒绝 拒不 不让 不予 公道 交代 交待 凭什么"
    ),
    "说受骗": (
        "客服 骗 奸商 坑 被你 被您 被他 被她 被这 被那 被商 被卖 被店 被平 被快 被公 被老板 被骑 "
        "被外 被司 被酒 被物 虚假 霸王 乱收 扣 假货 三无 冒牌 货不对板 以次充好 言而 说话不算 出尔 "
        "店大 欺负 无良 黑心 售后"
    ),
    "嫌服务或质量差": (
        "客服 负责 坑 黑心 态度 服务 质量 售后 品质 物流 体验 效率 卫生 做工 垃圾 破商 破平 破公 "
        "破产 破软 破快 破店 破系 破小程 破物 烂商 烂平 烂公 烂产 烂软 烂快 烂店 烂系 烂小程 烂物 "
        "过分 离谱 气人 恶心 不像话 差劲 糟心 窝火 忍无可忍 受够了 差评 再也不 坏了 断了 裂了 漏了 "
        "崩了 卡死 死机 闪退 少发 漏发 错发 发错 送错 弄丢 寄错 装错 摔坏 压坏 坏的 碎了 破了 "
        "全碎 烂了 头发 虫 异味 苍蝇"
    ),
    "说好的没做到": "说好 答应 承诺 保证 约好 约的 说没 说不 说要收 我没有 我没了 我没货 我不 我要收 写着 说是",
    "坏了或不能用": (
        "根本 充不进 开不了 用不了 没法 散架 开胶 掉色 开裂 变质 发霉 生锈 漏气 漏水 闪退 打不开 登不上 登录不 进不去 "
        "全没了 不见了找 断签 没声音 裂纹 配件 凉透 全洒 洒了一半"
    ),
    "折腾或失望": (
        "白跑 白等 跑了 折腾 心累 心寒 寒心 失望 不会再 最后一次 早知道 花钱 花了钱 浪费我 害我 冤枉 一次比一次 越来越 "
        "一拖再 拖拖 没完没了 三天两头"
    ),
    "待人或收钱不当": (
        "不理 阴阳怪气 不耐烦 一问三 挂我 挂了我 凶我 吼我 骂我 鸽子 不认账 不承认 赖账 互相推 推给 不归 不关 额外收 "
        "多收 加价 加钱 绕路 插队 克扣 缩水 变着法 不通知 不说一声 没通知 没提醒 不提前 没人通知 不公示"
    ),
    "东西没到或坏了": (
        "没到 没发 没寄 没来 没给 没开 没送 没退 没修 没回 没批 没登记 没轮到 播不了 打不开 登不上 充不上 用不了 "
        "连不上 刷不了 不凉 不亮 不制 漏水 没声音 有亮线 坏了 烂了 碎了 压扁了 臭了 发霉 不新鲜 过期了 放错 送错 "
        "乱收费 不处理 不作为 说话很冲 敷衍"
    ),
    "东西或办事有差错": (
        "算错 配错 给错 做错 数错 上错 印错 标错 扣错 录错 排错 接错 登错 打错 弄错 少一 少两 少三 少四 少几 少好 "
        "少十 少最 少了 缺一 缺两 缺三 缺四 缺几 缺好 缺十 缺最 缺了 漏一 漏两 漏三 漏四 漏几 漏好 漏十 漏最 漏了 "
        "差一 差两 差三 差四 差几 差好 差十 差最 差了 喝出 吃出 一称 一量 一测 一查 丝 渣 碎片 毛 沙 "
        "两次 两份 两遍 双份 一年的 样品 图片 描述 页面 宣传 照片 介绍 实物 更难 更慢 更卡 更脏 更差 一股 被占着 "
        "钻毛 跑绒 透墨 花屏 亮点 涂层掉 提示已 提示失 没生效 没放进 没装上 没附 没减"
    ),
}
"""By what the phrases of `complaint` say."""
COUNTED = re.compile(r"[\d一二两三四五六七八九十几半好多数](?:多|几)?个?[天日星礼周月年小钟分次遍回]")
"""A number of days, hours or times."""
_WITH_COUNTED = frozenset({"等了很久", "等了一阵", "反复询问", "坏了或不能用", "东西或办事有差错"})
"""Kinds whose other phrases have such a number."""
HINTS: Mapping[str, tuple[str, ...]] = {why: tuple(words.split()) for why, words in _HINTS.items()}


def _automaton() -> Any:
    kinds: dict[str, set[str]] = {}
    for why, words in HINTS.items():
        for word in words:
            kinds.setdefault(word, set()).add(why)
    automaton = ahocorasick.Automaton()
    for word, whys in kinds.items():
        automaton.add_word(word, frozenset(whys))
    automaton.make_automaton()
    return automaton


_AUTOMATON = _automaton()


def possible(compact: str) -> set[str]:
    """What may be said in these words (without blanks and punctuation), by the names of the kinds of phrases."""
    found: set[str] = set()
    for _, whys in _AUTOMATON.iter(compact):
        found |= whys
    return found | _WITH_COUNTED if COUNTED.search(compact) else found
