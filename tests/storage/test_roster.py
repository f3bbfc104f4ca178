"""Who may sign in: nobody locks everybody out, and who is kept out is out everywhere at once."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from domain.actions import Audit
from domain.ids import MemberId, UserId
from storage import roster, staff, views_audit
from storage.database import Database
from storage.roster import Change
from storage.tables.people import MEMBERS
from storage.tables.staff import BINDINGS
from tests.storage.house import START

IDLE, ABSOLUTE = timedelta(hours=1), timedelta(hours=12)


def noted(user: int, act: str = "user.disable") -> Audit:
    return Audit(actor="root", act=act, target=f"user:{user}", outcome="done", at=START)


async def made(db: Database, name: str, role: str = "agent") -> UserId:
    return await db.write(roster.add, name, role, "hash", "root", START)


async def test_who_is_kept_out_loses_sessions_and_codes_and_the_log_tells_who_did_it(db: Database) -> None:
    root, user = await made(db, "root", "admin"), await made(db, "小陈")
    await db.write(staff.open_session, user, "token", "csrf", START, ABSOLUTE)
    await db.write(staff.make_code, user, "code", START, IDLE)
    assert await db.write(roster.change, user, Change(active=False), root, noted(user)) == "done"
    assert await db.read(staff.session, "token", START, IDLE) is None
    await db.write(roster.change, user, Change(active=True), root, noted(user, "user.enable"))
    assert await db.read(staff.session, "token", START, IDLE) is None, "an old session does not come back"
    await db.write(staff.make_code, root, "code", START, IDLE)  # The hash is free again.
    log = [(entry.actor, entry.act, entry.target, entry.outcome) for entry in await db.read(views_audit.audit_log)]
    assert log[:2] == [("root", "user.enable", "小陈", "done"), ("root", "user.disable", "小陈", "done")]


@pytest.mark.parametrize("wanted", [Change(active=False), Change(role="operator")])
async def test_the_last_admin_stays(db: Database, wanted: Change) -> None:
    root, other = await made(db, "root", "admin"), await made(db, "second", "admin")
    assert await db.write(roster.change, other, wanted, root, noted(other)) == "done"
    assert await db.write(roster.change, root, wanted, None, noted(root)) == "last-admin"
    found = await db.read(staff.user, root)
    assert found is not None and (found.active, found.role) == (True, "admin")
    (entry,) = await db.read(views_audit.audit_log, None, 1)
    assert entry.outcome == "refused"


@pytest.mark.parametrize("wanted", [Change(active=False), Change(role="agent"), Change(password_hash="x")])
async def test_nobody_changes_their_own_standing(db: Database, wanted: Change) -> None:
    root, _ = await made(db, "root", "admin"), await made(db, "second", "admin")
    assert await db.write(roster.change, root, wanted, root, noted(root)) == "own"


async def test_a_new_password_lifts_the_lock_of_too_many_tries(db: Database) -> None:
    root, user = await made(db, "root", "admin"), await made(db, "Chen")
    await db.write(staff.note_attempt, staff.scope_of("chen"), START)
    await db.write(staff.open_session, user, "token", "csrf", START, ABSOLUTE)
    assert await db.write(roster.change, user, Change(password_hash="new"), root, noted(user)) == "done"
    assert await db.read(staff.attempts, staff.scope_of("Chen"), START) == 0
    assert await db.read(staff.session, "token", START, IDLE) is None
    found = await db.read(staff.user, user)
    assert found is not None and found.password_hash == "new"


def _bound(conn: Connection, user: UserId) -> int:
    added = MEMBERS.insert().values(name="陈", created_at=START).returning(MEMBERS.c.id)
    member = int(conn.execute(added).scalar_one())
    conn.execute(BINDINGS.insert().values(member_id=member, user_id=user, at=START))
    return member


async def test_an_identity_is_taken_from_whom_it_belongs_to_only(db: Database) -> None:
    root, user = await made(db, "root", "admin"), await made(db, "小陈")
    member = await db.write(_bound, user)
    wanted = Change(unbind=MemberId(member))
    assert await db.write(roster.change, root, wanted, None, noted(root)) == "unknown"
    assert [[one.member_name for one in row.bindings] for row in await db.read(roster.roster)] == [[], ["陈"]]
    assert await db.write(roster.change, user, wanted, root, noted(user)) == "done"
    assert await db.read(staff.bindings) == []


async def test_the_roster_tells_the_last_sign_in(db: Database) -> None:
    await made(db, "小陈")
    for at, outcome in ((START, "done"), (START + IDLE, "refused")):
        entry = Audit(actor="小陈", act="sign-in", target="127.0.0.1", outcome=outcome, at=at)
        await db.write(views_audit.record, entry)
    (row,) = await db.read(roster.roster)
    assert (row.signed_in_at, row.cases) == (START, 0)


async def test_a_change_of_nobody_is_told(db: Database) -> None:
    assert await db.write(roster.change, UserId(99), Change(active=False), None, noted(99)) == "unknown"
