"""The few statement forms in which SQLite and PostgreSQL differ."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[dict[str, Any]]
S = TypeVar("S", bound=Select[Any])


def is_postgresql(conn: Connection) -> bool:
    """Whether several writers may be at work at once (SQLite has one)."""
    return conn.dialect.name == "postgresql"


def insert_into(conn: Connection, table: Table) -> sqlite.Insert:
    """An insert with ``on_conflict_do_nothing`` and ``on_conflict_do_update`` of the connection's dialect."""
    if is_postgresql(conn):
        return cast(sqlite.Insert, postgresql.insert(table))
    return sqlite.insert(table)


def insert_many(conn: Connection, table: Table, rows: Rows) -> None:
    """Insert all rows in one statement; every row has the same keys. Violations raise `IntegrityError`."""
    if rows:
        conn.execute(table.insert(), list(rows))


def insert_missing(conn: Connection, table: Table, rows: Rows) -> None:
    """Insert the rows whose unique keys are free; the others stay as they are."""
    if rows:
        conn.execute(insert_into(conn, table).on_conflict_do_nothing(), list(rows))


def upsert_many(conn: Connection, table: Table, keys: Iterable[str], rows: Rows) -> None:
    """Insert rows or overwrite those with the same ``keys``, in a fixed order, so that writers never cross."""
    if not rows:
        return
    names = list(keys)
    statement = insert_into(conn, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in names}
    statement = statement.on_conflict_do_update(index_elements=names, set_=changed)
    conn.execute(statement, sorted(rows, key=lambda row: tuple(row[name] for name in names)))


def locked(conn: Connection, query: S) -> S:
    """The query with its rows locked until the transaction ends. Order it by id, so that writers never cross."""
    return query.with_for_update() if is_postgresql(conn) else query
