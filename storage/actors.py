"""Who did something, by name: records keep ``user:7`` and ``member:7``, people read names."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, select

from storage.tables.people import MEMBERS
from storage.tables.staff import USERS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def names_of(conn: Connection, actors: Collection[str]) -> dict[str, str]:
    """The names behind ``user:ID`` and ``member:ID``; what nobody has any more is left out."""
    named: dict[str, str] = {}
    for kind, table in (("user", USERS), ("member", MEMBERS)):
        ids = [int(text.removeprefix(f"{kind}:")) for text in actors if re.fullmatch(rf"{kind}:[0-9]{{1,18}}", text)]
        for row in conn.execute(select(table.c.id, table.c.name).where(table.c.id.in_(ids))) if ids else ():
            named[f"{kind}:{row.id}"] = row.name
    return named


def with_names(conn: Connection, views: Sequence[T], field: str) -> list[T]:
    """The views with the name of whoever their ``field`` stands for."""
    names = names_of(conn, {getattr(view, field) for view in views})
    return [replace(view, **{field: names.get(getattr(view, field), getattr(view, field))}) for view in views]
