"""Column types that mean the same on SQLite and PostgreSQL, and the JSON form of what has no column of its own."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A key that grows: SQLite only numbers rows by itself for columns of type INTEGER."""


def micros(at: datetime) -> int:
    """Microseconds since 1970 (UTC). Raises TypeError for a naive datetime: it names no instant."""
    return (at - EPOCH) // MICROSECOND


def moment(value: int) -> datetime:
    """The aware UTC datetime of `micros`."""
    return EPOCH + timedelta(microseconds=value)


class Moment(TypeDecorator[datetime]):
    """An instant, kept as microseconds since 1970: one form on every database, exact, quick to compare."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Into the database."""
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Out of the database."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def dump(value: object) -> str:
    """Compact JSON text; Chinese stays readable."""
    return _encode(value)


def load(text: str | None) -> Any:
    """What `dump` wrote; None for NULL."""
    return None if text is None else _decode(text)


_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without what no database keeps: NUL characters (PostgreSQL) and lone surrogates (no UTF-8 form)."""
    if _UNKEPT.search(text) is None:
        return text
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
