"""Console users, their sessions, their chat identities, and what slows down guessing of passwords."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from domain.ids import AccountId, MemberId, UserId
from storage.columns import clean
from storage.statements import insert_into
from storage.tables.people import ACCOUNTS, IDENTITIES, MEMBERS
from storage.tables.staff import ATTEMPTS, BINDING_CODES, BINDINGS, SESSIONS, USERS


@dataclass(frozen=True, slots=True)
class User:
    """A console user; ``password_hash`` is made and checked by the caller."""

    id: UserId
    name: str
    role: str
    password_hash: str = field(repr=False)
    active: bool
    created_at: datetime
    shown: str = ""

    @property
    def called(self) -> str:
        """How members and colleagues in chats hear of them."""
        return self.shown or self.name


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. ``csrf`` must come back with every form."""

    user: User
    csrf: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Binding:
    """A member of some room who is staff."""

    member_id: MemberId
    member_name: str
    user_id: UserId
    user_name: str
    at: datetime


# ---- users -----------------------------------------------------------------------------------------------------------


def add_user(conn: Connection, name: str, role: str, password_hash: str, now: datetime) -> UserId:
    """Make a user. Raises ValueError when the name is taken, be it as the one that members hear of."""
    shown = select(USERS.c.id).where(USERS.c.shown == clean(name), USERS.c.shown != "")
    if conn.execute(shown).first() is not None:
        raise ValueError(f"there is a user who is called {name} already")
    row = {"name": clean(name), "role": role, "password_hash": password_hash, "created_at": now}
    statement = insert_into(conn, USERS).values(**row).on_conflict_do_nothing(index_elements=["name"])
    made = conn.execute(statement.returning(USERS.c.id)).scalar_one_or_none()
    if made is None:
        raise ValueError(f"there is a user {name} already")
    return UserId(made)


def add_first_user(conn: Connection, name: str, role: str, password_hash: str, now: datetime) -> bool:
    """Make the first user when there is none; whether there is now one with this hash.

    May be repeated: a commit whose answer was lost is found again by its hash, which is salted and so like no other.
    """
    held = conn.execute(select(USERS.c.password_hash)).scalars().all()
    if held:
        return password_hash in held
    add_user(conn, name, role, password_hash, now)
    return True


def users(conn: Connection) -> list[User]:
    """All users, oldest first."""
    return [_user(row) for row in conn.execute(select(USERS).order_by(USERS.c.id))]


def user(conn: Connection, user_id: UserId) -> User | None:
    """A user by number."""
    row = conn.execute(select(USERS).where(USERS.c.id == user_id)).one_or_none()
    return None if row is None else _user(row)


def user_by_name(conn: Connection, name: str) -> User | None:
    """A user by name."""
    row = conn.execute(select(USERS).where(USERS.c.name == clean(name))).one_or_none()
    return None if row is None else _user(row)


def set_password(conn: Connection, user_id: UserId, password_hash: str) -> None:
    """Another password; sessions go on unless the caller ends them."""
    conn.execute(update(USERS).where(USERS.c.id == user_id).values(password_hash=password_hash))


def set_shown(conn: Connection, user_id: UserId, shown: str) -> bool:
    """How members hear of a user; empty is the sign-in name. False when somebody else is called so already."""
    wanted = clean(shown)
    others = select(USERS.c.name, USERS.c.shown).where(USERS.c.id != user_id)
    if wanted and any(wanted in (row.name, row.shown) for row in conn.execute(others)):
        return False
    conn.execute(update(USERS).where(USERS.c.id == user_id).values(shown=wanted))
    return True


def _user(row: Any) -> User:
    return User(UserId(row.id), row.name, row.role, row.password_hash, row.active, row.created_at, row.shown)


# ---- sessions --------------------------------------------------------------------------------------------------------


def open_session(
    conn: Connection, user_id: UserId, token_hash: str, csrf: str, now: datetime, absolute: timedelta
) -> None:
    """A browser signed in; the session ends after ``absolute`` whatever happens."""
    values = {
        "token_hash": token_hash,
        "user_id": user_id,
        "csrf": csrf,
        "created_at": now,
        "seen_at": now,
        "expires_at": now + absolute,
    }
    conn.execute(SESSIONS.insert().values(**values))


def session(conn: Connection, token_hash: str, now: datetime, idle: timedelta) -> Session | None:
    """The session of a token, unless it is over, idle for longer than ``idle``, or its user is kept out."""
    query = (
        select(
            USERS, SESSIONS.c.csrf, SESSIONS.c.created_at.label("opened_at"), SESSIONS.c.seen_at, SESSIONS.c.expires_at
        )
        .join_from(SESSIONS, USERS, USERS.c.id == SESSIONS.c.user_id)
        .where(
            SESSIONS.c.token_hash == token_hash,
            SESSIONS.c.expires_at > now,
            SESSIONS.c.seen_at > now - idle,
            USERS.c.active,
        )
    )
    row = conn.execute(query).one_or_none()
    return None if row is None else Session(_user(row), row.csrf, row.opened_at, row.seen_at, row.expires_at)


