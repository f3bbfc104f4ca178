"""Retention deletes what is due and nothing else; backups are whole."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from domain import actions as act
from domain.errors import StewardError
from domain.events import MessagePosted
from domain.policy import RetentionPolicy
from storage import accounts, backup, leases, retention, views_rooms
from storage.database import Database, migrate
from storage.tables import METADATA
from tests.storage.house import START, House, message

DAYS = RetentionPolicy(messages=90, findings=90, cases=730, audit=365)


async def counts(house: House) -> dict[str, int]:
    def read(conn: Connection) -> dict[str, int]:
        tables = METADATA.sorted_tables
        return {t.name: conn.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}

    return await house.db.read(read)


async def _live_a_little(house: House) -> None:
    (event,) = await house.hear(message("投诉"))
    assert isinstance(event, MessagePosted)
    await house.decide(
        event,
        act.OpenCase(
            number=1, room_id=event.room_id, member=event.sender, reason="", rule="r", at=START, event_id=event.id
        ),
        act.AppendToCase(number=1, author=act.Author.MEMBER, name="x", text="话", at=START, event_id=event.id),
        act.Remember(room_id=event.room_id, member_id=event.sender.id, key="k", at=START),
        act.Audit(actor="x", act="y", target="", outcome="done", at=START),
        act.Say(room_id=event.room_id, text="收到"),
    )
    await house.send_all()


async def sweep(house: House, policy: RetentionPolicy, days: float) -> None:
    now = START + timedelta(days=days)
    while not (await house.db.write(retention.sweep, policy, now, 1)).done:
        pass


async def test_each_kind_of_thing_goes_after_its_own_days(house: House) -> None:
    await _live_a_little(house)
    full = await counts(house)
    await sweep(house, DAYS, 1)
    assert await counts(house) == full
    await sweep(house, DAYS, 3)
    assert (await counts(house))["marks"] == 0
    await sweep(house, DAYS, 91)
    left = await counts(house)
    assert [left[name] for name in ("messages", "inbox", "outbox", "findings")] == [0, 0, 0, 0]
    assert (left["cases"], left["audit"], left["members"]) == (1, 1, full["members"])
    await sweep(house, DAYS, 800)
    left = await counts(house)
    assert (left["audit"], left["cases"], left["case_messages"]) == (0, 1, 1)


async def test_a_resolved_case_goes_with_its_messages(house: House) -> None:
    await _live_a_little(house)
    (event,) = await house.hear(message("#1 解决"))
    await house.decide(event, act.ResolveCase(number=1, epoch=1, at=START, by="x", ask=False))
    await sweep(house, DAYS, 731)
    left = await counts(house)
    assert (left["cases"], left["case_messages"]) == (0, 0)


async def test_zero_days_keep_things_for_good(house: House) -> None:
    await _live_a_little(house)
    full = await counts(house)
    await sweep(house, RetentionPolicy(messages=0, findings=0, cases=0, audit=0), 10_000)
    assert await counts(house) == full | {"marks": 0}


async def test_what_still_waits_is_never_swept(house: House) -> None:
    await house.say("还没发")
    await house.hear(message("没人看"))
    await sweep(house, DAYS, 1000)
    left = await counts(house)
    assert (left["inbox"], left["outbox"]) == (1, 1)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / "steward.db"


async def _filled(place: Path, names: int) -> None:
    url = f"sqlite:///{place}"
    await migrate(url)
    db = await Database.open(url)
    for n in range(names):
        await db.write(accounts.ensure_account, "test", f"wx-{n}", "小管家", START)
    await db.close()


def dumped(path: Path) -> list[str]:
    conn = sqlite3.connect(path)
    lines = list(conn.iterdump())
    conn.close()
    return lines


def spoil(path: Path) -> None:
    path.write_bytes(b"\0garbage" * 500)


async def test_a_backup_of_a_running_database_comes_back_byte_for_byte(place: Path, tmp_path: Path) -> None:
    await _filled(place, 3)
    url, copy = f"sqlite:///{place}", tmp_path / "copies" / "monday.db"
    db = await Database.open(url)
    await db.write(accounts.ensure_account, "test", "still in the log", "小管家", START)
    backup.backup(url, copy)
    kept = dumped(copy)
    assert any("still in the log" in line for line in kept)
    await db.write(accounts.ensure_account, "test", "after the backup", "小管家", START)
    await db.close()
    backup.restore(url, copy)
    assert dumped(place) == kept
    db = await Database.open(url)
    await db.migrate()
    assert len(await db.read(views_rooms.accounts)) == 4
    await db.close()


async def test_a_backup_overwrites_nothing_and_needs_a_database(place: Path, tmp_path: Path) -> None:
    with pytest.raises(StewardError, match="no database"):
        backup.backup(f"sqlite:///{place}", tmp_path / "copy.db")
    await _filled(place, 1)
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(StewardError, match="exists already"):
        backup.backup(f"sqlite:///{place}", tmp_path / "copy.db")
    with pytest.raises(StewardError, match="pg_dump"):
        backup.backup("postgresql://localhost/steward", tmp_path / "other.db")
    assert not (tmp_path / "copy.db.part").exists()


async def test_only_a_sound_backup_takes_the_place_of_the_database(place: Path, tmp_path: Path) -> None:
    await _filled(place, 2)
    before = dumped(place)
    url, copy = f"sqlite:///{place}", tmp_path / "copy.db"
    copy.write_bytes(b"no database" * 1000)
    with pytest.raises(StewardError, match="no sound"):
        backup.restore(url, copy)
    copy.unlink()
    backup.backup(url, copy)
    conn = sqlite3.connect(copy)
    conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.commit()
    conn.close()
    with pytest.raises(StewardError, match="newer version"):
        backup.restore(url, copy)
    assert dumped(place) == before


async def test_a_database_at_work_is_not_replaced(place: Path, tmp_path: Path) -> None:
    await _filled(place, 1)
    url, copy = f"sqlite:///{place}", tmp_path / "copy.db"
    backup.backup(url, copy)
    db = await Database.open(url)
    account = (await db.read(views_rooms.accounts))[0].id
    now = datetime.now(UTC)
    lease = await db.write(leases.acquire, account, "host-1", now, timedelta(minutes=5))
    assert lease is not None
    with pytest.raises(StewardError, match="host-1"):
        backup.restore(url, copy)
    await db.write(leases.release, lease, now)
    await db.close()
    backup.restore(url, copy)


async def test_a_damaged_database_is_replaced_by_its_backup(place: Path, tmp_path: Path) -> None:
    await _filled(place, 2)
    url, copy = f"sqlite:///{place}", tmp_path / "copy.db"
    backup.backup(url, copy)
    spoil(place)
    backup.restore(url, copy)
    assert dumped(place) == dumped(copy)
