"""Kinds of words, and words that may stand for one another."""

from handlers.faq.lexicon import LITTLE, NOUN, VERB, lexicon
from handlers.faq.order import arranged, turned


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
