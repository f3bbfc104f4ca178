"""What the book plans ahead for the rooms of an account."""

from datetime import UTC, datetime, timedelta

from bot.timekeeping import AHEAD, AHEAD_OF_EVERY, plan
from domain.book import Book, Campaign
from domain.ids import NO_ROOM, AccountId, RoomId
from storage.views_rooms import RoomView

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def room(number: int, key: str, *, private: bool = False, present: bool = True) -> RoomView:
    return RoomView(RoomId(number), AccountId(1), key, key, private, present, None, "", 3, None, 0)


ROOMS = (
    room(1, "web:demo"),
    room(2, "web:agents"),
    room(3, "web:lin", private=True),
    room(4, "web:left", present=False),
    room(5, "web:tea"),
)


def planned(*campaigns: Campaign) -> list[tuple[str, int, datetime]]:
    book = Book(campaigns=campaigns, staff_rooms=("web:agents",))
    return [(row.name, row.room_id, row.due_at) for row in plan(book, ROOMS, NOW) if row.room_id != NO_ROOM]


def test_a_campaign_is_for_every_group_but_the_agents_unless_it_names_rooms() -> None:
    morning = Campaign("morning", "post", "09:00")
    assert {room_id for _, room_id, _ in planned(morning)} == {1, 5}
    named = Campaign("tea", "post", "09:00", rooms=("web:tea", "web:left"))
    assert {room_id for _, room_id, _ in planned(named)} == {5}


def test_daily_times_are_planned_two_days_ahead_and_frequent_ones_two_hours() -> None:
    morning = planned(Campaign("morning", "post", "09:00", rooms=("web:tea",)))
    assert [at for _, _, at in morning] == [NOW + timedelta(hours=23), NOW + timedelta(hours=47)]
    often = planned(Campaign("demo", "draw", "every 30m", rooms=("web:tea",)))
    assert [at for _, _, at in often] == [NOW + timedelta(minutes=30 * n) for n in range(1, 5)]
    assert often[-1][2] == NOW + AHEAD_OF_EVERY
    assert morning[-1][2] <= NOW + AHEAD


def test_a_campaign_that_is_switched_off_plans_nothing() -> None:
    assert planned(Campaign("morning", "post", "09:00", enabled=False)) == []


def test_the_digest_is_planned_without_a_room() -> None:
    rows = [row for row in plan(Book(), (), NOW) if row.name == "digest.daily"]
    assert [(row.room_id, row.due_at) for row in rows] == [
        (NO_ROOM, NOW.replace(hour=10, minute=30)),
        (NO_ROOM, NOW.replace(hour=10, minute=30) + timedelta(days=1)),
    ]
