"""Finding the entry a question asks for: exact, by keywords, by likeness; numbers and negations are no likeness."""

import pytest

from domain.book import FaqEntry
from handlers.faq.index import EXACT, VETOED_MOST, Candidate, FaqIndex
from handlers.faq.phrase import strip
from tests.handlers.faq.stages import found

ENTRIES = (
    FaqEntry("refund", "退款多久到账？", ("三天",), ("退的钱什么时候回来",)),
    FaqEntry("ship", "什么时候发货？", ("当天",)),
    FaqEntry("invoice", "怎么开发票？", ("订单里",), keywords=("发票|开票", "抬头")),
    FaqEntry("half", "满100元减多少？", ("十元",)),
    FaqEntry("cancel", "订单可以取消吗？", ("可以",)),
    FaqEntry("off", "这条停用了吗？", ("是",), enabled=False),
)
INDEX = FaqIndex.build(ENTRIES)


def asked(text: str) -> tuple[Candidate, ...]:
    """The candidates for a message."""
    return found(INDEX, text)


@pytest.mark.parametrize(
    "text",
    [
        "退款多久到账",
        "退款多久到账？",
        "请问退款多久到账呀",
        "退款 多久 到账！！",
        "退款幾天到賬",
        "退的钱什么时候回来",
        "您好，想问一下退款多久到账，谢谢",
    ],
)
def test_the_same_question_in_other_clothes_is_exact(text: str) -> None:
    best = asked(text)[0]
    assert (best.entry.id, best.score) == ("refund", EXACT)


@pytest.mark.parametrize(
    ("text", "entry"), [("退款大概多久能到账呢", "refund"), ("几时可以发货", "ship"), ("发票怎么开啊", "invoice")]
)
def test_other_words_for_it_are_found_first(text: str, entry: str) -> None:
    best = asked(text)[0]
    assert best.entry.id == entry
    assert best.score > 0.6


def test_keywords_together_make_a_match_and_one_alone_does_not() -> None:
    best = asked("抬头写错了要重新开票吗")[0]
    assert (best.entry.id, best.why) == ("invoice", "关键词齐全")
    assert all(candidate.why != "关键词齐全" for candidate in asked("抬头写错了"))


@pytest.mark.parametrize("text", ["满200元减多少？", "订单不可以取消吗？"])
def test_another_number_or_the_opposite_is_never_answered(text: str) -> None:
    assert asked(text)[0].score <= VETOED_MOST


@pytest.mark.parametrize("text", ["今天吃什么好", "哈哈哈", "明天一起去爬山吗", "", "！！！", "😀" * 50])
def test_chatter_is_far_from_every_entry(text: str) -> None:
    assert all(candidate.score < 0.3 for candidate in asked(text))


def test_a_disabled_entry_is_no_candidate() -> None:
    assert all(candidate.entry.id != "off" for candidate in asked("这条停用了吗？"))


def test_candidates_come_surest_first_and_at_most_once_each() -> None:
    found = asked("退款什么时候到账")
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert len({c.entry.id for c in found}) == len(found)


def test_an_index_without_entries_finds_nothing() -> None:
    assert found(FaqIndex.build(()), "退款多久到账") == ()


def test_filler_that_is_all_there_is_stays() -> None:
    assert strip("你好") == "你好"
    assert strip("请问") == "请问"
