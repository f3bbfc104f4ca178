"""The real gateway speaks as the channel expects it to: events, payloads, sends, rooms, login."""

from __future__ import annotations

import grpc
import pytest
from wechaty_grpc.wechaty import puppet as pb

from tests.gateway import AT_END, Gateway, MessageKind
from tests.gateway.client import RawClient
from tests.gateway.conftest import ROOM

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]

HEARTBEAT, MESSAGE, DONG, ERROR, FRIENDSHIP, INVITE = 1, 2, 3, 16, 17, 18
JOIN, LEAVE, TOPIC, SCAN, READY, LOGIN, LOGOUT, DIRTY = 19, 20, 21, 22, 23, 25, 26, 27


async def test_a_new_stream_begins_with_a_heartbeat_and_the_login(gateway: Gateway) -> None:
    async with RawClient(gateway) as client:
        client.open_stream()
        first = await client.event(HEARTBEAT)
        assert "successfully" in first["data"]
        assert await client.event(LOGIN) == {"contactId": gateway.self_id}
    await gateway.await_stream(opened=False)


async def test_a_message_arrives_as_an_id_whose_payload_is_asked_for(gateway: Gateway, client: RawClient) -> None:
    said = await gateway.say(ROOM, "wxid_ming", f"@小管家{AT_END}在吗", mentions=[gateway.self_id])
    assert await client.event(MESSAGE) == {"messageId": said}
    message = await client.message(said)
    assert (message.room_id, message.from_id, message.to_id) == (ROOM, "wxid_ming", "")
    assert message.text == "@小管家\u2005在吗"
    assert message.mention_ids == [gateway.self_id]
    assert message.type == MessageKind.TEXT
    assert message.timestamp > 10**12  # milliseconds


async def test_a_gateway_may_speak_in_seconds(gateway: Gateway, client: RawClient) -> None:
    await gateway.settings(timestamps="s")
    message = await client.message(await gateway.say(ROOM, "wxid_ming", "几点了"))
    assert 10**9 < message.timestamp < 10**11


async def test_a_private_message_has_a_listener_and_no_room(gateway: Gateway, client: RawClient) -> None:
    message = await client.message(await gateway.say(None, "wxid_ming", "绑定 123456"))
    assert (message.room_id, message.from_id, message.to_id) == ("", "wxid_ming", gateway.self_id)


@pytest.mark.parametrize("kind", [*range(17), 99])
async def test_any_type_number_reaches_the_client_unchanged(gateway: Gateway, client: RawClient, kind: int) -> None:
    message = await client.message(await gateway.say(ROOM, "wxid_ming", "…", type=kind))
    assert int(message.type) == kind


async def test_a_quotation_is_text_before_a_line_of_dashes(gateway: Gateway, client: RawClient) -> None:
    said = await gateway.say(ROOM, "wxid_hong", "#12 已退款", quote={"name": "小管家", "text": "新工单 #12"})
    quoted, dashes, own = (await client.message(said)).text.split("\n")
    assert quoted == "「小管家：新工单 #12」"
    assert set(dashes) == {"-", " "}
    assert own == "#12 已退款"


async def test_a_sent_text_is_recorded_and_echoed_under_the_returned_id(gateway: Gateway, client: RawClient) -> None:
    returned = await client.send_text(ROOM, "@小明 三到五天", ("wxid_ming",))
    assert await client.event(MESSAGE) == {"messageId": returned}
    assert returned is not None
    echo = await client.message(returned)
    assert (echo.from_id, echo.text, echo.mention_ids) == (gateway.self_id, "@小明 三到五天", ["wxid_ming"])
    (entry,) = await gateway.sent(kinds=["text"])
    assert (entry["id"], entry["conversation"], entry["outcome"]) == (returned, ROOM, "replied")
    assert entry["mentions"] == ["wxid_ming"]


