"""Whether two questions ask the same, for people who look after the FAQ."""

import pytest

from domain.book import FaqEntry
from handlers.faq.alike import surest, swapped
from handlers.faq.index import FaqIndex
from handlers.faq.model import packaged
from handlers.text.facts import read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("退货运费谁出？", "换货运费谁出？"),
        ("活动周末能办吗", "订单周末能办吗"),
        ("会员怎么取消", "会员怎么开通"),
        ("几点开门", "几点关门"),
        ("作业多久到", "作业多少钱"),
    ],
)
def test_another_subject_makes_another_question(one: str, other: str) -> None:
    assert swapped(one, other) and swapped(other, one)
    assert surest(FaqIndex.build((FaqEntry("a", other, ("",)),)), read(one), packaged()) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("怎么开发票？", "请问发票怎么开"),
        ("退款多久到账？", "退款要多久才能到账？"),
        ("可以货到付款吗", "支持货到付款吗"),
    ],
)
def test_another_order_or_another_way_of_asking_does_not(one: str, other: str) -> None:
    assert not swapped(one, other)
    found = surest(FaqIndex.build((FaqEntry("a", other, ("",)),)), read(one), packaged())
    assert found is not None and found.score > 0.7


def test_one_phrasing_of_an_entry_is_enough() -> None:
    entry = FaqEntry("a", "售后怎么弄", ("",), similar=("怎么开发票",))
    found = surest(FaqIndex.build((entry,)), read("发票怎么开"), packaged())
    assert found is not None and found.entry is entry
