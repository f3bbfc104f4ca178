"""The promise of the path: every event received takes effect once, in order, whatever goes wrong around it."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import decide
from bot.channels.memory import Echo, MemoryChannel
from bot.channels.memory_community import Room
from bot.channels.port import Order, Outcome
from domain.budget import SendRule
from domain.errors import Temporary
from domain.incoming import Incoming
from storage import outbox, views_events
from tests.journeys.harness import Journey, SetClock, running, until
from tests.journeys.parrot import let_parrot_judge


@pytest.fixture
async def journey(database_url: str, folder: Path):  # type: ignore[no-untyped-def]
    async with running(database_url, folder) as journey:
        let_parrot_judge(journey.steward)
        yield journey


def echoes(*texts: str, name: str = "小林") -> list[str]:
    return [f"@{name} 「{text}」" for text in texts]


async def test_what_is_heard_after_a_publication_is_judged_by_it_though_a_look_was_under_way(
    database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(database_url, folder) as journey:
        house, room = journey.steward.house, journey.room("演示群", "小林")
        looking, released = asyncio.Event(), asyncio.Event()
        read = house.database.read

        async def slow(fn: Callable[..., Any], *args: Any) -> Any:
            if fn is decide._load:
                looking.set()
                await released.wait()
            return await read(fn, *args)

        monkeypatch.setattr(house.database, "read", slow)
        house.wakes_of(journey.accounts[0]).decide.set()
        await asyncio.wait_for(looking.wait(), 20)
        let_parrot_judge(journey.steward)
        journey.channel.say(room, journey.person("小林"), "一")
        await until(lambda: not journey.channel.pending)
        released.set()
        await journey.settle()
        assert journey.heard(room) == echoes("一")


async def test_a_message_heard_twice_is_answered_once(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    room = journey.room("演示群", "小林")
    heard: list[Incoming] = []
    hear = journey.channel.hear

    def keep(incoming: Incoming) -> None:
        heard.append(incoming)
        hear(incoming)

    monkeypatch.setattr(journey.channel, "hear", keep)
    await journey.say(room, "小林", "一")
    hear(heard[0])
    await journey.settle()
    assert journey.heard(room) == echoes("一")


async def test_every_room_keeps_its_order_while_calls_take_as_long_as_they_like(journey: Journey) -> None:
    chance = random.Random(7)
    rooms = [journey.room(f"群{number}", "小林") for number in range(5)]
    perform = journey.channel.perform

    async def slow(order: Order) -> Any:
        await asyncio.sleep(chance.random() * 0.02)
        return await perform(order)

    journey.channel.perform = slow  # type: ignore[method-assign]
    said: dict[str, list[str]] = {room.external_id: [] for room in rooms}
    for number in range(120):
        room = rooms[0] if number % 2 else chance.choice(rooms)
        said[room.external_id].append(str(number))
        journey.channel.say(room, journey.person("小林"), str(number))
    await until(lambda: len(journey.channel.performed) == 120)
    assert {room.external_id: journey.heard(room) for room in rooms} == {
        key: echoes(*texts) for key, texts in said.items()
    }


async def test_a_hanging_call_holds_up_its_own_room_alone(journey: Journey) -> None:
    stuck, lively = journey.room("卡住的群", "小林"), journey.room("别的群", "小林")
    release = journey.channel.faults.hang(room=stuck)
    journey.channel.say(stuck, journey.person("小林"), "一")
    await until(lambda: journey.channel.began)
    for number in range(10):
        journey.channel.say(lively, journey.person("小林"), str(number))
    await until(lambda: len(journey.heard(lively)) == 10)
    assert journey.heard(stuck) == []
    release.set()
    await journey.settle()
    assert journey.heard(stuck) == echoes("一")


async def test_an_event_that_cannot_be_judged_is_set_aside_and_blocks_nobody(journey: Journey) -> None:
    room = journey.room("演示群", "小林")
    texts = [str(number) for number in range(20)]
    for text in (*texts[:13], "毒", *texts[13:]):
        journey.channel.say(room, journey.person("小林"), text)
    await journey.settle()
    assert journey.heard(room) == echoes(*texts)
    failed = await journey.steward.house.database.read(views_events.failed)
    assert len(failed) == 1
    assert "cannot be read" in failed[0].traceback


async def test_a_handler_that_raises_leaves_the_event_decided_and_the_next_one_served(journey: Journey) -> None:
    room = journey.room("演示群", "小林")
    await journey.say(room, "小林", "错")
    await journey.say(room, "小林", "好")
    assert journey.heard(room) == echoes("好")
    assert await journey.steward.house.database.read(views_events.failed) == []


async def test_a_slow_handler_does_not_hold_up_the_event_loop(journey: Journey) -> None:
    room = journey.room("演示群", "小林")
    journey.channel.say(room, journey.person("小林"), "慢")
    turns = 0
    while not journey.heard(room):
        await asyncio.sleep(0.005)
        turns += 1
    assert turns > 20


async def test_passing_database_trouble_loses_nothing_and_is_shown(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = journey.steward.house
    room = journey.room("演示群", "小林")
    await journey.say(room, "小林", "一")
    write = house.database.write

    async def locked(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        raise Temporary("the database is locked")

    monkeypatch.setattr(house.database, "write", locked)
    for text in ("二", "三"):
        journey.channel.say(room, journey.person("小林"), text)
    await until(lambda: "database" in house.vitals.troubles)
    assert house.vitals.troubles["database"] == "the database is locked"
    assert journey.heard(room) == echoes("一")
    monkeypatch.setattr(house.database, "write", write)
    await journey.settle()
    await until(lambda: house.vitals.ready)
    assert journey.heard(room) == echoes("一", "二", "三")
    assert await house.database.read(views_events.failed) == []


async def test_what_a_channel_could_not_deliver_is_sent_again_and_what_it_refuses_is_not(journey: Journey) -> None:
    room = journey.room("演示群", "小林")
    journey.channel.faults.fail(Outcome.RETRY)
    await journey.say(room, "小林", "一")
    assert journey.heard(room) == []
    await journey.pass_time(seconds=2)
    assert journey.heard(room) == echoes("一")
    journey.channel.faults.fail(Outcome.REFUSED)
    await journey.say(room, "小林", "二")
    await journey.pass_time(minutes=1)
    assert journey.heard(room) == echoes("一")


@pytest.mark.parametrize("echo", [Echo.AFTER, Echo.BEFORE])
async def test_a_doubtful_send_is_settled_by_its_echo_and_never_repeated(
    echo: Echo, database_url: str, folder: Path
) -> None:
    clock = SetClock()
    channel = MemoryChannel(clock=clock, echo=echo, returns_ids=False)
    async with running(database_url, folder, channel=channel, clock=clock) as journey:
        let_parrot_judge(journey.steward)
        room = journey.room("演示群", "小林")
        channel.faults.fail(Outcome.DOUBTFUL)
        await journey.say(room, "小林", "一")
        await journey.pass_time(seconds=1)
        assert await journey.steward.house.database.read(outbox.list_doubtful) == []
        await journey.pass_time(minutes=1)
        assert journey.heard(room) == echoes("一")


async def test_a_doubtful_send_without_echo_is_listed_and_never_repeated(database_url: str, folder: Path) -> None:
    clock = SetClock()
    channel = MemoryChannel(clock=clock, echo=Echo.NEVER)
    async with running(database_url, folder, channel=channel, clock=clock) as journey:
        let_parrot_judge(journey.steward)
        room = journey.room("演示群", "小林")
        channel.faults.fail(Outcome.DOUBTFUL)
        await journey.say(room, "小林", "一")
        await journey.pass_time(minutes=1)
        assert len(await journey.steward.house.database.read(outbox.list_doubtful)) == 1
        assert journey.heard(room) == echoes("一")


async def test_the_owners_words_on_the_phone_are_not_taken_for_an_echo(journey: Journey) -> None:
    room = journey.room("演示群", "小林")
    await journey.say(room, "小林", "一")
    journey.channel.type_on_phone(room, "我来说两句")
    await journey.settle()
    assert await journey.steward.house.database.read(views_events.failed) == []
    assert journey.heard(room) == [*echoes("一"), "我来说两句"]


async def test_a_platform_that_says_slow_down_is_left_alone_for_the_pause(database_url: str, folder: Path) -> None:
    rule = SendRule(min_interval=timedelta(0), jitter=timedelta(0), daily_cap=None, pause=timedelta(minutes=1))
    async with running(database_url, folder, rule=rule) as journey:
        let_parrot_judge(journey.steward)
        room, other = journey.room("演示群", "小林"), journey.room("别的群", "小林")
        journey.channel.faults.fail(Outcome.THROTTLED)
        await journey.say(room, "小林", "一")
        journey.channel.say(other, journey.person("小林"), "二")
        await asyncio.sleep(0.2)
        assert len(journey.channel.performed) == 1
        await journey.pass_time(seconds=61)
        assert journey.heard(room) + journey.heard(other) == echoes("一", "二")


async def test_the_send_budget_spaces_sends_also_across_a_restart(database_url: str, folder: Path) -> None:
    rule = SendRule(min_interval=timedelta(seconds=5), jitter=timedelta(0), daily_cap=3)
    async with running(database_url, folder, rule=rule) as first:
        let_parrot_judge(first.steward)
        rooms = [first.room(f"群{number}", "小林") for number in range(4)]
        for room in rooms:
            first.channel.say(room, first.person("小林"), "一")
        await until(lambda: len(first.channel.performed) == 1)
        await asyncio.sleep(0.2)
        assert len(first.channel.performed) == 1
        channel, clock = first.channel, first.clock
    async with running(database_url, folder, rule=rule, channel=channel, clock=clock) as second:
        await asyncio.sleep(0.2)
        assert len(channel.performed) == 1
        for count in (2, 3):
            clock.now += timedelta(seconds=5)
            await until(partial(_performed, channel, count))
        clock.now += timedelta(seconds=30)
        await asyncio.sleep(0.2)
        assert len(channel.performed) == 3
        assert second.steward.house.vitals.ready


def _performed(channel: MemoryChannel, count: int) -> bool:
    return len(channel.performed) == count


async def test_a_message_without_content_is_fetched_again_and_then_judged(journey: Journey) -> None:
    room = journey.room("演示群", "小林")
    message = journey.channel.say(room, journey.person("小林"), "迟到的话", unreadable=True)
    await journey.settle()
    assert journey.heard(room) == []
    journey.channel.make_readable(message)
    journey.clock.now += timedelta(seconds=10)
    await until(lambda: journey.heard(room) == echoes("迟到的话"))


async def test_a_lost_connection_leaves_a_recorded_gap(journey: Journey) -> None:
    house = journey.steward.house
    journey.channel.disconnect()
    await until(lambda: "channel memory" in house.vitals.troubles)
    journey.clock.now += timedelta(minutes=2)
    journey.channel.reconnect()
    await until(lambda: house.vitals.ready)

    async def recorded() -> bool:
        return bool(await house.database.read(views_events.gaps))

    await until(recorded)
    gap = (await house.database.read(views_events.gaps))[0]
    assert gap.ended_at - gap.started_at == timedelta(minutes=2)


async def test_another_login_on_the_same_stream_is_another_account(journey: Journey) -> None:
    house = journey.steward.house
    room = journey.room("演示群", "小林")
    await journey.say(room, "小林", "一")
    (first,) = journey.accounts
    journey.channel.log_in_as("")
    await until(lambda: "channel memory" in house.vitals.troubles)
    journey.channel.log_in_as("bot-2")
    await until(lambda: house.vitals.ready and journey.accounts != [first])
    await journey.say(room, "小林", "二")
    assert journey.heard(room) == echoes("一", "二")
    journey.channel.log_in_as("bot")
    await until(lambda: house.vitals.ready and journey.accounts == [first])
    await journey.say(room, "小林", "三")
    assert journey.heard(room) == echoes("一", "二", "三")


async def test_a_second_process_waits_and_takes_over_without_doing_anything_twice(
    database_url: str, folder: Path
) -> None:
    async with running(database_url, folder) as first:
        let_parrot_judge(first.steward)
        room = first.room("演示群", "小林")
        await first.say(room, "小林", "一")
        waiting = asyncio.create_task(_second(database_url, folder, first.clock, room))
        await asyncio.sleep(0.3)
        await first.say(room, "小林", "二")
        assert first.heard(room) == echoes("一", "二")
    said = await asyncio.wait_for(waiting, 30)
    assert said == echoes("三")
    assert first.heard(room) == echoes("一", "二")


async def _second(database_url: str, folder: Path, clock: SetClock, room: Room) -> list[str]:
    """Another process's Steward with a connection of its own; it must do nothing until the account is free."""
    async with running(database_url, folder, channel=MemoryChannel(clock=clock), clock=clock) as second:
        let_parrot_judge(second.steward)
        second.people["小林"] = next(iter(room.members.values()))
        own = second.channel.community.room(room.topic, room.external_id, members=(second.people["小林"],))
        await second.say(own, "小林", "三")
        return second.heard(own)
