"""Two processes, one account: who has lost it decides nothing and begins no send, and nothing is said twice.

Both run on one database and one gateway, each by a road of its own: the gateway lets one of them have its event stream,
tells the other that it is occupied, and its record says which of them sent what.
"""

import asyncio
import itertools
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.oracle import Counts, answered, judge, settled
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
    frozen_at = time.time()
    first.signal(signal.SIGSTOP)
    pair.road(first).cut()
    await second.ready()
    took_over = asyncio.get_running_loop().time()
    before, mine = await pair.sends(first), await pair.ask(4)
    await pair.answered([*backlog, *mine][-4:])
    await asyncio.sleep(FROZEN_SECONDS - (time.time() - frozen_at))
    pair.road(first).mend()
    first.signal(signal.SIGCONT)
    await stands_by(first)
    await first.red(LEASE)
    await pair.answered(await pair.ask(4))
    assert await pair.sends(first) == before
    assert {line["outcome"] for line in first.lines("lease", "drop")} == {"lost"}
    print(f"taken over {asyncio.get_running_loop().time() - took_over:.1f} s before the end")
    # The one that stood by goes; the one that woke up takes the account again, and its gap is only the change.
    await second.stop()
    await first.ready()
    await pair.answered(await pair.ask(4))
    counts = await pair.judged(frozen_at)
    assert counts.missed == 0
    print(counts)
