"""Statements as texts: each is compiled once, and goes to the driver's own cursor with plain tuples.

SQLAlchemy's execution costs a tenth of a millisecond per statement and ten microseconds per row. One event alone takes
some twenty-five statements; a batch of 128 writes some six hundred rows.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import Connection, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import CompoundSelect

Reading = Select[Any] | CompoundSelect[Any]
Statement = Reading | Insert | Update
Convert = Callable[[Any], Any]
Row = Any
"""A named tuple of a statement's columns."""

CROWDS = (64, 16, 4)
"""So many rows are inserted at once, as far as they go."""
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text for the driver; where each of its places gets its value from; what its rows become."""

    sql: str
    places: tuple[tuple[str, Convert | None], ...]
    """The name of each place, and a conversion into the database."""
    fixed: Mapping[str, Any]
    """Values that the statement itself brings along."""
    row: type[Row]
    made: tuple[tuple[int, Convert], ...]
    """Columns that need a conversion out of the database."""
    crowds: tuple[tuple[int, str], ...] = ()
    """The same insert of so many rows at once, most first."""

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values in the order of the places."""
        held = {**self.fixed, **given} if self.fixed else given
        return tuple([held[name] if convert is None else convert(held[name]) for name, convert in self.places])

    def many(self, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """The same for many rows at once, place by place."""
        first, columns = rows[0], []
        for name, convert in self.places:
            column: Iterable[Any] = (
                [row[name] for row in rows] if name in first else repeat(self.fixed[name], len(rows))
            )
            columns.append(column if convert is None else map(convert, column))
        return list(zip(*columns, strict=True))

    def calls(self, rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """Texts, each with the values of its runs: as many rows in one run as there are texts for."""
        start = 0
        for size, sql in self.crowds:
            runs = (len(rows) - start) // size
            if runs:
                parts = (rows[start + run * size : start + (run + 1) * size] for run in range(runs))
                yield sql, [tuple(chain.from_iterable(part)) for part in parts]
                start += runs * size
        if start < len(rows):
            yield self.sql, rows[start:]

    def rows(self, found: Collection[Sequence[Any]]) -> list[Row]:
        """What the driver found as named tuples, converted column by column."""
        if self.made and found:
            columns: list[Iterable[Any]] = list(zip(*found, strict=True))
            for place, convert in self.made:
                columns[place] = map(convert, columns[place])
            found = list(zip(*columns, strict=True))
        # Straight to the tuple: a named tuple's own constructor is a Python function.
        return list(map(tuple.__new__, repeat(self.row), found))


def fetch(conn: Connection, statement: Reading, given: Mapping[str, Any] = NOTHING) -> list[Row]:
    """All rows of a query. Here as below the statement is an object that lives on (built once)."""
    prepared = _prepared(conn, statement, ())
    cursor = conn.connection.cursor()
    try:
        cursor.execute(prepared.sql, prepared.values(given))
        return prepared.rows(cursor.fetchall())
    except _driver_error(conn) as error:
        raise _told(conn, prepared.sql, error) from error
    finally:
        cursor.close()


def run(conn: Connection, statement: Insert | Update, given: Mapping[str, Any] = NOTHING) -> int:
    """Run the statement once; how many rows it changed."""
    prepared = _prepared(conn, statement, tuple(given))
    cursor = conn.connection.cursor()
    try:
        cursor.execute(prepared.sql, prepared.values(given))
        return cursor.rowcount
    except _driver_error(conn) as error:
        raise _told(conn, prepared.sql, error) from error
    finally:
        cursor.close()


def run_many(conn: Connection, statement: Insert | Update, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run the statement once per row; all rows have the same keys."""
    if len(rows) == 1:
        run(conn, statement, rows[0])
        return
    prepared = _prepared(conn, statement, tuple(rows[0]))
    cursor = conn.connection.cursor()
    try:
        for sql, values in prepared.calls(prepared.many(rows)):
            cursor.executemany(sql, values)
    except _driver_error(conn) as error:
        raise _told(conn, prepared.sql, error) from error
    finally:
        cursor.close()


def say(conn: Connection, sql: str) -> None:
    """Run a word to the database itself (a savepoint, say), which takes no values and finds no rows."""
    cursor = conn.connection.cursor()
    try:
        cursor.execute(sql)
    except _driver_error(conn) as error:
        raise _told(conn, sql, error) from error
    finally:
        cursor.close()


def _driver_error(conn: Connection) -> type[Exception]:
    return conn.dialect.loaded_dbapi.Error


def _told(conn: Connection, sql: str, error: Exception) -> BaseException:
    """A driver's error as SQLAlchemy tells it, without the values: they are people's words."""
    lost = conn.dialect.is_disconnect(cast(Any, error), conn.connection.dbapi_connection, None)
    told = DBAPIError.instance(
        sql,
        None,
        error,
        _driver_error(conn),
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=conn.dialect,
    )
    if lost:
        conn.invalidate(told)
    return told


# ---- compiling -------------------------------------------------------------------------------------------------------


_cache: dict[tuple[Statement, str, tuple[str, ...]], Prepared] = {}


def _prepared(conn: Connection, statement: Statement, keys: tuple[str, ...]) -> Prepared:
    key = (statement, conn.dialect.name, keys)
    found = _cache.get(key)
    if found is None:
        found = _cache[key] = _prepare(conn, statement, keys)
    return found


def _prepare(conn: Connection, statement: Statement, keys: tuple[str, ...]) -> Prepared:
    dialect = conn.dialect
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(keys) or None)
    if compiled.post_compile_params:
        raise ValueError("an IN over a Python list has no fixed text: write `one_of` or `or_`")
    places = [(name, _kind(compiled.binds[name], conn).bind_processor(dialect)) for name in compiled.positiontup]
    fixed = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
    for column in getattr(compiled, "insert_prefetch", ()):
        fixed[column.key] = column.default.arg
    columns = list(statement.exported_columns)
    made = [(place, _kind(column, conn).result_processor(dialect, None)) for place, column in enumerate(columns)]
    return Prepared(
        compiled.string,
        tuple(places),
        fixed,
        namedtuple("Row", [str(column.key) for column in columns], rename=True),
        tuple((place, convert) for place, convert in made if convert is not None),
        _crowds(compiled.string, len(places)) if isinstance(statement, Insert) else (),
    )


_GROUP = re.compile(r"VALUES (\([^()]*\))")
_NUMBERED = re.compile(r"\$(\d+)")


def _crowds(sql: str, places: int) -> tuple[tuple[int, str], ...]:
    """Fewer and longer runs are faster: SQLite lets go of the interpreter's lock at each, PostgreSQL sets each up."""
    found = _GROUP.search(sql)
    if found is None or found[1].count(",") + 1 != places:
        return ()
    head, group, tail = sql[: found.start(1)], found[1], sql[found.end(1) :]
    rows = [_moved(group, row * places) for row in range(max(CROWDS))]
    return tuple((size, head + ", ".join(rows[:size]) + tail) for size in CROWDS)


def _moved(group: str, by: int) -> str:
    """Places with so much higher numbers (PostgreSQL); those of SQLite have none."""
    return _NUMBERED.sub(lambda place: f"${int(place[1]) + by}", group)


def _kind(of: Any, conn: Connection) -> Any:
    return of.type.dialect_impl(conn.dialect)
