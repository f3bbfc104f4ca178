"""Pages of a list in the console: newest first, going on where the page above ended."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select

PAGE = 50
"""Rows of one page."""

S = TypeVar("S", bound=Select[Any])


def newest(query: S, number: ColumnElement[Any], before: int | None, limit: int) -> S:
    """The rows with the highest numbers, at most ``limit``, all below ``before`` if that is given."""
    query = query.order_by(number.desc()).limit(limit)
    return query if before is None else query.where(number < before)
