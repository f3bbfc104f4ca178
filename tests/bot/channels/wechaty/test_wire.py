"""The quick reader and writer agree with betterproto on the protocol's own definitions."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechaty_grpc.wechaty import puppet as pb

from bot.channels.wechaty.wire import WireError, read, write

CHARACTERS = st.characters(codec="utf-8")
TEXTS = st.text(CHARACTERS, max_size=300)
# betterproto leaves empty texts out of lists, so that they are not compared.
WORDS = st.lists(st.text(CHARACTERS, min_size=1, max_size=300))
MESSAGES = st.builds(
    pb.MessagePayloadResponse,
    id=TEXTS,
    filename=TEXTS,
    text=TEXTS,
    timestamp=st.integers(0, 2**64 - 1),
    type=st.integers(0, 2**31 - 1),
    from_id=TEXTS,
    room_id=TEXTS,
    to_id=TEXTS,
    mention_ids=WORDS,
)


def values(message: Any) -> dict[str, Any]:
    return {one.name: getattr(message, one.name) for one in fields(message)}


@given(MESSAGES)
def test_a_message_is_read_as_betterproto_reads_it(message: pb.MessagePayloadResponse) -> None:
    raw = bytes(message)
    assert values(read(pb.MessagePayloadResponse, raw)) == values(pb.MessagePayloadResponse().parse(raw))


@given(st.booleans(), TEXTS, WORDS, st.integers(-5, 5))
def test_contacts_with_flags_lists_and_numbers_are_read_alike(
    friend: bool, name: str, phone: list[str], kind: int
) -> None:
    raw = bytes(pb.ContactPayloadResponse(id="1", friend=friend, name=name, phone=phone, type=kind))
    found = read(pb.ContactPayloadResponse, raw)
    assert (found.friend, found.name, found.phone, found.type) == (friend, name, phone, kind)


@pytest.mark.parametrize("text", ["", "m1", "m" * 500])
def test_a_wrapped_text_is_read_and_so_is_none(text: str) -> None:
    assert read(pb.MessageSendTextResponse, bytes(pb.MessageSendTextResponse(id=text))).id == text
    assert read(pb.MessageSendTextResponse, b"").id is None


@given(TEXTS, TEXTS, WORDS)
def test_a_request_is_written_as_betterproto_writes_it(room: str, text: str, ids: list[str]) -> None:
    expected = bytes(pb.MessageSendTextRequest(conversation_id=room, text=text, mentonal_ids=ids))
    written = write(pb.MessageSendTextRequest, conversation_id=room, text=text, mentonal_ids=ids)
    again = pb.MessageSendTextRequest()
    assert values(again.parse(written)) == values(pb.MessageSendTextRequest().parse(expected))
    assert write(pb.StartRequest) == bytes(pb.StartRequest())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        found = read(pb.MessagePayloadResponse, raw)
    except ValueError:
        return
    assert isinstance(found.text, str)
    assert isinstance(found.mention_ids, list)


@given(MESSAGES, st.integers(1, 50))
def test_a_message_that_is_cut_off_is_never_longer(message: pb.MessagePayloadResponse, cut: int) -> None:
    raw = bytes(message)[:-cut]
    try:
        found = read(pb.MessagePayloadResponse, raw)
    except ValueError:
        return
    assert message.text.startswith(found.text)


def test_fields_that_nobody_knows_are_skipped() -> None:
    raw = bytes([30 << 3 | 0, 5, 30 << 3 & 0x7F | 0x80 | 1, 1, *range(8)])
    more = bytes([31 << 3 & 0x7F | 0x80 | 2, 1, 2, 65, 66])
    fixed = bytes([29 << 3 & 0x7F | 0x80 | 5, 1, 0, 0, 0, 0])
    known = bytes(pb.MessagePayloadResponse(id="m1"))
    skipped = bytes([30 << 3 & 0x7F | 0x80, 1, 5])
    assert read(pb.MessagePayloadResponse, skipped + more + fixed + known).id == "m1"
    with pytest.raises(WireError):
        read(pb.MessagePayloadResponse, raw[:-1] + b"\xff")


def test_a_field_of_another_type_is_refused() -> None:
    for raw in (bytes([1 << 3 | 0, 5]), bytes([4 << 3 | 2, 1, 65]), bytes([1 << 3 | 5, 0, 0, 0, 0])):
        with pytest.raises(WireError):
            read(pb.MessagePayloadResponse, raw)