def touch_session(conn: Connection, token_hash: str, now: datetime) -> None:
    """The session is in use."""
    conn.execute(update(SESSIONS).where(SESSIONS.c.token_hash == token_hash).values(seen_at=now))


def close_session(conn: Connection, token_hash: str) -> None:
    """Sign out one browser."""
    conn.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == token_hash))


def close_sessions(conn: Connection, user_id: UserId) -> None:
    """Sign a user out everywhere."""
    conn.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id))


# ---- bindings --------------------------------------------------------------------------------------------------------


def make_code(conn: Connection, user_id: UserId, code_hash: str, now: datetime, ttl: timedelta) -> None:
    """A one-time code for a chat identity (`storage.wanted.code_hash`); earlier unused ones of the user end."""
    void_codes(conn, user_id)
    row = {"code_hash": code_hash, "user_id": user_id, "created_at": now, "expires_at": now + ttl}
    conn.execute(BINDING_CODES.insert().values(**row))


def void_codes(conn: Connection, user_id: UserId) -> None:
    """The codes of a user that nobody has used are good for nothing."""
    unused = (BINDING_CODES.c.user_id == user_id) & BINDING_CODES.c.used_at.is_(None)
    conn.execute(delete(BINDING_CODES).where(unused))


def bindings(conn: Connection) -> list[Binding]:
    """Who is staff in chats, newest first."""
    query = (
        select(BINDINGS.c.member_id, MEMBERS.c.name, BINDINGS.c.user_id, USERS.c.name.label("user_name"), BINDINGS.c.at)
        .join_from(BINDINGS, USERS, USERS.c.id == BINDINGS.c.user_id)
        .join(MEMBERS, MEMBERS.c.id == BINDINGS.c.member_id)
        .order_by(BINDINGS.c.at.desc(), BINDINGS.c.member_id)
    )
    return [
        Binding(MemberId(row.member_id), row.name, UserId(row.user_id), row.user_name, row.at)
        for row in conn.execute(query)
    ]


def is_bound(conn: Connection, account: AccountId, external_id: str) -> bool:
    """Whether this chat identity belongs to an active console user."""
    query = (
        select(BINDINGS.c.member_id)
        .join(IDENTITIES, IDENTITIES.c.member_id == BINDINGS.c.member_id)
        .join(USERS, USERS.c.id == BINDINGS.c.user_id)
        .where(IDENTITIES.c.account_id == account, IDENTITIES.c.external_id == clean(external_id), USERS.c.active)
    )
    return conn.execute(query).first() is not None


def suspended(conn: Connection) -> list[Binding]:
    """Bindings that count for nothing now: their account gave way to another one of its channel, where all ids differ.

    Left out: who is kept out, and who is bound on the present account again.
    """
    joined = BINDINGS.join(USERS, USERS.c.id == BINDINGS.c.user_id)
    joined = joined.join(MEMBERS, MEMBERS.c.id == BINDINGS.c.member_id)
    joined = joined.join(IDENTITIES, IDENTITIES.c.member_id == BINDINGS.c.member_id)
    joined = joined.join(ACCOUNTS, ACCOUNTS.c.id == IDENTITIES.c.account_id)
    columns = (BINDINGS.c.member_id, MEMBERS.c.name, BINDINGS.c.user_id, USERS.c.name.label("user_name"), BINDINGS.c.at)
    query = select(*columns, ACCOUNTS.c.channel, ACCOUNTS.c.login).select_from(joined).where(USERS.c.active)
    rows = conn.execute(query.order_by(USERS.c.name, BINDINGS.c.member_id)).all()
    online = set(conn.execute(select(ACCOUNTS.c.channel).where(ACCOUNTS.c.login == "online")).scalars())
    counts = {(row.user_id, row.channel) for row in rows if row.login == "online"}
    return [
        Binding(MemberId(row.member_id), row.name, UserId(row.user_id), row.user_name, row.at)
        for row in rows
        if row.channel in online and (row.user_id, row.channel) not in counts
    ]


def unbind(conn: Connection, user_id: UserId, member_id: MemberId) -> bool:
    """A chat identity of this user is no staff any more; False if it was none of theirs."""
    theirs = (BINDINGS.c.member_id == member_id) & (BINDINGS.c.user_id == user_id)
    return conn.execute(delete(BINDINGS).where(theirs)).rowcount == 1


# ---- sign-in attempts ------------------------------------------------------------------------------------------------


def scope_of(name: str) -> str:
    """The scope under which tries of a name are counted, however it is typed."""
    return f"user:{name.casefold()}"


def note_attempt(conn: Connection, scope: str, now: datetime) -> None:
    """A failed sign-in. ``scope`` is ``user:NAME`` or ``addr:ADDRESS``; both are noted for one attempt."""
    conn.execute(ATTEMPTS.insert().values(scope=clean(scope), at=now))


def attempts(conn: Connection, scope: str, since: datetime) -> int:
    """How many failed since."""
    counted = select(func.count()).select_from(ATTEMPTS)
    return conn.execute(counted.where(ATTEMPTS.c.scope == clean(scope), ATTEMPTS.c.at >= since)).scalar_one()


def clear_attempts(conn: Connection, scope: str) -> None:
    """A sign-in succeeded."""
    conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.scope == clean(scope)))
