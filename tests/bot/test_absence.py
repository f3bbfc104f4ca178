"""What was missed while no process ran is on record at the next login."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.absence import NOT_LOGGED_IN, NOT_RUNNING, UNREAD, Absence
from bot.channels.port import Gap
from bot.house import House
from bot.lease import TTL
from domain.book import Book
from domain.ids import AccountId
from domain.incoming import ExternalRoom, Incoming, IncomingKind
from handlers.judge import Engine
from handlers.text.facts import read
from storage import accounts, inbox, leases, views_events
from storage.database import Connection, Database
from tests.databases import new_sqlite

T0 = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database = await Database.open(new_sqlite(tmp_path / "steward.db"))
    yield House(database, Engine(Book(), (), read), "one")
    await database.close()


def known(conn: Connection) -> AccountId:
    return accounts.ensure_account(conn, "wechaty", "bot", "小管家", T0)


async def held_until(house: House, seconds: float, login: str = "online", since: float = 0) -> AccountId:
    """An account that an earlier process held, killed after its renewal at this moment."""

    def hold(conn: Connection) -> AccountId:
        account = known(conn)
        assert leases.acquire(conn, account, "earlier", at(seconds), TTL) is not None
        accounts.set_health(conn, account, login, "", "", at(since), at(since))
        return account

    return await house.database.write(hold)


async def recorded(house: House) -> list[tuple[datetime, datetime, str]]:
    return [(gap.started_at, gap.ended_at, gap.reason) for gap in await house.database.read(views_events.gaps)]


async def test_the_time_without_a_process_is_a_gap_from_a_little_before_its_last_sign_of_life(house: House) -> None:
    account = await held_until(house, 60)
    absence = Absence(house, True)
    await house.database.write(absence.record, account, at(100))
    assert await recorded(house) == [(at(56), at(100), NOT_RUNNING)]
    assert absence.covers(Gap(at(10), at(100), "连不上网关"))
    assert not absence.covers(Gap(at(101), at(120), "连不上网关"))


async def test_a_process_that_had_lost_its_connection_was_deaf_before_its_end(house: House) -> None:
    account = await held_until(house, 60, "offline", 20)
    await house.database.write(Absence(house, True).record, account, at(100))
    assert await recorded(house) == [(at(16), at(100), NOT_RUNNING)]


@pytest.mark.parametrize(("waited", "deaf_from"), [(3.0, 56), (30.0, 27)])
async def test_what_waited_to_be_taken_in_when_the_program_died_is_missed(
    house: House, waited: float, deaf_from: float
) -> None:
    account = await held_until(house, 60)
    told = Incoming(IncomingKind.ROOM_RENAMED, at(0), room=ExternalRoom("1@chatroom", "一群"))
    await house.database.write(inbox.receive, account, [told], at(61), [at(61 - waited)])
    await house.database.write(Absence(house, True).record, account, at(100))
    assert [gap.started_at for gap in await house.database.read(views_events.gaps)] == [at(deaf_from)]


async def test_the_first_process_ever_has_missed_nothing_that_it_knows_of(house: House) -> None:
    absence = Absence(house, True)
    await house.database.write(absence.record, await house.database.write(known), at(100))
    assert await recorded(house) == []
    assert not absence.covers(Gap(at(10), at(100), "连不上网关"))


async def test_a_change_of_processes_within_a_moment_is_none(house: House) -> None:
    account = await held_until(house, 60)
    await house.database.write(Absence(house, True).record, account, at(60.05))
    assert await recorded(house) == []


async def test_where_nobody_can_talk_without_the_program_nothing_is_missed(house: House) -> None:
    account = await held_until(house, 60)
    await house.database.write(Absence(house, False).record, account, at(900))
    assert await recorded(house) == []


async def test_an_account_that_comes_back_was_not_logged_in(house: House) -> None:
    account = await held_until(house, 60)
    absence = Absence(house, True)
    await house.database.write(absence.record, account, at(60.05))
    await house.database.write(absence.record, account, at(100))
    assert [reason for _, _, reason in await recorded(house)] == [NOT_LOGGED_IN]


async def test_while_another_process_held_the_account_it_was_heard(house: House) -> None:
    account, deaf = await held_until(house, 60), Gap(at(10), at(61), "与网关的连接断开")
    absence = Absence(house, True)
    # The other one's lease came after ours, and was renewed at 60 for the last time.
    assert await house.database.read(absence.missed, account, deaf, 0) == Gap(at(60) - UNREAD, at(61), deaf.reason)
    assert await house.database.read(Absence(house, True).missed, account, deaf, 1) == deaf


async def test_who_takes_the_account_back_before_its_gap_is_told_remembers_the_other(house: House) -> None:
    account, deaf = await held_until(house, 60), Gap(at(10), at(70), "与网关的连接断开")
    absence = Absence(house, True)

    def take(conn: Connection) -> None:
        absence.other(account, conn)
        assert leases.acquire(conn, account, "one", at(68) + TTL, TTL) is not None

    await house.database.write(take)
    assert await house.database.read(absence.missed, account, deaf, 2) == Gap(at(60) - UNREAD, at(70), deaf.reason)
