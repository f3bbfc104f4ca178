"""What all tables share: one metadata with stable constraint names, and the way from a class to its Core table."""

from typing import Any, cast

from sqlalchemy import ForeignKey, Index, MetaData, Table, text
from sqlmodel import Field, SQLModel

from storage.columns import BigId, Moment

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel):
    """Parent of every table class. Rows are written and read through Core; the classes declare the tables.

    What Pydantic would validate them by is never built, which is a tenth of their import.
    """

    model_config = {"defer_build": True}
    metadata = MetaData(naming_convention=NAMES)


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a table class."""
    return cast(Table, cast(Any, model).__table__)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of some rows. PostgreSQL's is made by a migration: to name it here too would import its dialect."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


def row_id(*, autoincrement: bool = False) -> Any:
    """A primary key column of our own integers; ``autoincrement``: the database numbers the rows."""
    return Field(default=None, primary_key=True, sa_type=cast(Any, BigId), sa_column_kwargs=_numbered(autoincrement))


def _numbered(autoincrement: bool) -> dict[str, Any]:
    return {"autoincrement": autoincrement}


def integer(*, index: bool = False, default: int | None = None) -> Any:
    """A column of 64-bit integers that must be given (or ``default``)."""
    kept = {} if default is None else {"server_default": str(default)}
    return Field(default=default, nullable=False, index=index, sa_type=cast(Any, BigId), sa_column_kwargs=kept)


def maybe_integer() -> Any:
    """A 64-bit integer or NULL."""
    return Field(default=None, nullable=True, sa_type=cast(Any, BigId))


def instant() -> Any:
    """An instant that must be given."""
    return Field(nullable=False, sa_type=Moment)


def maybe_instant() -> Any:
    """An instant or NULL."""
    return Field(default=None, nullable=True, sa_type=Moment)


def string(default: str = "") -> Any:
    """A text of any length, never NULL."""
    return Field(default=default, nullable=False, sa_column_kwargs={"server_default": default})


def maybe_string() -> Any:
    """A text or NULL (JSON columns too)."""
    return Field(default=None, nullable=True)


def flag(default: bool = False) -> Any:
    """True or false, never NULL."""
    return Field(default=default, nullable=False, sa_column_kwargs={"server_default": "1" if default else "0"})


def maybe_flag() -> Any:
    """True, false or NULL."""
    return Field(default=None, nullable=True)


def refers(column: str, *, primary: bool = False) -> Any:
    """A reference to another table's number; the row goes with the one it refers to."""
    place = (ForeignKey(column, ondelete="CASCADE"),)
    return Field(nullable=False, primary_key=primary, sa_type=cast(Any, BigId), sa_column_args=place)
