"""Adverts: contact and offer together; what members say about orders, links and jobs is left alone."""

import pytest

from domain.book import WordList
from domain.decision import Finding
from handlers.moderation.advert import advert_finding
from handlers.moderation.lexicon import Lexicon
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


def test_who_leads_to_the_communitys_own_pages_does_not_advertise() -> None:
    text = "今天下单领优惠券，第二件半价 https://shop.tea.com/a?b=1"
    assert judged(text).at_least("warn")
    assert judged(text, ("tea.com",)).score < 0.2
    assert judged(text + " 加微信 wx12345678", ("tea.com",)).at_least("warn"), "with a contact beside it, it may"
    assert judged(text, ("ea.com",)).at_least("warn"), "a domain is not the end of another"


@pytest.mark.parametrize("where", ["www.gov.cn/zhengce", "docs.qq.com/form/abc", "www.bilibili.com/video/BV1xx"])
def test_where_everybody_links_to_is_no_contact(where: str) -> None:
    assert "contact" not in judged(f"大家看看 https://{where}").details
    assert judged("大家看看 https://files.example.com/a").details["contact"] is True


@pytest.mark.parametrize(
    "number", ["①③⑧⓪⓪⓪⓪①②③④", "1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣1️⃣2️⃣3️⃣4️⃣", "一三八零零零零一二三四", "1З8OOOO1234", "➊➌➑0000➊➋➌➍"]
)
def test_a_number_in_disguise_says_more_than_a_plain_one(number: str) -> None:
    assert "变形" in judged(f"办卡找我 {number}").why
    assert judged(f"办卡找我 {number}").at_least("warn")
    assert "变形" not in judged("办卡找我 13800001234").why


@pytest.mark.parametrize(
    "contact",
    [
        "k-a-9-9-7-7",
        "+ \\/ 信 bb8080",
        "魏 x：88aa66",
        "Vx〈xx-6868〉",
        "1.3.6.0.0.0.0.9.9.9.9",
        "1-5-9-0-0-0-0-1-1-1-1",
        "幺三八〇〇〇〇壹壹贰贰",
        "v❤芯：k k 9 9 8 8",
        "叩叩 556677889",
        "卫·星：ab9988",
        "微.信 abc888",
    ],
)
def test_what_was_taken_apart_to_hide_it_says_so(contact: str) -> None:
    finding = judged(f"要看货的找我 {contact}")
    assert finding.at_least("warn")
    assert "变" in finding.why or "拆开" in finding.why


@pytest.mark.parametrize(
    "text",
    [
        "数数：一二三四五六七八九十",
        "周末安排：1-2-3-4 号楼上午，5-6 号楼下午",
        "楼号发一下，我家 3-2-1-0-5",
        "税号 91330100MA2XXXXX，抬头别写错",
        "闲置投影仪四百，成色好，可以上门试",
        "停车位转租，一个月三百，302 的",
        "加一下班级群，群号 87654321",
        "家政阿姨一小时四十，手脚麻利",
        "帮我投一票吧，孩子比赛，点开就行",
        "歌单分享 https://music.163.com/playlist?id=123 ，开车听",
    ],
)
def test_neighbours_sell_ask_and_count_too(text: str) -> None:
    assert not judged(text).at_least("warn")


@pytest.mark.parametrize(
    "text",
    [
        "这款洗发水我们全家都在用，有需要的姐妹滴滴我",
        "家里酿的米酒，二十五一瓶，想喝的邻居找我拿",
        "我表弟批发海鲜的，要的私我，邻居价",
    ],
)
def test_who_sells_in_the_words_of_a_friend_sells(text: str) -> None:
    assert judged(text).level == "warn"


@pytest.mark.parametrize(
    "text",
    [
        "我自己在用这个锅，不粘，超市就有",
        "孩子穿不下的鞋免费送，要的私我",
        "我做的月饼太多了，想吃的邻居来我家拿，不要钱",
        "想报名合唱团的同事找我登记",
    ],
)
def test_who_gives_or_gathers_people_sells_nothing(text: str) -> None:
    assert judged(text).level in ("none", "review")


def test_wording_alone_must_be_surer_than_beside_a_contact() -> None:
    text = read("闲话少说，周六下午都来")
    assert advert_finding(text, [], (), 0.88).level == "review"
    assert advert_finding(text, [], (), 0.93).level == "warn"
    with_link = read("闲话少说，周六下午都来 https://fair.example.com")
    assert advert_finding(with_link, [], (), 0.6).level == "warn"


def test_a_few_characters_never_warn_by_their_wording_alone() -> None:
    assert not any(judged(text).at_least("warn") for text in ("免费领取优惠券", "先付后付都行", "包教包会", "高价回收"))


@pytest.mark.parametrize("text", ["参加 900000014", "进度 20261122", "绑定 AB12CD34", "订单号 900000014"])
def test_a_long_number_beside_a_word_is_no_wording(text: str) -> None:
    assert judged(text).level == "none"


@pytest.mark.parametrize(("severity", "level"), [("review", "none"), ("warn", "warn"), ("remove", "warn")])
def test_a_term_of_an_operators_own_list_counts_as_its_severity_says(severity: str, level: str) -> None:
    text = read("今天去隔壁茶行坐了坐")
    lexicon = Lexicon.compile((WordList("同行拉客", severity, ("隔壁茶行",), rule="advert"),))
    assert advert_finding(text, lexicon.hits(text), (), advert_probability(text.norm)).level == level


def test_a_grave_term_of_a_list_needs_a_contact_or_the_wording_to_have_its_writer_removed() -> None:
    lexicon = Lexicon.compile((WordList("同行拉客", "remove", ("隔壁茶行",), rule="advert"),))
    text = read("隔壁茶行招代理，加微信 cha_8888")
    assert advert_finding(text, lexicon.hits(text), (), advert_probability(text.norm)).level == "remove"


def test_a_grave_offer_with_a_way_to_make_contact_is_removed() -> None:
    assert judged("百家乐真人荷官，加薇abc12345").level == "remove"


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "加\ud800微信" * 9000,
        "\u202e加微信abc123\u202c" * 4000,
        "💰" * 10_000,
        "v1" * 50_000,
        "a." * 50_000,
        "加微信:" * 20_000,
        "一" * 100_000,
        "1 " * 50_000,
        "零" * 50_000 + "一 " * 20_000,
        "a-" * 50_000,
        "v a b " * 20_000,
        "1." * 50_000,
    ],
    ids=lambda text: ascii(text[:8]),
)
def test_giant_texts_are_judged(text: str) -> None:
    assert judged(text).level in ("none", "review", "warn")


def test_an_advert_says_what_it_consists_of_and_where() -> None:
    text = "电话13612340011，修电脑五十一次"
    finding = judged(text)
    assert "手机号" in finding.why
    assert [2, 13] in finding.details["spans"]  # type: ignore[operator]
