"""Users, sessions, bindings, attempts, revisions and gaps."""

from datetime import timedelta

import pytest

from domain.facts import AccountFacts
from storage import accounts, books, gaps, rooms, staff, views_events, views_rooms, world_reads
from storage.database import Database
from storage.world import load_world
from tests.storage.house import AGENTS, START, House, message

IDLE, ABSOLUTE = timedelta(hours=1), timedelta(hours=12)


async def test_a_name_is_given_to_one_user(db: Database) -> None:
    user = await db.write(staff.add_user, "小陈", "agent", "hash", START)
    with pytest.raises(ValueError, match="小陈"):
        await db.write(staff.add_user, "小陈", "admin", "hash", START)
    await db.write(staff.set_password, user, "other")
    (found,) = await db.read(staff.users)
    assert found == await db.read(staff.user_by_name, "小陈") == await db.read(staff.user, user)
    assert (found.password_hash, found.role) == ("other", "agent")
    assert "other" not in repr(found)
    assert await db.read(staff.user_by_name, "无") is None


async def test_the_first_user_is_made_once_and_a_repetition_of_its_making_knows_it(db: Database) -> None:
    first = ("admin", "admin", "hash with a salt", START)
    assert await db.write(staff.add_first_user, *first)
    assert await db.write(staff.add_first_user, *first), "the answer of the commit may have been lost"
    assert not await db.write(staff.add_first_user, "admin", "admin", "another hash", START)
    assert [one.name for one in await db.read(staff.users)] == ["admin"]


async def test_a_name_that_members_hear_of_is_given_to_nobody_else(db: Database) -> None:
    user = await db.write(staff.add_user, "chen", "agent", "hash", START)
    assert await db.write(staff.set_shown, user, "小陈")
    with pytest.raises(ValueError, match="小陈"):
        await db.write(staff.add_user, "小陈", "agent", "hash", START)


async def test_a_session_ends_when_idle_and_when_over(db: Database) -> None:
    user = await db.write(staff.add_user, "小陈", "agent", "hash", START)
    await db.write(staff.open_session, user, "t1", "csrf", START, ABSOLUTE)
    session = await db.read(staff.session, "t1", START, IDLE)
    assert session is not None and (session.user.name, session.csrf) == ("小陈", "csrf")
    assert await db.read(staff.session, "t2", START, IDLE) is None
    later = START + IDLE
    assert await db.read(staff.session, "t1", later, IDLE) is None
    await db.write(staff.touch_session, "t1", later)
    assert await db.read(staff.session, "t1", later, IDLE) is not None
    await db.write(staff.touch_session, "t1", START + ABSOLUTE)
    assert await db.read(staff.session, "t1", START + ABSOLUTE, IDLE) is None


async def test_signing_out_ends_one_session_or_all(db: Database) -> None:
    user = await db.write(staff.add_user, "小陈", "agent", "hash", START)
    for token in ("a", "b", "c"):
        await db.write(staff.open_session, user, token, "csrf", START, ABSOLUTE)
    await db.write(staff.close_session, "a")
    assert await db.read(staff.session, "a", START, IDLE) is None
    assert await db.read(staff.session, "b", START, IDLE) is not None
    await db.write(staff.close_sessions, user)
    assert await db.read(staff.session, "b", START, IDLE) is None


async def test_failed_sign_ins_are_counted_by_scope_and_time(db: Database) -> None:
    for seconds in (0, 10, 20):
        await db.write(staff.note_attempt, "user:小陈", START + timedelta(seconds=seconds))
    await db.write(staff.note_attempt, "addr:10.0.0.1", START)
    assert await db.read(staff.attempts, "user:小陈", START + timedelta(seconds=5)) == 2
    await db.write(staff.clear_attempts, "user:小陈")
    assert await db.read(staff.attempts, "user:小陈", START) == 0
    assert await db.read(staff.attempts, "addr:10.0.0.1", START) == 1


