"""The same words elsewhere: an offer in room after room, a hostile text in many mouths."""

from datetime import timedelta

import pytest

from domain.actions import AddSanction
from domain.book import WordList
from domain.events import Person
from domain.ids import MemberId
from handlers.moderation.handler import Moderation
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import (
    ANN,
    BEN,
    DESK,
    MORNING,
    OTHER_ROOM,
    ROOM,
    Stage,
    of_type,
    said,
    whispers,
    words,
)
from tests.handlers.moderation.test_abuse import shipped_words

OFFER = "周末集市摆摊，要报名的看 https://fair.example.com/join"
HOSTILE = "这家店的老板是坏蛋瓜大家都别来"
MINUTE = timedelta(minutes=1)


def a_stage() -> Stage:
    """Moderation with one word that is only looked at."""
    book = build.a_book(words=(WordList("辱骂", "review", ("坏蛋瓜",), title="友善交流"),))
    return Stage(Moderation(book), book)


def a_shipped_stage() -> Stage:
    """Moderation with the lists that ship."""
    book = build.a_book(words=shipped_words())
    return Stage(Moderation(book), book)


def test_the_same_offer_in_a_second_room_is_an_advert() -> None:
    stage = a_stage()
    assert of_type(stage.play(said(OFFER)), AddSanction) == []
    second = stage.play(said(OFFER, room=OTHER_ROOM, at=MORNING + MINUTE))
    assert [s.rule for s in of_type(second, AddSanction)] == ["spread"]
    ((_, told),) = whispers(second)
    assert "不发广告" in told and "二群" in told


def test_an_offer_reworded_a_little_is_the_same_offer() -> None:
    stage = a_stage()
    stage.play(said(OFFER))
    again = OFFER.replace("要报名的", "想报名的都来") + "！"
    second = stage.play(said(again, room=OTHER_ROOM, at=MORNING + MINUTE))
    assert [s.rule for s in of_type(second, AddSanction)] == ["spread"]


def test_another_link_in_another_room_is_another_matter() -> None:
    stage = a_stage()
    stage.play(said(OFFER))
    second = stage.play(said("这个菜谱不错 https://cook.example.org/soup", room=OTHER_ROOM, at=MORNING + MINUTE))
    assert of_type(second, AddSanction) == []


def test_in_the_same_room_by_another_member_or_long_after_it_is_none() -> None:
    stage = a_stage()
    stage.play(said(OFFER))
    assert of_type(stage.play(said(OFFER, at=MORNING + MINUTE)), AddSanction) == []
    assert of_type(stage.play(said(OFFER, by=BEN, room=OTHER_ROOM, at=MORNING + MINUTE)), AddSanction) == []
    assert of_type(stage.play(said(OFFER, room=OTHER_ROOM, at=MORNING + 90 * MINUTE)), AddSanction) == []


def test_plain_words_may_be_said_in_every_room() -> None:
    stage = a_stage()
    stage.play(said("大家早上好，今天也要加油呀"))
    second = stage.play(said("大家早上好，今天也要加油呀", room=OTHER_ROOM, at=MORNING + MINUTE))
    assert second.actions == ()


@pytest.mark.parametrize(
    "question",
    [
        "请问网店买的茶壶怎么开发票",
        "发票开错了可以重开专票吗",
        "企业买的礼盒能开收据吗，报销要用",
        "订单号 20231122003，手机号13911112222，请问什么时候发货",
        "加了你们客服微信 abc12345 一直没通过，怎么办",
        "这个报名链接打不开 https://fair.example.com/join 是什么问题",
        "请问贷款办下来要几天，利息怎么算",
        "有没有人知道哪里能办签证啊？",
        "我的手机号 13911112222，订单 20231122003 还没发货，帮我看看",
        "上次的发票开错了，帮我换一张专票，公司报销用",
    ],
)
def test_what_customers_ask_may_be_asked_in_every_room(question: str) -> None:
    stage = a_shipped_stage()
    rooms = (ROOM, OTHER_ROOM)
    opinions = [stage.play(said(question, room=room, at=MORNING + n * MINUTE)) for n, room in enumerate(rooms)]
    assert not any(finding.rule == "spread" for opinion in opinions for finding in opinion.findings)
    assert not any(of_type(opinion, AddSanction) for opinion in opinions)


def test_what_is_nearly_an_advert_in_one_room_is_one_in_two() -> None:
    stage = a_shipped_stage()
    first, second = (
        stage.play(said(OFFER, room=room, at=MORNING + n * MINUTE)) for n, room in enumerate((ROOM, OTHER_ROOM))
    )
    assert [one.level for one in first.findings if one.rule == "advert"] == ["review"]
    assert [s.rule for s in of_type(second, AddSanction)] == ["spread"]


def test_staff_hear_once_of_many_who_say_the_same_hostile_words_and_nobody_is_punished_for_it() -> None:
    stage = a_stage()
    crowd = [Person(MemberId(400 + n), f"路人{n}") for n in range(8)]
    opinions = [stage.play(said(HOSTILE, by=who, at=MORNING + n * MINUTE / 3)) for n, who in enumerate(crowd)]
    assert [bool(words(opinion, DESK)) for opinion in opinions] == [False] * 3 + [True] + [False] * 4
    assert not any(of_type(opinion, AddSanction) for opinion in opinions)
    assert "坏蛋瓜" not in "".join(words(opinions[3]))


def test_many_who_say_nearly_the_same_hostile_words_are_a_crowd_too() -> None:
    stage = a_stage()
    ends = ("", "啊", "！！", "，真的", "，别信", "，听我的")
    crowd = [Person(MemberId(400 + n), f"路人{n}") for n in range(len(ends))]
    said_so = [
        stage.play(said(HOSTILE + end, by=who, at=MORNING + n * MINUTE / 3))
        for n, (who, end) in enumerate(zip(crowd, ends, strict=True))
    ]
    assert sum(bool(words(opinion, DESK)) for opinion in said_so) == 1


def test_one_who_repeats_hostile_words_is_no_crowd() -> None:
    stage = a_stage()
    opinions = [stage.play(said(HOSTILE, by=ANN, at=MORNING + n * MINUTE / 2)) for n in range(6)]
    assert not any(words(opinion, DESK) for opinion in opinions)
