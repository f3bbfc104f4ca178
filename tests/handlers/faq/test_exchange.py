"""Two that change places make another question, unless what holds between them holds either way round."""

import pytest

from handlers.faq.exchange import exchanged
from handlers.faq.features import vetoed
from handlers.faq.phrase import phrase


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("怎么把照片转换成文字", "怎么把文字转换成照片"),
        ("一号群能转到二号群吗", "二号群能转到一号群吗"),
        ("小明喜欢小红吗", "小红喜欢小明吗"),
        ("从苏州到南京要多久", "从南京到苏州要多久"),
    ],
)
def test_who_changes_places_around_a_doing_asks_something_else(one: str, other: str) -> None:
    assert exchanged(phrase(one), phrase(other))
    assert vetoed(phrase(one), phrase(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("苹果和香蕉哪个好", "香蕉和苹果哪个好"),
        ("银行卡怎么绑定微信", "微信怎么绑定银行卡"),
        ("怎么修改群名片", "群名片怎么修改"),
        ("上班族适合玩什么游戏", "什么游戏适合上班族玩"),
    ],
)
def test_another_order_alone_asks_the_same(one: str, other: str) -> None:
    assert not exchanged(phrase(one), phrase(other))


def test_what_the_asking_part_leaves_out_is_no_negation_of_the_whole() -> None:
    assert not vetoed(phrase("没有会员卡，可以停车吗"), phrase("没有会员卡可以停车吗"))
