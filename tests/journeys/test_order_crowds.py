"""Order among many: a rule retired, a wave of joins, everybody called again and again, one voice in many mouths."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from storage import views_order, views_rules
from tests.journeys.harness import Journey, write_config
from tests.journeys.steps import agents_of

SECRET = "隔壁老冬瓜又来了"
OWN_WORDS = """
lists:
  - {category: 暗语, severity: warn, title: 友善交流, terms: [隔壁老冬瓜]}
"""


@pytest.fixture
def folder(folder: Path) -> Path:
    """The small community with a word list of its own."""
    return write_config(folder, {"words/own.yaml": OWN_WORDS})


async def test_a_retired_rule_takes_back_all_it_did_with_one_apology_a_member(journey: Journey) -> None:
    room, agents = journey.room("演示群", "小林", "阿北"), await agents_of(journey, "lead")
    for name in ("小林", "阿北", "小林"):
        await journey.say(room, name, SECRET)
        await journey.pass_time(minutes=2)
    database = journey.steward.house.database
    preview = await database.read(views_rules.retirement, "暗语", journey.clock.now)
    before = len(journey.heard(room))
    await journey.say(agents, "客服小周", "#停用 暗语")
    await journey.pass_time(minutes=1)
    done = await database.read(views_order.sanctions, None, "暗语")
    assert len(done) == 3 and all(one.reversed_at is not None for one in done)
    private = [journey.channel.community.private_room(journey.person(name)) for name in ("小林", "阿北")]
    sorry = [text for place in (room, *private) for text in journey.heard(place) if "抱歉" in text]
    assert len(sorry) == 2, "one who was warned in public, one who was warned alone"
    assert len(journey.heard(room)) == before + 1
    assert preview is not None
    await journey.say(room, "阿北", SECRET)
    assert len(journey.heard(room)) == before + 1, "a retired rule finds nothing"


async def test_a_wave_of_joins_is_braked_and_staff_are_told_once(journey: Journey) -> None:
    room, agents = journey.room("演示群", "小林"), await agents_of(journey)
    await journey.say(room, "小林", "大家好")
    people = [journey.person(f"新人{number}") for number in range(15)]
    for person in people:
        journey.channel.join(room, person)
    await journey.settle()
    assert sum("接下来" in text for text in journey.heard(agents)) == 1
    await journey.say(room, "新人3", "资料在这里 https://files.example.com/a 大家看看")
    private = journey.channel.community.private_room(people[3])
    assert any("新成员先不发链接" in text for text in (*journey.heard(room), *journey.heard(private)))
    await journey.say(room, "小林", "我也有一份 https://files.example.com/b")
    lin = journey.channel.community.private_room(journey.person("小林"))
    assert journey.heard(lin) == [], "who was there before may"


async def test_who_calls_everybody_again_and_again_is_asked_to_slow_down(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "阿北")
    for text in ("看一下公告", "都来看公告呀"):
        journey.channel.say(room, journey.person("小林"), text, to_all=True)
        await journey.settle()
        await journey.pass_time(minutes=1)
    (done,) = await journey.steward.house.database.read(views_order.sanctions)
    assert done.rule == "flood"
    await journey.say(room, "阿北", "公告在哪呀")
    assert len(await journey.steward.house.database.read(views_order.sanctions)) == 1


async def test_nearly_the_same_hostile_words_from_many_are_shown_to_staff_once(journey: Journey) -> None:
    names = [f"路人{number}" for number in range(6)]
    room, agents = journey.room("演示群", "小林", *names), await agents_of(journey)
    for name, end in zip(names, ("", "啊", "！", "，别来", "，真的", "呢"), strict=True):
        await journey.say(room, name, f"这家店骗人的隔壁老冬瓜大家都别来{end}")
    assert sum("像是约好的" in text for text in journey.heard(agents)) == 1


async def test_staff_are_told_of_a_backlog_of_offences_in_a_few_words_and_of_fresh_ones_a_line_each(
    journey: Journey,
) -> None:
    names = [f"路人{number}" for number in range(25)]
    room, agents = journey.room("演示群", "小林", *names), await agents_of(journey)
    await journey.say(room, "小林", "大家好")
    long_ago, before = journey.clock.now - timedelta(hours=2), len(journey.heard(agents))
    for number, name in enumerate(names * 2):
        at = long_ago + timedelta(minutes=number)
        journey.channel.say(room, journey.person(name), f"你就是个傻逼，说的就是你{number}", at=at)
    await journey.settle()
    await journey.pass_time(minutes=1)
    told = journey.heard(agents)[before:]
    assert len(await journey.steward.house.database.read(views_order.sanctions)) == 50
    assert len(told) <= 4, told
    assert any("补看积压的消息" in text and re.search("等2[45]人", text) and "处置" in text for text in told), told

    before = len(journey.heard(agents))
    for name in ("路人1", "路人2", "路人3"):
        journey.channel.say(room, journey.person(name), SECRET)
    await journey.settle()
    await journey.pass_time(minutes=1)
    lines = "\n".join(journey.heard(agents)[before:]).splitlines()
    assert sum("#undo" in line for line in lines) == 3, "each can be taken back by its number"
    assert len(journey.heard(agents)) - before <= 2
