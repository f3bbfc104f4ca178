"""Two processes, one account: who has lost it decides nothing and begins no send, and nothing is said twice.

Both run on one database and one gateway, each by a road of its own: the gateway lets one of them have its event stream,
tells the other that it is occupied, and its record says which of them sent what.
"""

import asyncio
import itertools
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.absence import UNREAD
from tests.faults.desk import console
from tests.faults.oracle import Counts, answered, judge, record, settled
from tests.faults.process import Bot
from tests.gateway import Gateway, Road
from tests.story.record import until

pytestmark = [pytest.mark.gateway, pytest.mark.slow, pytest.mark.timeout(300)]

FULL = os.environ.get("STEWARD_FAULTS") == "full"
FROZEN_SECONDS = 60.0 if FULL else 4.0
LEASE_SECONDS = 15.0 if FULL else 2.0
SEND_INTERVAL = 0.1
"""Every run states its send budget: one send in 0.1–0.15 s, so that answers wait when the fault comes."""
ROOMS = 4
OCCUPIED = "占用"
CHANNEL, LEASE = "channel wechaty", "lease wechaty"


@dataclass
class Pair:
    """Two bots on one account, and members who ask numbered questions."""

    gateway: Gateway
    first: Bot
    second: Bot
    roads: dict[str, Road]
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1000))

    def road(self, bot: Bot) -> Road:
        """The way by which this bot reaches the gateway."""
        return self.roads[bot.name]

    async def ask(self, count: int) -> list[int]:
        """So many questions over all rooms; their numbers."""
        numbers = list(itertools.islice(self._numbers, count))
        for number in numbers:
            await self.gateway.say(f"{number % ROOMS}@chatroom", f"wxid_p{number % 7}", f"参加 {number}")
        return numbers

    async def answered(self, numbers: list[int], least: int = 0) -> None:
        """Wait until all these (``least``: so many of them) were answered at the gateway."""

        async def there() -> bool:
            texts = {answered(one["text"]) for one in await self.gateway.sent(kinds=["text"]) if one["delivered"]}
            return len(texts & set(numbers)) >= (least or len(numbers))

        await until(there, 60.0)

    async def sends(self, bot: Bot) -> int:
        """How many sends the gateway has got from this bot."""
        return await self.road(bot).calls("MessageSend")

    async def judged(self, *frozen_at: float) -> Counts:
        """Hold what is on record against the gateway, as soon as nothing is under way."""
        return await judge(self.gateway, await settled(self.first.database_url), frozen_at)


@pytest.fixture
async def pair(gateway: Gateway, config: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Pair]:
    """The first one holds the account, the second one stands by."""
    await gateway.add_contact(gateway.self_id, "小管家")
    people = [await gateway.add_contact(f"wxid_p{number}", f"群友{number}") for number in range(7)]
    for number in range(ROOMS):
        await gateway.add_room(f"{number}@chatroom", f"{number}群", people)
    async with Road(gateway) as one, Road(gateway) as other, _bots(config, tmp_path, database_url) as make:
        roads = {"first": one, "second": other}
        first, second = (make(name, road, gateway.token) for name, road in roads.items())
        await first.start()
        await second.start(wait=False)
        await stands_by(second)
        yield Pair(gateway, first, second, roads)


async def freeze(bot: Bot) -> float:
    """Stop it where it stands, and when that was; on SQLite between two writes: in the middle it would lock all out."""
    while True:
        bot.signal(signal.SIGSTOP)
        if not bot.database_url.startswith("sqlite") or _can_write(bot.database_url):
            return time.time()
        bot.signal(signal.SIGCONT)
        await asyncio.sleep(0.01)


def _can_write(sqlite_url: str) -> bool:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=1.0)) as conn:
        try:
            conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        conn.rollback()
        return True


async def serves(bot: Bot) -> None:
    """Wait until it has the account and its connection. The web page's account may be the other one's."""
    await bot.condition(lambda status, troubles: not troubles.keys() & {CHANNEL, LEASE})


async def stands_by(bot: Bot) -> None:
    """Wait until it says that another connection holds the account."""
    await bot.condition(lambda status, troubles: status == 503 and OCCUPIED in troubles.get(CHANNEL, ""))


