"""The roster of console users: who they are, and changes of which none leaves the console without an admin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, select, update

from domain.actions import Audit
from domain.ids import MemberId, UserId
from storage import staff, views_audit
from storage.staff import Binding, User
from storage.tables.order import AUDIT, CASES
from storage.tables.staff import USERS

ADMIN = "admin"
"""The role that may change users: somebody who may sign in must have it."""

Outcome = Literal["done", "unknown", "own", "last-admin"]
"""``own``: nobody changes their own standing. ``last-admin``: nobody would be left who may change users."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A user with what one looks at before changing them; ``cases`` are the unresolved ones in their hands."""

    user: User
    bindings: tuple[Binding, ...]
    cases: int
    signed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """What shall become of a user; None leaves as it is. ``password_hash`` is made by the caller."""

    active: bool | None = None
    role: str | None = None
    password_hash: str | None = None
    unbind: MemberId | None = None
    """A chat identity of theirs that shall be no staff any more."""

    @property
    def lowers(self) -> bool:
        """Whether an admin may be none afterwards."""
        return self.active is False or (self.role is not None and self.role != ADMIN)


def roster(conn: Connection) -> list[Listed]:
    """All users, oldest first; when they last signed in, as far back as the audit log reaches."""
    held = CASES.c.assignee_id.is_not(None) & (CASES.c.state != "resolved")
    cases = conn.execute(select(CASES.c.assignee_id, func.count()).where(held).group_by(CASES.c.assignee_id)).all()
    counts = {row[0]: int(row[1]) for row in cases}
    came = (AUDIT.c.act == "sign-in") & (AUDIT.c.outcome == "done")
    last = conn.execute(select(AUDIT.c.actor, func.max(AUDIT.c.at)).where(came).group_by(AUDIT.c.actor)).all()
    seen = {row[0]: row[1] for row in last}
    bound = staff.bindings(conn)
    return [
        Listed(user, tuple(one for one in bound if one.user_id == user.id), counts.get(user.id, 0), seen.get(user.name))
        for user in staff.users(conn)
    ]


def add(conn: Connection, name: str, role: str, password_hash: str, by: str, now: datetime) -> UserId:
    """Make a user, audited as done by the actor ``by``. Raises ValueError when somebody is called so already."""
    made = staff.add_user(conn, name, role, password_hash, now)
    views_audit.record(conn, Audit(actor=by, act="user.add", target=f"user:{made}", outcome="done", at=now))
    return made


def change(conn: Connection, user_id: UserId, wanted: Change, by: UserId | None, entry: Audit) -> Outcome:
    """Change a user and keep ``entry`` with what came of it; ``by`` is the user who does it, None the command line.

    Kept out, with another role or another password: their sessions end at once. A binding of somebody kept out stays
    and grants nothing.
    """
    outcome = _refusal(conn, user_id, wanted, by)
    if outcome == "done":
        outcome = _carry_out(conn, user_id, wanted)
    kept = Audit(actor=entry.actor, act=entry.act, target=entry.target, outcome=_kept(outcome), at=entry.at)
    views_audit.record(conn, kept)
    return outcome


def _kept(outcome: Outcome) -> str:
    return outcome if outcome == "done" else "refused"


def _refusal(conn: Connection, user_id: UserId, wanted: Change, by: UserId | None) -> Outcome:
    # Locked, so that two admins who shut each other out at the same moment are not both obeyed.
    active = select(USERS.c.id, USERS.c.role).where(USERS.c.active).order_by(USERS.c.id).with_for_update()
    admins = {row.id for row in conn.execute(active) if row.role == ADMIN}
    if staff.user(conn, user_id) is None:
        return "unknown"
    if wanted.lowers and admins == {user_id}:
        return "last-admin"
    return "own" if user_id == by else "done"


def _carry_out(conn: Connection, user_id: UserId, wanted: Change) -> Outcome:
    if wanted.unbind is not None and not staff.unbind(conn, user_id, wanted.unbind):
        return "unknown"
    fields = {"active": wanted.active, "role": wanted.role, "password_hash": wanted.password_hash}
    values = {name: value for name, value in fields.items() if value is not None}
    if values:
        changed = update(USERS).where(USERS.c.id == user_id).values(**values)
        name = conn.execute(changed.returning(USERS.c.name)).scalar_one()
        staff.close_sessions(conn, user_id)
        staff.void_codes(conn, user_id)
        if wanted.password_hash is not None:
            # Who forgot a password has tried it often.
            staff.clear_attempts(conn, staff.scope_of(name))
    return "done"
