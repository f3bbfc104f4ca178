"""What the benches let people say and operators write: texts made here by a seed, of no real group."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.running import CONFIG

ROOMS = 50
MEMBERS = 2_000
SEED = 20_260_301
# Ordinary talk is the greater part, as in real groups.
_CHAT = (
    "今天{place}又下雨了",
    "周末有人去{place}吗",
    "哈哈哈哈{word}",
    "好的收到",
    "谢谢老板",
    "我家{word}昨天学会自己吃饭了",
    "明天{number}点集合别迟到",
    "这家的{word}味道不错，下次一起",
    "在吗",
    "{number}楼的电梯什么时候修好",
    "刚到{place}，路上堵了{number}分钟",
    "早上好",
)
_ASKS = ("退款多久能到账呀", "请问{word}怎么退", "几点上班", "发票怎么开", "会员{number}号能续费吗")
_TROUBLE = (
    "我要投诉，{number}天了没人理",
    "你这个人有病吧",
    "加微信 abc{number} 领福利，日结{number}元",
    "签到",
    "积分",
    "帮助",
)
_WORDS = ("咖啡", "小猫", "火锅", "快递", "雨伞", "蛋糕", "充电器", "门票")
_PLACES = ("公园", "地铁站", "学校门口", "超市", "体育馆")

_CHANNELS = ("网店", "门店", "会员", "团购", "海外", "企业", "学生", "节日", "预售", "二手")
_GOODS = (
    *("茶叶", "茶壶", "茶杯", "礼盒", "茶点", "茶具", "绿茶", "红茶", "白茶", "花茶"),
    *("茶包", "茶盘", "果干", "蜂蜜", "竹席", "香炉", "屏风", "围巾", "雨伞", "布袋"),
    *("台灯", "书签", "日历", "明信片", "钥匙扣", "拼图", "纸扇", "毛笔", "砚台", "折椅"),
    *("水壶", "餐盒", "帆布鞋", "手套", "耳机", "充电器", "键盘", "鼠标垫", "相框", "闹钟"),
)
_MATTERS = (
    *("怎么退货", "几天发货", "多久到货", "怎么开发票", "能不能换颜色", "保修多长时间", "可以货到付款吗"),
    *("坏了找谁修", "有没有优惠", "怎么改地址", "运费多少钱", "怎么查物流", "能开收据吗", "怎么清洗"),
    *("在哪里生产", "可以定制吗", "能用积分换吗", "最多买几件", "怎么取消订单", "缺货什么时候补", "怎么验真伪"),
    *("适合送长辈吗", "怎么保存", "能试用吗", "退款多久到账"),
)
QUESTIONS = len(_CHANNELS) * len(_GOODS) * len(_MATTERS)
"""How many different questions there can be."""


def question(number: int) -> str:
    """One of the questions; neighbouring numbers ask about different things."""
    matter, rest = number % len(_MATTERS), number // len(_MATTERS)
    goods = (rest + 7 * matter) % len(_GOODS)
    return f"{_CHANNELS[rest // len(_GOODS)]}买的{_GOODS[goods]}{_MATTERS[matter]}"


def lines(messages: int, entries: int = 0) -> Iterator[str]:
    """JSON lines for `steward judge`; with ``entries`` most who ask, ask one of so many questions."""
    chance = random.Random(SEED)
    for number in range(messages):
        text = _text(chance, entries)
        room, member = f"room-{chance.randrange(ROOMS)}", f"member-{chance.randrange(MEMBERS)}"
        line = {"id": number, "text": text, "room": room, "member": member, "mention": chance.random() < 0.05}
        yield json.dumps(line, ensure_ascii=False)


def talk(messages: int) -> Iterator[str]:
    """The same mixture as bare texts."""
    chance = random.Random(SEED)
    return (_text(chance, 0) for _ in range(messages))


def write_config(folder: Path, *, steward: str = "", entries: int = 0, apart: int = 1) -> Path:
    """The sample community's folder with ``entries`` questions more.

    ``steward`` replaces its steward.yaml; ``apart``: which of the possible questions are taken.
    """
    shutil.copytree(CONFIG, folder)
    if steward:
        (folder / "steward.yaml").write_text(steward, encoding="utf-8")
    if entries:
        made = [
            f"  - {{id: bench-{n}, question: {question(apart * n)}, answer: 第 {n} 条答复。}}" for n in range(entries)
        ]
        (folder / "faq" / "bench.yaml").write_text("\n".join(("entries:", *made, "")), encoding="utf-8")
    return folder


def _text(chance: random.Random, entries: int) -> str:
    kind = chance.choices((_CHAT, _ASKS, _TROUBLE), (85, 8, 7))[0]
    if entries and kind is _ASKS and chance.random() < 0.75:
        return f"请问{question(chance.randrange(entries))}"
    return chance.choice(kind).format(
        word=chance.choice(_WORDS), place=chance.choice(_PLACES), number=chance.randint(2, 99)
    )
