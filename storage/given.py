"""Lists as one bound value: the text of a statement never changes with a batch's size, so it is prepared once."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, String, any_, bindparam, column, func, select, text
from sqlalchemy.sql.selectable import Subquery

from storage.columns import dump
from storage.statements import is_postgresql

_MEMBER_BITS = 32
"""A pair travels as one number, room × 2³² + member: taking lists of two apart costs SQLite more than the search."""
_PAIRS = {
    False: "SELECT value >> 32 AS room_id, value & 4294967295 AS member_id FROM json_each(:pairs)",
    True: "SELECT value >> 32 AS room_id, value & 4294967295 AS member_id"
    " FROM unnest(CAST(:pairs AS BIGINT[])) AS given(value)",
}


def pairs_table(postgresql: bool) -> Subquery:
    """The table ``pairs(room_id, member_id)``; its rows come with the parameter ``pairs`` (`pairs_value`)."""
    columns = (column("room_id", BigInteger), column("member_id", BigInteger))
    return text(_PAIRS[postgresql]).columns(*columns).subquery("pairs")


def pairs_value(conn: Connection, pairs: Collection[tuple[int, int]]) -> Any:
    """The value of the parameter ``pairs``; ids are below 2³¹ and 2³²."""
    return many(conn, [room << _MEMBER_BITS | member for room, member in pairs])


def one_of(postgresql: bool, value: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether ``value`` (a number or a text) is in the list given as the parameter ``name`` (`many`)."""
    if postgresql:
        kind = ARRAY(BigInteger if isinstance(value.type, BigInteger) else String)
        return value == any_(bindparam(name, type_=kind))
    listed = func.json_each(bindparam(name, type_=String)).table_valued("value")
    return value.in_(select(listed.c.value))


def many(conn: Connection, values: Collection[int] | Collection[str]) -> Any:
    """The value of a parameter of `one_of`."""
    listed = sorted(values)
    return listed if is_postgresql(conn) else dump(listed)
