"""Several shares as one message."""

import pytest

from domain.merge import addressed, render
from domain.outward import Merge


def a_share(name: str, member: int, detail: str = "") -> Merge:
    return Merge("checkin", "{names} 签到成功！{details}", name, detail, member)


def an_answer(name: str, member: int) -> Merge:
    return Merge("faq:x", "三天到。", name, member=member, addressed=True)


def test_few_are_named_with_their_details_and_many_are_counted() -> None:
    few = [a_share("甲", 1, "甲3天"), a_share("乙", 2, "乙1天")]
    assert render(few) == "甲、乙 签到成功！甲3天；乙1天"
    many = [a_share(f"成员{n}", n, "x") for n in range(200)]
    assert render(many) == "成员0、成员1、成员2、成员3、成员4等200人 签到成功！"


@pytest.mark.parametrize(("size", "text"), [(1, "三天到。"), (3, "三天到。"), (4, "等4位：三天到。")])
def test_one_answer_to_several_puts_three_in_front_and_counts_all(size: int, text: str) -> None:
    parts = [an_answer(f"成员{n}", n + 1) for n in range(size)]
    assert render(parts) == text
    assert addressed(parts) == tuple((n + 1, f"成员{n}") for n in range(min(size, 3)))


def test_who_asks_twice_is_one_person() -> None:
    parts = [an_answer("甲", 1), an_answer("乙", 2), an_answer("甲", 1), an_answer("丙", 3)]
    assert render(parts) == "三天到。"
    assert [name for _, name in addressed(parts)] == ["甲", "乙", "丙"]


def test_braces_in_an_answer_are_left_alone() -> None:
    assert render([Merge("faq:x", "填 {names} 就行", "甲", member=1, addressed=True)]) == "填 {names} 就行"


def test_acknowledgements_are_said_to_nobody_by_an_at() -> None:
    assert addressed([a_share("甲", 1)]) == ()


def test_nothing_cannot_be_merged() -> None:
    with pytest.raises(ValueError, match="nothing"):
        render([])
