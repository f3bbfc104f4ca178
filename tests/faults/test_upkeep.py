"""Migrations cut off, copies taken while the bot works, damaged files: as operators meet them, by the commands."""

import asyncio
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from storage.database import Database
from storage.migrate import MIGRATIONS, current, newest
from tests.faults import oracle
from tests.faults.process import ROOT, Bot
from tests.gateway import Gateway
from tests.story.process import KEPT_OUT

pytestmark = pytest.mark.timeout(300)

MAIN = "from bot.cli import main; main()"
KILLED = """
import os
from sqlalchemy import Table, event
from bot.cli import main
tables = iter(range(int(os.environ["DIES_AFTER_TABLES"])))
event.listen(Table, "after_create", lambda *made, **how: next(tables, None) is None and os.kill(os.getpid(), 9))
main()
"""
ROOM, MEMBERS = "30001@chatroom", [f"wxid_m{number}" for number in range(80)]


async def steward(database_url: str, *arguments: str, program: str = MAIN, **more: str) -> tuple[int, str]:
    """A `steward` command as a process: its exit code and what it said on standard error."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(KEPT_OUT)}
    env |= {"STEWARD_DATABASE_URL": database_url, "STEWARD_HTTP_PORT": "0", "PYTHONPATH": str(ROOT), **more}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, env=env, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    _, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, err.decode()


def dumped(path: Path) -> list[str]:
    """Everything in an SQLite file, as statements."""
    with closing(sqlite3.connect(path)) as conn:
        return list(conn.iterdump())


# ---- migrations ------------------------------------------------------------------------------------------------------


def _to_0004(conn: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    command.upgrade(config, "0004")
    conn.execute(text("INSERT INTO counters (name, value) VALUES ('case', 41)"))


def _found(conn: Connection) -> tuple[str | None, set[str], list[int]]:
    tables = set(inspect(conn).get_table_names())
    cases = list(conn.execute(text("SELECT value FROM counters")).scalars()) if "counters" in tables else []
    return current(conn), tables, cases


@pytest.mark.parametrize("old", [False, True], ids=["from nothing", "from an older version"])
async def test_a_migration_killed_half_way_leaves_the_old_form_and_is_done_again(database_url: str, old: bool) -> None:
    db = await Database.open(database_url)
    if old:
        await db.write(_to_0004)
    before = await db.read(_found)
    code, _ = await steward(database_url, "migrate", program=KILLED, DIES_AFTER_TABLES="4")
    assert code == -signal.SIGKILL
    assert await db.read(_found) == before
    code, said = await steward(database_url, "migrate")
    assert (code, "up to date" in said) == (0, True)
    revision, tables, cases = await db.read(_found)
    assert revision == newest()
    assert before[1] < tables
    assert cases == before[2]
    await db.close()


# ---- backup and restore ----------------------------------------------------------------------------------------------


async def talk(gateway: Gateway, numbers: range, enough: asyncio.Event | None = None) -> None:
    """Members ask, one after the other, until it is enough."""
    for number in numbers:
        if enough is not None and enough.is_set():
            return
        await gateway.say(ROOM, MEMBERS[number % len(MEMBERS)], f"参加 {number}")
        await asyncio.sleep(0.02)


async def answered(gateway: Gateway, number: int) -> None:
    """Wait until a message has its answer."""
    async with asyncio.timeout(60):
        while number not in {oracle.answered(said) for said in await gateway.texts(ROOM)}:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def community(gateway: Gateway) -> None:
    """One room."""
    for member in MEMBERS:
        await gateway.add_contact(member, f"群友{member[6:]}")
    await gateway.add_room(ROOM, "演示群", MEMBERS, owner=MEMBERS[0])


def path_of(bot: Bot) -> Path:
    """The file of its database."""
    return Path(bot.database_url.removeprefix("sqlite:///"))


@pytest.mark.gateway
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_copy_taken_while_the_bot_works_comes_back_equal_and_serves(
    gateway: Gateway, bot: Bot, tmp_path: Path
) -> None:
    await community(gateway)
    await bot.start()
    copy, url = tmp_path / "copies" / "monday.db", bot.database_url
    enough = asyncio.Event()
    talking = asyncio.create_task(talk(gateway, range(4001, 4900), enough))
    await answered(gateway, 4010)
    code, said = await steward(url, "backup", str(copy))
    assert code == 0, said
    await talk(gateway, range(4900, 4910))
    enough.set()
    await talking
    await answered(gateway, 4909)
    kept = dumped(copy)
    # One moment's state: what was decided then is there whole, and what came later is not there at all.
    then = await oracle.record(f"sqlite:///{copy}")
    assert then.judged <= then.heard
    assert 10 <= sum(then.judged.values()) == then.counted
    assert not then.answers(4909)
    assert len([row for row in then.sends if row.text]) == then.counted
    code, said = await steward(url, "restore", "--yes", str(copy))
    assert (code, "works with this database; stop Steward" in said) == (3, True)
    await bot.stop()
    code, said = await steward(url, "restore", "--yes", str(copy))
    assert code == 0, said
    assert dumped(path_of(bot)) == kept == dumped(copy)
    await bot.start()
    await talk(gateway, range(5201, 5204))
    await answered(gateway, 5203)
    await bot.stop()


# ---- damage ----------------------------------------------------------------------------------------------------------


def spoil(path: Path, table: str) -> None:
    """Garbage over a table's first page, as a failing disk leaves it."""
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = conn.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


@pytest.mark.gateway
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_damaged_file_is_said_so_with_the_way_back_and_the_way_works(
    gateway: Gateway, bot: Bot, tmp_path: Path, config: Path
) -> None:
    await community(gateway)
    await bot.start()
    await talk(gateway, range(4001, 4004))
    await answered(gateway, 4003)
    url, copy, place = bot.database_url, tmp_path / "monday.db", path_of(bot)
    assert (await steward(url, "backup", str(copy)))[0] == 0
    await bot.stop()

    spoil(place, "inbox")
    code, said = await steward(url, "backup", str(tmp_path / "damaged.db"))
    assert code == 3 and not (tmp_path / "damaged.db").exists(), said
    await bot.start(wait=False)
    await talk(gateway, range(4004, 4006))
    reason = await bot.red("database")
    assert "damaged" in reason and "steward restore" in reason
    await bot.stop()

    place.write_bytes(b"\0garbage" * 4096)
    code, said = await steward(url, "run", "--config", str(config))
    assert code == 3
    assert said.splitlines()[-1].startswith("steward: the database file is damaged")
    assert "steward restore" in said and "Traceback" not in said.splitlines()[-1]

    code, said = await steward(url, "restore", "--yes", str(copy))
    assert code == 0, said
    await bot.start()
    await talk(gateway, range(4006, 4009))
    await answered(gateway, 4008)
    await bot.stop()
