"""The texts of members, on both databases."""

from dataclasses import replace

from storage.database import Database
from storage.views_words import said
from tests.storage.house import ROOM, message, open_house


async def test_what_members_said_in_groups_comes_newest_first_and_nothing_private(db: Database) -> None:
    house = await open_house(db)
    private = replace(ROOM, external_id="direct", private=True)
    for text, room in (("一", ROOM), ("二", ROOM), ("三", private)):
        (event,) = await house.hear(message(text, room=room))
        await house.decide(event)
    assert await db.read(said, 10) == ["二", "一"]
    assert await db.read(said, 1) == ["二"]