async def test_a_new_code_ends_the_earlier_one(db: Database) -> None:
    user = await db.write(staff.add_user, "小陈", "agent", "hash", START)
    for code in ("one", "two"):
        await db.write(staff.make_code, user, code, START, IDLE)
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        other = await db.write(staff.add_user, "小赵", "agent", "hash", START)
        await db.write(staff.make_code, other, "two", START, IDLE)
    assert await db.read(staff.bindings) == []


async def test_the_same_content_in_force_keeps_its_revision(db: Database) -> None:
    first = await db.write(books.save_revision, "h1", "file", {"a.yaml": "内容"}, START)
    assert await db.write(books.save_revision, "h1", "file", {"a.yaml": "内容"}, START) == first
    second = await db.write(books.save_revision, "h2", "file", {}, START)
    back = await db.write(books.save_revision, "h1", "小陈", {"a.yaml": "内容"}, START)
    assert first < second < back
    assert await db.read(books.load_revision, first) == {"a.yaml": "内容"}
    assert [one.id for one in await db.read(books.list_revisions, 2)] == [back, second]
    current = await db.read(books.current_revision)
    assert current is not None and (current.id, current.author) == (back, "小陈")
    with pytest.raises(LookupError):
        await db.read(books.load_revision, 999)


async def test_gaps_are_kept(house: House) -> None:
    ended = START + timedelta(minutes=2)
    await house.db.write(gaps.record_gap, house.account, START, ended, "gateway away")
    (gap,) = await house.db.read(views_events.gaps)
    assert "小管家" in gap.account
    assert (gap.started_at, gap.ended_at, gap.reason) == (START, ended, "gateway away")


async def test_an_account_is_its_logged_in_contact(house: House) -> None:
    db = house.db
    again = await db.write(accounts.ensure_account, "test", "wx-bot", "新名字", START)
    other = await db.write(accounts.ensure_account, "web", "wx-bot", "小管家", START)
    assert again == house.account != other
    facts = (await db.read(load_world, again, [], START)).account
    assert facts == AccountFacts(again, facts.member_id, "新名字", "wx-bot", "test")
    assert facts.member_id != (await db.read(load_world, other, [], START)).account.member_id
    await db.write(accounts.set_health, again, "online", "", "", START, START)
    assert [(one.channel, one.login) for one in await db.read(views_rooms.accounts)] == [
        ("test", "online"),
        ("web", "offline"),
    ]


async def test_the_bot_itself_is_one_member(house: House) -> None:
    (event,) = await house.hear(message("我", sender="bot"))
    world = await house.world([event])
    assert world.account.member_id in world.people


async def test_a_configured_room_exists_before_anybody_speaks(house: House) -> None:
    made = await house.db.write(rooms.ensure_rooms, house.account, [AGENTS], START)
    assert await house.db.write(rooms.ensure_rooms, house.account, [AGENTS], START) == made
    assert (await house.world([])).staff_rooms == tuple(made)


async def test_a_user_is_called_as_they_like_and_nobody_else_is(db: Database) -> None:
    chen = await db.write(staff.add_user, "chen01", "agent", "hash", START)
    await db.write(staff.add_user, "小林", "lead", "hash", START)
    assert await db.write(staff.set_shown, chen, "小陈")
    found = await db.read(staff.user, chen)
    assert found is not None and (found.name, found.called) == ("chen01", "小陈")
    users, _ = await db.read(world_reads.staff, (), START)
    assert users["chen01"] == users["小陈"] and users["小陈"].name == "小陈" and users["小林"].name == "小林"
    lin = await db.read(staff.user_by_name, "小林")
    assert lin is not None
    assert not await db.write(staff.set_shown, lin.id, "小陈")
    assert not await db.write(staff.set_shown, chen, "小林"), "the name of a colleague"
    assert await db.write(staff.set_shown, chen, "")
    assert (await db.read(world_reads.staff, (), START))[0].keys() == {"chen01", "小林"}
