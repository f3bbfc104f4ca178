"""@names are found at any place and cut out of the words that are judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.mentions import find_mentions, with_mentions

NAMES = {"小管家": "bot", "小管家二号": "m2", "Tom": "m3", "老 王": "m4"}


@pytest.mark.parametrize(
    ("text", "own", "ids"),
    [
        ("@小管家\u2005退款多久到账", "退款多久到账", ("bot",)),
        ("退款多久到账@小管家", "退款多久到账", ("bot",)),
        ("请问 @小管家 退款呢", "请问 退款呢", ("bot",)),
        ("@小管家退款多久", "退款多久", ("bot",)),
        ("＠小管家 在吗", "在吗", ("bot",)),
        ("@小管家", "", ("bot",)),
        ("@小管家二号 你好", "你好", ("m2",)),
        ("@老 王\u2005你好 @Tom hi", "你好 hi", ("m4", "m3")),
        ("@Tomato 好吃", "@Tomato 好吃", ()),
        ("写信到 a@b.com", "写信到 a@b.com", ()),
    ],
)
def test_names_are_cut_out_wherever_they_stand(text: str, own: str, ids: tuple[str, ...]) -> None:
    found = find_mentions(text, NAMES)
    assert (found.text, found.ids, found.everybody) == (own, ids, False)


def test_somebody_without_a_known_name_gets_no_bare_sign() -> None:
    assert with_mentions("请看看", ("", "小王"), "\u2005") == "@小王\u2005请看看"


def test_everybody_addresses_nobody_in_particular() -> None:
    found = find_mentions("@所有人 今晚八点开会", NAMES)
    assert (found.text, found.ids, found.everybody) == ("今晚八点开会", (), True)


@given(
    st.lists(st.sampled_from(sorted(NAMES)), max_size=3, unique=True), st.text(alphabet="退款多久 ab，", max_size=20)
)
def test_what_is_put_in_front_is_found_again(names: list[str], words: str) -> None:
    text = with_mentions(words, tuple(names), "\u2005")
    assert find_mentions(text, NAMES).ids == tuple(NAMES[name] for name in names)
