"""kill -9 at any moment: every event received takes effect once, nothing is said twice, what is unknown is listed."""

import asyncio
import itertools
import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from domain.budget import UNLIMITED
from domain.facts import SendState
from tests.faults.crashing import POINTS
from tests.faults.desk import console
from tests.faults.oracle import Counts, Record, answered, asked, judge, record, settled
from tests.faults.process import Bot
from tests.gateway import Gateway
from tests.story.record import until

pytestmark = [pytest.mark.gateway, pytest.mark.slow, pytest.mark.timeout(300)]

UNKNOWN = {"after calling": 0, "after the call": 1}
"""At these points nobody can know whether the call reached the platform; how often it did."""
ROOMS, MEMBERS, A_SECOND = 20, 40, 100
KILLED_STARTING = 4
"""Every so many-th life ends before the process is ready."""
FULL = os.environ.get("STEWARD_FAULTS") == "full"
KILLS, MESSAGES = (30, 5000) if FULL else (4, 700)
SQLITE, POSTGRESQL = "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)
DATABASES = [SQLITE, POSTGRESQL] if FULL else [SQLITE]


@pytest.fixture
def config(config: Path) -> Path:
    """Answers stay true for an hour: on a slow machine, killed again and again, one may wait long for its turn."""
    path = config / "steward.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "  expiry: {answer: 3600}\n", encoding="utf-8")
    return config


# ---- named points ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
async def test_killed_at_any_point_of_the_path_it_goes_on_as_if_nothing_had_been(gateway: Gateway, bot: Bot) -> None:
    """Send budget off; the account's own messages do not come back, so that only replies tell how a call ended."""
    _state_budget(bot)
    person = await gateway.add_contact("wxid_ming", "小明")
    # A room for each: a doubtful send holds up what comes after it for a while.
    rooms = [await gateway.add_room(f"{n}@chatroom", f"{n}群", [person]) for n in range(len(POINTS) + 1)]
    await gateway.echo("never")
    unknown: dict[int, int] = {}
    points = list(POINTS)
    await bot.start(points[0])
    await _warm_up(gateway, bot, rooms.pop(), person)
    for number, (point, following) in enumerate(zip(points, [*points[1:], ""], strict=True), 1000):
        await bot.arm()
        await gateway.say(rooms.pop(), person, f"参加 {number}")
        await bot.dies()
        await bot.start(following)
        found = await settled(bot.database_url)
        (answer,) = found.answers(number)
        at_gateway = [one for one in await gateway.sent(kinds=["text"]) if answered(one["text"]) == number]
        if point in UNKNOWN:
            assert (answer.state, len(at_gateway)) == (SendState.DOUBTFUL, UNKNOWN[point]), point
            unknown[number] = answer.id
        else:
            assert (answer.state, len(at_gateway)) == (SendState.SENT, 1), point
    async with console(bot) as browser:
        assert set(map(answered, re.findall(r"第 \d+ 场", await browser.text("/console/sends")))) == set(unknown)
    await bot.stop()
    found = await record(bot.database_url)
    assert [row.id for row in found.doubtful] == list(unknown.values())
    assert await judge(gateway, found, bot.deaths) == Counts(1 + len(points), 0, len(points), 2)


@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
async def test_an_echo_that_was_heard_before_the_kill_settles_its_call(gateway: Gateway, bot: Bot) -> None:
    """Send budget off. The reply never comes, the echo is received and not judged: the next process draws from it."""
    _state_budget(bot)
    person = await gateway.add_contact("wxid_ming", "小明")
    room, other = [await gateway.add_room(f"{n}@chatroom", f"{n}群", [person]) for n in range(2)]
    await bot.start("between inbox and decide")
    await _warm_up(gateway, bot, other, person)
    await gateway.echo("after", delay_ms=(3000, 3000))
    await gateway.fail_sends("hang_delivered", next_sends=1)
    await gateway.say(room, person, "参加 1000")
    await gateway.sent(kinds=["text"], at_least=2, wait=30)
    await bot.arm()
    await bot.dies()
    assert [row.state for row in (await record(bot.database_url)).answers(1000)] == [SendState.CALLING]
    await bot.start()
    found = await settled(bot.database_url)
    await bot.stop()
    assert await judge(gateway, found, bot.deaths) == Counts(2, 0, 2, 0)


async def _warm_up(gateway: Gateway, bot: Bot, room: str, person: str) -> None:
    """What the start itself brings, on every channel, is over."""
    await gateway.say(room, person, "参加 999")
    await gateway.sent(kinds=["text"], at_least=1, wait=30)
    await settled(bot.database_url)


