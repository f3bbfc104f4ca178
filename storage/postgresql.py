"""PostgreSQL: asyncpg connections; the same plain functions run through ``AsyncConnection.run_sync``."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from domain.errors import Temporary

T = TypeVar("T")

CONNECTIONS = 6
CONNECT_SECONDS = 5.0
REST_SECONDS = 1.0
"""A connection unused for longer is asked whether it is alive; always asking would cost three of ten round trips."""
IDLE_SECONDS = 10.0
"""Who does nothing for so long in the middle of a transaction is frozen: the server ends it, and its locks are free."""
_PASSING = ("08", "25P03", "40", "53", "55", "57", "58")
"""SQLSTATE classes that pass: connection, idle for too long, rollback (serialization, deadlock), resources, locks,
shutdown, system."""


class PostgresqlEngine:
    """A pool. Writers run side by side here; what they share is locked by rows, in the order of ids."""

    dialect = "postgresql"

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"),
            pool_size=CONNECTIONS,
            max_overflow=2,
            pool_timeout=CONNECT_SECONDS * 2,
            # The values of a failed statement are people's words: they belong in no traceback.
            hide_parameters=True,
            connect_args={"timeout": CONNECT_SECONDS, "server_settings": _server_settings()},
        )
        event.listen(self._engine.sync_engine, "checkin", _rests)
        event.listen(self._engine.sync_engine, "checkout", _wakes)
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in one READ COMMITTED transaction."""
        return await _run(self._engine, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on one snapshot, read-only."""
        return await _run(self._reader, work)

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


def _server_settings() -> dict[str, str]:
    return {
        "application_name": "steward",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS * 1000:.0f}",
    }


def _rests(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["since"] = time.monotonic()


def _wakes(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """A connection that died while idle (server restart) is replaced before it is used, and so are its fellows."""
    now = time.monotonic()
    if now - record.info.get("since", now) < REST_SECONDS:
        return
    try:
        connection.ping()
    except Exception as error:
        raise InvalidatePoolError from error


async def _run(engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
    """One transaction. Trouble in getting a connection is never the data's fault, whatever it is called."""
    try:
        conn = await engine.connect()
    except Exception as error:
        raise Temporary(f"PostgreSQL cannot be used: see that it runs and lets us in ({error})") from error
    try:
        async with _explained(), conn.begin():
            return await conn.run_sync(work)
    finally:
        await conn.close()


@asynccontextmanager
async def _explained() -> AsyncIterator[None]:
    """Turn what PostgreSQL says into what callers act on."""
    try:
        yield
    except DBAPIError as error:
        state = str(getattr(error.orig, "sqlstate", "") or "")
        if error.connection_invalidated or isinstance(error, InterfaceError) or state.startswith(_PASSING):
            raise Temporary(f"PostgreSQL broke off: see that it runs ({error.orig})") from error
        raise
    except (OSError, asyncpg.InterfaceError) as error:
        raise Temporary(f"PostgreSQL broke off: see that it runs ({error})") from error
