"""What one question has and the other lacks, and what that adds up to."""

import pytest

from handlers.faq.differences import Weights, difference, signs_in_pairs, signs_in_talk
from handlers.faq.features import PAIR, pair_features, vetoed
from handlers.faq.phrase import phrase
from handlers.faq.place import PLACE, place_features

REFUND, RETURN = phrase("怎么申请退款"), phrase("怎么申请退货")


def test_words_of_one_side_only_are_told_by_side_in_talk_and_together_in_pairs() -> None:
    found = difference(REFUND, RETURN)
    assert (found.asked, found.entry, set(found.chars)) == (("退款",), ("退货",), {"款", "货"})
    assert set(signs_in_talk(found)) == {"a退款", "e退货", "c款", "c货"}
    assert set(signs_in_pairs(found)) >= {"w退款", "w退货", "c款", "c货", "qhow>how", "s退款>退货", "r款>货", "b退款"}


def test_a_word_whose_characters_are_there_is_not_missing() -> None:
    assert difference(phrase("退款了吗"), phrase("退个款了吗")).asked == ()


def test_signs_without_a_weight_add_nothing() -> None:
    weights = Weights({"a退款": -150, "e退货": 50}, {"s退款>退货": -200})
    found = difference(REFUND, RETURN)
    assert (weights.in_talk(found), weights.in_pairs(found)) == (-1.0, -2.0)


def test_a_word_that_another_may_stand_for_is_told_apart() -> None:
    found = difference(phrase("怎么购买门票"), phrase("怎么买门票"))
    assert "购买" in found.asked
    assert "购买" not in found.asked_other


def test_what_is_added_is_told_with_its_neighbours() -> None:
    assert difference(phrase("怎么开电子发票"), phrase("怎么开发票")).blocks == (("电子", "", "开", "发"),)


def pair(asked: str, entry: str) -> dict[str, float]:
    one, other = phrase(asked), phrase(entry)
    return dict(zip(PAIR, pair_features(one, other, 0.5, difference(one, other), Weights({}, {})), strict=True))


def test_two_phrases_get_a_number_for_every_name() -> None:
    same, other = pair("怎么申请退款", "怎么申请退款"), pair("怎么申请退款", "怎么申请退货")
    assert (same["asked_missing"], same["edits"], same["pairs"]) == (0.0, 1.0, 1.0)
    assert other["asked_missing"] > 0


@pytest.mark.parametrize(
    ("asked", "entry"), [("北京到上海多远", "上海到北京多远"), ("老师喜欢什么学生", "学生喜欢什么老师")]
)
def test_things_that_change_places_are_counted(asked: str, entry: str) -> None:
    assert pair(asked, entry)["things_turned"] >= 1
    assert pair(asked, asked)["things_turned"] == 0


def test_what_stands_beside_the_asking_word_is_compared() -> None:
    assert pair("手套怎么洗", "手套怎么买")["same_after"] < pair("手套怎么洗", "这手套怎么洗")["same_after"]


def test_a_candidate_is_measured_against_its_rivals() -> None:
    pairs = [tuple(pair("怎么申请退款", entry).values()) for entry in ("怎么申请退款", "怎么申请退货")]
    first, second = (
        dict(zip(PLACE, row, strict=True)) for row in place_features(True, pairs, [3.0, 2.0], 20, [0.0, -1.0])
    )
    assert (first["lead"], second["lead"]) == (1.0, -1.0)
    assert (first["rivals"], first["best_sure"], second["differs_in_talk"]) == (1.0, 3.0, -1.0)


def test_another_number_a_negation_or_an_opposite_is_vetoed_but_a_number_more_is_not() -> None:
    assert vetoed(phrase("满100元减多少"), phrase("满200元减多少"))
    assert vetoed(phrase("周末上班"), phrase("周末不上班"))
    assert vetoed(phrase("上午几点开始"), phrase("下午几点开始"))
    assert vetoed(phrase("A座几点关门"), phrase("B座几点关门"))
    assert not vetoed(phrase("食堂还没开，几点开饭"), phrase("食堂几点开饭"))
    assert not vetoed(phrase("2024年的五个吉祥物是什么"), phrase("2024年的吉祥物是什么"))