async def test_a_file_is_sent_as_a_file_box(gateway: Gateway, client: RawClient) -> None:
    box = '{"type":1,"name":"receipt.json","base64":"e30="}'
    request = pb.MessageSendFileRequest(conversation_id=ROOM, filebox=box)
    answer = await client.call("MessageSendFile", request, pb.MessageSendFileResponse)
    (entry,) = await gateway.sent(kinds=["file"])
    assert (entry["name"], entry["id"]) == ("receipt.json", answer.id)


async def test_room_contact_and_member_payloads_carry_the_community(gateway: Gateway, client: RawClient) -> None:
    room = await client.call("RoomPayload", pb.RoomPayloadRequest(id=ROOM), pb.RoomPayloadResponse)
    assert (room.topic, room.owner_id) == ("一群", gateway.self_id)
    assert room.member_ids == ["wxid_ming", "wxid_hong", gateway.self_id]
    request = pb.RoomMemberPayloadRequest(id=ROOM, member_id="wxid_ming")
    member = await client.call("RoomMemberPayload", request, pb.RoomMemberPayloadResponse)
    assert (member.name, member.room_alias, member.inviter_id) == ("小明", "三号楼小明", "wxid_hong")
    contact = await client.call("ContactPayload", pb.ContactPayloadRequest(id="wxid_ming"), pb.ContactPayloadResponse)
    assert (contact.name, contact.friend) == ("小明", True)


async def test_a_changed_nickname_is_told_by_a_dirty_event(gateway: Gateway, client: RawClient) -> None:
    await gateway.rename_contact("wxid_ming", "大明")
    assert await client.event(DIRTY) == {"payloadId": "wxid_ming", "payloadType": 2}
    contact = await client.call("ContactPayload", pb.ContactPayloadRequest(id="wxid_ming"), pb.ContactPayloadResponse)
    assert contact.name == "大明"


async def test_joining_leaving_and_renaming_are_events_without_ids(gateway: Gateway, client: RawClient) -> None:
    await gateway.add_contact("wxid_new", "新人")
    await gateway.join(ROOM, ["wxid_new"], "wxid_ming")
    joined = await client.event(JOIN)
    assert (joined["inviteeIdList"], joined["inviterId"], joined["roomId"]) == (["wxid_new"], "wxid_ming", ROOM)
    await gateway.leave(ROOM, ["wxid_new"])
    left = await client.event(LEAVE)
    assert (left["removeeIdList"], left["removerId"]) == (["wxid_new"], "wxid_new")
    await gateway.rename_room(ROOM, "二群", "wxid_ming")
    renamed = await client.event(TOPIC)
    assert (renamed["oldTopic"], renamed["newTopic"], renamed["changerId"]) == ("一群", "二群", "wxid_ming")
    assert all(event["timestamp"] > 10**12 for event in (joined, left, renamed))


async def test_a_member_s_recall_is_a_message_that_names_the_recalled_one(gateway: Gateway, client: RawClient) -> None:
    said = await gateway.say(ROOM, "wxid_ming", "说错了")
    await client.event(MESSAGE)
    await gateway.recall(said)
    notice = await client.message((await client.event(MESSAGE))["messageId"])
    assert (notice.type, notice.text, notice.from_id) == (MessageKind.RECALLED, said, "wxid_ming")


async def test_only_own_and_fresh_messages_can_be_recalled(gateway: Gateway, client: RawClient) -> None:
    own = await client.send_text(ROOM, "发错群了")
    stale = await gateway.say_as_self(ROOM, "昨天的", age_ms=180_000)
    others = await gateway.say(ROOM, "wxid_ming", "别人的")
    answers = []
    for message_id in (own, stale, others):
        request = pb.MessageRecallRequest(id=str(message_id))
        answers.append((await client.call("MessageRecall", request, pb.MessageRecallResponse)).success)
    assert answers == [True, False, False]


async def test_only_owner_or_admin_removes_and_the_removal_is_seen(gateway: Gateway, client: RawClient) -> None:
    request = pb.RoomDelRequest(id=ROOM, contact_id="wxid_hong")
    await gateway.change_room(ROOM, owner="wxid_ming")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await client.call("RoomDel", request, pb.RoomDelResponse)
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    await gateway.change_room(ROOM, admins=[gateway.self_id])
    await client.call("RoomDel", request, pb.RoomDelResponse)
    left = await client.event(LEAVE)
    assert (left["removeeIdList"], left["removerId"]) == (["wxid_hong"], gateway.self_id)
    assert "wxid_hong" not in (await gateway.room(ROOM))["memberIdList"]
    assert [entry["outcome"] for entry in await gateway.sent(kinds=["kick"])] == ["failed", "replied"]


