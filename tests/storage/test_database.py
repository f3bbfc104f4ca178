"""The unit of work on both databases: one transaction, clear errors, writers that never lose an update."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, func, inspect, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.errors import StewardError, Temporary
from storage.database import Corrupt, Database, migrate
from storage.statements import insert_many
from storage.tables.order import COUNTERS
from tests.databases import drop_postgresql, new_postgresql

_SAID = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")


def put(conn: Connection, name: str, value: int = 0) -> None:
    insert_many(conn, COUNTERS, [{"name": name, "value": value}])


def value(conn: Connection, name: str) -> int:
    return int(conn.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == name)).scalar_one())


async def test_what_raises_leaves_nothing_behind(db: Database) -> None:
    def half(conn: Connection) -> None:
        put(conn, "a")
        raise KeyError("stop")

    with pytest.raises(KeyError):
        await db.write(half)
    assert await db.read(lambda conn: conn.execute(select(func.count()).select_from(COUNTERS)).scalar_one()) == 0


async def test_data_errors_are_raised_as_they_are(db: Database) -> None:
    await db.write(put, "a")
    with pytest.raises(IntegrityError):
        await db.write(put, "a")
    with pytest.raises(DBAPIError):
        await db.write(lambda conn: conn.execute(text("SELECT * FROM nowhere")))
    await db.write(put, "b", value=7)
    assert await db.read(value, "b") == 7


async def test_readers_cannot_write(db: Database) -> None:
    with pytest.raises((DBAPIError, Temporary)):
        await db.read(put, "a")
    await db.write(put, "a")


async def test_writers_side_by_side_lose_no_update(db: Database, url: str) -> None:
    await db.write(put, "sum")
    other = await Database.open(url)

    def add(conn: Connection) -> None:
        query = select(COUNTERS.c.value).where(COUNTERS.c.name == "sum")
        if conn.dialect.name == "postgresql":
            query = query.with_for_update()
        held = conn.execute(query).scalar_one()
        conn.execute(update(COUNTERS).where(COUNTERS.c.name == "sum").values(value=held + 1))

    try:
        await asyncio.gather(*(base.write(add) for base in (db, other) for _ in range(20)))
        assert await db.read(value, "sum") == 40
    finally:
        await other.close()


async def test_a_reader_sees_one_moment(db: Database) -> None:
    await db.write(put, "a")
    started, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def twice(conn: Connection) -> tuple[int, int]:
        first = value(conn, "a")
        if db.dialect == "sqlite":
            loop.call_soon_threadsafe(started.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(10)
        return first, value(conn, "a")

    reading = asyncio.create_task(db.read(twice))
    if db.dialect == "sqlite":
        await started.wait()
        await db.write(lambda conn: conn.execute(update(COUNTERS).values(value=5)))
    go_on.set()
    assert await reading == (0, 0)


async def test_migrating_from_nothing_twice_and_at_once(empty_url: str) -> None:
    first, second = await asyncio.gather(migrate(empty_url), migrate(empty_url))
    assert first == second == await migrate(empty_url)
    db = await Database.open(empty_url)
    await db.write(put, "a")
    await db.ping()
    await db.close()


def test_the_file_names_say_the_revisions_that_alembic_sees() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from storage import migrate as migrations

    config = Config()
    config.set_main_option("script_location", str(migrations.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert migrations.revisions() == {script.revision for script in scripts.walk_revisions()}
    assert scripts.get_heads() == [migrations.newest()]


async def test_the_migrations_make_the_tables_that_the_classes_declare(empty_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from storage.migrate import step_by_step
    from storage.tables import METADATA

    db = await Database.open(empty_url)
    await db.write(step_by_step)

    def differences(conn: Connection) -> list[object]:
        # SQLite tells defaults of '' in another spelling than it was given.
        defaults = conn.dialect.name == "postgresql"
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": defaults})
        return list(compare_metadata(context, METADATA))

    assert await db.write(differences) == []
    await db.close()


def test_a_new_sqlite_file_is_what_all_steps_would_make() -> None:
    from storage.migrate import step_by_step, upgrade

    def made(by: Callable[[Connection], object]) -> dict[str, object]:
        engine = create_engine("sqlite://")
        with engine.begin() as conn:
            by(conn)
            seen = inspect(conn)
            tables = {
                name: {
                    "columns": sorted(map(str, seen.get_columns(name))),
                    "keys": (seen.get_pk_constraint(name), sorted(map(str, seen.get_foreign_keys(name)))),
                    "unique": sorted(map(str, seen.get_unique_constraints(name))),
                    "numbered": "AUTOINCREMENT" in conn.execute(_SAID, {"name": name}).scalar_one(),
                }
                for name in seen.get_table_names()
            }
            indexes = conn.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
            version = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            found = {**tables, "indexes": sorted(map(str, indexes)), "version": version}
        engine.dispose()
        return found

    assert made(upgrade) == made(step_by_step)


async def test_a_migration_that_breaks_off_leaves_the_old_tables(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    from storage import migrate as module

    create, made = op.create_table, []

    def until_ten(name: str, *columns: object, **more: object) -> object:
        made.append(name)
        if len(made) == 10:
            raise RuntimeError("killed")
        return create(name, *columns, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(op, "create_table", until_ten)
    db = await Database.open(empty_url)
    with pytest.raises(RuntimeError, match="killed"):
        await db.write(module.step_by_step)
    monkeypatch.undo()
    assert await db.read(module.current) is None
    assert await db.migrate() == module.newest()
    await db.close()


async def test_an_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(StewardError, match="STEWARD_DATABASE_URL"):
        await Database.open("mysql://localhost/steward")


async def test_a_database_that_does_not_answer_is_temporary_trouble() -> None:
    db = await Database.open("postgresql+asyncpg://nobody@127.0.0.1:9/steward")
    with pytest.raises(Temporary):
        await db.ping()
    await db.close()


@pytest.fixture
def on_postgresql(postgresql: str) -> Iterator[str]:
    url = new_postgresql(postgresql)
    yield url
    drop_postgresql(postgresql, url)


@pytest.mark.postgres
async def test_connections_that_die_are_temporary_trouble_and_replaced(on_postgresql: str) -> None:
    db, other = await Database.open(on_postgresql), await Database.open(on_postgresql)
    await db.write(put, "a")
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    kill = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")

    sleeping = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'")

    def half_done(conn: Connection) -> None:
        put(conn, "lost")
        conn.execute(text("SELECT pg_sleep(60)"))

    def others_die(conn: Connection) -> None:
        conn.execute(kill)

    async def cut_off() -> None:
        for _ in range(500):
            if await other.read(lambda conn: conn.execute(sleeping).scalar_one()):
                break
            await asyncio.sleep(0.02)
        await other.write(others_die)

    with pytest.raises(Temporary):
        await asyncio.gather(db.write(half_done), cut_off())
    await db.write(put, "b")
    assert await db.read(lambda conn: conn.execute(select(func.count()).select_from(COUNTERS)).scalar_one()) == 2
    await db.close()
    await other.close()


@pytest.mark.postgres
async def test_a_database_that_is_not_there_is_temporary_trouble(postgresql: str) -> None:
    db = await Database.open(make_url(postgresql).set(database="nowhere").render_as_string(hide_password=False))
    with pytest.raises(Temporary, match="nowhere"):
        await db.ping()
    await db.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/steward.db"
    await migrate(url)
    return url


async def test_a_lock_of_another_process_is_temporary_trouble(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.05)
    db = await Database.open(sqlite)
    other = sqlite3.connect(str(make_url(sqlite).database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Temporary, match="locked"):
        await db.write(put, "a")
    assert await db.read(lambda conn: conn.execute(select(func.count()).select_from(COUNTERS)).scalar_one()) == 0
    other.execute("ROLLBACK")
    await db.write(put, "a")
    other.close()
    await db.close()


async def test_a_full_disk_is_temporary_trouble(sqlite: str) -> None:
    db = await Database.open(sqlite)
    pages = await db.read(lambda conn: conn.execute(text("PRAGMA page_count")).scalar_one())
    await db.write(lambda conn: conn.execute(text(f"PRAGMA max_page_count={pages}")))

    def much(conn: Connection) -> None:
        insert_many(conn, COUNTERS, [{"name": f"{n} {'x' * 900}", "value": n} for n in range(200)])

    with pytest.raises(Temporary, match="full"):
        await db.write(much)
    # The connection was thrown away after the trouble, and with it the limit.
    await db.write(much)
    await db.close()


async def test_a_damaged_file_says_the_way_back(tmp_path: Path) -> None:
    path = tmp_path / "steward.db"
    path.write_bytes(b"this is no database at all, whatever its name says" * 100)
    db = await Database.open(f"sqlite:///{path}")
    with pytest.raises(Corrupt, match="steward restore"):
        await db.migrate()
    await db.close()


async def test_sqlite_writes_are_flushed_to_disk(sqlite: str) -> None:
    db = await Database.open(sqlite)

    def settings(conn: Connection) -> list[object]:
        return [conn.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "synchronous")]

    assert await db.write(settings) == ["wal", 2]
    await db.close()


async def test_writers_that_wait_together_succeed_or_fail_each_for_itself(db: Database) -> None:
    def half(conn: Connection) -> None:
        put(conn, "half")
        raise KeyError("stop")

    names = [f"n{number}" for number in range(20)]
    works = [db.write(put, name) for name in (*names, "n0")]
    *outcomes, halved = await asyncio.gather(*works, db.write(half), return_exceptions=True)
    assert isinstance(halved, KeyError)
    # On PostgreSQL writers run side by side: either of the two that want the same may be first.
    (failed,) = [place for place, outcome in enumerate(outcomes) if outcome is not None]
    assert failed in (0, 20)
    assert isinstance(outcomes[failed], IntegrityError)
    found = await db.read(lambda conn: list(conn.execute(select(COUNTERS.c.name)).scalars()))
    assert sorted(found) == sorted(names)


async def test_writers_that_wait_together_learn_of_a_full_disk_and_nothing_is_done(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/steward.db"
    await migrate(url)
    db = await Database.open(url)
    begun, queued = threading.Event(), threading.Event()

    def hold(conn: Connection) -> bool:
        begun.set()
        return queued.wait(10)

    def fill(conn: Connection) -> None:
        conn.exec_driver_sql("PRAGMA max_page_count=1")
        conn.exec_driver_sql("INSERT INTO counters (name, value) VALUES (?, 1)", ("x" * 100_000,))

    first = asyncio.create_task(db.write(hold))
    # Only what comes after it has begun waits together.
    await asyncio.to_thread(begun.wait, 10)
    others = [asyncio.create_task(db.write(work)) for work in (partial(put, name="a"), fill, partial(put, name="b"))]
    await asyncio.sleep(0)
    queued.set()
    assert await first
    outcomes = await asyncio.gather(*others, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Temporary] * 3
    await db.write(put, "a")
    assert await db.read(lambda conn: list(conn.execute(select(COUNTERS.c.name)).scalars())) == ["a"]
    await db.close()
