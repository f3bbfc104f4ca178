"""What the console reads, on both databases."""

from datetime import timedelta

import pytest

from domain.actions import Audit, Author, CaseState, SanctionKind
from domain.draw_verify import verify_text
from domain.facts import SendState
from domain.ids import RoomId
from storage import (
    accounts,
    staff,
    views_audit,
    views_cases,
    views_decisions,
    views_draws,
    views_events,
    views_order,
    views_rooms,
    views_rules,
    views_sends,
)
from storage.database import Connection, Database
from storage.tables.order import APPEALS, AUDIT, BANS, CASES, SANCTIONS
from storage.tables.path import FINDINGS
from storage.views_decisions import Scope
from tests.console import seed
from tests.console.seed import NOW, PLAIN, Community


@pytest.fixture
async def made(db: Database) -> Community:
    """A community with one row of everything."""
    return await db.write(seed.community)


async def test_accounts_and_rooms_tell_how_they_are(db: Database, made: Community) -> None:
    (account,) = await db.read(views_rooms.accounts)
    assert (account.key, account.login, account.scan_url) == (
        "web:bot",
        "scanning",
        "https://login.example/scan?code=1",
    )
    assert (account.holder, account.waiting, account.unsent) == ("", 0, 1)
    (room,) = await db.read(views_rooms.rooms)
    assert room == await db.read(views_rooms.room, made.room)
    assert (room.title, room.owner, room.members, room.open_cases, room.last_at) == ("演示群", "阿明", 1, 1, NOW)
    assert await db.read(views_rooms.room, RoomId(99)) is None
    assert await db.read(views_rooms.quiet_everywhere) is None


async def test_the_numbers_beside_the_menu_count_what_waits(db: Database, made: Community) -> None:
    tally = await db.read(views_rooms.tally, NOW)
    assert tally == views_rooms.Tally(open_cases=1, appeals=1, failed=1, unreadable=1, doubtful=1, gaps=1)


async def test_an_appeal_waits_no_more_when_its_sanction_is_undone_or_a_week_has_passed(
    db: Database, made: Community
) -> None:
    assert (await db.read(views_rooms.tally, NOW + timedelta(days=8))).appeals == 0
    await db.write(lambda conn: conn.execute(SANCTIONS.update().values(reversed_at=NOW)))
    assert (await db.read(views_rooms.tally, NOW)).appeals == 0
    (appeal,) = await db.read(views_order.appeals)
    assert (appeal.state, appeal.member) == ("reversed", "阿明")
    assert appeal.sanction is not None and appeal.sanction == await db.read(views_order.sanction, made.sanction)
    assert [text for text, _ in appeal.sanction.said]


async def test_an_appeal_that_names_no_sanction_waits_too(db: Database, made: Community) -> None:
    values = {"room_id": made.room, "member_id": made.member, "at": NOW, "state": "open"}
    await db.write(lambda conn: conn.execute(APPEALS.insert().values(**values)))
    assert (await db.read(views_rooms.tally, NOW)).appeals == 2
    shown = [one.sanction and one.sanction.number for one in await db.read(views_order.appeals)]
    assert shown == [None, made.sanction]


async def test_who_did_it_is_shown_by_name(db: Database, made: Community) -> None:
    user = await db.write(staff.add_user, "小林", "agent", "hash", NOW)
    by = f"user:{user}"
    await db.write(lambda conn: conn.execute(SANCTIONS.update().values(reversed_at=NOW, reversed_by=by)))
    await db.write(lambda conn: conn.execute(CASES.update().values(resolved_by=by)))
    ban = {"member_id": made.member, "member_name": "阿明", "sanction": 7, "at": NOW, "by": by}
    await db.write(lambda conn: conn.execute(BANS.insert().values(**ban)))
    sanction, case = await db.read(views_order.sanction, made.sanction), await db.read(views_cases.case, made.case)
    assert sanction is not None and case is not None
    (listed,) = await db.read(views_rules.bans)
    assert (sanction.reversed_by, case.resolved_by, listed.by) == ("小林", "小林", "小林")


async def test_a_decision_shows_findings_actions_and_the_words_judged(db: Database, made: Community) -> None:
    (row,) = await db.read(views_decisions.decisions)
    assert row == await db.read(views_decisions.decision, 101)
    assert (row.room, row.member, row.text, row.revision, row.recalled) == ("演示群", "阿明", PLAIN, 1, False)
    assert [finding["rule"] for finding in row.findings] == ["abuse", "complaint"]
    assert [action["type"] for action in row.actions] == ["open_case"]
    assert row.errors == (PLAIN,)
    assert await db.read(views_decisions.decision, 99) is None


