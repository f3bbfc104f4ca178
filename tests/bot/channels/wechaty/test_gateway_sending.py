"""What the bot does reaches a real gateway once, and the receipt says what is certain."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.port import Mentioned, Order, Outcome
from domain.incoming import IncomingKind, MessageKind
from tests.bot.channels.wechaty.conftest import OTHER_ROOM, ROOM
from tests.bot.channels.wechaty.ear import Ear, say
from tests.gateway import Gateway

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]


async def test_words_go_out_with_their_mentions(gateway: Gateway, ear: Ear) -> None:
    order = say(ROOM, "三到五个工作日", mentions=(Mentioned("wxid_ming", "三号楼小明"), Mentioned("wxid_hong", "小红")))
    receipt = await ear.channel.perform(order)
    (entry,) = await gateway.sent()
    assert (receipt.outcome, receipt.external_id) == (Outcome.SENT, entry["id"])
    assert entry["text"] == "@三号楼小明\u2005@小红\u2005三到五个工作日"
    assert entry["mentions"] == ["wxid_ming", "wxid_hong"]


async def test_words_whose_send_told_no_id_come_back_as_own_without_their_mentions(gateway: Gateway, ear: Ear) -> None:
    await gateway.settings(returned_ids=False)
    await ear.channel.perform(say(ROOM, "三到五个工作日", mentions=(Mentioned("wxid_ming", "三号楼小明"),)))
    (entry,) = await gateway.sent()
    (echo,) = await ear.heard(1)
    assert (echo.kind, echo.external_id, echo.text) == (IncomingKind.OWN_MESSAGE, entry["id"], "三到五个工作日")
    assert echo.message_kind is MessageKind.TEXT


async def test_somebody_who_was_never_heard_is_addressed_by_the_name_in_the_room(gateway: Gateway, ear: Ear) -> None:
    await ear.channel.perform(say(ROOM, "请您看看", mentions=(Mentioned("wxid_hong", ""),)))
    assert await gateway.texts(ROOM) == ["@小红\u2005请您看看"]


@pytest.mark.parametrize("mode", ["before", "after"])
async def test_the_echo_of_a_send_without_a_returned_id_is_told(gateway: Gateway, ear: Ear, mode: str) -> None:
    await gateway.echo(mode, returned_ids=False)  # type: ignore[arg-type]
    receipt = await ear.channel.perform(say(ROOM, "好的"))
    (entry,) = await gateway.sent()
    assert receipt.external_id == ""
    (echo,) = await ear.heard(1)
    assert (echo.kind, echo.external_id) == (IncomingKind.OWN_MESSAGE, entry["id"])


@pytest.mark.parametrize("mode", ["before", "after"])
async def test_the_echo_of_a_send_that_told_its_id_is_not_told_but_the_owners_words_are(
    gateway: Gateway, ear: Ear, mode: str
) -> None:
    await gateway.echo(mode, returned_ids=True)  # type: ignore[arg-type]
    receipt = await ear.channel.perform(say(ROOM, "好的"))
    (entry,) = await gateway.sent()
    assert receipt.external_id == entry["id"]
    typed = await gateway.say_as_self(ROOM, "好的")
    (own,) = await ear.heard(1)
    assert (own.kind, own.external_id) == (IncomingKind.OWN_MESSAGE, typed)


async def test_the_echo_of_a_send_whose_reply_keeps_its_id_back_is_told(gateway: Gateway, ear: Ear) -> None:
    await gateway.fail_sends("delay_reply", ms=500)
    receipt = await ear.channel.perform(say(ROOM, "好的"))
    (echo,) = await ear.heard(1)
    assert (echo.kind, echo.external_id) == (IncomingKind.OWN_MESSAGE, receipt.external_id)


async def test_two_equal_texts_are_two_echoes(gateway: Gateway, ear: Ear) -> None:
    await gateway.echo("mixed", returned_ids=False)
    await asyncio.gather(*(ear.channel.perform(say(ROOM, "收到")) for _ in range(2)))
    echoes = await ear.heard(2, IncomingKind.OWN_MESSAGE)
    assert {one.external_id for one in echoes} == {entry["id"] for entry in await gateway.sent()}


async def test_a_send_without_an_echo_is_sent_all_the_same(gateway: Gateway, ear: Ear) -> None:
    await gateway.echo("never")
    assert (await ear.channel.perform(say(ROOM, "没有回声"))).outcome is Outcome.SENT
    assert ear.incoming() == []


async def test_a_private_order_goes_to_the_contact(gateway: Gateway, ear: Ear) -> None:
    receipt = await ear.channel.perform(say("direct:wxid_ming", "绑定成功", private=True))
    assert receipt.outcome is Outcome.SENT
    assert await gateway.texts("wxid_ming") == ["绑定成功"]


async def test_an_owner_removes_a_member_and_sees_it(gateway: Gateway, ear: Ear) -> None:
    receipt = await ear.channel.perform(Order(1, "remove", ROOM, member="wxid_hong", member_name="小红"))
    assert receipt.outcome is Outcome.SENT
    (left,) = await ear.heard(1)
    assert (left.kind, [one.external_id for one in left.people]) == (IncomingKind.LEFT, ["wxid_hong"])
    assert left.sender is not None
    assert left.sender.external_id == gateway.self_id


async def test_who_is_not_owner_or_admin_is_refused(gateway: Gateway, ear: Ear) -> None:
    await gateway.change_room(ROOM, owner="wxid_ming", admins=[])
    receipt = await ear.channel.perform(Order(1, "remove", ROOM, member="wxid_hong"))
    assert receipt.outcome is Outcome.REFUSED
    assert "wxid_hong" in (await gateway.room(ROOM))["memberIdList"]


async def test_only_own_messages_are_taken_back(gateway: Gateway, ear: Ear) -> None:
    await gateway.settings(recall="any")
    own = await ear.channel.perform(say(ROOM, "发错群了"))
    other = await gateway.say(ROOM, "wxid_ming", "别人的")
    assert (await ear.channel.perform(Order(2, "recall", ROOM, reference=own.external_id))).outcome is Outcome.SENT
    assert (await ear.channel.perform(Order(3, "recall", ROOM, reference=other))).outcome is Outcome.REFUSED
    assert [entry["id"] for entry in await gateway.sent(kinds=["recall"])] == [own.external_id]


async def test_what_is_too_old_to_take_back_is_refused(gateway: Gateway, ear: Ear) -> None:
    stale = await gateway.say_as_self(ROOM, "昨天的", age_ms=180_000)
    assert (await ear.channel.perform(Order(1, "recall", ROOM, reference=stale))).outcome is Outcome.REFUSED


async def test_an_accepted_invitation_leads_into_the_room(gateway: Gateway, ear: Ear) -> None:
    await gateway.add_room(OTHER_ROOM, "新群", ["wxid_hong"], with_self=False)
    invitation = await gateway.invite("wxid_hong", room=OTHER_ROOM)
    (invited,) = await ear.heard(1)
    receipt = await ear.channel.perform(Order(1, "accept_invite", "", reference=invited.reference))
    assert receipt.outcome is Outcome.SENT
    _, came = await ear.heard(2)
    assert (came.kind, came.room.topic if came.room else "") == (IncomingKind.ROOM_JOINED, "新群")
    assert [entry["id"] for entry in await gateway.sent(kinds=["accept"])] == [invitation]


@pytest.mark.parametrize("kind", ["mute", "unmute", "dance"])
async def test_what_wechat_cannot_do_is_refused_without_a_call(gateway: Gateway, ear: Ear, kind: str) -> None:
    receipt = await ear.channel.perform(Order(1, kind, ROOM, member="wxid_ming"))
    assert receipt.outcome is Outcome.REFUSED
    assert await gateway.sent() == []


async def test_the_platform_s_refusal_for_haste_is_throttled(gateway: Gateway, ear: Ear) -> None:
    await gateway.fail_sends("frequent")
    assert (await ear.channel.perform(say(ROOM, "太快"))).outcome is Outcome.THROTTLED
    assert await gateway.texts(ROOM) == []


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("FAILED_PRECONDITION", Outcome.RETRY),
        ("RESOURCE_EXHAUSTED", Outcome.THROTTLED),
        ("PERMISSION_DENIED", Outcome.REFUSED),
        ("INVALID_ARGUMENT", Outcome.REFUSED),
        ("NOT_FOUND", Outcome.REFUSED),
        ("UNKNOWN", Outcome.DOUBTFUL),
        ("INTERNAL", Outcome.DOUBTFUL),
        ("UNAVAILABLE", Outcome.DOUBTFUL),
        ("ABORTED", Outcome.DOUBTFUL),
    ],
)
async def test_each_error_of_a_send_has_its_meaning(gateway: Gateway, ear: Ear, code: str, outcome: Outcome) -> None:
    await gateway.fail_sends("fail", code=code, text="boom")
    receipt = await ear.channel.perform(say(ROOM, "三到五天"))
    assert receipt.outcome is outcome
    assert receipt.reason


async def test_a_send_that_failed_after_its_delivery_is_doubtful_and_its_echo_is_heard(
    gateway: Gateway, ear: Ear
) -> None:
    await gateway.fail_sends("fail_delivered")
    assert (await ear.channel.perform(say(ROOM, "其实到了"))).outcome is Outcome.DOUBTFUL
    (echo,) = await ear.heard(1)
    assert (echo.kind, echo.text) == (IncomingKind.OWN_MESSAGE, "其实到了")


async def test_a_hanging_send_ends_doubtful_and_holds_up_nobody(gateway: Gateway, ear: Ear) -> None:
    await gateway.fail_sends("hang")
    hanging = asyncio.create_task(ear.channel.perform(say(ROOM, "挂起")))
    assert await gateway.sent(at_least=1, wait=5)
    assert (await ear.channel.perform(say("direct:wxid_ming", "别的"))).outcome is Outcome.SENT
    assert not hanging.done()
    assert (await hanging).outcome is Outcome.DOUBTFUL


async def test_while_logged_out_everything_is_put_off(gateway: Gateway, ear: Ear) -> None:
    await gateway.logout_account()
    await ear.until(lambda: ear.channel.health.login.value == "offline")
    assert (await ear.channel.perform(say(ROOM, "等等"))).outcome is Outcome.RETRY
    assert await gateway.sent() == []


async def test_a_connection_lost_in_the_middle_of_a_send_leaves_it_doubtful(gateway: Gateway, ear: Ear) -> None:
    await gateway.fail_sends("hang_delivered")
    hanging = asyncio.create_task(ear.channel.perform(say(ROOM, "断线了")))
    assert await gateway.sent(at_least=1, wait=5)
    await gateway.server("bounce")
    assert (await hanging).outcome is Outcome.DOUBTFUL
