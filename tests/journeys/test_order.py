"""Order as people keep it with the bot: verdicts reviewed, rules on trial and retired, appeals, the ban list."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.memory import MemoryChannel
from domain.facts import Ability
from domain.rules import RuleState
from storage import views_order, views_rules
from storage.views_rules import RuleView
from tests.journeys.harness import Journey, SetClock, running, until, write_config
from tests.journeys.steps import agents_of

STUPID, SECRET = "你就是个傻逼", "隔壁老冬瓜又来了"
OWN_WORDS = """
lists:
  - {category: 新词, severity: warn, title: 友善交流, trial: true, terms: [飞天小笼包]}
  - {category: 暗语, severity: warn, title: 友善交流, terms: [隔壁老冬瓜]}
"""


@pytest.fixture
async def journey(database_url: str, folder: Path) -> AsyncIterator[Journey]:
    """A community with a word list on trial, whose bot may remove people."""
    write_config(folder, {"words/own.yaml": OWN_WORDS})
    clock = SetClock()
    channel = MemoryChannel(clock=clock, abilities=frozenset(Ability) - {Ability.REMOVE_AS_ADMIN_ONLY})
    async with running(database_url, folder, channel=channel, clock=clock) as journey:
        yield journey


async def rule(journey: Journey, name: str) -> RuleView:
    """What the console shows of a rule."""
    found = await journey.steward.house.database.read(views_rules.rules, [name])
    return next(one for one in found if one.rule == name)


async def test_a_list_on_trial_is_reviewed_and_then_put_live(journey: Journey) -> None:
    room, agents = journey.room("演示群", "小林", "阿北"), await agents_of(journey)
    for _ in range(3):
        await journey.say(room, "小林", "哪来的飞天小笼包")
        await journey.pass_time(minutes=2)
    assert journey.heard(room) == []
    for number, verdict in ((1, "判对"), (2, "判对"), (3, "误判")):
        await journey.say(agents, "客服小周", f"#{verdict} {number}")
    seen = await rule(journey, "新词")
    assert (seen.on_trial, seen.done, seen.right, seen.wrong) == (3, 0, 2, 1)
    assert journey.heard(room) == []
    await journey.say(agents, "客服小周", "#启用 新词")
    assert "组长以上" in journey.heard(agents)[-1]


async def test_a_wrong_verdict_is_taken_back_and_shown_with_what_matched(journey: Journey) -> None:
    room, agents = journey.room("演示群", "小林", "阿北"), await agents_of(journey)
    await journey.say(room, "小林", STUPID)
    await journey.say(agents, "客服小周", "#误判 1")
    private = journey.channel.community.private_room(journey.person("小林"))
    assert "抱歉" in journey.heard(private)[-1], "who was warned alone is told alone"
    assert journey.heard(room) == []
    (sanction,) = await journey.steward.house.database.read(views_order.sanctions)
    assert (sanction.right, sanction.reversed_at is not None) == (False, True)
    proposed = await journey.steward.house.database.read(views_rules.proposals, sanction.rule)
    assert proposed and all(one.matched in STUPID for one in proposed)


async def test_a_rule_found_wrong_three_times_only_records_until_people_decide(journey: Journey) -> None:
    room, agents = journey.room("演示群", "小林", "阿北", "小陈", "老吴"), await agents_of(journey)
    for name in ("小林", "阿北", "小陈"):
        await journey.say(room, name, SECRET)
    for number in (1, 2, 3):
        await journey.say(agents, "客服小周", f"#误判 {number}")
    assert "改回试用" in journey.heard(agents)[-1]
    before = len(journey.heard(room))
    await journey.say(room, "老吴", SECRET)
    assert journey.heard(room)[before:] == []
    seen = await rule(journey, "暗语")
    assert (seen.state, seen.on_trial) == (RuleState.TRIAL, 1)


async def test_whoever_is_banned_is_out_of_every_room_and_stays_out_until_forgiven(journey: Journey) -> None:
    first, second = journey.room("演示群", "小林", "阿北"), journey.room("二群", "小林", "阿北")
    agents = await agents_of(journey)
    await journey.say(second, "小林", "大家好")
    await journey.say(first, "小林", STUPID)
    await journey.say(agents, "客服小周", "#拉黑 1")
    lin = journey.person("小林")
    for room in (first, second):
        assert lin.external_id not in room.members
    journey.channel.join(first, lin)
    await journey.settle()
    assert lin.external_id not in first.members
    await journey.say(agents, "客服小周", "#解除拉黑 1")
    journey.channel.join(first, lin)
    await journey.settle()
    assert lin.external_id in first.members


async def test_an_appeal_from_the_private_chat_reaches_staff_and_is_upheld(journey: Journey) -> None:
    room, agents = journey.room("演示群", "小林", "阿北"), await agents_of(journey)
    await journey.say(room, "小林", STUPID)
    private = journey.channel.community.private_room(journey.person("小林"))
    await journey.say(private, "小林", "我的警告")
    assert "1号" in journey.heard(private)[-1]
    await journey.say(private, "小林", "申诉")
    await until(lambda: any("申诉" in text for text in journey.heard(agents)))
    await journey.say(agents, "客服小周", "#误判 1")
    (appeal,) = await journey.steward.house.database.read(views_order.appeals)
    assert appeal.state == "reversed"
    await journey.say(private, "小林", "我的警告")
    assert "1号" not in journey.heard(private)[-1]
