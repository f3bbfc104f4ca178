"""What one question has and the other lacks, and what that adds up to."""

from handlers.faq.differences import Weights, difference, signs_in_pairs, signs_in_talk
from handlers.faq.features import NAMES, features, vetoed
from handlers.faq.phrase import phrase

REFUND, RETURN = phrase("怎么申请退款"), phrase("怎么申请退货")


def test_words_of_one_side_only_are_told_by_side_in_talk_and_together_in_pairs() -> None:
    found = difference(REFUND, RETURN)
    assert (found.asked, found.entry, set(found.chars)) == (("退款",), ("退货",), {"款", "货"})
    assert set(signs_in_talk(found)) == {"a退款", "e退货", "c款", "c货"}
    assert set(signs_in_pairs(found)) == {"w退款", "w退货", "c款", "c货", "qhow>how", "s退款>退货"}


def test_a_word_whose_characters_are_there_is_not_missing() -> None:
    assert difference(phrase("退款了吗"), phrase("退个款了吗")).asked == ()


def test_signs_without_a_weight_add_nothing() -> None:
    assert Weights({"a退款": -150, "e退货": 50}, {"s退款>退货": -200}).of(difference(REFUND, RETURN)) == (-1.0, -2.0)


def test_every_candidate_gets_a_number_for_every_name() -> None:
    weights = Weights({}, {})
    rows = features(REFUND, [(REFUND, 1.0), (RETURN, 0.7)], 20, weights)
    assert [len(row) for row in rows] == [len(NAMES)] * 2
    first, second = (dict(zip(NAMES, row, strict=True)) for row in rows)
    assert (first["margin"], second["margin"]) == (1.0 - 0.7, 0.7 - 1.0)
    assert (first["asked_missing"], first["edits"], first["pairs"]) == (0.0, 1.0, 1.0)
    assert second["asked_missing"] > 0


def test_another_number_a_negation_or_an_opposite_is_vetoed_but_a_number_more_is_not() -> None:
    assert vetoed(phrase("满100元减多少"), phrase("满200元减多少"))
    assert vetoed(phrase("周末上班"), phrase("周末不上班"))
    assert vetoed(phrase("上午几点开始"), phrase("下午几点开始"))
    assert not vetoed(phrase("2024年的五个吉祥物是什么"), phrase("2024年的吉祥物是什么"))
