"""Groups as they really behave: people take things back, leave, sleep, tease, quarrel, and bring their own bots."""

from datetime import timedelta
from pathlib import Path

from bot.channels.memory_community import Room
from domain.facts import SendState
from storage import views_cases, views_sends
from tests.journeys.conftest import FAQ, STEWARD
from tests.journeys.harness import MONDAY_MORNING, Journey, SetClock, running, write_config
from tests.journeys.steps import ANSWER, QUESTION, STUPID, agents_of, post

NIGHT = MONDAY_MORNING + timedelta(hours=13, minutes=30)
"""23:30 in Shanghai."""


# ---- taking back and leaving -----------------------------------------------------------------------------------------


async def test_what_is_taken_back_is_not_answered_and_stays_in_the_history(journey: Journey, room: Room) -> None:
    message = await journey.say(room, "小林", QUESTION)
    journey.channel.recall(room, message)
    await journey.settle()
    await journey.pass_time(seconds=30)
    assert journey.heard(room) == []
    cancelled = await journey.steward.house.database.read(views_sends.sends, SendState.CANCELLED)
    assert len(cancelled) == 1


async def test_an_insult_taken_back_counts_one_rung_less(journey: Journey, room: Room) -> None:
    for _ in range(2):
        await journey.say(room, "小林", STUPID)
        await journey.pass_time(minutes=3)
    third = await journey.say(room, "小林", STUPID)
    assert journey.person("小林").external_id in room.muted
    journey.channel.recall(room, third)
    await journey.settle()
    assert journey.person("小林").external_id not in room.muted
    await journey.pass_time(minutes=3)
    await journey.say(room, "小林", STUPID)
    until = room.muted[journey.person("小林").external_id]
    assert until - journey.clock.now == timedelta(minutes=10), "the first mute once more, not the second"


async def test_leaving_is_never_announced_and_the_agents_see_it_on_the_case(journey: Journey, room: Room) -> None:
    agents = await agents_of(journey)
    await journey.say(room, "小林", "我要投诉，三天了没人理")
    await journey.say(room, "小林", QUESTION)
    before = len(journey.heard(room))
    journey.channel.leave(room, journey.person("小林"))
    await journey.settle()
    await journey.pass_time(seconds=30)
    assert journey.heard(room)[before:] == []
    assert "已退群" in journey.heard(agents)[-1]
    (case,) = await journey.steward.house.database.read(views_cases.open_cases)
    assert case.left
    await journey.say(agents, "客服小周", "#1 回复 您好")
    assert "已经退群" in journey.heard(agents)[-1]


async def test_a_bot_that_is_removed_stops_its_timers_and_tells_staff(database_url: str, tmp_path: Path) -> None:
    campaigns = "campaigns:\n  - {id: tea, kind: post, at: every 30m, text: 喝茶啦}\n"
    files = {"steward.yaml": STEWARD, "faq/money.yaml": FAQ, "campaigns.yaml": campaigns}
    async with running(database_url, write_config(tmp_path / "posting", files)) as journey:
        room = journey.room("演示群", "小林")
        agents = journey.room("客服群", "客服小周", external_id="agents")
        await journey.say(agents, "客服小周", "大家好")
        await journey.say(room, "小林", "大家好")
        await journey.pass_time(hours=1)
        await journey.pass_time(minutes=31)
        assert "喝茶啦" in journey.heard(room)
        said = len(journey.heard(room))
        journey.channel.remove_bot(room)
        await journey.settle()
        assert "演示群" in journey.heard(agents)[-1] and "都停了" in journey.heard(agents)[-1]
        await journey.pass_time(hours=1)
        await journey.pass_time(hours=1)
        assert len(journey.heard(room)) == said
        performed = [one.order.room for one in journey.channel.performed]
        assert performed[-1] == agents.external_id


# ---- night -----------------------------------------------------------------------------------------------------------


