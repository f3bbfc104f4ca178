"""A decision takes the responder's turn along: what it says is under way with it; trouble of one is not the other's."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from bot import turns
from bot.channels.port import Order
from bot.turns import Taken
from domain.facts import SendState
from storage import views_events, views_sends
from storage.database import Database
from tests.journeys.harness import Journey, running, until
from tests.journeys.parrot import let_parrot_judge

PATH = ("_receive", "_finish", "advance")


@pytest.fixture
async def journey(database_url: str, folder: Path):  # type: ignore[no-untyped-def]
    async with running(database_url, folder) as journey:
        let_parrot_judge(journey.steward)
        yield journey


def writes(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what the path writes from now on, in order; timers and the lease have transactions of their own."""
    names: list[str] = []
    write = database.write

    async def noting(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if work.__name__ in PATH:
            names.append(work.__name__)
        return await write(work, *arguments, **named)

    monkeypatch.setattr(database, "write", noting)
    return names


async def test_an_answer_is_under_way_with_its_decision(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    room, perform = journey.room("演示群", "小林"), journey.channel.perform
    await journey.say(room, "小林", "一")
    names = writes(journey.steward.house.database, monkeypatch)
    journey.steward.house.wakes_of(journey.accounts[0]).respond.set()
    before: list[list[str]] = []

    async def noting(order: Order) -> Any:
        before.append(list(names))
        return await perform(order)

    monkeypatch.setattr(journey.channel, "perform", noting)
    # Waiting for the end of the first one has woken the responder, who has nothing to do.
    wake = journey.steward.house.wakes_of(journey.accounts[0]).respond
    await until(lambda: not wake.is_set() and names[-1:] == ["advance"])
    names.clear()
    journey.channel.say(room, journey.person("小林"), "二")
    await until(lambda: journey.heard(room) == ["@小林 「一」", "@小林 「二」"])
    assert before == [["_receive", "_finish"]]


async def test_the_end_of_a_call_is_recorded_with_the_next_decision(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.respond.GATHER_SECONDS", 30.0)
    rooms = [journey.room(topic, "小林") for topic in ("一群", "二群")]
    for room, text in zip(rooms, ("一", "二"), strict=True):
        journey.channel.say(room, journey.person("小林"), text)
        await until(lambda room=room, text=text: journey.heard(room) == [f"@小林 「{text}」"])  # type: ignore[misc]
    sent = await journey.steward.house.database.read(views_sends.sends, SendState.SENT)
    assert [row.text for row in sent if row.text == "「一」"] == ["「一」"]


async def test_a_timer_of_before_gives_what_has_just_ended_its_time(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.respond.GATHER_SECONDS", 30.0)
    await journey.say(journey.room("演示群", "小林"), "小林", "一")
    duty = journey.steward.accounts[0].duty
    assert duty is not None
    responder, wake = duty.responder, journey.steward.house.wakes_of(duty.account).respond
    await until(lambda: not responder.busy and not wake.is_set())
    # From here on nobody else comes to work: nothing is awaited.
    responder._gather, responder._ended_at = 30.0, time.monotonic()
    responder._ended.append(cast(Any, None))
    responder._nudge()
    assert not wake.is_set()
    responder._ended_at -= 31.0
    responder._nudge()
    assert wake.is_set()
    responder._ended.clear()


async def test_a_turn_that_cannot_be_taken_is_not_the_decisions_fault(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance, house = turns.advance, journey.steward.house
    failures = iter([True])

    def failing(*arguments: Any, **named: Any) -> Taken:
        if next(failures, False):
            raise ValueError("a row that cannot be begun")
        return advance(*arguments, **named)

    monkeypatch.setattr(turns, "advance", failing)
    room = journey.room("演示群", "小林")
    await journey.say(room, "小林", "一")
    assert journey.heard(room) == ["@小林 「一」"]
    assert next(failures, None) is None
    assert await house.database.read(views_events.failed) == []


async def test_a_decision_that_cannot_be_committed_begins_no_call(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, room = journey.steward.house, journey.room("演示群", "小林")

    def guilty(*arguments: Any, **named: Any) -> Taken:
        raise ValueError("never with a decision")

    monkeypatch.setattr("bot.decide._commit", guilty)
    journey.channel.say(room, journey.person("小林"), "一")

    async def set_aside() -> bool:
        return bool(await house.database.read(views_events.failed))

    await until(set_aside)
    await asyncio.sleep(0)
    assert journey.heard(room) == [] and journey.channel.began == []
