"""What members do behind a real gateway arrives as the right `Incoming`, in order."""

from __future__ import annotations

import pytest

from bot.channels.port import Heard
from domain.incoming import ExternalPerson, ExternalQuote, IncomingKind, MessageKind
from tests.bot.channels.wechaty.conftest import OTHER_ROOM, ROOM
from tests.bot.channels.wechaty.ear import Ear
from tests.gateway import AT_END, Gateway
from tests.gateway import MessageKind as Wire

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]

MING = ExternalPerson("wxid_ming", "小明", "三号楼小明")
HONG = ExternalPerson("wxid_hong", "小红")


async def test_a_message_carries_its_room_its_order_and_its_writer(gateway: Gateway, ear: Ear) -> None:
    said = await gateway.say(ROOM, "wxid_ming", "退款多久到账")
    (one,) = await ear.heard(1)
    assert (one.kind, one.external_id, one.text) == (IncomingKind.MESSAGE, said, "退款多久到账")
    assert one.sender == MING
    assert one.room is not None
    assert (one.room.external_id, one.room.topic, one.room.private) == (ROOM, "一群", False)
    assert (one.room.owner, one.room.admins) == (gateway.self_id, ("wxid_hong",))
    assert not one.mentions_bot


@pytest.mark.parametrize("unit", ["s", "ms"])
async def test_the_sender_s_time_is_read_in_either_unit(gateway: Gateway, ear: Ear, unit: str) -> None:
    await gateway.settings(timestamps=unit)
    await gateway.say(ROOM, "wxid_ming", "几点了")
    await ear.heard(1)
    heard = next(one for one in ear.events if isinstance(one, Heard))
    assert abs((heard.heard_at - heard.incoming.at).total_seconds()) < 60


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (Wire.UNKNOWN, MessageKind.UNKNOWN),
        (Wire.ATTACHMENT, MessageKind.FILE),
        (Wire.AUDIO, MessageKind.VOICE),
        (Wire.CONTACT, MessageKind.CARD),
        (Wire.CHAT_HISTORY, MessageKind.CHAT_HISTORY),
        (Wire.EMOTICON, MessageKind.STICKER),
        (Wire.IMAGE, MessageKind.IMAGE),
        (Wire.TEXT, MessageKind.TEXT),
        (Wire.LOCATION, MessageKind.LOCATION),
        (Wire.MINI_PROGRAM, MessageKind.MINI_PROGRAM),
        (Wire.GROUP_NOTE, MessageKind.GROUP_NOTE),
        (Wire.TRANSFER, MessageKind.TRANSFER),
        (Wire.RED_ENVELOPE, MessageKind.RED_PACKET),
        (Wire.URL, MessageKind.LINK),
        (Wire.VIDEO, MessageKind.VIDEO),
        (Wire.POST, MessageKind.LINK),
        (99, MessageKind.UNKNOWN),
    ],
)
async def test_every_type_number_of_the_gateway_has_its_kind(
    gateway: Gateway, ear: Ear, number: int, kind: MessageKind
) -> None:
    await gateway.say(ROOM, "wxid_ming", "<msg>去死</msg>", type=number)
    (one,) = await ear.heard(1)
    assert one.message_kind is kind
    assert bool(one.text) == (kind in (MessageKind.TEXT, MessageKind.GROUP_NOTE))


async def test_a_recall_names_the_message_taken_back(gateway: Gateway, ear: Ear) -> None:
    said = await gateway.say(ROOM, "wxid_ming", "说错了")
    await gateway.recall(said)
    _, recalled = await ear.heard(2)
    assert (recalled.kind, recalled.reference, recalled.sender) == (IncomingKind.RECALLED, said, MING)