async def test_at_night_only_those_who_speak_to_the_bot_hear_it(database_url: str, folder: Path) -> None:
    async with running(database_url, folder, clock=SetClock(NIGHT)) as journey:
        room = journey.room("演示群", "小林", "阿北")
        agents = journey.room("客服群", "客服小周", external_id="agents")
        await journey.say(agents, "客服小周", "大家好")
        await journey.ask(room, "小林", QUESTION)
        await journey.say(room, "阿北", "有人吗")
        await journey.pass_time(minutes=2)
        assert journey.heard(room) == []
        await journey.say(room, "小林", QUESTION, to_bot=True)
        assert journey.heard(room) == [f"@小林 {ANSWER}"]
        await journey.say(room, "阿北", "我要投诉，三天了没人理")
        assert "明天 9:00" in journey.heard(room)[-1]
        await journey.pass_time(hours=9, minutes=30)


# ---- teasing, quarrels, other bots -----------------------------------------------------------------------------------


async def test_teasing_the_bot_earns_one_light_reply_a_day_and_no_strike(journey: Journey, room: Room) -> None:
    for _ in range(4):
        await journey.say(room, "小林", "小管家你真是个傻逼", to_bot=True)
        await journey.pass_time(minutes=3)
    (reply,) = journey.heard(room)
    assert "群规" not in reply and reply.startswith("@小林")
    assert room.muted == {}
    await journey.say(room, "小林", "我的警告")
    assert "没有您的处置记录" in journey.heard(room)[-1]
    await journey.pass_time(days=1)
    await journey.say(room, "小林", "小管家你真是个傻逼", to_bot=True)
    assert len(journey.heard(room)) == 3


async def test_insults_both_ways_get_one_sentence_to_both(journey: Journey, room: Room) -> None:
    agents = journey.room("客服群", "客服小周", external_id="agents")
    await journey.say(agents, "客服小周", "大家好")
    await post(journey, room, "小林", STUPID, to="阿北")
    first = len(journey.heard(room))
    await post(journey, room, "阿北", STUPID, to="小林")
    (both,) = journey.heard(room)[first:]
    assert (both.startswith("@小林 @阿北") and "消消气" in both) or "好好说" in both
    await journey.pass_time(seconds=15)
    assert "小林" in journey.heard(agents)[-1] and "阿北" in journey.heard(agents)[-1]
    await post(journey, room, "小林", STUPID, to="阿北")
    assert journey.heard(room)[first:] == [both], "they have heard it"


async def test_a_quarrel_by_names_alone_is_one_too(journey: Journey, room: Room) -> None:
    await journey.say(room, "小林", "阿北你就是个傻逼")
    first = len(journey.heard(room))
    await journey.say(room, "阿北", "小林你才是个傻逼")
    (both,) = journey.heard(room)[first:]
    assert both.startswith("@小林 @阿北") and "群规" in both


async def test_a_quarrel_heard_at_once_brings_no_warning_but_the_one_sentence(journey: Journey, room: Room) -> None:
    journey.channel.say(room, journey.person("小林"), STUPID, mentions=(journey.person("阿北"),))
    journey.channel.say(room, journey.person("阿北"), STUPID, mentions=(journey.person("小林"),))
    await journey.settle()
    said = [text for text in journey.heard(room) if "群规" in text]
    assert sum(text.startswith("@小林 @阿北") for text in said) == 1
    assert not any(text.startswith("@阿北") for text in said)


async def test_another_bot_that_answers_every_answer_is_left_alone_for_five_minutes(
    journey: Journey, room: Room
) -> None:
    for text in ("你是机器人吗", "你是真人吗", "你是谁呀", "你是bot吗", "你到底是人吗", "你是人机吗", "您是机器人吗"):
        await journey.pass_time(seconds=4)
        await journey.say(room, "阿北", text, to_bot=True)
    assert len(journey.heard(room)) == 5
    await journey.say(room, "小林", "你是机器人吗", to_bot=True)
    assert len(journey.heard(room)) == 6
    await journey.say(room, "阿北", "积分")
    assert len(journey.heard(room)) == 7, "commands are served all the same"
    await journey.pass_time(minutes=5)
    await journey.say(room, "阿北", "你是机器人吗", to_bot=True)
    assert len(journey.heard(room)) == 8
