"""Bring a database to the newest form of the tables: all steps in one transaction, so half of them never stay."""

import sys
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from storage.tables import METADATA

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_383_921
"""Any number, the same in every Steward process: migrations of one PostgreSQL database never run side by side."""


_VERSION_TABLE = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""
"""As Alembic makes it."""


@cache
def revisions() -> frozenset[str]:
    """All revisions that this version knows. Each file in migrations/versions begins with its own: a straight line.

    Alembic knows them too, but takes longer to import than everything else of a start that has nothing to migrate.
    """
    return frozenset(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def newest() -> str:
    """The newest revision that this version knows."""
    return max(revisions())


def current(conn: Connection) -> str | None:
    """The revision the database is in; None for an empty one."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(conn: Connection) -> str:
    """Make what is missing within the caller's transaction and return the revision reached."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if conn.dialect.name == "sqlite" and not inspect(conn).get_table_names():
        _create(conn)
    elif current(conn) != newest():
        step_by_step(conn)
    return newest()


def _create(conn: Connection) -> None:
    """A new SQLite file gets today's tables at once: what all steps make, without importing Alembic for it."""
    METADATA.create_all(conn, checkfirst=False)
    conn.execute(text(_VERSION_TABLE))
    conn.execute(text("INSERT INTO alembic_version (version_num) VALUES (:newest)"), {"newest": newest()})


def step_by_step(conn: Connection) -> None:
    """Run the missing steps within the caller's transaction, from the first one for an empty database."""
    command, Config = _alembic()  # noqa: N806 - a class
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def _alembic() -> tuple[Any, Any]:
    """Import Alembic without Pygments, which its templates load where it is installed, to colour errors with."""
    known = sys.modules.get("pygments")
    sys.modules["pygments"] = None  # type: ignore[assignment]
    try:
        from alembic import command
        from alembic.config import Config
    finally:
        if known is None:
            del sys.modules["pygments"]
        else:
            sys.modules["pygments"] = known
    return command, Config
