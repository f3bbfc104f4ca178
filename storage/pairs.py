"""Lists of keys as a table that statements join with: one bound value, so that the statement's text never changes."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Connection, Subquery, column, text

from storage.columns import dump
from storage.statements import is_postgresql

_FORMS = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS room_id, json_extract(value, '$[1]') AS member_id"
    " FROM json_each(:pairs)",
    "postgresql": "SELECT CAST(value->>0 AS BIGINT) AS room_id, CAST(value->>1 AS BIGINT) AS member_id"
    " FROM json_array_elements(CAST(:pairs AS JSON)) AS given(value)",
}


def _table(form: str) -> Subquery:
    columns = (column("room_id", BigInteger), column("member_id", BigInteger))
    return text(form).columns(*columns).subquery("pairs")


_TABLES = {name: _table(form) for name, form in _FORMS.items()}


def pairs_table(conn: Connection) -> Subquery:
    """The table ``pairs(room_id, member_id)``; its rows come with the parameter ``pairs`` (`pairs_value`)."""
    return _TABLES["postgresql" if is_postgresql(conn) else "sqlite"]


def pairs_value(pairs: Collection[tuple[int, int]]) -> str:
    """The value of the parameter ``pairs``."""
    return dump(sorted(pairs))
