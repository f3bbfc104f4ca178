"""A quick search through large books: what it leaves out early is never among the nearest."""

import random

import pytest

from handlers.faq.index import BESIDE, CANDIDATES, FaqIndex
from handlers.faq.near import CLOSE
from handlers.faq.phrase import Opening, opening
from tests.handlers.faq.stages import GOODS, MATTERS, PLACES, entries_of, products


@pytest.fixture(scope="module")
def index() -> FaqIndex:
    """So many questions with the same pairs that some are only looked up; some entries have two phrasings."""
    built = FaqIndex.build(entries_of(products()))
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


def test_nobody_is_missed_who_comes_near_enough_beside_the_best_one(index: FaqIndex) -> None:
    edited = FaqIndex.build([*index.entries, *entries_of(["网店买的茶壶怎么退货", "团购买的闹钟坏了"])], before=index)
    assert len(edited.layers) > 1
    chance = random.Random(8)
    for _ in range(80):
        asked = opening("".join(chance.sample((*PLACES, *GOODS, *MATTERS, "今天", "买的"), chance.randint(1, 4))))
        everybody, some = edited.close(asked), edited.close(asked, beside=BESIDE)
        assert bool(some) == bool(everybody)
        assert not some or edited.compared(some) == edited.compared(everybody), asked.said
