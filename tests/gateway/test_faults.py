"""The gateway plays the faults that it is told to play, and its record tells what really happened."""

from __future__ import annotations

import asyncio

import grpc
import pytest
from wechaty_grpc.wechaty import puppet as pb

from tests.gateway import Gateway, GatewayError
from tests.gateway.client import RawClient
from tests.gateway.conftest import ROOM

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]

HEARTBEAT, MESSAGE, DONG, ERROR, SCAN, LOGIN = 1, 2, 3, 16, 22, 25


async def test_a_withheld_payload_answers_only_after_its_release(gateway: Gateway, client: RawClient) -> None:
    stuck = await gateway.say(ROOM, "wxid_ming", "卡住", withhold=True)
    with pytest.raises(grpc.aio.AioRpcError) as late:
        await client.message(stuck, deadline=0.3)
    assert late.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    other = await client.message(await gateway.say(ROOM, "wxid_ming", "不卡"))
    assert other.text == "不卡"
    await gateway.release(stuck)
    assert (await client.message(stuck)).text == "卡住"


async def test_jitter_lets_payloads_overtake_each_other(gateway: Gateway, client: RawClient) -> None:
    await gateway.jitter(payload_ms=(0, 100))
    said = [await gateway.say(ROOM, "wxid_ming", str(n)) for n in range(12)]
    arrived: list[str] = []

    async def fetch(message_id: str) -> None:
        arrived.append((await client.message(message_id)).text)

    await asyncio.gather(*(fetch(message_id) for message_id in said))
    assert arrived != sorted(arrived, key=int)
    assert sorted(arrived, key=int) == [str(n) for n in range(12)]


async def test_the_next_send_fails_as_ordered_and_the_one_after_goes_through(
    gateway: Gateway, client: RawClient
) -> None:
    await gateway.fail_sends("fail", code="UNAVAILABLE")
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await client.send_text(ROOM, "一")
    assert failed.value.code() is grpc.StatusCode.UNAVAILABLE
    await client.send_text(ROOM, "二")
    assert await gateway.texts(ROOM) == ["二"]


async def test_the_platform_s_refusal_says_frequent(gateway: Gateway, client: RawClient) -> None:
    await gateway.fail_sends("frequent", room=ROOM)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await client.send_text(ROOM, "太快了")
    assert refused.value.code() is grpc.StatusCode.UNKNOWN
    assert "操作频繁" in str(refused.value.details())


async def test_a_hanging_send_may_have_been_delivered(gateway: Gateway, client: RawClient) -> None:
    await gateway.fail_sends("hang")
    with pytest.raises(grpc.aio.AioRpcError):
        await client.send_text(ROOM, "没送到", deadline=0.3)
    await gateway.fail_sends("hang_delivered")
    with pytest.raises(grpc.aio.AioRpcError):
        await client.send_text(ROOM, "送到了", deadline=0.3)
    lost, delivered = await gateway.sent(kinds=["text"])
    assert (lost["delivered"], delivered["delivered"]) == (False, True)
    assert {lost["outcome"], delivered["outcome"]} == {"pending"}
    assert await client.event(MESSAGE) == {"messageId": delivered["id"]}


async def test_the_echo_may_come_after_the_reply_or_never_and_the_id_may_be_missing(
    gateway: Gateway, client: RawClient
) -> None:
    await gateway.echo("after", returned_ids=False, delay_ms=(100, 100))
    assert await client.send_text(ROOM, "回声在后") is None
    echo = await client.message((await client.event(MESSAGE))["messageId"])
    assert echo.text == "回声在后"
    (told,), (asked,) = await gateway.emitted(kinds=["message"]), await gateway.sent()
    assert told["at"] >= asked["settled_at"]
    await gateway.echo("never")
    await client.send_text(ROOM, "没有回声")
    assert [event["text"] for event in await gateway.emitted(kinds=["message"])] == ["回声在后"]


async def test_an_event_may_come_twice(gateway: Gateway, client: RawClient) -> None:
    said = await gateway.say(ROOM, "wxid_ming", "重复", repeat=2)
    assert [await client.event(MESSAGE), await client.event(MESSAGE)] == [{"messageId": said}] * 2


async def test_broken_and_unknown_events_travel_as_written(gateway: Gateway, client: RawClient) -> None:
    await gateway.wire(MESSAGE, '{"messageId":')
    assert await client.raw_event(MESSAGE) == '{"messageId":'
    await gateway.wire(99, "[]")
    assert await client.raw_event(99) == "[]"
    await gateway.control("heartbeat")
    assert await client.event(HEARTBEAT) == {}


async def test_an_error_event_leaves_the_stream_open(gateway: Gateway, client: RawClient) -> None:
    await gateway.emit_error("平台出错")
    assert "平台出错" in await client.raw_event(ERROR)
    said = await gateway.say(ROOM, "wxid_ming", "还在")
    assert await client.event(MESSAGE) == {"messageId": said}


async def test_a_text_of_a_megabyte_arrives_whole(gateway: Gateway, client: RawClient) -> None:
    message = await client.message(await gateway.say(ROOM, "wxid_ming", "长", pad_bytes=1_000_000))
    assert len(message.text.encode()) == 1_000_000


