"""Actions in the outside form."""

from datetime import UTC, date, datetime

from bot.action_json import as_json
from domain.actions import CheckIn, Merge, Mute, OpenDraw, Prize, Say, SendClass
from domain.events import Person
from domain.ids import MemberId, RoomId

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LIN = Person(MemberId(5), "小林")


def test_an_action_is_an_object_with_its_type_and_fields() -> None:
    mute = Mute(room_id=RoomId(2), send_class=SendClass.MODERATION, member=LIN, until=NOON)
    assert as_json(mute) == {
        "type": "mute",
        "room_id": 2,
        "send_class": "moderation",
        "member": {"id": 5, "name": "小林"},
        "until": "2026-03-02T04:00:00+00:00",
    }


def test_words_and_their_merging_are_shown() -> None:
    said = as_json(Say(room_id=RoomId(2), text="好", merge=Merge("checkin", "{names} 签到", "小林")))
    assert (said["type"], said["text"]) == ("say", "好")
    merge = said["merge"]
    assert isinstance(merge, dict)
    assert (merge["key"], merge["frame"], merge["name"]) == ("checkin", "{names} 签到", "小林")


def test_two_words_of_a_class_name_are_joined_by_an_underscore_and_days_are_dates() -> None:
    checked = as_json(CheckIn(member=LIN, room_id=RoomId(2), day=date(2026, 3, 2), streak=3, at=NOON))
    assert (checked["type"], checked["day"]) == ("check_in", "2026-03-02")


def test_the_secrets_of_a_draw_are_not_shown() -> None:
    draw = OpenDraw(
        number=1,
        room_id=RoomId(2),
        title="奶茶",
        prizes=(Prize("奶茶", 3),),
        seed=b"s" * 32,
        salt=b"t" * 32,
        commitment="c",
        opened_at=NOON,
        closes_at=NOON,
        source="campaign:tea",
    )
    shown = as_json(draw)
    assert "seed" not in shown and "salt" not in shown
    assert shown["prizes"] == [{"name": "奶茶", "count": 3}]
