"""Talk as it really is: people answer first, call into the room, greet, and ask in small pieces."""

import pytest

from bot.channels.memory_community import Room
from tests.journeys.harness import Journey
from tests.journeys.steps import ANSWER, QUESTION, post, staffed

# ---- people first ----------------------------------------------------------------------------------------------------


async def test_the_room_has_five_seconds_to_answer_before_the_bot_does(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", QUESTION)
    await journey.pass_time(seconds=4)
    assert journey.heard(room) == []
    await journey.pass_time(seconds=1)
    assert journey.heard(room) == [f"@小林 {ANSWER}"]


@pytest.mark.parametrize(("to", "quote"), [("小林", ""), ("", QUESTION), ("", "")])
async def test_the_bot_is_silent_when_staff_answer_meanwhile(journey: Journey, room: Room, to: str, quote: str) -> None:
    await staffed(journey, room)
    await journey.say(room, "小林", QUESTION)
    await post(journey, room, "客服小周", "今天已经退了，明天就到", to=to, quote=quote)
    await journey.pass_time(minutes=1)
    assert journey.heard(room) == []
    await journey.say(room, "阿北", QUESTION)
    await journey.pass_time(seconds=6)
    assert journey.heard(room) == [f"@阿北 {ANSWER}"]


async def test_staff_who_talk_to_somebody_else_or_only_clap_have_not_answered(journey: Journey, room: Room) -> None:
    await staffed(journey, room)
    await journey.say(room, "小林", QUESTION)
    await post(journey, room, "客服小周", "你的茶寄出了", to="阿北")
    await post(journey, room, "客服小周", "谢谢老板")
    await journey.pass_time(seconds=5)
    assert journey.heard(room) == [f"@小林 {ANSWER}"]


async def test_a_member_of_the_same_name_is_no_staff(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", QUESTION)
    await post(journey, room, "阿北", "我也想知道", to="小林")
    await journey.pass_time(seconds=5)
    assert journey.heard(room) == [f"@小林 {ANSWER}"]


async def test_the_accounts_owner_on_the_phone_comes_first_too(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", QUESTION)
    journey.channel.type_on_phone(room, "已经退了")
    await journey.settle()
    await journey.pass_time(seconds=10)
    assert journey.heard(room) == ["已经退了"]


async def test_who_asks_the_bot_itself_waits_for_nobody(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", QUESTION, to_bot=True)
    assert journey.heard(room) == [f"@小林 {ANSWER}"]


async def test_an_answer_on_hold_holds_up_nobody(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", QUESTION)
    await journey.say(room, "阿北", "积分")
    assert [text.startswith("@阿北") for text in journey.heard(room)] == [True]


# ---- is anybody there ------------------------------------------------------------------------------------------------


async def test_the_bot_says_that_somebody_is_there_when_nobody_else_did_for_45_seconds(
    journey: Journey, room: Room
) -> None:
    await journey.say(room, "小林", "有人吗？")
    await post(journey, room, "阿北", "今天天气不错")
    await journey.pass_time(seconds=43)
    assert journey.heard(room) == []
    await journey.pass_time(seconds=2)
    (reply,) = journey.heard(room)
    assert reply.startswith("@小林") and "人工" in reply
    await journey.pass_time(minutes=30)
    await journey.say(room, "小林", "在吗")
    await journey.pass_time(minutes=2)
    assert len(journey.heard(room)) == 1
    await journey.pass_time(minutes=40)
    await journey.ask(room, "小林", "在吗")
    await journey.pass_time(minutes=1)
    assert len(journey.heard(room)) == 2


@pytest.mark.parametrize(
    ("name", "text", "to", "quote"),
    [
        ("阿北", "小林好", "小林", ""),
        ("阿北", "咋啦", "", "在吗"),
        ("阿北", "在的", "", ""),
        ("小林", "算了，我自己看看", "", ""),
    ],
)
async def test_nobody_is_told_that_somebody_is_there_who_knows_it(
    journey: Journey, room: Room, name: str, text: str, to: str, quote: str
) -> None:
    await journey.say(room, "小林", "在吗")
    await post(journey, room, name, text, to=to, quote=quote)
    await journey.pass_time(minutes=2)
    assert journey.heard(room) == []


async def test_called_by_name_it_is_there_at_once_and_once_an_hour(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", "在吗", to_bot=True)
    assert len(journey.heard(room)) == 1 and "在" in journey.heard(room)[0]
    await journey.say(room, "小林", "在吗", to_bot=True)
    assert len(journey.heard(room)) == 1


async def test_a_question_after_being_called_gets_its_answer_and_no_greeting(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", "在吗")
    await journey.say(room, "小林", QUESTION)
    await journey.pass_time(minutes=2)
    assert journey.heard(room) == [f"@小林 {ANSWER}"]


# ---- in small pieces -------------------------------------------------------------------------------------------------


async def test_a_question_in_pieces_is_answered_once(journey: Journey, room: Room) -> None:
    for piece in ("你好", "我想问下", "退款", "多久能到账呢"):
        await journey.say(room, "小林", piece)
    await journey.pass_time(seconds=6)
    await journey.say(room, "小林", "谢谢")
    await journey.pass_time(minutes=1)
    assert journey.heard(room) == [f"@小林 {ANSWER}"]


async def test_a_complaint_in_pieces_is_one_case_with_all_of_them(journey: Journey, room: Room) -> None:
    agents = journey.room("客服群", "客服小周", external_id="agents")
    await journey.say(agents, "客服小周", "大家好")
    for piece in ("买的茶", "等了五天", "你们都没人回复我", "怎么回事"):
        await journey.say(room, "小林", piece)
    await journey.pass_time(seconds=10)
    cases = [text for text in journey.heard(agents) if "新求助" in text]
    assert len(cases) == 1 and "等了五天" in cases[0]
    assert len([text for text in journey.heard(room) if "编号" in text]) == 1


async def test_pieces_far_apart_or_broken_by_a_reply_stay_alone(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", "退款")
    await journey.pass_time(seconds=25)
    await journey.say(room, "小林", "要等多久呢")
    await journey.pass_time(seconds=30)
    assert journey.heard(room) == []
    await journey.say(room, "小林", "退款")
    await post(journey, room, "阿北", "什么退款", to="小林")
    await journey.say(room, "小林", "要等多久呢")
    await journey.pass_time(seconds=30)
    assert journey.heard(room) == []


async def test_a_greeting_to_the_bot_is_given_six_seconds_to_go_on(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", "我想问下", to_bot=True)
    await journey.pass_time(seconds=2)
    assert journey.heard(room) == []
    await journey.say(room, "小林", QUESTION)
    assert journey.heard(room) == [f"@小林 {ANSWER}"]
    await journey.pass_time(minutes=1)
    assert len(journey.heard(room)) == 1
    await journey.say(room, "阿北", "你好", to_bot=True)
    await journey.pass_time(seconds=6)
    assert journey.heard(room)[-1].startswith("@阿北 在的")
