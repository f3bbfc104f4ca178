"""A handler that raises or does not return, an event that cannot be judged, sends that fail and hang: one at a time."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.users import add_user
from domain.decision import Opinion
from domain.events import Event, MemberJoined, MessagePosted
from domain.facts import Facts
from domain.text import TextFacts
from storage import inbox, views_events
from storage.views_decisions import Scope, decisions
from tests.console.desk import PASSWORD, Browser
from tests.faults import oracle
from tests.faults.process import Bot
from tests.gateway import Gateway
from tests.journeys.harness import Journey, running, until, write_config
from tests.journeys.parrot import let_parrot_judge

OTHERS = 12


@dataclass
class Sluggard:
    """Does not return from what is marked until it is let go; ``times``: only so often, then it is quick."""

    times: int = 1_000
    name: str = "sluggard"
    listens: tuple[type, ...] = (MessagePosted, MemberJoined)
    go_on: threading.Event = field(default_factory=threading.Event)
    inside: int = 0

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Wait, as a handler that computes for long or waits for something."""
        if isinstance(event, MemberJoined) or "慢" in getattr(event, "text", ""):
            self.wait()
        return Opinion()

    def wait(self) -> None:
        if self.times > 0:
            self.times -= 1
            self.inside += 1
            self.go_on.wait(60)


@pytest.fixture
def sluggard(request: pytest.FixtureRequest) -> Sluggard:
    made = Sluggard()
    request.addfinalizer(made.go_on.set)
    return made


@pytest.fixture
async def journey(database_url: str, tmp_path: Path) -> AsyncIterator[Journey]:
    folder = write_config(tmp_path / "config", {"steward.yaml": "{}\n"})
    async with running(database_url, folder) as journey:
        let_parrot_judge(journey.steward)
        yield journey


def put_first(journey: Journey, sluggard: Sluggard) -> None:
    """It judges before all others; also ``难读`` is read as slowly."""
    house = journey.steward.house
    engine = house.engine

    def read(text: str) -> TextFacts:
        if "难读" in text:
            sluggard.wait()
        return engine.read(text)

    house.engine = replace(engine, handlers=(sluggard, *engine.handlers), read=read)


