"""The promises on WeChat: own messages are told from the owner's, nothing is said twice, every room keeps its order."""

import re
from collections.abc import AsyncIterator
from itertools import cycle, pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from tests.gateway import Gateway
from tests.gateway.gateway import EchoMode
from tests.story.community import configure
from tests.story.process import Steward, free_port
from tests.story.record import doubtful, own_messages, until
from tests.story.wechat import Group, WeChat, console

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]

HELP = "也可以发"
MESSAGES, MEMBERS, QUIET_ROOMS = 160, 24, 5


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def wechat(home: Path, database_url: str) -> AsyncIterator[WeChat]:
    """A bot that is logged in, without agents."""
    async with Gateway() as gateway:
        port = free_port()
        config = configure(home / "config", f"http://127.0.0.1:{port}", "web:agents", "  web:demo: {topic: 演示群}")
        more = {**gateway.environment, "STEWARD_SEND_INTERVAL": "0"}
        async with Steward(home, config, database_url, port, more) as steward:
            await gateway.await_stream()
            yield WeChat(gateway, steward)
            assert steward.faults() == []


@pytest_asyncio.fixture(loop_scope="module")
async def healed(wechat: WeChat) -> AsyncIterator[WeChat]:
    """The same, and the gateway without faults when the test is over."""
    yield wechat
    await wechat.gateway.heal_sends()
    await wechat.gateway.release()
    await wechat.gateway.echo("before")
    await wechat.gateway.jitter()


@pytest.mark.parametrize("returned_ids", [True, False], ids=["ids", "no ids"])
@pytest.mark.parametrize("mode", ["before", "after", "mixed", "never"])
async def test_own_echoes_are_told_from_what_the_owner_types(
    healed: WeChat, mode: EchoMode, returned_ids: bool
) -> None:
    topic = f"回声群{mode}{returned_ids}"
    group = await healed.room(topic, "小明", "小红")
    await healed.gateway.echo(mode, returned_ids=returned_ids, delay_ms=(1, 60))
    await healed.gateway.jitter(reply_ms=(0, 60))
    for name in ("小明", "小红"):
        await group.say(name, "帮助")
    await group.hears(HELP, count=2)
    await healed.gateway.say_as_self(group.id, "我是号主，晚上再回复大家")
    await group.catches_up("小明")
    echoes = 0 if mode == "never" else 3
    url = healed.steward.database_url
    # An echo is told only where its send has not told its id by then.
    await until(lambda: _told(url, topic, 1 if returned_ids else echoes + 1))
    await until(lambda: _owner_told(url, topic))
    *told, owner = sorted(await own_messages(url, topic))
    assert (set(told) <= {"echo"}, owner) == (True, "owner")
    assert len(told) <= echoes if returned_ids else len(told) == echoes
    assert await doubtful(url, topic) == []
    await group.hears(HELP, count=2)


async def _told(url: str, topic: str, count: int) -> bool:
    return len(await own_messages(url, topic)) >= count


async def _owner_told(url: str, topic: str) -> bool:
    return "owner" in await own_messages(url, topic)


async def test_a_send_whose_reply_is_lost_is_settled_by_its_echo(healed: WeChat) -> None:
    group = await healed.room("断线群", "小明")
    await healed.gateway.echo("after", returned_ids=False)
    await healed.gateway.fail_sends("fail_delivered", room=group.id)
    await group.say("小明", "帮助")
    await group.hears(HELP)
    url = healed.steward.database_url
    await until(lambda: _told(url, "断线群", 1))
    await group.catches_up("小明")
    assert await doubtful(url, "断线群") == []
    await group.hears(HELP)


async def test_a_send_of_unknown_outcome_is_repeated_only_by_a_person(healed: WeChat) -> None:
    group = await healed.room("存疑群", "小明")
    await healed.gateway.echo("never")
    await healed.gateway.fail_sends("fail_delivered", room=group.id)
    await group.say("小明", "帮助")
    await group.hears(HELP)
    url = healed.steward.database_url

    async def shown() -> bool:
        return len(await doubtful(url, "存疑群")) == 1

    await until(shown)
    # Its lane waits a while for the echo; what comes after goes out, and the doubtful one is not said again.
    await group.catches_up("小明")
    await group.hears(HELP)
    (lost,) = await doubtful(url, "存疑群")
    async with console(healed.steward) as browser:
        answer = await browser.post(f"/console/sends/{lost.id}", page="/console/sends", act="resend")
        assert answer.headers["Location"] == "/console/sends?notice=done"
    await group.hears(HELP, count=2)
    assert await doubtful(url, "存疑群") == []


async def test_every_room_keeps_its_order_whatever_comes_late(healed: WeChat) -> None:
    members = [f"群友{number}" for number in range(MEMBERS)]
    hot = await healed.room("热闹群", *members)
    quiet = [await healed.room(f"冷清群{number}", *members) for number in range(QUIET_ROOMS)]
    await healed.gateway.jitter(payload_ms=(0, 200), reply_ms=(0, 200))
    asked: dict[str, list[int]] = {group.id: [] for group in (hot, *quiet)}
    speakers, others = cycle(members), cycle(quiet)
    never = 0
    for number in range(1, MESSAGES + 1):
        group = hot if number % 2 else next(others)
        stuck = number == MESSAGES // 4 + 1
        await group.say(next(speakers), f"参加 {1000 + number}", withhold=stuck)
        if stuck:
            never = 1000 + number
        else:
            asked[group.id].append(1000 + number)
    answered = {}
    for group in (hot, *quiet):
        await group.hears(f"第 {asked[group.id][-1]} 场")
        answered[group.id] = await _numbers(group)
    assert never % 2 and never not in asked[hot.id]
    assert answered == asked
    inversions = sum(a > b for numbers in answered.values() for a, b in pairwise(numbers))
    assert inversions == 0
    # What could not be read is fetched again as soon as that is possible, and answered last.
    await healed.gateway.release()
    await hot.hears(f"第 {never} 场")


async def _numbers(group: Group) -> list[int]:
    found = (re.search(r"第 (\d+) 场", text) for text in await group.heard())
    return [int(one[1]) for one in found if one is not None]
