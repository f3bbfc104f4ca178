"""A quick search through large books: what it leaves out early is never among the nearest."""

import itertools
import random

import pytest

from domain.book import FaqEntry
from handlers.faq.index import CANDIDATES, FaqIndex
from handlers.faq.near import CLOSE
from handlers.faq.phrase import Opening, opening

GOODS = ("茶叶", "礼盒", "雨伞", "台灯", "水壶", "耳机", "围巾", "拼图", "相框", "闹钟", "书签", "手套")
MATTERS = ("怎么退货", "怎么换颜色", "几天发货", "怎么开发票", "多久退款", "坏了怎么修", "怎么改地址", "运费多少")
PLACES = ("网店", "门店", "展会", "团购")


@pytest.fixture(scope="module")
def index() -> FaqIndex:
    """So many questions with the same pairs that some are only looked up; some entries have two phrasings."""
    texts = [f"{place}买的{goods}{matter}" for place, goods, matter in itertools.product(PLACES, GOODS, MATTERS)]
    made = (
        FaqEntry(f"e{number}", text, ("答复。",), similar=(f"请教{text[-6:]}",) if number % 5 == 0 else ())
        for number, text in enumerate(texts)
    )
    built = FaqIndex.build(made)
    near = built.layers[0].layer.near
    assert near.packed
    assert near.rare
    assert len(near.bands) > 1
    return built


def exhaustive(index: FaqIndex, asked: Opening) -> list[float]:
    """The cosines of the nearest entries, by comparing with every phrase there is."""
    best: dict[int, float] = {}
    owned = index.layers[0]
    for entry, other in zip(owned.owners, owned.layer.near.openings, strict=True):
        shared = asked.grams.keys() & other.grams.keys()
        cosine = sum(asked.grams[gram] ** 2 for gram in shared) / asked.length / other.length
        best[entry] = max(best.get(entry, 0.0), cosine)
    return sorted((cosine for cosine in best.values() if cosine >= CLOSE), reverse=True)[:CANDIDATES]


def test_the_nearest_entries_are_those_that_comparing_with_every_phrase_finds(index: FaqIndex) -> None:
    chance = random.Random(7)
    parts = (*PLACES, *GOODS, *MATTERS, "今天", "下雨", "谢谢老板", "买的", "怎么", "集合")
    for _ in range(80):
        asked = opening("".join(chance.sample(parts, chance.randint(1, 4))))
        found = [cosine for _, _, _, cosine in index.close(asked)]
        assert found == pytest.approx(exhaustive(index, asked), abs=1e-9), asked.said
