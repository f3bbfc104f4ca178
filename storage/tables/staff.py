"""Tables of staff and operation: users, sessions, bindings, revisions of the book, connection gaps."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.tables.base import (
    Base,
    flag,
    instant,
    integer,
    maybe_instant,
    maybe_integer,
    refers,
    row_id,
    string,
    table_of,
)


class UserRow(Base, table=True):
    """A console user."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("name"),)

    id: int = row_id(autoincrement=True)
    name: str = string()
    role: str = string("agent")
    password_hash: str = string()
    active: bool = flag(True)
    created_at: datetime = instant()
    shown: str = string()


class SessionRow(Base, table=True):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_user_id", "user_id"),)

    token_hash: str = Field(primary_key=True)
    user_id: int = refers("users.id")
    csrf: str = string()
    created_at: datetime = instant()
    seen_at: datetime = instant()
    expires_at: datetime = instant()


class BindingCodeRow(Base, table=True):
    """A one-time code that binds a chat identity to a user; only its hash is kept."""

    __tablename__ = "binding_codes"

    code_hash: str = Field(primary_key=True)
    user_id: int = refers("users.id")
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = maybe_instant()
    used_by: int | None = maybe_integer()


class BindingRow(Base, table=True):
    """A member who is staff."""

    __tablename__ = "bindings"
    __table_args__ = (Index("ix_bindings_user_id", "user_id"),)

    member_id: int = row_id()
    user_id: int = refers("users.id")
    at: datetime = instant()


class AttemptRow(Base, table=True):
    """A failed sign-in. ``scope`` is ``user:NAME`` or ``addr:ADDRESS``."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_scope", "scope", "at"),)

    id: int = row_id(autoincrement=True)
    scope: str = string()
    at: datetime = instant()


class RevisionRow(Base, table=True):
    """A set of FAQ, words and policy that took effect; ``content`` is JSON: file name to text."""

    __tablename__ = "revisions"

    id: int = row_id(autoincrement=True)
    content_hash: str = string()
    author: str = string()
    at: datetime = instant()
    content: str = string("{}")


class GapRow(Base, table=True):
    """A time in which an account heard nothing although it should have."""

    __tablename__ = "gaps"
    __table_args__ = (Index("ix_gaps_started_at", "started_at"),)

    id: int = row_id(autoincrement=True)
    account_id: int = integer()
    started_at: datetime = instant()
    ended_at: datetime = instant()
    reason: str = string()


USERS = table_of(UserRow)
SESSIONS = table_of(SessionRow)
BINDING_CODES = table_of(BindingCodeRow)
BINDINGS = table_of(BindingRow)
ATTEMPTS = table_of(AttemptRow)
REVISIONS = table_of(RevisionRow)
GAPS = table_of(GapRow)
