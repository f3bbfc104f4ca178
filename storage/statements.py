"""The few statement forms in which SQLite and PostgreSQL differ, built once each."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import BigInteger, ColumnElement, Connection, Insert, Select, Table, insert, literal_column
from sqlalchemy.dialects import sqlite

from storage.prepared import run_many

Rows = Sequence[dict[str, Any]]
S = TypeVar("S", bound=Select[Any])


def is_postgresql(conn: Connection) -> bool:
    """Whether several writers may be at work at once (SQLite has one)."""
    return conn.dialect.name == "postgresql"


def insert_into(conn: Connection, table: Table) -> sqlite.Insert:
    """An insert with ``on_conflict_do_nothing`` and ``on_conflict_do_update`` of the connection's dialect."""
    return insert_of(is_postgresql(conn), table)


def insert_of(on_postgresql: bool, table: Table) -> sqlite.Insert:
    """The same, told which database it is."""
    if not on_postgresql:
        return sqlite.insert(table)
    # Not above: a start over SQLite need not wait for it.
    from sqlalchemy.dialects import postgresql

    return cast(sqlite.Insert, postgresql.insert(table))


def is_state(column: ColumnElement[str], state: str) -> ColumnElement[bool]:
    """``column = 'state'`` with the state in the statement's text: only then are partial indexes used."""
    return column == literal_column(f"'{state}'")


def unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same value in a form that no index serves.

    SQLite keeps no statistics here, and of two indexes it would take one that finds half the table.
    """
    return column + literal_column("0" if isinstance(column.type, BigInteger) else "''", column.type)


@cache
def _plain(table: Table) -> Insert:
    return insert(table)


@cache
def _missing(on_postgresql: bool, table: Table) -> Insert:
    return insert_of(on_postgresql, table).on_conflict_do_nothing()


@cache
def _upsert(on_postgresql: bool, table: Table, keys: tuple[str, ...], changed: tuple[str, ...]) -> Insert:
    statement = insert_of(on_postgresql, table)
    values = {name: statement.excluded[name] for name in changed}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=values)


def insert_many(conn: Connection, table: Table, rows: Rows) -> None:
    """Insert all rows; every row has the same keys. Violations raise `IntegrityError`."""
    if rows:
        run_many(conn, _plain(table), rows)


def insert_missing(conn: Connection, table: Table, rows: Rows) -> None:
    """Insert the rows whose unique keys are free; the others stay as they are."""
    if rows:
        run_many(conn, _missing(is_postgresql(conn), table), rows)


def upsert_many(conn: Connection, table: Table, keys: Iterable[str], rows: Rows) -> None:
    """Insert rows or overwrite those with the same ``keys``, in a fixed order, so that writers never cross."""
    if not rows:
        return
    names = tuple(keys)
    changed = tuple(name for name in rows[0] if name not in names)
    statement = _upsert(is_postgresql(conn), table, names, changed)
    run_many(conn, statement, sorted(rows, key=lambda row: tuple(row[name] for name in names)))


def locked(conn: Connection, query: S) -> S:
    """The query with its rows locked until the transaction ends. Order it by id, so that writers never cross."""
    return query.with_for_update() if is_postgresql(conn) else query
