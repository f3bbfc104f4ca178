"""Statements as texts: what goes in comes out, in order, however many rows there are; errors tell no values."""

import pytest
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import Database
from storage.prepared import fetch, run, run_many
from storage.tables.order import MARKS
from storage.tables.people import MEMBERS, ROOMS
from tests.storage.house import START

_INTO = insert(MARKS)
_ALL = select(MARKS.c.room_id, MARKS.c.member_id, MARKS.c.key, MARKS.c.at).order_by(MARKS.c.room_id)
_MOVED = update(MARKS).where(MARKS.c.room_id >= bindparam("since")).values(member_id=9)
_ROOM = insert(ROOMS)
_ROOMS = select(ROOMS.c.id, ROOMS.c.private, ROOMS.c.present, ROOMS.c.quiet_until)


def _marks(count: int) -> list[dict[str, object]]:
    return [{"room_id": n, "member_id": n % 3, "key": f"键{n}", "at": START} for n in range(count)]


@pytest.mark.parametrize("count", [1, 3, 4, 5, 63, 64, 65, 151])
async def test_rows_come_out_as_they_went_in(db: Database, count: int) -> None:
    rows = _marks(count)
    await db.write(run_many, _INTO, rows)
    found = await db.read(fetch, _ALL)
    assert [row._asdict() for row in found] == rows


async def test_a_statement_tells_how_many_rows_it_changed(db: Database) -> None:
    await db.write(run_many, _INTO, _marks(10))
    assert await db.write(run, _MOVED, {"since": 4}) == 6
    assert {row.member_id for row in await db.read(fetch, _ALL)} == {0, 1, 2, 9}


async def test_missing_columns_take_their_defaults_and_values_keep_their_types(db: Database) -> None:
    named = {"account_id": 1, "external_id": "r", "key": "test:r", "private": True, "created_at": START}
    await db.write(run, _ROOM, named)
    ((_, private, present, quiet_until),) = await db.read(fetch, _ROOMS)
    assert (private, present, quiet_until) == (True, True, None)


async def test_an_error_is_told_without_the_values_and_the_database_goes_on(db: Database) -> None:
    rows = _marks(70)
    with pytest.raises(IntegrityError) as caught:
        await db.write(run_many, _INTO, [*rows, rows[0]])
    assert "键" not in "".join(caught.value.args)
    assert await db.read(fetch, _ALL) == []


async def test_a_list_of_changing_length_is_refused_in_a_text(db: Database) -> None:
    with pytest.raises(ValueError, match="one_of"):
        await db.read(fetch, select(MEMBERS.c.id).where(MEMBERS.c.id.in_([1, 2])))


async def test_a_wrong_statement_is_told_as_usual(db: Database) -> None:
    def wrong(conn: Connection) -> None:
        run(conn, insert(MARKS), {"room_id": None, "member_id": 1, "key": "x", "at": START})

    with pytest.raises(DBAPIError):
        await db.write(wrong)
