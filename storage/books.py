"""Revisions: every set of FAQ, words and policy that took effect, under an integer key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.columns import clean, dump, load
from storage.tables.staff import REVISIONS


@dataclass(frozen=True, slots=True)
class Revision:
    """One set: findings carry its ``id``."""

    id: int
    content_hash: str
    author: str
    at: datetime


_HEAD = (REVISIONS.c.id, REVISIONS.c.content_hash, REVISIONS.c.author, REVISIONS.c.at)


def save_revision(conn: Connection, content_hash: str, author: str, content: Mapping[str, str], now: datetime) -> int:
    """Keep a set (file name → text) that takes effect now; its number. The set in force keeps the number it has."""
    held = current_revision(conn)
    if held is not None and held.content_hash == content_hash:
        return held.id
    values = {
        "content_hash": content_hash,
        "author": clean(author),
        "at": now,
        "content": clean(dump(dict(content))),
    }
    return int(conn.execute(REVISIONS.insert().values(**values).returning(REVISIONS.c.id)).scalar_one())


def current_revision(conn: Connection) -> Revision | None:
    """The set in force."""
    row = conn.execute(select(*_HEAD).order_by(REVISIONS.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _revision(row)


def list_revisions(conn: Connection, limit: int = 50) -> list[Revision]:
    """The latest sets, newest first."""
    return [_revision(row) for row in conn.execute(select(*_HEAD).order_by(REVISIONS.c.id.desc()).limit(limit))]


def load_revision(conn: Connection, number: int) -> dict[str, str]:
    """The files of a set. Raises LookupError for a number that was never given."""
    content = conn.execute(select(REVISIONS.c.content).where(REVISIONS.c.id == number)).scalar_one_or_none()
    if content is None:
        raise LookupError(f"revision {number} is unknown")
    return dict(load(content))


def _revision(row: Any) -> Revision:
    return Revision(row.id, row.content_hash, row.author, row.at)