async def test_decisions_come_page_by_page_and_by_scope(db: Database, made: Community) -> None:
    def more(conn: Connection) -> None:
        for number in range(200, 206):
            seed.decide(conn, made, number, "x")
        echoes = FINDINGS.update().where(FINDINGS.c.event_id.in_([200, 201]))
        conn.execute(echoes.values(kind="own_message", top="", errors=None))
        conn.execute(FINDINGS.update().where(FINDINGS.c.event_id == 202).values(top="", errors=None))

    await db.write(more)

    async def listed(**how: object) -> list[int]:
        rows = await db.read(lambda conn: views_decisions.decisions(conn, **how))  # type: ignore[arg-type]
        return [row.event_id for row in rows]

    assert await listed() == [205, 204, 203, 202, 201, 200, 101]
    assert await listed(limit=2) == [205, 204]
    assert await listed(before=204, limit=2) == [203, 202]
    assert await listed(after=203) == [205, 204]
    assert await listed(scope=Scope.OTHERS) == [205, 204, 203, 202, 101]
    assert await listed(scope=Scope.FOUND) == [205, 204, 203, 101]
    assert await listed(room_id=RoomId(99)) == []


async def test_cases_are_queued_oldest_first_and_done_ones_newest_first(db: Database, made: Community) -> None:
    (waiting,) = await db.read(views_cases.open_cases)
    assert (waiting.number, waiting.state, waiting.last) == (made.case, CaseState.OPEN, PLAIN)
    assert waiting.account_id == made.account
    assert await db.read(views_cases.open_cases, made.case) == []
    (done,) = await db.read(views_cases.resolved_cases)
    assert (done.number, done.last) == (made.case - 1, "")
    assert await db.read(views_cases.resolved_cases, made.case - 1) == []
    assert await db.read(views_cases.case, made.case) == waiting
    messages = await db.read(views_cases.case_messages, made.case)
    assert [message.author for message in messages] == [Author.MEMBER, Author.BOT, Author.AGENT, Author.NOTE]
    assert [message.author for message in await db.read(views_cases.case_messages, made.case, 1)] == [Author.NOTE]


async def test_sanctions_carry_what_undoing_needs(db: Database, made: Community) -> None:
    (row,) = await db.read(views_order.sanctions)
    assert row == await db.read(views_order.sanction, made.sanction)
    assert (row.kind, row.account_id, row.room_id, row.why) == (SanctionKind.MUTE, made.account, made.room, PLAIN)
    assert row.said == ((PLAIN, False),)
    assert await db.read(views_order.sanctions, made.sanction) == []
    assert await db.read(views_order.sanction, 99) is None


@pytest.mark.parametrize("state", ["doubtful", "expired", "refused", "cancelled", "waiting"])
async def test_sends_are_listed_by_state(db: Database, made: Community, state: str) -> None:
    (row,) = await db.read(views_sends.sends, SendState(state))
    assert row == await db.read(views_sends.send, row.id)
    assert (row.state, row.text, row.room) == (state, PLAIN, "演示群")
    assert await db.read(views_sends.sends, SendState(state), row.id) == []


async def test_what_was_set_aside_is_listed_with_its_traceback(db: Database, made: Community) -> None:
    (failed,) = await db.read(views_events.failed)
    assert (failed.event_id, failed.traceback, failed.account) == (102, f"ValueError: {PLAIN}", "阿明（web）")
    (unreadable,) = await db.read(views_events.unreadable)
    assert (unreadable.event_id, unreadable.traceback) == (103, "")
    assert await db.read(views_events.event_state, 101) == "decided"
    assert await db.read(views_events.event_state, 99) is None
    (gap,) = await db.read(views_events.gaps)
    assert (gap.ended_at - gap.started_at, gap.reason) == (timedelta(1), PLAIN)
    assert await db.read(views_events.gaps, gap.id) == []


async def test_the_audit_log_names_people(db: Database, made: Community) -> None:
    user = await db.write(seed.add_user, "小林", "agent", "x")

    def more(conn: Connection) -> None:
        values = {"act": "case.take", "outcome": "done", "at": NOW}
        conn.execute(AUDIT.insert().values(actor=f"user:{user}", target=f"member:{made.member}", **values))
        conn.execute(AUDIT.insert().values(actor="user:999", target="user:x", **values))

    await db.write(more)
    await db.write(views_audit.record, Audit(actor="小林", act="sign-in", target="", outcome="done", at=NOW))
    rows = await db.read(views_audit.audit_log)
    told = [(row.actor, row.target) for row in rows]
    assert told == [("小林", ""), ("user:999", "user:x"), ("小林", "阿明"), ("阿明", PLAIN)]
    assert await db.read(views_audit.audit_log, rows[-1].id) == []


async def test_a_draw_is_public_without_its_secrets(db: Database, made: Community) -> None:
    opened = await db.read(views_draws.draw, made.open_draw)
    closed = await db.read(views_draws.draw, made.closed_draw)
    assert opened is not None and closed is not None
    assert (opened.receipt, opened.winners, opened.entrants) == (None, (), 1)
    assert not {"seed", "salt"} & set(dir(opened))
    assert closed.receipt is not None and verify_text(closed.receipt).ok
    assert [winner.name for winner in closed.winners] == ["阿明"]
    assert await db.read(views_draws.draw, 99) is None


async def test_an_account_whose_health_changed_shows_the_change(db: Database, made: Community) -> None:
    await db.write(accounts.set_health, made.account, "online", "", "", NOW, NOW)
    (account,) = await db.read(views_rooms.accounts)
    assert (account.login, account.scan_url, account.since) == ("online", "", NOW)