async def test_a_quote_is_taken_apart_and_only_own_words_remain(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_hong", "#12 已退款", quote={"name": "小管家", "text": "新工单 #12"})
    (one,) = await ear.heard(1)
    assert one.text == "#12 已退款"
    assert one.quote == ExternalQuote("小管家", "新工单 #12")


async def test_a_group_note_is_kept_as_it_is(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_hong", "#接龙\n1. 小红 @小管家\u2005")
    (one,) = await ear.heard(1)
    assert one.text == "#接龙\n1. 小红 @小管家\u2005"
    assert not one.mentions_bot


@pytest.mark.parametrize("name", ["小管家", "楼长助理"])
async def test_the_bot_is_addressed_by_its_name_and_by_its_name_in_the_room(
    gateway: Gateway, ear: Ear, name: str
) -> None:
    await gateway.say(ROOM, "wxid_ming", f"请问@{name}{AT_END}退款多久", mentions=[gateway.self_id])
    (one,) = await ear.heard(1)
    assert one.mentions_bot
    assert one.text == "请问 退款多久"
    assert one.mentions == ()


async def test_others_are_told_as_people_and_their_names_are_no_own_words(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_hong", f"@三号楼小明{AT_END}在吗", mentions=["wxid_ming"])
    (one,) = await ear.heard(1)
    assert (one.text, one.mentions, one.mentions_bot) == ("在吗", (MING,), False)


async def test_everybody_is_not_the_bot_even_when_every_id_is_listed(gateway: Gateway, ear: Ear) -> None:
    everybody = ["wxid_ming", "wxid_hong", gateway.self_id]
    await gateway.say(ROOM, "wxid_hong", f"@所有人{AT_END}今晚停水", mentions=everybody)
    await gateway.say(ROOM, "wxid_hong", f"@所有人{AT_END}明天来电")
    for one in await ear.heard(2):
        assert one.mentions_all
        assert not one.mentions_bot
        assert one.mentions == ()
    assert ear.texts() == ["今晚停水", "明天来电"]


async def test_ids_rule_over_what_the_text_says(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_hong", f"@小管家{AT_END}这句不是叫你", mentions=["wxid_ming"])
    (one,) = await ear.heard(1)
    assert not one.mentions_bot
    assert one.mentions == (MING,)


async def test_without_ids_the_typed_name_counts_for_the_bot_alone(gateway: Gateway, ear: Ear) -> None:
    await gateway.add_contact("wxid_two", "小管家二号")
    await gateway.join(ROOM, ["wxid_two"])
    for text in ("@小管家 退款多久", "@小管家二号 你好", f"@小管家三号{AT_END}你好", "@小明 在吗"):
        await gateway.say(ROOM, "wxid_hong", text)
    told = (await ear.heard(4, IncomingKind.MESSAGE))[-4:]
    assert [one.mentions_bot for one in told] == [True, False, False, False]
    assert all(one.mentions == () for one in told)
    assert told[0].text == "退款多久"


async def test_a_private_chat_is_a_room_of_its_own(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(None, "wxid_ming", "绑定 123456")
    await gateway.say_as_self("wxid_ming", "好的")
    asked, answered = await ear.heard(2)
    for one in (asked, answered):
        assert one.room is not None
        assert (one.room.external_id, one.room.topic, one.room.private) == ("direct:wxid_ming", "小明", True)
    assert (asked.kind, asked.sender) == (IncomingKind.MESSAGE, ExternalPerson("wxid_ming", "小明"))
    assert (answered.kind, answered.text) == (IncomingKind.OWN_MESSAGE, "好的")


async def test_an_official_account_is_no_member(gateway: Gateway, ear: Ear) -> None:
    await gateway.add_contact("gh_news", "新闻", type=2)
    await gateway.say(None, "gh_news", "今日头条")
    await gateway.say(None, "wxid_ming", "在吗")
    assert [one.text for one in await ear.heard(1)] == ["在吗"]


async def test_people_join_and_leave_with_their_names(gateway: Gateway, ear: Ear) -> None:
    await gateway.add_contact("wxid_a", "新人甲")
    await gateway.add_contact("wxid_b", "新人乙")
    await gateway.join(ROOM, ["wxid_a", "wxid_b"], "wxid_ming")
    await gateway.leave(ROOM, ["wxid_a"])
    await gateway.leave(ROOM, ["wxid_b"], "wxid_hong")
    joined, left, removed = await ear.heard(3)
    newcomers = (ExternalPerson("wxid_a", "新人甲"), ExternalPerson("wxid_b", "新人乙"))
    assert (joined.kind, joined.people, joined.sender) == (IncomingKind.JOINED, newcomers, MING)
    assert (left.kind, left.people, left.sender) == (IncomingKind.LEFT, newcomers[:1], None)
    assert (removed.kind, removed.people, removed.sender) == (IncomingKind.LEFT, newcomers[1:], HONG)
    assert all(one.room is not None and one.room.topic == "一群" for one in (joined, left, removed))


async def test_the_bot_comes_and_goes_by_events_of_its_own(gateway: Gateway, ear: Ear) -> None:
    await gateway.add_room(OTHER_ROOM, "二群", ["wxid_hong"], with_self=False)
    await gateway.add_contact("wxid_a", "新人甲")
    await gateway.join(OTHER_ROOM, [gateway.self_id, "wxid_a"], "wxid_hong")
    await gateway.leave(OTHER_ROOM, [gateway.self_id], "wxid_hong")
    came, with_it, went = await ear.heard(3)
    assert (came.kind, came.sender) == (IncomingKind.ROOM_JOINED, HONG)
    assert (with_it.kind, [one.name for one in with_it.people]) == (IncomingKind.JOINED, ["新人甲"])
    assert (went.kind, went.sender) == (IncomingKind.ROOM_LEFT, HONG)
    assert all(one.room is not None and one.room.external_id == OTHER_ROOM for one in (came, with_it, went))


async def test_a_new_topic_is_told_and_holds_from_then_on(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_ming", "一")
    await ear.heard(1)
    await gateway.rename_room(ROOM, "三群", "wxid_ming")
    await gateway.say(ROOM, "wxid_ming", "二")
    before, renamed, after = await ear.heard(3)
    assert (renamed.kind, renamed.details, renamed.sender) == (IncomingKind.ROOM_RENAMED, {"topic": "三群"}, MING)
    assert [one.room.topic for one in (before, renamed, after) if one.room] == ["一群", "三群", "三群"]


async def test_an_invitation_tells_who_invites_where_to(gateway: Gateway, ear: Ear) -> None:
    await gateway.add_room(OTHER_ROOM, "新群", ["wxid_hong"], with_self=False)
    invitation = await gateway.invite("wxid_hong", room=OTHER_ROOM)
    (one,) = await ear.heard(1)
    assert (one.kind, one.reference, one.sender) == (IncomingKind.ROOM_INVITED, invitation, HONG)
    assert one.details == {"topic": "新群"}


async def test_changed_names_and_owners_are_seen_after_the_dirty_event(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_ming", "一")
    await ear.heard(1)
    await gateway.rename_member(ROOM, "wxid_ming", "楼主")
    await gateway.rename_contact("wxid_hong", "大红")
    await gateway.change_room(ROOM, owner="wxid_hong", admins=[])
    await gateway.say(ROOM, "wxid_ming", "二")
    await gateway.say(ROOM, "wxid_hong", "三")
    _, ming, hong = await ear.heard(3)
    assert ming.sender == ExternalPerson("wxid_ming", "小明", "楼主")
    assert hong.sender == ExternalPerson("wxid_hong", "大红")
    assert hong.room is not None
    assert (hong.room.owner, hong.room.admins) == ("wxid_hong", ())


async def test_who_is_known_from_one_room_is_asked_for_in_another_only_when_their_name_there_matters(
    gateway: Gateway, ear: Ear
) -> None:
    ming = {"id": "wxid_ming", "alias": "小管家二号"}
    await gateway.add_room(OTHER_ROOM, "二群", [gateway.self_id, ming, "wxid_hong"], owner="wxid_hong")
    await gateway.say(ROOM, "wxid_ming", "一")
    await ear.heard(1)
    asked = await gateway.calls("RoomMemberPayload")
    await gateway.say(OTHER_ROOM, "wxid_ming", "二")
    _, known = await ear.heard(2)
    assert known.sender == ExternalPerson("wxid_ming", "小明")
    assert await gateway.calls("RoomMemberPayload") == asked
    await gateway.say(OTHER_ROOM, "wxid_ming", "@小管家二号 是我")
    assert not (await ear.heard(3))[-1].mentions_bot
    assert await gateway.calls("RoomMemberPayload") > asked


async def test_what_is_known_is_not_asked_for_again(gateway: Gateway, ear: Ear) -> None:
    for n in range(30):
        await gateway.say(ROOM, "wxid_ming", f"@小管家 {n}")
    await ear.heard(30)
    assert await gateway.calls("MessagePayload") == 30
    assert await gateway.calls("RoomPayload") == 1
    assert await gateway.calls("RoomMemberPayload") == 2
    assert await gateway.calls("ContactPayload") == 1


async def test_an_event_that_came_twice_has_one_key(gateway: Gateway, ear: Ear) -> None:
    await gateway.say(ROOM, "wxid_ming", "重复", repeat=2)
    first, second = await ear.heard(2)
    assert first.key == second.key
