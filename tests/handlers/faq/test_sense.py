"""Numbers by value, negation by meaning, opposites by pairs."""

import pytest

from handlers.faq.sense import negated, numbers, opposed, sides


@pytest.mark.parametrize(
    ("one", "other"), [("五万块钱", "5万块"), ("二十五天", "25天"), ("一百零八个", "108个"), ("两千元", "2000元")]
)
def test_numbers_are_read_by_value_however_they_are_written(one: str, other: str) -> None:
    assert numbers(one) == numbers(other) != frozenset()


def test_a_number_word_without_a_unit_is_none() -> None:
    assert numbers("千万别一起去") == frozenset()


@pytest.mark.parametrize("text", ["不能退款", "没有到账", "无法登录", "别发货", "还未收到"])
def test_saying_not_is_negation(text: str) -> None:
    assert negated(text)


@pytest.mark.parametrize(
    "text", ["能不能退款", "可以不可以退", "好玩不?", "上班了没", "怎么辨别真假", "有什么不同", "特别长", "差不多几天"]
)
def test_asking_whether_and_words_that_only_look_so_are_none(text: str) -> None:
    assert not negated(text)


def test_an_opposite_counts_only_where_the_other_side_lacks_it() -> None:
    assert opposed(sides("怎么开通会员"), sides("怎么关闭会员"))
    assert not opposed(sides("上午还是下午"), sides("下午还是上午"))
    assert not opposed(sides("怎么开通会员"), sides("怎么注销会员"))


@pytest.mark.parametrize(
    ("one", "other"), [("今天有菜吗", "明天有菜吗"), ("周一上课吗", "周三上课吗"), ("东门在哪", "西门在哪")]
)
def test_of_days_and_sides_only_one_is_meant(one: str, other: str) -> None:
    assert opposed(sides(one), sides(other))
