"""A first warning is its member's own affair: said in the private chat, appealed there, and taken back there."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.memory import Echo, MemoryChannel
from bot.channels.memory_community import Room
from bot.channels.port import Outcome
from domain.facts import Ability, SendState
from storage import views_order, views_sends
from tests.journeys.conftest import STEWARD
from tests.journeys.harness import Journey, SetClock, running, write_config
from tests.journeys.steps import STUPID, agents_of

ALL = frozenset(Ability) - {Ability.REMOVE_AS_ADMIN_ONLY}


def alone_with(journey: Journey, name: str) -> Room:
    """Somebody's private chat with the bot."""
    return journey.channel.community.private_room(journey.person(name))


async def states(journey: Journey, state: SendState) -> list[str]:
    """What stands in the outbox in one state."""
    return [send.text for send in await journey.steward.house.database.read(views_sends.sends, state)]


async def test_a_member_who_never_wrote_to_the_bot_is_warned_alone_and_appeals_by_answering(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "阿北")
    agents = await agents_of(journey)
    await journey.say(room, "小林", STUPID)
    private = alone_with(journey, "小林")
    (warning,) = journey.heard(private)
    assert "演示群" in warning and "申诉" in warning
    assert journey.heard(room) == []
    assert "已私下提醒" in journey.heard(agents)[-1]
    await journey.say(private, "小林", "申诉")
    assert "1 号" in journey.heard(private)[-1]
    await journey.say(agents, "客服小周", "#undo 1")
    assert "抱歉" in journey.heard(private)[-1]
    assert journey.heard(room) == []
    await journey.say(room, "小林", STUPID)
    assert "群规" in journey.heard(private)[-1], "what was taken back was no first time"
    assert journey.heard(room) == []
    await journey.say(room, "小林", STUPID)
    assert journey.heard(room)[-1].startswith("@小林")


async def test_who_appeals_in_vain_is_told_kindly_and_alone(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "阿北")
    agents = await agents_of(journey)
    await journey.say(room, "小林", STUPID)
    private = alone_with(journey, "小林")
    await journey.say(private, "小林", "申诉")
    await journey.say(agents, "客服小周", "#判对 1")
    told = journey.heard(private)[-1]
    assert "维持" in told and STUPID not in told
    assert journey.heard(room) == []
    await journey.say(private, "小林", "申诉")
    assert "维持" in journey.heard(private)[-1] or "已经在同事那里" in journey.heard(private)[-1]


async def test_several_who_are_new_to_it_are_each_warned_alone(journey: Journey) -> None:
    names = [f"茶友{number}" for number in range(5)]
    room = journey.room("演示群", "小林", *names)
    for name in names:
        journey.channel.say(room, journey.person(name), "加微信 wx12345678 兼职日结")
    await journey.settle()
    assert [len(journey.heard(alone_with(journey, name))) for name in names] == [1] * 5
    assert journey.heard(room) == []
    kinds = {one.kind.value for one in await journey.steward.house.database.read(views_order.sanctions)}
    assert kinds == {"whisper"}


async def test_a_crowd_is_warned_alone_up_to_a_limit_and_the_rest_in_one_message(
    database_url: str, folder: Path
) -> None:
    write_config(folder, {"steward.yaml": f"{STEWARD}\npolicy: {{moderation: {{private_per_minute: 3}}}}\n"})
    clock = SetClock()
    async with running(database_url, folder, channel=MemoryChannel(clock=clock, abilities=ALL), clock=clock) as journey:
        names = [f"茶友{number}" for number in range(8)]
        room = journey.room("演示群", "小林", *names)
        for name in names:
            journey.channel.say(room, journey.person(name), "加微信 wx12345678 兼职日结")
        await journey.settle()
        clock.now += timedelta(seconds=20)
        await journey.settle()
        assert sum(len(journey.heard(alone_with(journey, name))) for name in names) == 3
        said = [text for text in journey.heard(room) if "不发广告" in text]
        assert 1 <= len(said) <= 2
        clock.now += timedelta(seconds=60)
        await journey.say(room, "小林", "加微信 wx12345678 兼职日结")
        assert len(journey.heard(alone_with(journey, "小林"))) == 1, "a minute later there is room again"


@pytest.mark.parametrize("echo", list(Echo))
@pytest.mark.parametrize("returns_ids", [True, False])
async def test_its_echo_is_never_taken_for_the_owners_words(
    database_url: str, folder: Path, echo: Echo, returns_ids: bool
) -> None:
    clock = SetClock()
    channel = MemoryChannel(clock=clock, abilities=ALL, echo=echo, returns_ids=returns_ids)
    async with running(database_url, folder, channel=channel, clock=clock) as journey:
        room = journey.room("演示群", "小林", "阿北")
        await journey.say(room, "小林", STUPID)
        private = alone_with(journey, "小林")
        (warning,) = journey.heard(private)
        assert warning in await states(journey, SendState.SENT)
        await journey.say(private, "小林", "退款要几天")
        await journey.pass_time(seconds=15)
        assert "工作日" in journey.heard(private)[-1], "nobody has taken over the private chat"


async def test_a_doubtful_one_is_settled_by_its_echo_in_the_private_chat(database_url: str, folder: Path) -> None:
    clock = SetClock()
    channel = MemoryChannel(clock=clock, abilities=ALL, returns_ids=False)
    async with running(database_url, folder, channel=channel, clock=clock) as journey:
        room = journey.room("演示群", "小林", "阿北")
        channel.faults.fail(Outcome.DOUBTFUL, kind="say")
        await journey.say(room, "小林", STUPID)
        await journey.pass_time(seconds=15)
        assert len(journey.heard(alone_with(journey, "小林"))) == 1
        assert await states(journey, SendState.DOUBTFUL) == []
        assert any("演示群" in text for text in await states(journey, SendState.SENT))


async def test_a_channel_that_reaches_contacts_only_warns_in_the_room(database_url: str, folder: Path) -> None:
    clock = SetClock()
    channel = MemoryChannel(clock=clock, abilities=ALL - {Ability.WHISPER})
    async with running(database_url, folder, channel=channel, clock=clock) as journey:
        room = journey.room("演示群", "小林", "阿北")
        await journey.say(room, "小林", STUPID)
        assert "群规" in journey.heard(room)[-1] and journey.heard(room)[-1].startswith("@小林")
        assert journey.heard(alone_with(journey, "小林")) == []


@pytest.mark.parametrize(
    ("policy", "public", "private"),
    [("simulate: true", 0, 0), ("moderation: {private_first: false}", 1, 0), ("moderation: {enabled: false}", 0, 0)],
)
async def test_the_room_decides_whether_anything_is_said_at_all(
    database_url: str, folder: Path, policy: str, public: int, private: int
) -> None:
    write_config(folder, {"steward.yaml": f"{STEWARD}\npolicy: {{{policy}}}\n"})
    async with running(database_url, folder) as journey:
        room = journey.room("演示群", "小林", "阿北")
        await journey.say(room, "小林", STUPID)
        assert (len(journey.heard(room)), len(journey.heard(alone_with(journey, "小林")))) == (public, private)
