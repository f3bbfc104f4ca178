"""Edits of a few entries: what has not changed is shared, and what is found is what a new index finds."""

import random
from dataclasses import replace

import pytest

from domain.book import Book, FaqEntry
from handlers.catalog import build
from handlers.faq import layers
from handlers.faq.dialect import wording
from handlers.faq.handler import Faq
from handlers.faq.index import FaqIndex
from handlers.faq.model import packaged
from handlers.faq.scopes import Scopes
from handlers.text.facts import read
from tests.handlers.faq.stages import GOODS, MATTERS, PLACES, entries_of, found, products

TEXTS = products(goods=6, matters=7, places=3)
ASKED = [read(text) for text in ("茶叶几天发货呀", "展会买的水壶怎么退", "门店买的雨伞坏了", *TEXTS[::25], "今天下雨")]


def edited(held: list[FaqEntry], chance: random.Random) -> list[FaqEntry]:
    """One entry more, less, rephrased, switched off, or in another place."""
    held, at = list(held), chance.randrange(len(held))
    text = "".join(chance.sample((*GOODS, *MATTERS, *PLACES, "的"), 3))
    kind = chance.randrange(6)
    if kind == 0:
        held.insert(at, FaqEntry(f"n{chance.random()}", text, ("答复。",), keywords=("礼盒", "发票")))
    elif kind == 1:
        held.append(held.pop(at))
    elif kind == 2:
        held[at] = replace(held[at], question=text)
    elif kind == 3:
        held[at] = replace(held[at], similar=(*held[at].similar, text, chance.choice(TEXTS)))
    elif kind == 4:
        held[at] = replace(held[at], enabled=not held[at].enabled)
    else:
        del held[at]
    return held


@pytest.mark.parametrize("seed", range(6))
def test_an_index_that_was_edited_again_and_again_finds_what_a_new_one_finds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "RECENT", 6)
    chance = random.Random(seed)
    held = entries_of(TEXTS[:60])
    index = FaqIndex.build(held)
    counts = set()
    for _ in range(25):
        for _ in range(chance.randrange(1, 3)):
            held = edited(held, chance)
        index = FaqIndex.build(held, before=index)
        counts.add(len(index.layers))
        fresh = FaqIndex.build(held)
        for asked in ASKED:
            assert index.search(asked, packaged()) == fresh.search(asked, packaged())
    assert counts == {1, 2}


def test_an_edit_leaves_the_large_layer_as_it_is() -> None:
    held = entries_of(TEXTS[:100])
    before = FaqIndex.build(held)
    after = FaqIndex.build([*held[:50], replace(held[50], question="周末开门吗"), *held[51:]], before=before)
    assert after.layers[0].layer is before.layers[0].layer
    assert after.layers[1].layer.texts == ("周末开门吗",)
    assert found(after, "周末开门吗")[0].entry.id == "e50"


def test_two_entries_with_one_question_are_both_found() -> None:
    twins = (FaqEntry("a", "周末开门吗", ("开。",)), FaqEntry("b", "周末开门吗", ("不开。",)))
    before = FaqIndex.build(twins[1:])
    for index in (FaqIndex.build(twins), FaqIndex.build(twins, before=before)):
        assert [one.entry.id for one in found(index, "周末开门吗")] == ["a", "b"]


def test_other_synonyms_change_every_phrase() -> None:
    held, own = entries_of(TEXTS[:20]), wording({"碰头": "集合"})
    before = FaqIndex.build(held)
    assert FaqIndex.build(held, own, before).layers[0].layer is not before.layers[0].layer


def test_rooms_with_entries_of_their_own_share_the_common_ones() -> None:
    common = entries_of(TEXTS[:60])
    book = Book(faq=(*common, FaqEntry("own", "健身房几点开门", ("六点。",), rooms=("web:demo",))))
    scopes = Scopes.build(book)
    assert scopes.of("web:demo").layers[0].layer is scopes.everywhere.layers[0].layer
    assert found(scopes.of("web:demo"), "健身房几点开门")[0].entry.id == "own"
    assert all(one.entry.id != "own" for one in found(scopes.of("web:else"), "健身房几点开门"))


def test_an_engine_of_a_new_book_takes_over_the_phrases_of_the_one_before() -> None:
    held = entries_of(TEXTS[:60])
    before = build(Book(faq=tuple(held)))
    after = build(Book(faq=(*held[:30], *held[31:])), before)
    faqs = [one for engine in (before, after) for one in engine.handlers if isinstance(one, Faq)]
    large = [faq.scopes.everywhere.layers[0].layer for faq in faqs]
    assert large[0] is large[1]
