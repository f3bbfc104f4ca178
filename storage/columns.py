"""Column types that mean the same on SQLite and PostgreSQL, and the JSON form of what has no column of its own."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
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

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        """Into the database."""
        return _into

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        """Out of the database."""
        return _out_of


def _into(value: datetime | None) -> int | None:
    return None if value is None else (value - EPOCH) // MICROSECOND


def _out_of(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + timedelta(0, 0, value)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_encode_anything = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: object) -> str:
    """Compact JSON text that every database keeps; Chinese stays readable."""
    try:
        return _encode(value).decode()
    except (TypeError, UnicodeEncodeError):
        # Lone surrogates and subclasses of str are too much for the fast one.
        return clean(_encode_anything(value))


def load(text: str | None) -> Any:
    """What `dump` wrote; None for NULL."""
    return None if text is None else _decode(text)


_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without what no database keeps: NUL characters (PostgreSQL) and lone surrogates (no UTF-8 form)."""
    if _UNKEPT.search(text) is None:
        return text
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
