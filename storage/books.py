"""Revisions of the operators' book: every set of files that took effect, under an integer key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from storage.columns import clean, dump
from storage.tables.staff import REVISIONS

HEADS = (REVISIONS.c.id, REVISIONS.c.content_hash, REVISIONS.c.author, REVISIONS.c.at)


@dataclass(frozen=True, slots=True)
class Revision:
    """One set, without its files."""

    id: int
    content_hash: str
    author: str
    at: datetime


def save_revision(conn: Connection, content_hash: str, author: str, content: Mapping[str, str], now: datetime) -> int:
    """Keep a set that takes effect; the key of the current one when it has the same hash. ``content``: file → text."""
    current = current_revision(conn)
    if current is not None and current.content_hash == content_hash:
        return current.id
    files = {clean(name): clean(text) for name, text in content.items()}
    values = {"content_hash": content_hash, "author": clean(author), "at": now, "content": dump(files)}
    return int(conn.execute(insert(REVISIONS).values(**values).returning(REVISIONS.c.id)).scalar_one())


def current_revision(conn: Connection) -> Revision | None:
    """The latest set, or None before the first."""
    row = conn.execute(select(*HEADS).order_by(REVISIONS.c.id.desc()).limit(1)).first()
    return None if row is None else _revision(row)


def list_revisions(conn: Connection, limit: int = 50) -> list[Revision]:
    """The latest sets, newest first."""
    return [_revision(row) for row in conn.execute(select(*HEADS).order_by(REVISIONS.c.id.desc()).limit(limit))]


def load_revision(conn: Connection, revision: int) -> dict[str, str]:
    """The files of one set. Raises LookupError when there is none under this key."""
    content = conn.execute(select(REVISIONS.c.content).where(REVISIONS.c.id == revision)).scalar()
    if content is None:
        raise LookupError(f"there is no revision {revision}")
    return {str(name): str(text) for name, text in json.loads(content).items()}


def _revision(row: Any) -> Revision:
    return Revision(row.id, row.content_hash, row.author, row.at)
