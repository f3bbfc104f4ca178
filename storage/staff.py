"""Console users: their sessions, their one-time binding codes, and how often somebody tried to sign in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from domain.ids import AccountId, MemberId, UserId
from storage.columns import clean
from storage.statements import insert_into
from storage.tables.people import IDENTITIES, MEMBERS
from storage.tables.staff import ATTEMPTS, BINDING_CODES, BINDINGS, SESSIONS, USERS

KEPT = timedelta(days=1)
"""Attempts and codes older than this are deleted when new ones come."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in to the console, while ``active``."""

    id: UserId
    name: str
    role: str
    password_hash: str = field(repr=False)
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser with the token that its forms carry."""

    user: User
    csrf: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Binding:
    """A chat identity that belongs to a user."""

    member_id: MemberId
    member_name: str
    user_id: UserId
    user_name: str
    at: datetime


# ---- users -----------------------------------------------------------------------------------------------------------


def add_user(conn: Connection, name: str, role: str, password_hash: str, now: datetime) -> UserId:
    """Add a user. Raises ValueError when the name is taken; upper and lower case do not make another name."""
    taken = select(USERS.c.id).where(func.lower(USERS.c.name) == name.lower())
    if conn.execute(taken).first() is not None:
        raise ValueError(f"there is a user {name!r} already")
    values = {"name": clean(name), "role": role, "password_hash": password_hash, "active": True, "created_at": now}
    return UserId(conn.execute(insert(USERS).values(**values).returning(USERS.c.id)).scalar_one())


def users(conn: Connection) -> list[User]:
    """All users by name, those who may no longer sign in included."""
    return [_user(row) for row in conn.execute(select(USERS).order_by(USERS.c.name))]


def user_by_name(conn: Connection, name: str) -> User | None:
    """The user of that name, or None."""
    return _one(conn, select(USERS).where(func.lower(USERS.c.name) == name.lower()))


def user(conn: Connection, user_id: UserId) -> User | None:
    """The user of that id, or None."""
    return _one(conn, select(USERS).where(USERS.c.id == user_id))


def _one(conn: Connection, query: Select[Any]) -> User | None:
    row = conn.execute(query).first()
    return None if row is None else _user(row)


def set_password(conn: Connection, user_id: UserId, password_hash: str) -> None:
    """Another password; closing the sessions is the caller's."""
    conn.execute(update(USERS).where(USERS.c.id == user_id).values(password_hash=password_hash))


def set_active(conn: Connection, user_id: UserId, active: bool) -> None:
    """Whether the user may sign in; sessions of one who may not are refused at once."""
    conn.execute(update(USERS).where(USERS.c.id == user_id).values(active=active))


def _user(row: Row[Any]) -> User:
    return User(UserId(row.id), row.name, row.role, row.password_hash, row.active, row.created_at)


# ---- sessions --------------------------------------------------------------------------------------------------------


def open_session(
    conn: Connection, user_id: UserId, token_hash: str, csrf: str, now: datetime, absolute: timedelta
) -> None:
    """A new session that ends after ``absolute`` at the latest; those that have ended are deleted."""
    conn.execute(delete(SESSIONS).where(SESSIONS.c.expires_at <= now))
    values = {"token_hash": token_hash, "user_id": user_id, "csrf": csrf, "created_at": now, "seen_at": now}
    conn.execute(insert(SESSIONS).values(**values, expires_at=now + absolute))


def session(conn: Connection, token_hash: str, now: datetime, idle: timedelta) -> Session | None:
    """The session of a token, unless it ended, was unused for ``idle``, or its user may not sign in."""
    row = conn.execute(
        select(
            USERS,
            SESSIONS.c.csrf,
            SESSIONS.c.created_at.label("opened_at"),
            SESSIONS.c.seen_at,
            SESSIONS.c.expires_at,
        )
        .join(USERS, USERS.c.id == SESSIONS.c.user_id)
        .where(
            SESSIONS.c.token_hash == token_hash,
            SESSIONS.c.expires_at > now,
            SESSIONS.c.seen_at > now - idle,
            USERS.c.active,
        )
    ).first()
    return None if row is None else Session(_user(row), row.csrf, row.opened_at, row.seen_at, row.expires_at)


def touch_session(conn: Connection, token_hash: str, now: datetime) -> None:
    """The session was used now."""
    conn.execute(update(SESSIONS).where(SESSIONS.c.token_hash == token_hash).values(seen_at=now))


def close_session(conn: Connection, token_hash: str) -> None:
    """End one session; unknown ones are ended already."""
    conn.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == token_hash))


def close_sessions(conn: Connection, user_id: UserId) -> None:
    """End all sessions of a user."""
    conn.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id))


# ---- bindings --------------------------------------------------------------------------------------------------------


def make_code(conn: Connection, user_id: UserId, code_hash: str, now: datetime, ttl: timedelta) -> None:
    """A one-time code of a user, good for ``ttl``; an earlier one that nobody used is void."""
    conn.execute(
        delete(BINDING_CODES).where(
            ((BINDING_CODES.c.user_id == user_id) & BINDING_CODES.c.used_at.is_(None))
            | (BINDING_CODES.c.expires_at <= now - KEPT)
        )
    )
    values = {"code_hash": code_hash, "user_id": user_id, "created_at": now, "expires_at": now + ttl}
    conn.execute(insert_into(conn, BINDING_CODES).values(**values))


def bindings(conn: Connection) -> list[Binding]:
    """All chat identities that belong to users, oldest first."""
    rows = conn.execute(
        select(BINDINGS, MEMBERS.c.name.label("member_name"), USERS.c.name.label("user_name"))
        .join(MEMBERS, MEMBERS.c.id == BINDINGS.c.member_id)
        .join(USERS, USERS.c.id == BINDINGS.c.user_id)
        .order_by(BINDINGS.c.at, BINDINGS.c.member_id)
    )
    return [
        Binding(MemberId(row.member_id), row.member_name, UserId(row.user_id), row.user_name, row.at) for row in rows
    ]


def is_bound(conn: Connection, account: AccountId, external_id: str) -> bool:
    """Whether a platform identity belongs to a user who may sign in."""
    query = (
        select(BINDINGS.c.member_id)
        .join(IDENTITIES, IDENTITIES.c.member_id == BINDINGS.c.member_id)
        .join(USERS, USERS.c.id == BINDINGS.c.user_id)
        .where(IDENTITIES.c.account_id == account, IDENTITIES.c.external_id == external_id, USERS.c.active)
    )
    return conn.execute(query).first() is not None


def unbind(conn: Connection, member_id: MemberId) -> None:
    """A chat identity is nobody's again."""
    conn.execute(delete(BINDINGS).where(BINDINGS.c.member_id == member_id))


# ---- sign-in attempts ------------------------------------------------------------------------------------------------


def note_attempt(conn: Connection, scope: str, now: datetime) -> None:
    """One more attempt to sign in under ``user:NAME`` or ``addr:ADDRESS``."""
    conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at <= now - KEPT))
    conn.execute(insert(ATTEMPTS).values(scope=clean(scope), at=now))


def attempts(conn: Connection, scope: str, since: datetime) -> int:
    """How many attempts there were after ``since``."""
    query = select(func.count()).select_from(ATTEMPTS)
    return conn.execute(query.where(ATTEMPTS.c.scope == clean(scope), ATTEMPTS.c.at > since)).scalar_one()


def clear_attempts(conn: Connection, scope: str) -> None:
    """The scope begins anew: somebody signed in."""
    conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.scope == clean(scope)))