@asynccontextmanager
async def console(journey: Journey) -> AsyncIterator[Browser]:
    """The running console, signed in."""
    await add_user(journey.steward.house.database, "值班", "operator", PASSWORD)
    base = URL(f"http://127.0.0.1:{journey.steward.port}")
    async with aiohttp.ClientSession(base, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        browser = Browser(client, base / "console")
        assert (await browser.sign_in("值班")).status == 303
        yield browser


async def served(journey: Journey, *marked: str) -> float:
    """Marked messages among those of other rooms; the seconds until all of these have their answers."""
    slow = journey.room("慢群", "小慢")
    others = [journey.room(f"群{number}", "小林") for number in range(OTHERS)]
    began = time.monotonic()
    for number, room in enumerate(others):
        if number == OTHERS // 2:
            for text in marked:
                journey.channel.say(slow, journey.person("小慢"), text)
        journey.channel.say(room, journey.person("小林"), str(number))
    await until(lambda: all(journey.heard(room) for room in others))
    return time.monotonic() - began


# ---- handlers --------------------------------------------------------------------------------------------------------


async def test_a_handler_that_does_not_return_is_left_out_shown_and_holds_up_nobody(
    journey: Journey, sluggard: Sluggard
) -> None:
    put_first(journey, sluggard)
    seconds = await served(journey, "慢慢来")
    print(f"a handler does not return: the others' last answer after {seconds:.2f} s")
    # Everybody is served while it is still inside.
    assert sluggard.inside == 2 and not sluggard.go_on.is_set()
    slow = next(room for room in journey.channel.community.rooms.values() if room.topic == "慢群")
    await until(lambda: journey.heard(slow) == ["@小慢 「慢慢来」"])
    (found,) = await journey.steward.house.database.read(decisions, scope=Scope.FOUND)
    assert "sluggard did not return" in found.errors[0] and "self.go_on.wait" in found.errors[0]
    async with console(journey) as browser:
        page = await browser.text(f"/console/decisions/{found.event_id}")
        assert "sluggard did not return" in page


async def test_a_handler_that_stands_still_once_is_asked_again(journey: Journey, sluggard: Sluggard) -> None:
    sluggard.times = 1
    put_first(journey, sluggard)
    await served(journey, "慢慢来")
    assert sluggard.inside == 1
    await journey.settle()
    assert await journey.steward.house.database.read(decisions, scope=Scope.FOUND) == []


async def test_what_is_no_message_is_waited_for_and_everybody_is_served_then(
    journey: Journey, sluggard: Sluggard
) -> None:
    put_first(journey, sluggard)
    room = journey.room("演示群", "小林")
    await journey.say(room, "小林", "早")
    journey.channel.join(room, journey.person("小来"))
    await until(lambda: sluggard.inside == 1)
    journey.channel.say(room, journey.person("小林"), "好")
    await asyncio.sleep(1.0)
    assert (sluggard.inside, journey.heard(room)) == (1, ["@小林 「早」"])
    sluggard.go_on.set()
    let_go = time.monotonic()
    await until(lambda: len(journey.heard(room)) == 2)
    print(f"served {time.monotonic() - let_go:.2f} s after the slow one had ended")
    await journey.settle()


async def test_a_text_whose_reading_does_not_end_is_set_aside_and_judged_again_when_told(
    journey: Journey, sluggard: Sluggard
) -> None:
    put_first(journey, sluggard)
    await served(journey, "难读")
    house = journey.steward.house
    await until(lambda: _failed(journey))
    (aside,) = await house.database.read(views_events.failed)
    assert "reading the text did not return" in aside.traceback
    sluggard.go_on.set()
    async with console(journey) as browser:
        assert "难读" not in await browser.text("/console/failed")
        assert "reading the text did not return" in await browser.text("/console/failed")
    assert await house.database.write(inbox.retry_failed, aside.event_id, journey.clock.now)
    await journey.settle()
    assert await house.database.read(views_events.failed) == []


async def _failed(journey: Journey) -> bool:
    return bool(await journey.steward.house.database.read(views_events.failed))


async def test_what_raises_and_what_cannot_be_judged_are_shown_to_operators(journey: Journey) -> None:
    await served(journey, "错", "毒")
    await journey.settle()
    async with console(journey) as browser:
        assert "this message cannot be read" in await browser.text("/console/failed")
        (found,) = await journey.steward.house.database.read(decisions, scope=Scope.FOUND)
        assert "this handler has a fault" in await browser.text(f"/console/decisions/{found.event_id}")


# ---- sends -----------------------------------------------------------------------------------------------------------

HANGS = "30001@chatroom"
FAILING = [f"{number}@chatroom" for number in range(31001, 31021)]
LIVELY = [f"{number}@chatroom" for number in range(30011, 30021)]
ASKED = 200
P99_SECONDS = 1.0
SLACK = 10
"""A busy machine is slower than the promise; a lane that waits for another's call would be slower by far more."""


async def delivered(gateway: Gateway, rooms: list[str], count: int) -> list[dict[str, Any]]:
    """What the gateway delivered to these rooms, as soon as it is so much."""
    async with asyncio.timeout(60):
        while True:
            sent = await gateway.sent(kinds=["text"])
            found = [one for one in sent if one["delivered"] and one["conversation"] in rooms]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.1)


@pytest.mark.gateway
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sends_that_fail_and_one_that_hangs_hold_up_no_other_room(gateway: Gateway, bot: Bot) -> None:
    members = [f"wxid_m{number}" for number in range(30)]
    for member in members:
        await gateway.add_contact(member, f"群友{member[6:]}")
    for room in (HANGS, *FAILING, *LIVELY):
        await gateway.add_room(room, f"群{room[:5]}", members, owner=members[0])
    await bot.start()
    await gateway.fail_sends("hang", 1, room=HANGS)
    for number, room in enumerate(FAILING):
        await gateway.fail_sends("fail", 1, room=room, code="UNAVAILABLE")
        await gateway.say(room, members[number], f"参加 {3000 + number}")
    await gateway.say(HANGS, members[0], "参加 999")
    await gateway.sent(room=HANGS, at_least=1, wait=30)
    for number in range(ASKED):
        await gateway.say(LIVELY[number % 10], members[number % 30], f"参加 {4000 + number}")
        await asyncio.sleep(0.01)
    answers = await delivered(gateway, LIVELY, ASKED)
    assert [one["outcome"] for one in await gateway.sent(room=HANGS)] == ["pending"]
    asked = await oracle.asked(gateway)
    waits = sorted((one["at"] - asked[oracle.answered(one["text"]) or 0]["at"]) / 1000 for one in answers)
    p50, p99 = waits[ASKED // 2], waits[ASKED * 99 // 100]
    print(f"20 sends fail, one hangs: the other rooms' p50 {p50:.3f} s, p99 {p99:.3f} s")
    assert p99 < P99_SECONDS * SLACK
    # Whether a send that failed was delivered, nobody knows: each is listed, and none is repeated.
    doubtful = {oracle.answered(row.text) for row in (await oracle.record(bot.database_url)).doubtful}
    assert set(range(3000, 3020)) <= doubtful <= {999, *range(3000, 3020)}
    assert len([one for one in await gateway.sent(kinds=["text"]) if one["conversation"] in FAILING]) == len(FAILING)
    await gateway.heal_sends()
    await bot.stop()
