"""Payloads become `Incoming` whatever they lack."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from wechaty_grpc.wechaty import puppet as pb

from bot.channels.wechaty import decode
from domain.incoming import ExternalPerson, ExternalRoom, IncomingKind, MessageKind

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OWN = ExternalPerson("bot", "小管家")
MING = ExternalPerson("ming", "小明")
HONG = ExternalPerson("hong", "小红")
ROOM = ExternalRoom("1@chatroom", "一群", owner="ming", admins=())


def payload(text: str = "在吗", number: int = 7, **fields: Any) -> pb.MessagePayloadResponse:
    """What a gateway answers, through the wire and back."""
    made = pb.MessagePayloadResponse(
        **{"id": "m1", "text": text, "type": number, "from_id": "ming", "room_id": "1@chatroom", **fields}
    )
    return pb.MessagePayloadResponse().parse(bytes(made))


def read(made: pb.MessagePayloadResponse, sender: ExternalPerson | None = MING) -> Any:
    """Decoded in the room of 小明 and 小红."""
    return decode.message(made, "m1", decode.Scene(ROOM, sender, OWN, (MING, HONG)), NOW)


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        (1_795_348_800, NOW),
        (1_795_348_800_000, NOW),
        (1_795_348_800_000_000, NOW),
        (1_795_348_799_500, NOW - timedelta(milliseconds=500)),
    ],
)
def test_timestamps_come_in_any_unit(stamp: int, moment: datetime) -> None:
    assert decode.moment(stamp, NOW + timedelta(days=1)) == moment
    assert read(payload(timestamp=stamp)).at == moment


@pytest.mark.parametrize("stamp", [None, 0, -5, 12, True, "1795348800", 10**18, float("nan"), [1]])
def test_without_a_usable_timestamp_the_time_of_hearing_stands_in(stamp: object) -> None:
    assert decode.moment(stamp, NOW) == NOW


def test_own_messages_are_not_taken_apart() -> None:
    dashes = " ".join("-" * 15)
    text = f"「小明：在」\n{dashes}\n好"
    one = read(payload(text, from_id="bot"), OWN)
    assert (one.kind, one.text, one.quote) == (IncomingKind.OWN_MESSAGE, text, None)


def test_the_quoted_words_address_nobody() -> None:
    dashes = " ".join("-" * 15)
    one = read(payload(f"「小红：@小管家 滚」\n{dashes}\n别骂人"))
    assert (one.text, one.mentions_bot) == ("别骂人", False)
    assert one.quote.text == "@小管家 滚"


@pytest.mark.parametrize("text", ["#接龙\n1. 小明", "#接龙 @小管家"])
def test_a_chain_typed_as_text_is_kept_as_it_is(text: str) -> None:
    one = read(payload(text))
    assert (one.text, one.mentions_bot, one.message_kind) == (text, False, MessageKind.TEXT)


def test_a_notice_that_nobody_said_is_nothing() -> None:
    assert read(payload("小明加入了群聊", from_id=""), None) is None


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("m77", "m77"),
        (" m77 ", "m77"),
        ("<sysmsg><revokemsg><msgid>1</msgid><newmsgid>778899</newmsgid></revokemsg></sysmsg>", "778899"),
    ],
)
def test_a_recall_names_its_message_in_either_way(text: str, reference: str) -> None:
    one = read(payload(text, 13))
    assert (one.kind, one.reference, one.sender) == (IncomingKind.RECALLED, reference, MING)


def test_a_recall_by_nobody_is_still_a_recall() -> None:
    assert read(payload("m77", 13, from_id=""), None).sender is None


@pytest.mark.parametrize("number", [17, 99, 2**20, -1])
def test_unknown_numbers_are_unknown_kinds_without_words(number: int) -> None:
    one = read(payload("<xml/>", number))
    assert (one.message_kind, one.text) == (MessageKind.UNKNOWN, "")


def test_a_private_partner_is_the_other_side() -> None:
    assert decode.private_partner(payload(room_id="", from_id="ming", to_id="bot"), "bot") == "ming"
    assert decode.private_partner(payload(room_id="", from_id="bot", to_id="ming"), "bot") == "ming"
    assert decode.private_partner(payload(), "bot") == ""
    assert decode.private_partner(payload(room_id="", from_id="", to_id=""), "bot") == ""


def test_the_account_among_newcomers_is_told_apart_and_first() -> None:
    came, joined = decode.joined(ROOM, (MING, OWN, HONG), HONG, "bot", NOW)
    assert (came.kind, came.sender, came.people) == (IncomingKind.ROOM_JOINED, HONG, ())
    assert (joined.kind, joined.people) == (IncomingKind.JOINED, (MING, HONG))


def test_who_leaves_alone_was_not_removed() -> None:
    (left,) = decode.left(ROOM, (MING,), MING, "bot", NOW)
    assert (left.kind, left.people, left.sender) == (IncomingKind.LEFT, (MING,), None)


def test_nobody_joining_is_no_event() -> None:
    assert decode.joined(ROOM, (), HONG, "bot", NOW) == ()


@pytest.mark.parametrize("text", ["", "null", "[]", "7", '"x"', "{", "[" * 100_000, "\ud800"])
def test_what_is_no_json_object_is_nothing(text: str) -> None:
    assert decode.event_data(text) is None


def test_fields_of_another_type_count_as_missing() -> None:
    data = {"a": 7, "b": None, "c": ["x", 1, None, "", "y"], "d": "x", "e": "\ud800a\0b"}
    assert [decode.text_of(data, name) for name in ("a", "b", "c", "z")] == [""] * 4
    assert decode.texts_of(data, "c") == ("x", "y")
    assert decode.texts_of(data, "d") == ()
    assert decode.text_of(data, "e") == "ab"