def _state_budget(bot: Bot) -> None:
    assert bot.budget == UNLIMITED
    print("send budget: none")


# ---- random moments --------------------------------------------------------------------------------------------------


@dataclass
class Crowd:
    """People in many rooms who ask for draws that there are not."""

    gateway: Gateway
    asked: int = 0
    _bursts: Iterator[int] = field(default_factory=lambda: itertools.count(1000))

    async def ask(self, messages: int, rate: float = A_SECOND) -> None:
        """So many questions at this pace, whoever listens. Numbers: that of the burst, then that within it."""
        texts = [f"参加 {next(self._bursts)}{{n}}"]
        self.asked += messages
        await self.gateway.burst(messages, rooms=ROOMS, members=MEMBERS, rate=rate, texts=texts)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [20261122])
@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
async def test_killed_at_random_moments_nothing_is_lost_or_said_twice(gateway: Gateway, bot: Bot, seed: int) -> None:
    """Send budget off; own messages come back before or after the reply, which tells the id in every other life."""
    _state_budget(bot)
    chance = random.Random(seed)
    crowd = Crowd(gateway)
    await gateway.control("populate", rooms=ROOMS, members=MEMBERS, prefix="burst")
    await gateway.echo("mixed", delay_ms=(1, 40))
    await gateway.jitter(payload_ms=(0, 40), reply_ms=(0, 60))
    for life in range(KILLS):
        await gateway.settings(returned_ids=life % 2 == 0)
        starting = life % KILLED_STARTING == KILLED_STARTING - 1
        await bot.start(wait=not starting)
        await _killed_in_a_crowd(bot, crowd, MESSAGES // (KILLS + 1), chance)
    await bot.start()
    await crowd.ask(MESSAGES - crowd.asked)
    found = await settled(bot.database_url)
    await bot.stop()
    counts = await judge(gateway, found, bot.deaths)
    print(await _report(gateway, bot, found, counts))
    assert (counts.asked, len(bot.deaths)) == (MESSAGES, KILLS)
    assert counts.missed < counts.asked * 0.8
    assert all(any(gap.started_at.timestamp() <= death for death in bot.deaths) for gap in found.gaps)


@pytest.mark.parametrize("database_url", [SQLITE], indirect=True)
async def test_killed_behind_a_queue_everything_that_waited_lies_in_the_recorded_gap(
    gateway: Gateway, bot: Bot
) -> None:
    """Send budget off. The gateway is slow to tell contents, and tells more ids at once than can be asked about."""
    _state_budget(bot)
    crowd = Crowd(gateway)
    await gateway.control("populate", rooms=ROOMS, members=MEMBERS, prefix="burst")
    await gateway.jitter(payload_ms=(600, 700))
    await bot.start()
    await crowd.ask(900, rate=0)
    await until(partial(_is_behind, bot))
    await bot.kill()
    await gateway.jitter()
    await bot.start()
    found = await settled(bot.database_url)
    await bot.stop()
    counts = await judge(gateway, found, bot.deaths)
    print(await _report(gateway, bot, found, counts))
    assert counts.missed > 0


async def _is_behind(bot: Bot) -> bool:
    return any(one["window_ms"] > 6000 for one in bot.lines("listen", "commit"))


async def _killed_in_a_crowd(bot: Bot, crowd: Crowd, messages: int, chance: random.Random) -> None:
    """The people go on talking while it is dead: some of what they say then is missed, in a recorded gap."""
    talking = asyncio.create_task(crowd.ask(messages))
    await asyncio.sleep(messages / A_SECOND * chance.uniform(0.4, 1.0))
    await bot.kill()
    await talking


async def _report(gateway: Gateway, bot: Bot, found: Record, counts: Counts) -> str:
    said = (await asked(gateway)).values()
    lost = [one for one in said if one["listened"] and one["messageId"] not in found.heard]
    commits = sorted(one["window_ms"] for one in bot.lines("listen", "commit"))
    deaf = sum((gap.ended_at - gap.started_at).total_seconds() for gap in found.gaps)
    return (
        f"{len(bot.deaths)} kills, {counts}; open stream, missed: {len(lost)}; {len(found.gaps)} gaps: {deaf:.0f} s"
        f"\nid to commit, ms: messages {_spread(found.windows)}; batches {_spread(commits)}"
    )


def _spread(ordered: Sequence[float]) -> str:
    return f"p50 {ordered[len(ordered) // 2]:.1f}, p99 {ordered[len(ordered) * 99 // 100]:.1f}, most {ordered[-1]:.1f}"
