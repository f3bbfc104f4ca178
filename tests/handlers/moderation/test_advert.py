"""Adverts: contact and offer together; what members say about orders, links and jobs is left alone."""

import pytest

from domain.decision import Finding
from handlers.moderation.advert import advert_finding
from handlers.text.advert_model import advert_probability
from handlers.text.facts import read
from tests.handlers.moderation.test_abuse import shipped


def judged(text: str, allowed: tuple[str, ...] = ()) -> Finding:
    """The finding of a text."""
    facts = read(text)
    return advert_finding(
        facts,
        [hit for hit in shipped().hits(facts) if hit.words.rule == "advert"],
        allowed,
        advert_probability(facts.norm),
    )


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
        "本地师傅修电脑装系统，五十一次，电话13612340011",
        "招学徒，包教包会，月薪五千起，有意加微信 xuetu889",
        "出一批库存鞋，四十一双，要的扣1",
        "代写论文，查重包过，Q 2233664455",
        "放贷，利息低，联系一五九零零三三四四五五",
        "新平台，注册送18，填邀请码 AB12CD",
        "周末亲子营，原价398现在198，报名私我",
        "高价回收黄金首饰，上门，18811112222",
        "资料加扣裙：七七八八九九六六",
        "加薇❤：ⓐⓑⓒ①②③④⑤",
        "电话：壹叁捌 零零零零 伍陆柒捌 放款",
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
        "师傅电话13912345678，上次修空调就找的他",
        "我电话13912345678，明早八点楼下集合，每人50元",
        "下单后私聊我地址就行",
        "谁要奶茶扣1",
        "想去的报名，周六爬山，扣1",
        "楼下超市开业，鸡蛋九折",
        "我转让健身卡，有人要吗",
        "报名截止周五，材料交给班长，电话13912345678",
        "客服热线400-800-8888，打了没人接",
        "班级QQ群号是 876543210，家长都进一下",
        "会议号：556 778 990，密码0000",
        "接龙的私我一下房号",
        "群主发个红包呗",
        "看我新头像，好看吧",
        "三三两两，七七八八",
        "v我50",
        "",
    ],
)
def test_what_members_say_is_left_alone(text: str) -> None:
    assert not judged(text).at_least("warn"), judged(text)


def test_links_to_allowed_domains_are_no_clue() -> None:
    text = "领取优惠券 https://shop.tea.com/a?b=1"
    assert judged(text).score > 0.3
    assert judged(text, ("tea.com",)).score < 0.2


def test_a_grave_offer_with_a_way_to_make_contact_is_removed() -> None:
    assert judged("百家乐真人荷官，加薇abc12345").level == "remove"


@pytest.mark.parametrize("text", ["1" * 100_000, "v1" * 50_000, "a." * 50_000, "加微信:" * 20_000, "一" * 100_000])
def test_giant_texts_are_judged(text: str) -> None:
    assert judged(text).level in ("none", "review", "warn")


def test_an_advert_says_what_it_consists_of_and_where() -> None:
    text = "电话13612340011，修电脑五十一次"
    finding = judged(text)
    assert "手机号" in finding.why
    assert [2, 13] in finding.details["spans"]  # type: ignore[operator]