async def test_a_second_event_stream_is_refused_while_the_first_lives(gateway: Gateway) -> None:
    await gateway.occupy()
    async with RawClient(gateway) as client:
        client.open_stream()
        error = await client.stream_end()
        assert error is not None
        assert error.code() is grpc.StatusCode.ALREADY_EXISTS
        await gateway.vacate()
        assert await gateway.await_stream(opened=False)
        client.open_stream()
        await client.event(LOGIN)
    await gateway.await_stream(opened=False)


async def test_a_wrong_token_is_refused_everywhere(gateway: Gateway) -> None:
    async with RawClient(gateway, token="wrong") as client:
        client.open_stream()
        error = await client.stream_end()
        assert error is not None
        assert error.code() is grpc.StatusCode.UNAUTHENTICATED
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await client.send_text(ROOM, "不该送到")
        assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert await gateway.sent() == []
    assert (await gateway.state())["counters"]["refused"] == {"Event": 1, "MessageSendText": 1}


async def test_the_server_stops_and_comes_back_on_its_port(gateway: Gateway, client: RawClient) -> None:
    await gateway.server("stop")
    error = await client.stream_end()
    assert error is not None
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    await gateway.say(ROOM, "wxid_ming", "没人听见")
    await gateway.server("start")
    async with RawClient(gateway) as again:
        await again.start()
        said = await gateway.say(ROOM, "wxid_ming", "又听见了")
        assert await again.event(MESSAGE) == {"messageId": said}
    heard = {event["text"]: event["listened"] for event in await gateway.emitted(kinds=["message"])}
    assert heard == {"没人听见": False, "又听见了": True}


async def test_stop_ends_the_stream_and_logs_the_account_out(gateway: Gateway, client: RawClient) -> None:
    await client.call("Stop", pb.StopRequest(), pb.StopResponse)
    assert await client.stream_end() is None
    assert not (await gateway.state())["logged_in"]
    assert await gateway.calls("Stop") == 1
    await client.start(logged_in=False)
    assert (await client.event(SCAN))["status"] == 2
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await client.send_text(ROOM, "还没登录")
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION


async def test_a_burst_reaches_the_stream_in_order(gateway: Gateway, client: RawClient) -> None:
    done = await gateway.burst(500, rooms=5, members=7, hot_share=0.5, texts=["第{n}条"])
    assert done["messages"] == 500
    heard = [(await client.event(MESSAGE))["messageId"] for _ in range(500)]
    told = await gateway.emitted(kinds=["message"])
    assert heard == [event["messageId"] for event in told]
    assert sum(event["room"] == "burst-room-1@chatroom" for event in told) == 300
    assert told[499]["text"] == "第499条"


async def test_an_unknown_order_is_refused_with_a_reason(gateway: Gateway) -> None:
    with pytest.raises(GatewayError, match="unknown setting jiter"):
        await gateway.settings(jiter=3)
    with pytest.raises(GatewayError, match="unknown verb"):
        await gateway.control("dance")
    with pytest.raises(GatewayError, match="no room nowhere"):
        await gateway.say("nowhere", "wxid_ming", "?")


async def test_a_killed_gateway_comes_back_with_its_community_and_record() -> None:
    async with Gateway() as gateway:
        await gateway.add_contact("wxid_ming", "小明")
        await gateway.add_room(ROOM, "一群", ["wxid_ming"])
        endpoint = gateway.endpoint
        async with RawClient(gateway) as client:
            await client.start()
            sent = await client.send_text(ROOM, "第一条")
            await gateway.kill()
            assert await client.stream_end() is not None
        await gateway.restart()
        assert gateway.endpoint == endpoint
        async with RawClient(gateway) as client:
            await client.start()
            assert (await client.message(str(sent))).text == "第一条"
            await client.send_text(ROOM, "第二条")
        assert await gateway.texts(ROOM) == ["第一条", "第二条"]


async def test_a_gateway_may_leave_a_ding_unanswered(gateway: Gateway, client: RawClient) -> None:
    await gateway.settings(dong={"mode": "silent"})
    await client.call("Ding", pb.DingRequest(data="1"), pb.DingResponse)
    await gateway.settings(dong={"mode": "answer"})
    await client.call("Ding", pb.DingRequest(data="2"), pb.DingResponse)
    assert await client.event(DONG) == {"data": "2"}


async def test_the_account_may_log_in_only_when_a_client_calls_start() -> None:
    async with Gateway(login="start") as gateway, RawClient(gateway) as client:
        client.open_stream()
        await client.event(HEARTBEAT)
        assert not (await gateway.state())["logged_in"]
        await client.call("Start", pb.StartRequest(), pb.StartResponse)
        assert await client.event(LOGIN) == {"contactId": gateway.self_id}


async def test_a_frozen_gateway_answers_again_after_the_thaw(gateway: Gateway, client: RawClient) -> None:
    gateway.freeze()
    try:
        with pytest.raises(grpc.aio.AioRpcError) as late:
            await client.send_text(ROOM, "冻住", deadline=0.3)
    finally:
        gateway.thaw()
    assert late.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert await client.send_text(ROOM, "化了") is not None
