"""A room with a few entries, and goods to make many entries of."""

import itertools
from collections.abc import Sequence

from domain.book import FaqEntry
from domain.policy import Policy
from handlers.faq.handler import Faq
from handlers.faq.index import Candidate, FaqIndex
from handlers.faq.model import packaged
from handlers.text.facts import read
from tests.handlers.facts_builder import Stage, a_book

REFUND, SHIP = "三到五个工作日。", "当天发。"
ENTRIES = (
    FaqEntry("refund", "退款多久到账？", (REFUND,)),
    FaqEntry("ship", "什么时候发货？", (SHIP,), cooldown=0),
    FaqEntry("local", "二群的群规是什么？", ("好好说话。",), rooms=("web:other",)),
)
GOODS = ("茶叶", "礼盒", "雨伞", "台灯", "水壶", "耳机", "围巾", "拼图", "相框", "闹钟", "书签", "手套")
MATTERS = ("怎么退货", "怎么换颜色", "几天发货", "怎么开发票", "多久退款", "坏了怎么修", "怎么改地址", "运费多少")
PLACES = ("网店", "门店", "展会", "团购")


def a_stage(policy: Policy = Policy(), entries: tuple[FaqEntry, ...] = ENTRIES) -> Stage:
    """The demo room with these entries."""
    book = a_book(policy, faq=entries)
    return Stage(Faq(book), book)


def products(goods: int = len(GOODS), matters: int = len(MATTERS), places: int = len(PLACES)) -> list[str]:
    """So many questions with the same pairs that some are only looked up: 网店买的茶叶怎么退货."""
    made = itertools.product(PLACES[:places], GOODS[:goods], MATTERS[:matters])
    return [f"{place}买的{thing}{matter}" for place, thing, matter in made]


def entries_of(texts: Sequence[str]) -> list[FaqEntry]:
    """An entry of each text; every fifth has another phrasing."""
    return [
        FaqEntry(f"e{number}", text, ("答复。",), similar=(f"请教{text[-6:]}",) if number % 5 == 0 else ())
        for number, text in enumerate(texts)
    ]


def found(index: FaqIndex, text: str) -> tuple[Candidate, ...]:
    """The candidates for a message."""
    return index.search(read(text), packaged())
