"""What a gateway should not send: broken, unknown, incomplete, oversized; the rest is heard all the same."""

from __future__ import annotations

import pytest

from bot.channels.port import Login
from domain.incoming import IncomingKind
from tests.bot.channels.wechaty.conftest import ROOM
from tests.bot.channels.wechaty.ear import Ear
from tests.gateway import Gateway

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]


BROKEN = [
    (1, ""),
    (1, "{}"),
    (2, '{"messageId":'),
    (2, "{}"),
    (2, '{"messageId":null}'),
    (2, '{"messageId":["x"]}'),
    (2, "[" * 100_000),
    (3, "nonsense"),
    (4, '{"postId":"1"}'),
    (16, '{"gerror":"{\\"message\\":\\"boom\\"}"}'),
    (16, '{"data":"boom"}'),
    (17, '{"friendshipId":"1"}'),
    (18, "{}"),
    (19, '{"roomId":"10001@chatroom"}'),
    (19, '{"inviteeIdList":["wxid_ming"]}'),
    (19, '{"roomId":"10001@chatroom","inviteeIdList":"wxid_ming","inviterId":7}'),
    (20, '{"roomId":7,"removeeIdList":[null,1]}'),
    (21, '{"roomId":""}'),
    (22, '{"status":99,"qrcode":"https://login.invalid"}'),
    (22, '{"status":"two"}'),
    (24, "null"),
    (25, "{}"),
    (26.0, "[]"),
    (27, '{"payloadType":"x","payloadId":"y"}'),
    (27, '{"payloadType":99,"payloadId":"y"}'),
    (99, '{"x":1}'),
]


async def test_broken_unknown_and_incomplete_events_are_skipped(gateway: Gateway, ear: Ear) -> None:
    for number, payload in BROKEN:
        await gateway.wire(int(number), payload)
    await gateway.emit_error("平台出错")
    await gateway.scan(status=99)
    await gateway.say(ROOM, "wxid_ming", "还在听")
    await ear.until(lambda: "还在听" in ear.texts())
    assert [one.kind for one in ear.incoming()] == [IncomingKind.MESSAGE]
    assert ear.gaps == []
    assert ear.channel.health.login is Login.ONLINE


async def test_a_megabyte_of_text_is_heard_and_cut(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_ming", "长", pad_bytes=1_000_000)
    await gateway.say(ROOM, "wxid_ming", "短")
    long, short = await ear.heard(2)
    assert (len(long.text), int(long.details["cut"]) > 900_000, short.text) == (20_000, True, "短")


async def test_what_no_database_takes_is_taken_out_of_texts_and_names(gateway: Gateway, ear: Ear) -> None:
    await gateway.add_contact("wxid_odd", "怪\0人")
    await gateway.join(ROOM, ["wxid_odd"])
    await gateway.say(ROOM, "wxid_odd", "a\0b")
    _, one = await ear.heard(2)
    assert one.text == "ab"
    assert one.sender is not None
    assert one.sender.name == "怪人"


async def test_a_message_without_a_sender_is_nobody_s(gateway: Gateway, ear: Ear) -> None:
    await gateway.add_contact("", "谁")
    await gateway.say(ROOM, "", "你邀请小红加入了群聊")
    await gateway.say(ROOM, "wxid_ming", "欢迎")
    assert [one.text for one in await ear.heard(1)] == ["欢迎"]
