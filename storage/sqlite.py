"""SQLite: one writer thread with explicit ``BEGIN IMMEDIATE``, and a few read-only connections beside it."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from domain.errors import Temporary
from storage.errors import Corrupt, in_words
from storage.prepared import say
from storage.threads import Job, Threads, tell

T = TypeVar("T")
Work = Callable[[Connection], Any]

READERS = 2
TOGETHER = 8
"""So many writers' works at most share a transaction: it stays short."""
BUSY_SECONDS = 5.0
"""How long one attempt waits for another process's lock before it is reported as `Temporary`."""
STATEMENTS_KEPT = 512
_DAMAGED = ("malformed", "not a database", "disk image", "database corruption")


class SqliteEngine:
    """One file. Every write runs on the same thread and connection, so two writers of a process never meet."""

    dialect = "sqlite"

    def __init__(self, url: URL) -> None:
        self.path = Path(url.database or "").absolute()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = _Line(_engine(self.path, "BEGIN IMMEDIATE", _prepare_writer))
        self._reader_engine = _engine(self.path, "BEGIN", _prepare_reader)
        self._local = threading.local()
        self._readers: list[_Line] = []
        self._writing: Threads[Work] = Threads("sqlite-writer", self._write_waiting, together=TOGETHER)
        self._reading: Threads[Work] = Threads("sqlite-reader", self._read_waiting, READERS)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on the writer thread, in one transaction; it is committed when this returns."""
        result: T = await self._writing.do(work)
        return result

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on a reader thread, on one snapshot."""
        result: T = await self._reading.do(work)
        return result

    def _write_waiting(self, jobs: list[Job[Work]]) -> None:
        """Whatever waits by now goes together: one wait for the disk for all."""
        if len(jobs) > 1:
            try:
                told = self._writer.run(lambda conn: [_apart(conn, job.work) for job in jobs])
            except (Temporary, Corrupt) as error:
                told = [partial(_raise, error)] * len(jobs)
            except Exception:
                # It does not pass, so somebody is to blame for it: let each see for itself.
                told = [partial(self._writer.run, job.work) for job in jobs]
        else:
            told = [partial(self._writer.run, job.work) for job in jobs]
        for job, outcome in zip(jobs, told, strict=True):
            job.end(outcome)
        tell(jobs)

    def _read_waiting(self, jobs: list[Job[Work]]) -> None:
        line: _Line | None = getattr(self._local, "line", None)
        if line is None:
            line = self._local.line = _Line(self._reader_engine)
            self._readers.append(line)
        for job in jobs:
            job.end(partial(line.run, job.work))
        tell(jobs)

    async def close(self) -> None:
        """End the threads; the last connection checkpoints the WAL."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._reading.close()
        for line in self._readers:
            line.close()
        self._writing.close()
        self._writer.close()


def _apart(conn: Connection, work: Callable[[Connection], T]) -> Callable[[], T]:
    """Run ``work`` so that its failure leaves nothing behind, and others of the transaction untouched."""
    say(conn, "SAVEPOINT apart")
    try:
        result = work(conn)
    except DatabaseError as error:
        if _temporary(error) or _damaged(error):
            # SQLite may have rolled back everything; nobody's work is done.
            raise
        failure: Exception = error
    except Exception as error:
        failure = error
    else:
        say(conn, "RELEASE apart")
        return lambda: result
    say(conn, "ROLLBACK TO apart")
    say(conn, "RELEASE apart")
    return partial(_raise, failure)


def _raise(error: Exception) -> Any:
    raise error


class _Line:
    """One connection that is opened when needed and thrown away after trouble."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._conn: Connection | None = None

    def run(self, work: Callable[[Connection], T]) -> T:
        with _explained():
            try:
                if self._conn is None:
                    self._conn = self._engine.connect()
                with self._conn.begin():
                    return work(self._conn)
            except DatabaseError as error:
                if _temporary(error) or _damaged(error):
                    self.close()
                raise

    def close(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.close()


def _engine(path: Path, begin: str, prepare: Callable[[sqlite3.Connection], None]) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        # The values of a failed statement are people's words: they belong in no traceback.
        hide_parameters=True,
        connect_args={
            "isolation_level": None,
            "timeout": BUSY_SECONDS,
            "check_same_thread": False,
            "cached_statements": STATEMENTS_KEPT,
        },
    )

    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        prepare(connection)

    def on_begin(conn: Connection) -> None:
        # sqlite3 with isolation_level None opens no transaction by itself, and a deferred one loses updates.
        say(conn, begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def _prepare_writer(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA wal_autocheckpoint=4000")
    # It fills up to this (KB) and stays; more of it had only memory grow by 2 KB with each message.
    connection.execute("PRAGMA cache_size=-8000")


def _prepare_reader(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA cache_size=-2000")


def _temporary(error: DatabaseError) -> bool:
    return isinstance(error, OperationalError) and not isinstance(error.orig, sqlite3.ProgrammingError)


def _damaged(error: DatabaseError) -> bool:
    return any(word in str(error.orig) for word in _DAMAGED)


_OUR_FAULT = (
    "no such table",
    "no such column",
    "syntax error",
    "has no column",
    "ambiguous column",
    "no such function",
)
"""SQLite reports a wrong statement as OperationalError too; waiting does not heal that."""


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what SQLite says into what callers act on."""
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig)
        if _damaged(error):
            raise Corrupt(
                f"the database file is damaged ({said}); stop Steward and bring back a backup with `steward restore`"
            ) from error
        if _temporary(error) and not any(word in said for word in _OUR_FAULT):
            raise Temporary(in_words(said)) from error
        raise
