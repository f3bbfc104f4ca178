"""Reading a message into facts."""

import pickle

import pytest
from hypothesis import given

from handlers.text.facts import read
from handlers.text.normalise import JUDGED_CHARS
from tests.handlers.text.texts import any_text


def test_a_message_is_read_into_all_its_forms() -> None:
    facts = read(" 退款，多久 能到账呀？？？？ ")
    assert facts.norm == "退款,多久 能到账呀??"
    assert facts.compact == "退款多久能到账呀"
    assert facts.words == ("退款", "多久", "能", "到账", "呀")
    assert facts.is_question
    assert not facts.truncated


def test_a_compact_span_covers_the_noise_between_its_characters() -> None:
    facts = read("你真是大😀傻*子啊")
    start = facts.compact.index("傻子")
    assert facts.compact_span(start, start + 2) == (5, 8)


def test_a_normal_span_leads_back_to_the_original_writing() -> None:
    facts = read("我要　ＡＢＣ①②")
    start = facts.norm.index("abc12")
    first, last = facts.span(start, start + 5)
    assert facts.raw[first:last] == "ＡＢＣ①②"


@pytest.mark.parametrize("text", ["在吗", "怎么退款", "几点开门", "谁知道", "能不能开发票", "退款多久到账", "咋弄"])
def test_questions_are_seen(text: str) -> None:
    assert read(text).is_question


@pytest.mark.parametrize("text", ["谢谢老板", "签到", "收到", "今天真热", "+1", ""])
def test_statements_are_no_questions(text: str) -> None:
    assert not read(text).is_question


def test_a_list_that_a_group_continues_is_recognised() -> None:
    assert read("＃接龍\n1. 小王\n2. 小李").is_list
    assert not read("我们接龙吧").is_list


def test_an_empty_message_has_empty_facts() -> None:
    facts = read("")
    assert (facts.norm, facts.compact, facts.words, facts.mood) == ("", "", (), 0.0)


def test_a_giant_message_says_that_only_its_beginning_was_read() -> None:
    facts = read("好人" * 50_000)
    assert facts.truncated
    assert len(facts.norm) == JUDGED_CHARS
    assert facts.span(0, JUDGED_CHARS) == (0, JUDGED_CHARS)


def test_facts_are_values() -> None:
    first, second = read("退款多久到账"), read("退款多久到账")
    assert first.mood >= 0 and first.words
    assert first == second
    assert hash(first) == hash(second)
    assert pickle.loads(pickle.dumps(first)).words == first.words


def test_the_words_of_a_member_do_not_show_in_a_log_of_facts() -> None:
    assert "秘密" not in repr(read("这是秘密"))


@given(any_text)
def test_any_text_is_read_and_every_span_lies_inside_the_original(text: str) -> None:
    facts = read(text)
    assert 0.0 <= facts.mood <= 1.0
    assert all(word.strip() for word in facts.words)
    for length, span in ((len(facts.norm), facts.span), (len(facts.compact), facts.compact_span)):
        for start in range(length):
            first, last = span(start, start + 1)
            assert 0 <= first < last <= len(text)
        first, last = span(0, length)
        assert 0 <= first <= last <= len(text)


@given(any_text)
def test_the_compact_form_holds_letters_and_digits_only(text: str) -> None:
    assert all(char.isalnum() for char in read(text).compact)
