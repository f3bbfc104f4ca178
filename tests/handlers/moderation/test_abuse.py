"""Abuse with the shipped lists and model: plain insults are caught, look-alikes and reports are left alone."""

from functools import cache

import pytest

from bot.config.files import BUILTIN, read_builtin
from bot.config.problems import Problems
from bot.config.words import read_words
from domain.book import WordList
from domain.decision import Finding
from handlers.moderation.abuse import Manner, abuse_finding
from handlers.moderation.lexicon import Lexicon
from handlers.text.abuse_model import abuse_probability
from handlers.text.facts import read
from handlers.text.insult_model import insulting

PLAIN = Manner(directed=False, to_bot=False)
TO_SOMEBODY = Manner(directed=True, to_bot=False)
TO_BOT = Manner(directed=False, to_bot=True)


@cache
def shipped_words() -> tuple[WordList, ...]:
    """The built-in lists."""
    problems = Problems()
    sources = [s for name, s in read_builtin(problems).items() if name.startswith(f"{BUILTIN}words/")]
    lists = read_words(sources, [], problems)
    assert problems.found == []
    return tuple(lists)


def shipped() -> Lexicon:
    """The built-in lists, compiled."""
    return Lexicon.compile(shipped_words())


def judged(text: str, manner: Manner = PLAIN, model: float | None = None) -> Finding:
    """The finding of a text."""
    facts = read(text)
    hits = [hit for hit in shipped().hits(facts) if hit.words.rule == "abuse"]
    if model is not None:
        return abuse_finding(facts, hits, model, manner)
    insult = insulting(facts.norm, facts.compact, shipped().meant(facts))
    return abuse_finding(facts, hits, abuse_probability(facts.norm), manner, insult)


@pytest.mark.parametrize(
    "text",
    [
        "你个傻逼",
        "傻 逼",
        "脑子进水了吧你",
        "你算个什么东西",
        "真是个废物",
        "你就是个骗子",
        "你是猪吗",
        "不要脸的东西",
        "你这种人就是垃圾",
        "滚出去",
        "闭嘴吧你个蠢货",
        "你 sb 吧",
        "ｎｍｓｌ",
        "丑八怪",
        "你也配说话",
        "再说一句我打断你腿",
        "知道你家住哪，小心点",
    ],
)
def test_plain_insults_and_threats_are_warned(text: str) -> None:
    assert judged(text).at_least("warn"), judged(text)


@pytest.mark.parametrize(
    "text",
    [
        "生日快乐",
        "路口交通堵了",
        "他妈妈来接他了",
        "这件女装好看",
        "测试一下",
        "管理员在吗",
        "今晚打老虎",
        "我真是个笨蛋，又走错了",
        "狗粮多少钱",
        "这东西太垃圾了",
        "垃圾分类怎么分",
        "去你妈妈家吃饭",
        "卧槽这么贵",
        "憨憨",
        "你个老六",
        "出门小心点，路滑",
        "他骂我是傻逼，我该怎么办",
        "请不要在群里骂人傻逼",
        "有病要去看医生",
        "usb接口坏了",
    ],
)
def test_look_alikes_reports_and_banter_are_left_alone(text: str) -> None:
    assert not judged(text).at_least("warn"), judged(text)


@pytest.mark.parametrize("text", ["你🐎死了", "🐷脑子", "你这只🐶"])
def test_a_picture_is_a_word_where_a_sentence_needs_one(text: str) -> None:
    assert judged(text).at_least("warn"), judged(text)


@pytest.mark.parametrize("text", ["今天的🐎拉松", "爱你🐶", "你🐶真可爱", "给孩子买了只🐶"])
def test_a_picture_smiles_elsewhere(text: str) -> None:
    assert not judged(text).at_least("warn"), judged(text)


@pytest.mark.parametrize("text", ["装个屁股垫", "他又傻缺货了", "你真会装修"])
def test_pieces_of_two_words_are_no_bad_word(text: str) -> None:
    assert not judged(text).at_least("warn"), judged(text)


@pytest.mark.parametrize(
    "text",
    ["你们快递真是垃圾，三天不送，我要投诉", "卖家是骗子，东西根本没发货，要求退款", "客服跟死了一样，三天不回，退钱"],
)
def test_an_outright_complaint_calls_nobody_names(text: str) -> None:
    assert not judged(text).at_least("warn"), judged(text)


def test_a_mild_word_counts_when_it_is_thrown_at_somebody() -> None:
    assert judged("笨蛋").level == "none"
    assert judged("笨蛋", TO_SOMEBODY).level == "warn"


def test_insulting_the_bot_is_teasing_but_threats_still_count() -> None:
    teased = judged("你个傻逼", TO_BOT)
    assert (teased.level, teased.details["teasing"]) == ("review", True)
    assert judged("弄死你全家", TO_BOT).level == "remove"


def test_the_model_alone_warns_only_when_it_is_sure_and_has_enough_to_go_by() -> None:
    assert judged("他们今天天气不错", model=0.96).level == "warn"
    assert judged("他们今天天气不错", model=0.7).level == "review"
    assert judged("今天天气不错", model=0.99).level == "review", "nobody is spoken of"
    assert judged("恶心吧", model=0.99).level == "review"


def test_evidence_is_spans_and_never_words() -> None:
    finding = judged("你个傻逼")
    assert finding.details["spans"] == [[0, 4]]
    assert "傻" not in finding.why + str(dict(finding.details))
