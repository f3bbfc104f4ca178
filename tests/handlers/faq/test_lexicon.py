"""Kinds of words, and words that may stand for one another."""

import pytest

from handlers.faq.lexicon import LITTLE, NOUN, VERB, lexicon
from handlers.faq.order import arranged, crossed, turned
from handlers.faq.phrase import phrase


def test_usual_words_have_their_kind_and_unknown_ones_name_something() -> None:
    words = lexicon()
    assert [words.kind(word) for word in ("发票", "购买", "因为", "某某牌净水器")] == [NOUN, VERB, LITTLE, NOUN]


def test_a_word_may_stand_for_another_of_its_group() -> None:
    words = lexicon()
    assert words.has_like("选购", words.groups_of(("怎么", "购买")))
    assert not words.has_like("选购", words.groups_of(("怎么", "退货")))
    assert not words.has_like("某某牌净水器", words.groups_of(("购买",)))


def test_words_are_held_by_what_stands_beside_the_asking_one() -> None:
    found = arranged(("手套", "怎么", "清洗"), lexicon())
    assert (dict(found.before), dict(found.after)) == ({"怎么": "手套"}, {"怎么": "清洗"})


def test_only_what_both_have_can_change_places() -> None:
    words = lexicon()
    one, other = arranged(("网店", "手套"), words), arranged(("手套", "网店"), words)
    assert turned(one, other, words) == (1.0, 0.0)
    assert turned(one, arranged(("手套",), words), words) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("手机怎么扫描电脑上的码", "怎么用电脑扫描手机上的码", 1.0, id="who does it to whom"),
        pytest.param("你能帮我开票吗", "我能帮你开票吗", 1.0, id="people"),
        pytest.param("优惠券和积分有什么区别", "积分和优惠券有什么区别", 0.0, id="beside each other"),
        pytest.param("发票怎么开", "怎么开发票", 0.0, id="one thing only"),
    ],
)
def test_two_that_change_sides_of_a_doing_are_seen(one: str, other: str, expected: float) -> None:
    assert crossed(phrase(one).arrangement, phrase(other).arrangement) == expected
