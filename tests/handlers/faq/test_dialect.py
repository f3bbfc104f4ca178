"""Dialect is told in one way; an operator's own words join in."""

import pytest

from domain.book import FaqEntry
from handlers.faq.dialect import BUILT_IN, wording
from handlers.faq.index import EXACT, FaqIndex
from tests.handlers.faq.stages import found


@pytest.mark.parametrize(
    ("spoken", "plain"),
    [
        ("几时发货", "什么时候发货"),
        ("优惠卷怎吗领", "优惠券怎么领"),
        ("帐单到帐号里了吗", "账单到账号里了吗"),
        ("发货要几多钱", "发货多少钱"),
        ("退款咋整", "怎么退款"),
        ("怎么申请退款", "怎么退款"),
        ("群主是哪个", "群主是谁"),
        ("咋个开发票", "怎么开发票"),
        ("货到了没", "货到了吗"),
        ("有冇货", "有货吗"),
        ("周末返唔返工", "周末上班吗"),
        ("啷个退群", "怎么退群"),
        ("发票哪能开", "发票怎么开"),
        ("好久发货嘛", "什么时候发货嘛"),
        ("保修好久", "保修多久"),
        ("等了好久了", "等了好久了"),
        ("退款要等多久", "退款多久"),
        ("下雨还举行吗", "下雨还举行吗"),
        ("有没有什么好办法", "有什么好办法"),
        ("你们支持货到付款吗", "你们能货到付款吗"),
        ("谁支持这个方案", "谁支持这个方案"),
        ("啥辰光好提货", "什么时候提货"),
        ("忘记密码点算啊", "忘记密码怎么办啊"),
        ("快递送到边啊", "快递送到哪里啊"),
        ("礼拜六礼拜天上班勿", "周末上班吗"),
        ("能看回放不咧", "能看回放吗"),
        ("抽奖咋玩咧", "抽奖怎么玩"),
        ("到货咧", "到货了"),
        ("要开票咋弄", "要开发票怎么办"),
        ("宠物好带伐", "宠物能带吗"),
        ("电影好看伐", "电影好看吗"),
    ],
)
def test_dialect_becomes_the_standard_way(spoken: str, plain: str) -> None:
    assert BUILT_IN.reword(spoken) == plain


def test_an_own_word_stands_for_another_but_not_within_that_word() -> None:
    own = wording({"券": "优惠券"})
    assert own.reword("用券和优惠券咋用") == "用优惠券和优惠券怎么用"


def test_without_own_words_the_built_in_ones_serve() -> None:
    assert wording({}) is BUILT_IN


def test_an_index_takes_own_words_for_the_same_question() -> None:
    index = FaqIndex.build((FaqEntry("meet", "下次团建几点集合？", ("八点。",)),), wording({"碰头": "集合"}))
    (best,) = found(index, "下次团建几点碰头")
    assert (best.entry.id, best.score) == ("meet", EXACT)
