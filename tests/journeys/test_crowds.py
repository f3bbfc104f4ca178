"""Crowds under the default send budget: the room sees few messages, useful ones, and in time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.channels.memory import MemoryChannel
from bot.channels.memory_community import Room
from domain.facts import Ability
from domain.incoming import MessageKind
from tests.journeys.crowd import BUDGET, calm, run, since
from tests.journeys.harness import Journey, SetClock, binding_code, running

QUESTION, ANSWER = "退款多久到账", "三到五个工作日。"
STUPID = "你就是个傻逼"


@pytest.fixture
async def journey(database_url: str, folder: Path) -> AsyncIterator[Journey]:
    """The budget is for channels that reach contacts only, so every warning is public."""
    clock = SetClock()
    channel = MemoryChannel(clock=clock, abilities=frozenset(Ability) - {Ability.WHISPER})
    async with running(database_url, folder, channel=channel, clock=clock, rule=BUDGET) as journey:
        yield journey


def crowd(journey: Journey, size: int) -> tuple[Room, list[str]]:
    """A room full of members."""
    names = [f"茶友{number}" for number in range(size)]
    return journey.room("演示群", *names), names


async def test_two_hundred_check_ins_in_a_minute_are_a_handful_of_messages(journey: Journey) -> None:
    room, names = crowd(journey, 200)
    begun = journey.clock.now
    for number, name in enumerate(names):
        journey.channel.say(room, journey.person(name), "签到")
        if number % 2:
            journey.clock.now += timedelta(seconds=0.6)
            await calm(journey)
    await run(journey, 15)
    said = since(journey, room, begun)
    assert 5 <= len(said) <= 8
    assert said[0][0] <= 4, "the first ones hear at once that it works"
    assert said[-1][0] <= 75
    assert all(later - earlier >= 9.5 for (earlier, _), (later, _) in pairwise(said))
    named = [text.split("等")[1].split("人")[0] for _, text in said if "等" in text]
    assert sum(map(int, named)) >= 190


@pytest.mark.parametrize("ritual", ["谢谢老板", "+1", "#接龙\n1. 小林", "[强]", "恭喜恭喜"])
async def test_what_crowds_say_together_brings_no_word_of_the_bot(ritual: str, journey: Journey) -> None:
    room, names = crowd(journey, 80)
    begun = journey.clock.now
    for name in names:
        kind = MessageKind.STICKER if ritual == "[强]" else MessageKind.TEXT
        journey.channel.say(room, journey.person(name), ritual, kind=kind)
        journey.channel.say(room, journey.person(name), ritual, kind=kind)
        journey.clock.now += timedelta(seconds=0.2)
    await run(journey, 12)
    assert since(journey, room, begun) == []


async def test_a_draw_with_three_hundred_entrants_says_little_and_has_them_all(journey: Journey) -> None:
    room, names = crowd(journey, 300)
    await staff_bound(journey, room)
    begun = journey.clock.now
    journey.channel.say(room, journey.person("客服小周"), "#抽奖 下午茶 奶茶x1 2分钟")
    await run(journey, 3)
    for number, name in enumerate(names):
        journey.channel.say(room, journey.person(name), "参加")
        if number % 5 == 4:
            journey.clock.now += timedelta(seconds=1)
            await calm(journey)
    await run(journey, 75)
    said = since(journey, room, begun)
    acknowledged = [text for _, text in said if "已参加" in text]
    assert 5 <= len(acknowledged) <= 8
    assert sum(int(text.split("等")[1].split("人")[0]) for text in acknowledged if "等" in text) >= 290
    decided = [after for after, text in said if "开奖：" in text]
    assert len(decided) == 1 and decided[0] <= 135
    assert len(said) <= 11


async def staff_bound(journey: Journey, room: Room) -> None:
    """客服小周 is bound, in this room, and the budget has recovered from it."""
    room.members[journey.person("客服小周").external_id] = journey.person("客服小周")
    code = await binding_code(journey, "客服小周")
    private = journey.channel.community.private_room(journey.person("客服小周"))
    journey.channel.say(private, journey.person("客服小周"), f"绑定 {code}")
    await run(journey, 4)


async def test_five_newcomers_in_ten_seconds_are_greeted_once(journey: Journey) -> None:
    room, _ = crowd(journey, 3)
    begun = journey.clock.now
    for name in ("新甲", "新乙", "新丙", "新丁", "新戊"):
        journey.channel.join(room, journey.person(name))
        await run(journey, 2)
    await run(journey, 15)
    (greeting,) = since(journey, room, begun)
    assert greeting[0] <= 14
    assert all(name in greeting[1] for name in ("新甲", "新乙", "新丙", "新丁", "新戊"))


async def test_six_who_ask_the_same_get_one_answer_that_names_three(journey: Journey) -> None:
    room, names = crowd(journey, 6)
    begun = journey.clock.now
    for name in names:
        journey.channel.say(room, journey.person(name), QUESTION)
        await run(journey, 0.5)
    await run(journey, 20)
    ((after, text),) = since(journey, room, begun)
    assert after <= 9
    assert text == f"@茶友0 @茶友1 @茶友2 等6位：{ANSWER}"


async def test_a_warning_overtakes_a_queue_of_greetings_answers_and_acknowledgements(journey: Journey) -> None:
    rooms = [journey.room(f"群{number}", "小林", "阿北") for number in range(12)]
    for room in rooms:
        journey.channel.join(room, journey.person("新人"))
        journey.channel.say(room, journey.person("阿北"), "签到")
        journey.channel.say(room, journey.person("小林"), QUESTION, to_bot=True)
    await run(journey, 10)
    begun = journey.clock.now
    journey.channel.say(rooms[-1], journey.person("阿北"), STUPID)
    await run(journey, 8)
    warned = [after for after, text in since(journey, rooms[-1], begun) if "群规" in text]
    assert len(warned) == 1 and warned[0] <= 6.5, "its recall went before it"
    await run(journey, 90)
    greeted = [room for room in rooms if any("欢迎" in text for text in journey.heard(room))]
    assert len(greeted) == len(rooms), "what is not urgent comes all the same"


async def test_different_answers_come_one_after_the_other_and_none_is_stale(journey: Journey) -> None:
    room, names = crowd(journey, 3)
    begun = journey.clock.now
    for name, text in zip(names, ("积分", QUESTION, "帮助"), strict=True):
        journey.channel.say(room, journey.person(name), text, to_bot=text == QUESTION)
    await run(journey, 12)
    said = since(journey, room, begun)
    assert len(said) == 3 and said[-1][0] <= 8


async def test_many_who_advertise_at_once_are_warned_in_few_words(journey: Journey) -> None:
    room, names = crowd(journey, 20)
    begun = journey.clock.now
    for name in names:
        journey.channel.say(room, journey.person(name), "兼职日结，加微信 wx12345678")
        journey.clock.now += timedelta(seconds=1)
        await calm(journey)
    await run(journey, 90)
    said = since(journey, room, begun)
    warned = [text for _, text in said if "不发广告" in text]
    assert 2 <= len(warned) <= 6
    assert (
        sum(text.count("@") if "位：" not in text else int(text.split("等")[1].split("位")[0]) for text in warned) == 20
    )


async def test_a_brawl_of_many_is_calmed_once_for_all(journey: Journey) -> None:
    room, names = crowd(journey, 6)
    begun = journey.clock.now
    for name in names:
        journey.channel.say(room, journey.person(name), STUPID)
        journey.clock.now += timedelta(seconds=0.5)
        await calm(journey)
    await run(journey, 60)
    (calmed,) = [text for _, text in since(journey, room, begun) if "友善交流" in text]
    assert "等5位：" in calmed
