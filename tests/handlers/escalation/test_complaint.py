"""Which words are a complaint: lines of our own writing, judged by phrases and a given mood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policy import EscalationPolicy
from handlers.escalation.complaint import level, weigh
from handlers.text.facts import read as shipped
from tests.handlers.facts_builder import read

POLICY = EscalationPolicy()

PLAIN = [
    "",
    "我要投诉，三天了没人理",
    "投诉",
    "我要投诉你们客服",
    "等了五天还没发货，到底有没有人处理",
    "再不处理我就打12315了",
    "我要去消协投诉",
    "准备走法律途径",
    "大家一起维权吧",
    "不给退款是吧，那我曝光你们",
    "東西少發了，找客服沒人處理，我要投訴",
    "我 要 投 诉",
    "快递三天没动静，客服也不回",
    "拖了我三个星期，联系售后没人处理",
    "",
][1:-1]
"""Escalates however calmly it is said."""

ANGRY = [
    "",
    "客服态度太差了，说两句就挂电话",
    "质量太差了，用了两天就坏了",
    "收到的是假货，要求退一赔三",
    "乱扣费，必须给我退款",
    "受够了，再也不来了，差评",
    "你们就是骗子，退我钱",
    "人呢？等了两个小时了还没人来",
    "我都问了好几遍了都没回",
    "",
][1:-1]
"""Escalates when the mood is bad."""

QUESTIONS = [
    "",
    "怎么投诉",
    "投诉电话多少",
    "投诉渠道有哪些",
    "如何投诉快递",
    "去哪里投诉",
    "12315是什么电话",
    "人工客服几点上班",
    "客服在哪里联系",
    "闪退怎么解决",
    "买到假货一般怎么赔",
    "客服电话是多少",
    "怎么联系客服",
    "退款多久能到账呀",
    "要退货的话流程是什么",
    "我快递三天了还没到正常吗",
    "",
][1:-1]

HARMLESS = [
    "",
    "人工智能真厉害",
    "人工费多少钱一天",
    "人工湖边上新开了家店",
    "客服好耐心，谢谢",
    "照片曝光过度了怎么修",
    "恋情曝光了哈哈哈",
    "扣1报名，扣2请假",
    "消费者维权日有活动吗",
    "今天等了半小时公交",
    "上次说的少发已经补了，谢谢",
    "隔壁那家店态度真差",
    "我要投诉，你昨天没等我哈哈",
    "我等了三天终于收到了，很喜欢",
    "等我五分钟马上到",
    "第三次来这家店了，味道不错",
    "上次投诉处理得很快，点赞",
    "你负责买票我负责订房",
    "一直没时间看",
    "有人在吗",
    "电话 12345678",
    "",
][1:-1]


@pytest.mark.parametrize("text", PLAIN)
def test_a_grievance_told_calmly_escalates(text: str) -> None:
    assert level(weigh(read(text, mood=0.05)).score, POLICY) == "escalate"


@pytest.mark.parametrize("text", ANGRY)
def test_a_grievance_told_angrily_escalates(text: str) -> None:
    calm, angry = weigh(read(text, mood=0.02, grievance=0.5)).score, weigh(read(text, mood=0.97, grievance=0.5)).score
    assert calm < angry
    assert level(angry, POLICY) == "escalate"


@pytest.mark.parametrize("text", QUESTIONS + HARMLESS)
def test_questions_and_harmless_look_alikes_open_no_case(text: str) -> None:
    assert level(weigh(read(text, mood=0.1)).score, POLICY) != "escalate"


def test_milder_words_name_why_and_are_noticed_at_most() -> None:
    elsewhere = weigh(read("隔壁那家店态度真差", mood=0.9, grievance=0.97))
    assert (level(elsewhere.score, POLICY), "像是说别处的事" in elsewhere.why) == ("watch", True)
    settled = weigh(read("问题已经解决了，谢谢", grievance=0.97))
    assert (level(settled.score, POLICY), "像是已经解决" in settled.why) == ("none", True)
    own = weigh(read("记错日子了，白跑一趟，怪我自己", grievance=0.97))
    assert (level(own.score, POLICY), "像是自己弄的" in own.why) == ("none", True)
    neglected = weigh(read("三天没人理，怎么处理", grievance=0.97))
    assert level(neglected.score, POLICY) == "escalate", "neglect is told, whatever is asked"


@pytest.mark.parametrize("text", ["我的货还没到都一周了", "客服没人回", "第三次问了", "你们可真行，退个款退一个月"])
def test_plain_and_sarcastic_lines_escalate_with_the_shipped_weights(text: str) -> None:
    assert level(weigh(shipped(text)).score, POLICY) == "escalate"


@pytest.mark.parametrize("text", ["今天天气真差，又下雨", "谢谢客服，处理得很快", "等你等了两小时，快来", "怎么退款"])
def test_everyday_lines_are_left_alone_with_the_shipped_weights(text: str) -> None:
    assert level(weigh(shipped(text)).score, POLICY) == "none"


@pytest.mark.parametrize(
    "text",
    ["快递放错楼了", "空调不凉", "发票没开", "药房给错药了", "超市买的虾回家一称少三两", "一直显示揽收，五天没动"],
)
def test_what_went_wrong_is_noticed_where_the_wording_complains_too(text: str) -> None:
    assert level(weigh(read(text, grievance=0.6)).score, POLICY) == "watch"
    assert level(weigh(read(text, grievance=0.05)).score, POLICY) == "none"


@pytest.mark.parametrize("text", ["怎么投诉", "投诉电话多少", "怎么联系客服"])
def test_asking_how_to_complain_is_no_complaint_at_all(text: str) -> None:
    assert level(weigh(read(text, mood=0.02)).score, POLICY) == "none"


def test_mood_alone_is_watched_but_opens_no_case() -> None:
    assert level(weigh(read("今天真倒霉", mood=0.9999)).score, POLICY) == "watch"
    assert level(weigh(read("今天真倒霉", mood=0.3)).score, POLICY) == "none"


def test_operators_add_words_of_their_own() -> None:
    assert level(weigh(read("我要退群"), keywords=("退群",)).score, POLICY) == "escalate"
    assert level(weigh(read("我要退群")).score, POLICY) == "none"


def test_the_reason_never_repeats_the_members_words() -> None:
    assert weigh(read("你们这帮骗子，退我钱")).why == "要求赔偿或说法；说受骗"


def test_a_copied_list_is_no_complaint() -> None:
    assert weigh(read("#接龙 投诉的来报名\n1. 我要投诉")).score == 0.0


@given(st.text(max_size=300), st.floats(0, 1))
def test_any_text_gets_a_probability(text: str, mood: float) -> None:
    assert 0.0 <= weigh(read(text, mood)).score <= 1.0


@given(st.sampled_from(PLAIN + ANGRY + HARMLESS), st.floats(0, 1), st.floats(0, 1))
def test_a_worse_mood_never_lowers_the_score(text: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert weigh(read(text, low)).score <= weigh(read(text, high)).score + 1e-9