@asynccontextmanager
async def _bots(config: Path, home: Path, database_url: str) -> AsyncIterator[Callable[[str, Road, str], Bot]]:
    (home / "data").mkdir()
    bots: list[Bot] = []

    def make(name: str, road: Road, token: str) -> Bot:
        more = {
            "WECHATY_PUPPET_SERVICE_ENDPOINT": road.endpoint,
            "WECHATY_PUPPET_SERVICE_TOKEN": token,
            "STEWARD_SEND_INTERVAL": str(SEND_INTERVAL),
        }
        bots.append(Bot(home, config, database_url, more, name, LEASE_SECONDS))
        return bots[-1]

    try:
        yield make
    finally:
        for bot in bots:
            await bot.clean()


async def test_a_frozen_holder_that_wakes_up_commits_nothing_and_begins_no_send(pair: Pair) -> None:
    """Frozen in the middle of its work, its connection gone: the other one takes over, and goes on when it wakes up."""
    first, second = pair.first, pair.second
    backlog = await pair.ask(24)
    await pair.answered(backlog, least=4)
    frozen_at = await freeze(first)
    pair.road(first).cut()
    await serves(second)
    print(f"taken over {time.time() - frozen_at:.1f} s after the freezing, {LEASE_SECONDS:.0f} s of which is the lease")
    before, mine = await pair.sends(first), await pair.ask(4)
    await pair.answered([*backlog, *mine][-4:])
    await asyncio.sleep(FROZEN_SECONDS - (time.time() - frozen_at))
    pair.road(first).mend()
    woken_at = time.time()
    first.signal(signal.SIGCONT)
    await stands_by(first)
    await first.red(LEASE)
    await pair.answered(await pair.ask(4))
    assert await pair.sends(first) == before
    assert {line["outcome"] for line in first.lines("lease", "drop")} == {"lost"}
    # The one that stood by goes; the one that woke up takes the account again, and its gap is only the change.
    await second.stop()
    await serves(first)
    await pair.answered(await pair.ask(4))
    counts = await pair.judged(frozen_at)
    gaps = (await record(first.database_url)).gaps
    print(counts, "gaps of", [round((gap.ended_at - gap.started_at).total_seconds(), 1) for gap in gaps], "s")
    # While the other one had the account nothing was missed: no gap lasts from the freezing to the waking up.
    changed_at = datetime.fromtimestamp(woken_at, UTC) - UNREAD
    assert all(gap.ended_at <= changed_at + UNREAD or gap.started_at > changed_at for gap in gaps), gaps


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_lease_goes_where_the_connection_is(pair: Pair) -> None:
    """With the lease here and the only connection there, nobody would ever answer again.

    First the network flaps, and the one that stood by gets the connection. Then it is frozen while its connection
    holds: the gateway keeps the stream for it, so that nothing is missed, however late it is read.
    """
    loser, holder = pair.first, pair.second
    pair.road(loser).cut()
    await serves(holder)
    pair.road(loser).mend()
    await stands_by(loser)
    await pair.answered(await pair.ask(4))
    async with console(loser) as browser:
        shown = await browser.text("/console")
    # The page of the one that stands by tells how the account is, and that its own connection is not the one.
    assert "在线" in shown and OCCUPIED in shown
    sent = await pair.sends(loser)
    await freeze(holder)
    late = await pair.ask(8)
    # Nobody renews the lease, so the other one takes it, without a connection to send by.
    await loser.condition(lambda status, troubles: LEASE not in troubles)
    await asyncio.sleep(FROZEN_SECONDS - 2 * LEASE_SECONDS)
    await stands_by(loser)
    holder.signal(signal.SIGCONT)
    await serves(holder)
    await pair.answered([*late, *await pair.ask(4)])
    await stands_by(loser)
    counts = await pair.judged()
    assert (counts.missed, counts.doubtful) == (0, 0)
    assert await pair.sends(loser) == sent
    state = await pair.gateway.state()
    assert state["logged_in"]
    assert state["counters"]["calls"].get("Stop", 0) == 0
    assert state["counters"]["streams"]["refused"] >= 2
    gaps = (await record(holder.database_url)).gaps
    print(counts, "gaps of", [round((gap.ended_at - gap.started_at).total_seconds(), 1) for gap in gaps], "s")
