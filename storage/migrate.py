"""Bring a database to the newest form of the tables: all steps in one transaction, so half of them never stay."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_383_921
"""Any number, the same in every Steward process: migrations of one PostgreSQL database never run side by side."""


@cache
def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@cache
def newest() -> str:
    """The newest revision that this version knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(conn: Connection) -> str | None:
    """The revision the database is in; None for an empty one."""
    return MigrationContext.configure(conn).get_current_revision()


def upgrade(conn: Connection) -> str:
    """Run the missing steps within the caller's transaction and return the revision reached."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if current(conn) != newest():
        config = _config()
        config.attributes["connection"] = conn
        try:
            command.upgrade(config, "head")
        finally:
            del config.attributes["connection"]
    return newest()


async def migrate(url: str) -> str:
    """Open, upgrade and close the database behind ``url``; returns the revision reached."""
    from storage.database import Database

    database = await Database.open(url)
    try:
        return await database.migrate()
    finally:
        await database.close()


@cache
def revisions() -> frozenset[str]:
    """All revisions that this version knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())
