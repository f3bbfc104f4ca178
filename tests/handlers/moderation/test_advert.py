"""Adverts: contact and offer together; what members say about orders, links and jobs is left alone."""

import pytest

from domain.decision import Finding
from handlers.moderation.advert import advert_finding
from handlers.text.facts import read
from tests.handlers.moderation.test_abuse import shipped


def judged(text: str, allowed: tuple[str, ...] = ()) -> Finding:
    """The finding of a text."""
    facts = read(text)
    return advert_finding(facts, [hit for hit in shipped().hits(facts) if hit.words.rule == "advert"], allowed)


@pytest.mark.parametrize(
    "text",
    [
        "加V信abc12345领福利",
        "兼职日结300，加微信zhuan888",
        "刷单返利，一单一结，有意加薇 zd8866",
        "宝妈兼职，手机操作，一天100-300，想做的滴滴我",
        "急用钱？秒批秒下款，不看征信，加扣扣123456789",
        "贷款 无抵押 当天放款 电话一三八零零一三八零零零",
        "高仿包包1比1，微信：bao9988",
        "棋牌平台注册送彩金88元",
        "复制这段话₤abCD12efGH3₤打开",
        "点击链接领取优惠券 http://abc.top/x8",
    ],
)
def test_adverts_are_warned(text: str) -> None:
    assert judged(text).at_least("warn"), judged(text)


@pytest.mark.parametrize(
    "text",
    [
        "我的电话13800138000，麻烦改下地址",
        "怎么加你们微信",
        "有优惠券吗",
        "我在外面兼职，晚点回",
        "你加我微信我发你",
        "他被刷单骗了两万，大家小心",
        "订单号2023112812345",
        "发票怎么开",
        "公司招聘前台，有合适的推荐吗",
        "看看这个 http://www.shop-example.com/tea",
        "",
    ],
)
def test_what_members_say_is_left_alone(text: str) -> None:
    assert not judged(text).at_least("warn"), judged(text)


def test_links_to_allowed_domains_are_no_clue() -> None:
    text = "领取优惠券 https://shop.tea.com/a?b=1"
    assert judged(text).score > 0.3
    assert judged(text, ("tea.com",)).score < 0.1


def test_a_grave_offer_with_a_way_to_make_contact_is_removed() -> None:
    assert judged("百家乐真人荷官，加薇abc12345").level == "remove"


def test_a_giant_text_of_digits_is_judged() -> None:
    assert judged("1" * 100_000).level == "none"
