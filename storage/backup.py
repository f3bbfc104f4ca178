"""Backup and restore of an SQLite database; PostgreSQL has tools of its own."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from domain.errors import StewardError
from storage.columns import micros
from storage.migrate import revisions

PAGES_AT_ONCE = 2000
BUSY_SECONDS = 30.0


def backup(url: str, target: Path) -> None:
    """Copy the database into the new file ``target`` while the bot may go on running: the copy is one moment's state.

    Raises `StewardError` when the database is no SQLite file, ``target`` exists, or the copy turns out damaged.
    """
    source = _path(url)
    if not source.exists():
        raise StewardError(f"{source}: there is no database here")
    if target.exists():
        raise StewardError(f"{target} exists already; choose a new name")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        with closing(_open(source, "ro")) as read, closing(sqlite3.connect(part)) as write:
            read.backup(write, pages=PAGES_AT_ONCE, sleep=0)
            write.execute("PRAGMA journal_mode=DELETE")
        _verify(part)
        part.replace(target)
    except sqlite3.DatabaseError as error:
        raise StewardError(f"{source}: no backup could be made: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def restore(url: str, source: Path) -> None:
    """Put the backup ``source`` in the place of the database; the next start brings it to the newest form.

    Raises `StewardError` when ``source`` is no sound backup of this or an earlier version, or while a process works
    with the database. The present database stays untouched then.
    """
    place = _path(url)
    _verify(source)
    _refuse_while_running(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    try:
        with closing(_open(source, "ro")) as read, closing(sqlite3.connect(part)) as write:
            read.backup(write)
        # What is left of the old database's log must not be applied to the new one.
        for suffix in ("-wal", "-shm"):
            place.with_name(place.name + suffix).unlink(missing_ok=True)
        part.replace(place)
    except sqlite3.DatabaseError as error:
        raise StewardError(f"{source}: could not be brought back: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _path(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise StewardError("backup and restore are for SQLite; on PostgreSQL use pg_dump and pg_restore")
    return Path(parsed.database).absolute()


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS)


def _verify(path: Path) -> None:
    """Raise `StewardError` unless the file is a sound database of a form that this version knows."""
    try:
        with closing(_open(path, "ro")) as conn:
            sound = conn.execute("PRAGMA quick_check(1)").fetchone()
            version = conn.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise StewardError(f"{path} is no sound Steward database: {error}") from error
    if sound is None or sound[0] != "ok":
        raise StewardError(f"{path} is damaged: {sound[0] if sound else 'unreadable'}")
    if version is None or version[0] not in revisions():
        raise StewardError(f"{path} was made by a newer version of Steward; update Steward first")


def _refuse_while_running(place: Path) -> None:
    if not place.exists():
        return
    try:
        with closing(_open(place, "ro")) as conn:
            now = micros(datetime.now(UTC))
            held = conn.execute("SELECT holder FROM leases WHERE holder <> '' AND expires_at > ?", (now,)).fetchone()
    except sqlite3.DatabaseError:
        # Damaged or half-made: that is what a backup is brought back for.
        return
    if held is not None:
        raise StewardError(
            f"{place}: {held[0]} works with this database; stop Steward (or wait a minute) and try again"
        )
