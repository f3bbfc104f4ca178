"""Slips are put right as the entry shows, and nothing else is."""

import pytest

from handlers.faq.compare import compare
from handlers.faq.oddities import ANY
from handlers.faq.phrase import phrase
from handlers.faq.slips import mended


def put_right(asked: str, entry: str) -> tuple[str, float]:
    """What is asked as it was meant beside this entry, and how many slips that takes."""
    meant, slips = mended(phrase(asked), phrase(entry))
    return meant.bare, slips


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        pytest.param("收货地止怎么改", "收货地址怎么改", id="a character of the same sound"),
        pytest.param("快第到哪里了", "快递到哪里了", id="the same, at the beginning"),
        pytest.param("公司的地子在哪里", "公司的地址在哪里", id="zh and z"),
        pytest.param("可以带物宠吗", "可以带宠物吗", id="two swapped within a word"),
        pytest.param("会积员分有什么用", "会员积分有什么用", id="two swapped between words"),
        pytest.param("优惠惠券在哪里领", "优惠券在哪里领", id="one doubled"),
        pytest.param("忘记码怎么办", "忘记密码怎么办", id="one lost"),
    ],
)
def test_a_slip_is_put_right_as_the_entry_shows(asked: str, entry: str) -> None:
    assert put_right(asked, entry) == (phrase(entry).bare, 1)


@pytest.mark.parametrize(
    ("asked", "entry", "meant", "slips"),
    [
        pytest.param("可以带宠吻吗", "可以带宠物吗", "可以带宠物吗", ANY, id="between the same neighbours"),
        pytest.param("在宾京怎么退货", "北京怎么退货", "在北京怎么退货", ANY, id="a word with other neighbours"),
        pytest.param("最村欢的歌在哪里听", "喜欢的歌在哪里", "最喜欢的歌在哪里听", ANY, id="within what is asked"),
        pytest.param(
            "在郑疯哪里能批发便宜衣服", "郑州有库存服装批发吗", "在郑州哪里能批发便宜衣服", ANY, id="far apart"
        ),
        pytest.param("我怖能退货吗", "不能退货怎么办", "我不能退货吗", 1, id="a small word by its sound"),
        pytest.param("电影漂多少钱", "票价多少钱", "电影票多少钱", 1, id="what everybody says, though no word"),
        pytest.param("剃示登录失败怎么办", "登录失败怎么办", "提示登录失败怎么办", 1, id="in no word of the entry"),
    ],
)
def test_what_nobody_writes_there_is_a_slip_wherever_it_stands(
    asked: str, entry: str, meant: str, slips: float
) -> None:
    assert put_right(asked, entry) == (phrase(meant).bare, slips)


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        pytest.param("怎么充花费", "怎么充话费", id="both are words"),
        pytest.param("卖家怎么申请退款", "买家怎么申请退款", id="both are words and opposites"),
        pytest.param("怎么卖花", "怎么买花", id="words of one character"),
        pytest.param("家里养虎怎么样", "家里养兔怎么样", id="the same where nobody writes it"),
        pytest.param("碳的化学性质", "铝的化学性质", id="the same at the beginning"),
        pytest.param("客服几点上班", "客服几点下班", id="opposites"),
        pytest.param("能退货吗", "能退款吗", id="another word"),
        pytest.param("男鞋有货吗", "女鞋有货吗", id="characters that always tell"),
        pytest.param("三张图3个字是什么", "两个字的图是什么", id="a number"),
        pytest.param("女孩叫什么名字好听", "女孩起什么字最好听", id="the rest is part of a word"),
        pytest.param("恋恋花忘在哪里看", "恋恋不忘在哪里看全集", id="a negation nobody hears"),
        pytest.param("夜来香怎么养", "夜来香怎么样", id="an ordinary word in its place"),
        pytest.param("怎么退款", "怎么退款", id="the same"),
    ],
)
def test_another_word_is_no_slip(asked: str, entry: str) -> None:
    one = phrase(asked)

    assert mended(one, phrase(entry)) == (one, 0)


def test_a_negation_that_is_only_heard_counts() -> None:
    assert mended(phrase("我怖能退货吗"), phrase("不能退货怎么办"))[0].negated


def test_more_than_two_slips_are_another_text() -> None:
    asked = phrase("地止和蜜码和快第")

    assert mended(asked, phrase("地址和密码和快递")) == (asked, 0)


def test_what_is_compared_is_what_was_meant() -> None:
    asked, entry = phrase("收货地止怎么改"), phrase("收货地址怎么改")

    found = compare(asked, entry, asked.opening.cosine(entry.opening))

    assert found.slips == 1
    assert found.cosine == pytest.approx(1.0)
    assert found.told.asked == found.told.entry == ()


def test_what_has_little_in_common_is_not_searched_for_slips() -> None:
    asked, entry = phrase("地止在哪里"), phrase("地址填错了能不能请客服帮忙改一下")

    assert compare(asked, entry, 0.1).asked is asked
