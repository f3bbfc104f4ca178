"""The unit of work: plain functions of a `Connection`, each run in one transaction on SQLite or PostgreSQL."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url

from domain.errors import StewardError
from storage.errors import Corrupt
from storage.migrate import upgrade

__all__ = ["Connection", "Corrupt", "Database"]

P = ParamSpec("P")
T = TypeVar("T")


class Engine(Protocol):
    """What the two databases offer. Both raise `domain.errors.Temporary` for trouble that passes."""

    dialect: str

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run in one transaction that no other writer of this process interleaves with."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run on one snapshot, without the right to write."""

    async def close(self) -> None:
        """Finish what runs and let go of all connections."""


class Database:
    """The one way in. ``write`` and ``read`` take a function of a connection and its further arguments.

    A transaction is committed when the function returns and rolled back when it raises. Lock, serialization, disk
    and connection trouble is raised as `Temporary`: nothing happened, the same work may be tried again. All else
    (IntegrityError, ValueError …) is the data's fault and is raised as it is.
    """

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self.url = url

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Open ``sqlite:///path`` or ``postgresql+asyncpg://…`` (``postgresql://`` means the same).

        The folder of an SQLite file is made; tables are not (`migrate`). Raises `StewardError` for other URLs.
        """
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            from storage.sqlite import SqliteEngine

            return cls(SqliteEngine(parsed), parsed)
        if parsed.get_backend_name() == "postgresql":
            from storage.postgresql import PostgresqlEngine

            return cls(PostgresqlEngine(parsed), parsed)
        raise StewardError(
            f"STEWARD_DATABASE_URL starts with sqlite:/// or postgresql+asyncpg://, not {parsed.drivername}"
        )

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect

    async def write(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``fn(conn, *args, **kwargs)`` in one writing transaction and return what it returns."""
        return await self._engine.write(lambda conn: fn(conn, *args, **kwargs))

    async def read(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``fn(conn, *args, **kwargs)`` on one snapshot."""
        return await self._engine.read(lambda conn: fn(conn, *args, **kwargs))

    async def migrate(self) -> str:
        """Bring the tables to the newest form; returns the revision. Safe from several processes at once."""
        return await self._engine.write(upgrade)

    async def ping(self) -> None:
        """Raise `Temporary` when the database cannot be written to."""
        await self._engine.write(_touch)

    async def close(self) -> None:
        """Let the running work end, then close all connections."""
        await self._engine.close()


def _touch(conn: Connection) -> None:
    """Really write: a full disk lets a transaction begin and end as long as nothing is changed."""
    conn.execute(text("UPDATE alembic_version SET version_num = version_num"))


async def migrate(url: str) -> str:
    """Open, upgrade and close the database behind ``url``; returns the revision reached."""
    database = await Database.open(url)
    try:
        return await database.migrate()
    finally:
        await database.close()
