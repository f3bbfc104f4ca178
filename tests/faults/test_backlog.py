"""What was said during an outage is heard all at once: nobody is punished or answered for what is long over."""

import time
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from bot.channels.memory_community import Room
from domain.actions import SanctionKind
from domain.incoming import Incoming, IncomingKind
from domain.outward import SendClass
from domain.policy import ExpiryPolicy
from storage import views_cases, views_order
from storage.database import Connection
from storage.tables.path import INBOX, OUTBOX
from storage.tables.people import ROOMS
from tests.faults import oracle
from tests.faults.process import Bot
from tests.gateway import Gateway
from tests.journeys.conftest import FAQ, STEWARD
from tests.journeys.harness import Journey, running, write_config
from tests.journeys.steps import ANSWER, QUESTION, STUPID
from tests.story.record import look

OUTAGE = timedelta(hours=2)
ADVERT = "兼职日结，加微信 wx12345678 了解"
FRESH = timedelta(seconds=max(ExpiryPolicy().answer, ExpiryPolicy().warning))
"""Answers and warnings to what is older than this are stale."""
KNOWN = timedelta(seconds=ExpiryPolicy().acknowledgement)
"""That a check-in counts and that a complaint has a number is worth saying for so long."""
A_TURN = timedelta(minutes=2)
"""What several get in one message may wait so long for the others and for its turn."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_config(tmp_path / "config", {"steward.yaml": STEWARD, "faq/money.yaml": FAQ})


def two_hours(journey: Journey, room: Room) -> int:
    """A lively room through the whole outage, told at once after it; how many complained."""
    start, minute = journey.clock.now - OUTAGE, timedelta(minutes=1)
    complaining = [f"顾客{number}" for number in range(6)]

    def say(name: str, text: str, minutes: float, *, to_bot: bool = False) -> None:
        at = start + minutes * minute
        journey.channel.say(room, journey.person(name), text, at=at, to_bot=to_bot)

    for number in range(115):
        say("小林", QUESTION, number, to_bot=bool(number % 2))
        say("小骂", STUPID, number + 0.1)
        say("小广", ADVERT, number + 0.2)
        say(f"路人{number % 9}", "签到", number + 0.3)
        say(f"路人{number % 7}", ("在吗", "有人吗", "你是机器人吗", "帮助", "参加")[number % 5], number + 0.4)
        if number % 20 == 0:
            say(complaining[number // 20], "我要投诉，三天了没人理", number + 0.5)
        newcomer = journey.person(f"新人{number}")
        journey.channel.hear(
            Incoming(IncomingKind.JOINED, start + number * minute, "", room.as_external(), people=(newcomer,))
        )
    for number in range(30):
        # Thirty at the same moment, as a flood looks.
        say("小刷", f"快来看啊快来看啊 {number % 2}", 60)
    return len(complaining)


class Sent(NamedTuple):
    """What went out. ``age``: of its occasion by then."""

    topic: str
    send_class: int
    text: str
    age: timedelta


def _sent(conn: Connection) -> list[Sent]:
    query = (
        select(ROOMS.c.topic, OUTBOX.c.send_class, OUTBOX.c.text, OUTBOX.c.called_at, INBOX.c.at)
        .join(INBOX, INBOX.c.id == OUTBOX.c.event_id)
        .join(ROOMS, ROOMS.c.id == OUTBOX.c.room_id)
        .where(OUTBOX.c.state == "sent")
    )
    return [Sent(*row[:3], row.called_at - row.at) for row in conn.execute(query)]


def _states(conn: Connection, topic: str) -> dict[str, int]:
    query = select(OUTBOX.c.state).join(ROOMS, ROOMS.c.id == OUTBOX.c.room_id).where(ROOMS.c.topic == topic)
    states = list(conn.execute(query).scalars())
    return {state: states.count(state) for state in sorted(set(states))}


async def test_two_hours_heard_at_once_punish_nobody_and_get_no_stale_answer(database_url: str, folder: Path) -> None:
    async with running(database_url, folder) as journey:
        read = journey.steward.house.database.read
        room = journey.room("演示群", owner="群主")
        agents = journey.room("客服群", "客服小周", external_id="agents")
        await journey.say(room, "小林", "大家早")
        journey.channel.disconnect()
        journey.clock.now += OUTAGE
        journey.channel.reconnect()
        complaints = two_hours(journey, room)
        await journey.settle(90.0)
        await journey.pass_time(minutes=1)

        assert {one.order.kind for one in journey.channel.performed} == {"say"}
        sanctions = await read(views_order.sanctions)
        assert sanctions and {one.kind for one in sanctions} == {SanctionKind.WARN}
        old = [one for one in await read(_sent) if one.topic == "演示群" and one.age > FRESH]
        assert [one for one in old if one.age > KNOWN + A_TURN] == []
        assert [one for one in old if one.send_class <= SendClass.ANSWER and "编号" not in one.text] == []
        assert not any(ANSWER in text for text in journey.heard(room))
        states = await read(_states, "演示群")
        print(f"two hours of talk at once: {states} in the room, {len(sanctions)} warnings, none of them said")
        assert states["expired"] > 100 and "failed" not in states

        cases = await read(views_cases.open_cases)
        assert len(cases) == complaints
        told = "\n".join(journey.heard(agents))
        assert all(f"【#{case.number}】" in told for case in cases)


async def test_who_asks_now_is_answered_although_others_asked_the_same_long_ago(
    database_url: str, folder: Path
) -> None:
    async with running(database_url, folder) as journey:
        room = journey.room("演示群", "小林", "小来", "小签", "小到")
        now = journey.clock.now
        for age in (OUTAGE, timedelta(hours=1), timedelta(minutes=30)):
            journey.channel.say(room, journey.person("小林"), QUESTION, at=now - age)
            journey.channel.say(room, journey.person("小签"), "签到", at=now - age)
        journey.channel.say(room, journey.person("小来"), QUESTION, at=now)
        journey.channel.say(room, journey.person("小到"), "签到", at=now)
        await journey.settle()
        await journey.pass_time(seconds=20)
        (answer,) = [text for text in journey.heard(room) if ANSWER in text]
        assert "小来" in answer and "小林" not in answer
        (checked,) = [text for text in journey.heard(room) if "签到" in text]
        assert "小到" in checked and "小签" not in checked


@pytest.mark.gateway
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_gateway_that_tells_two_hours_late_has_nobody_punished(gateway: Gateway, bot: Bot) -> None:
    group = "30001@chatroom"
    names = {"wxid_ma": "小骂", "wxid_gu": "小顾", "wxid_wen": "小问", "wxid_lai": "小来"}
    for contact, name in names.items():
        await gateway.add_contact(contact, name)
    await gateway.add_room(group, "演示群", names, owner="wxid_wen", admins=[gateway.self_id])
    await gateway.add_room("20001@chatroom", "客服群", ["wxid_wen"])
    await bot.start()
    began = int(time.time() - OUTAGE.total_seconds())
    for minute in range(0, 110, 5):
        await gateway.say(group, "wxid_ma", STUPID, at=began + minute * 60)
        await gateway.say(group, "wxid_wen", "你们几点上班？", at=began + minute * 60 + 20)
    await gateway.say(group, "wxid_gu", "我要投诉，三天了没人理", at=began + 600)
    await gateway.say(group, "wxid_lai", "参加 4711")
    (answer,) = await gateway.texts(group, at_least=1, wait=30)
    assert oracle.answered(answer) == 4711
    await oracle.settled(bot.database_url)
    assert len(await gateway.texts(group)) == 1
    assert {one["kind"] for one in await gateway.sent()} == {"text"}
    assert [case.member for case in await look(bot.database_url, views_cases.open_cases)] == ["小顾"]
    await bot.stop()
