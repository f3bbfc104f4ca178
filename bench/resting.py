"""(f) A Steward that has nothing to do: cold start, also with many rooms; idle CPU and memory."""

import asyncio
import compileall
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import crowd
from bench.report import Row, say
from bench.running import MEGABYTE, ROOT, Running, running
from domain.incoming import ExternalRoom
from storage import accounts
from storage import rooms as stored_rooms
from storage.database import Database

STARTS = 3
SETTLE_SECONDS = 5.0
IDLE_SECONDS, QUICK_SECONDS = 20.0, 8.0
ROOMS = 1_000
PACKAGES = ("domain", "handlers", "storage", "scheduler", "console", "bot")


def rows(quick: bool) -> list[Row]:
    """Cold starts, then idle CPU and memory of the last process, then one over a database with many rooms."""
    # As an installed bot is, also where Python is told to write nothing beside its modules.
    for package in PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=1)
    starts, spent = [], []
    for _ in range(STARTS - 1):
        with running() as steward:
            starts.append(steward.cold_start)
            spent.append(_cpu(steward))
            say(f"start: {steward.cold_start:.2f} s")
    with running() as steward:
        starts.append(steward.cold_start)
        spent.append(_cpu(steward))
        seconds = QUICK_SECONDS if quick else IDLE_SECONDS
        share = _idle_share(steward, seconds)
        resident = steward.process.memory_info().rss / MEGABYTE
    return [
        Row(
            "(f) cold start",
            f"`steward run` to /readyz 200, new SQLite database; best of {STARTS}, "
            f"median {statistics.median(starts):.2f} s; {min(spent):.2f} s CPU",
            f"{min(starts):.2f} s",
            "≤ 3 s",
        ),
        Row("(f) idle CPU", f"sample community, over {seconds:.0f} s", f"{share:.2%} of a core", "≤ 1 %"),
        Row("(f) resident memory, idle", "the same process", f"{resident:.0f} MB", "≤ 220 MB"),
        _many_rooms(),
    ]


def _idle_share(steward: Running, seconds: float) -> float:
    # What the start leaves to do (first plans, first user) is no idling.
    time.sleep(SETTLE_SECONDS)
    before, began = _cpu(steward), time.perf_counter()
    time.sleep(seconds)
    return (_cpu(steward) - before) / (time.perf_counter() - began)


def _many_rooms() -> Row:
    """The web account has so many rooms from an earlier life, each with the campaigns of the sample community."""
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'steward.db'}"
        asyncio.run(_furnish(url))
        config = crowd.write_config(folder / "config")
        with running(config, {"STEWARD_DATABASE_URL": url}) as steward:
            share = _idle_share(steward, QUICK_SECONDS)
            how = f"the same with {ROOMS:,} rooms in the database; afterwards {share:.1%} of a core"
            return Row(f"(f) cold start, {ROOMS:,} rooms", how, f"{steward.cold_start:.2f} s", "≤ 5 s")


async def _furnish(url: str) -> None:
    database = await Database.open(url)
    await database.migrate()
    now = datetime.now(UTC)
    account = await database.write(accounts.ensure_account, "web", "bot", "小管家", now)
    made = [ExternalRoom(f"room-{number}", f"{number} 群") for number in range(ROOMS)]
    await database.write(stored_rooms.ensure_rooms, account, made, now)
    await database.close()


def _cpu(steward: Running) -> float:
    times = steward.process.cpu_times()
    return float(times.user + times.system)