async def test_an_accepted_invitation_brings_the_bot_into_the_room(gateway: Gateway, client: RawClient) -> None:
    await gateway.add_room("10002@chatroom", "新群", ["wxid_hong"], with_self=False)
    invitation = await gateway.invite("wxid_hong", room="10002@chatroom")
    assert await client.event(INVITE) == {"roomInvitationId": invitation}
    request = pb.RoomInvitationPayloadRequest(id=invitation)
    payload = await client.call("RoomInvitationPayload", request, pb.RoomInvitationPayloadResponse)
    assert (payload.inviter_id, payload.topic, payload.member_count) == ("wxid_hong", "新群", 1)
    accept = pb.RoomInvitationAcceptRequest(id=invitation)
    await client.call("RoomInvitationAccept", accept, pb.RoomInvitationAcceptResponse)
    assert (await client.event(JOIN))["inviteeIdList"] == [gateway.self_id]
    assert [entry["id"] for entry in await gateway.sent(kinds=["accept"])] == [invitation]


async def test_an_announcement_needs_the_field_that_the_python_messages_lack(
    gateway: Gateway, client: RawClient
) -> None:
    old = pb.RoomAnnounceRequest(id=ROOM, text="旧字段")
    await client.call("RoomAnnounce", old, pb.RoomAnnounceResponse)
    assert (await gateway.room(ROOM))["announcement"] == ""
    text = "今晚八点停水".encode()
    new = bytes(pb.RoomAnnounceRequest(id=ROOM)) + bytes([3 << 3 | 2, len(text)]) + text
    await client.call("RoomAnnounce", new, pb.RoomAnnounceResponse)
    assert (await gateway.room(ROOM))["announcement"] == "今晚八点停水"


async def test_a_friend_request_can_be_accepted(gateway: Gateway, client: RawClient) -> None:
    request_id = await gateway.befriend("wxid_hong", "我是小红")
    assert await client.event(FRIENDSHIP) == {"friendshipId": request_id}
    request = pb.FriendshipPayloadRequest(id=request_id)
    payload = await client.call("FriendshipPayload", request, pb.FriendshipPayloadResponse)
    assert (payload.contact_id, payload.hello, payload.type) == ("wxid_hong", "我是小红", 2)
    await client.call("FriendshipAccept", pb.FriendshipAcceptRequest(id=request_id), pb.FriendshipAcceptResponse)
    contact = await client.call("ContactPayload", pb.ContactPayloadRequest(id="wxid_hong"), pb.ContactPayloadResponse)
    assert contact.friend


async def test_logout_scan_and_login_come_on_the_same_stream(gateway: Gateway, client: RawClient) -> None:
    await gateway.logout_account("在手机上退出")
    assert await client.event(LOGOUT) == {"contactId": gateway.self_id, "data": "在手机上退出"}
    await gateway.scan(status=99)
    assert (await client.event(SCAN))["status"] == 99
    renamed = await gateway.login_account(rekey="-2")
    assert await client.event(LOGIN) == {"contactId": "wxid_self-2"}
    assert renamed[ROOM] == "10001-2@chatroom"
    room = await client.call("RoomPayload", pb.RoomPayloadRequest(id=renamed[ROOM]), pb.RoomPayloadResponse)
    assert room.owner_id == "wxid_self-2"


async def test_ding_is_answered_by_dong_and_both_are_counted(gateway: Gateway, client: RawClient) -> None:
    await client.call("Ding", pb.DingRequest(data="7"), pb.DingResponse)
    assert await client.event(DONG) == {"data": "7"}
    assert await gateway.calls("Ding") == 1
    assert await gateway.calls("Start") == 1
    assert await gateway.calls("Stop") == 0
