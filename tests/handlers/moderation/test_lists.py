"""The shipped lists in context: who is meant decides, and insults of the same make as known ones are caught."""

import pytest

from tests.handlers.moderation.test_abuse import TO_SOMEBODY, judged


@pytest.mark.parametrize(
    "text",
    [
        "你脑袋里灌的是浆糊",
        "脑壳遭门挤了嗦",
        "瞧你那副穷酸样",
        "长得跟个癞蛤蟆一样",
        "祝你早日投胎",
        "这群白眼狼",
        "孬种，有本事出来",
        "二愣子还想当群主",
        "滚回你老家去",
        "什么几把玩意",
        "嘴这么臭刚吃完屎吧",
        "你们全家都不是好东西",
    ],
)
def test_insults_of_a_known_make_are_warned_in_words_that_no_list_spells_out(text: str) -> None:
    assert judged(text, model=0.0).at_least("warn")


@pytest.mark.parametrize(
    "text",
    [
        "我真是个猪脑子",
        "哈哈你真是个老狗",
        "我家那个小畜生又咬沙发",
        "他居然骂我是废物",
        "歌词里那句你这个笨蛋",
        "nmsl是什么意思",
        "杂种水稻产量高",
        "这快递烂透了，再也不买",
        "垃圾，根本没法用",
        "公交车几点到",
        "她是出生在四川的",
        "你有什么资格证书",
    ],
)
def test_own_faults_banter_reports_and_things_are_left_alone(text: str) -> None:
    assert not judged(text, model=0.0).at_least("warn")


def test_a_bad_word_a_you_and_the_model_together_are_enough_and_each_alone_is_not() -> None:
    text = "你那一桌子小丑真好看"
    assert judged(text, model=0.6).level == "warn"
    assert judged(text, model=0.1).level == "none"
    assert judged("那一桌子小丑真好看", model=0.6).level == "review"


def test_a_name_thrown_at_somebody_counts_and_a_thing_does_not() -> None:
    assert judged("垃圾", TO_SOMEBODY, model=0.0).level == "warn"
    assert judged("垃圾", model=0.0).level == "none"
