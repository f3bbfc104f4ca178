"""The in-memory channel behaves like a platform."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.memory import Echo, MemoryChannel
from bot.channels.memory_community import Room
from bot.channels.port import ChannelEvent, Gap, Health, Heard, Login, Mentioned, Order, Outcome, Receipt
from domain.incoming import Incoming, IncomingKind

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def channel_with_room(echo: Echo = Echo.NEVER, returns_ids: bool = True) -> tuple[MemoryChannel, Room]:
    channel = MemoryChannel(clock=lambda: NOON, echo=echo, returns_ids=returns_ids)
    return channel, channel.community.room("演示群", "demo", members=(channel.community.person("小林", "lin"),))


def say(text: str = "你好", room: str = "demo", number: int = 1) -> Order:
    return Order(number, "say", room, text=text, mentions=(Mentioned("lin", "小林"),))


async def hear_next(stream: "asyncio.Queue[ChannelEvent]") -> ChannelEvent:
    return await asyncio.wait_for(stream.get(), 5)


async def hear_incoming(stream: "asyncio.Queue[ChannelEvent]") -> Incoming:
    event = await hear_next(stream)
    assert isinstance(event, Heard)
    return event.incoming


@pytest.fixture
async def listening() -> object:
    tasks: list[asyncio.Task[None]] = []

    def listen(channel: MemoryChannel) -> "asyncio.Queue[ChannelEvent]":
        heard: asyncio.Queue[ChannelEvent] = asyncio.Queue()

        async def pump() -> None:
            async for event in channel.listen():
                await heard.put(event)

        tasks.append(asyncio.create_task(pump()))
        return heard

    yield listen
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_health_comes_first_and_messages_in_the_order_they_were_said(listening) -> None:  # type: ignore[no-untyped-def]
    channel, room = channel_with_room()
    lin = room.members["lin"]
    channel.say(room, lin, "一")
    channel.say(room, lin, "二")
    heard = listening(channel)
    health = await hear_next(heard)
    assert isinstance(health, Health) and health.account_id == "bot"
    assert [(await hear_incoming(heard)).text for _ in range(2)] == ["一", "二"]


async def test_what_was_not_committed_is_told_again_by_the_next_listen(listening) -> None:  # type: ignore[no-untyped-def]
    channel, room = channel_with_room()
    channel.say(room, room.members["lin"], "一")
    channel.say(room, room.members["lin"], "二")
    heard = listening(channel)
    await hear_next(heard)
    first = await hear_next(heard)
    assert isinstance(first, Heard)
    await channel.committed(first, duplicate=False)
    await hear_next(heard)
    await channel.close()
    again = listening(channel)
    await hear_next(again)
    assert (await hear_incoming(again)).text == "二"


async def test_a_send_is_shown_in_the_room_with_its_mentions_and_recorded() -> None:
    channel, room = channel_with_room()
    receipt = await channel.perform(say("你好"))
    assert receipt.outcome is Outcome.SENT
    assert room.visible() == ["@小林 你好"]
    assert channel.performed[0].receipt == receipt
    posted = room.posted(receipt.external_id)
    assert posted is not None and posted.author == ""


@pytest.mark.parametrize("echo", [Echo.BEFORE, Echo.AFTER])
async def test_the_account_hears_its_own_words_as_they_are_shown(echo: Echo, listening) -> None:  # type: ignore[no-untyped-def]
    channel, _ = channel_with_room(echo=echo)
    heard = listening(channel)
    await hear_next(heard)
    receipt = await channel.perform(say("你好"))
    incoming = await hear_incoming(heard)
    assert (incoming.kind, incoming.text, incoming.external_id) == (
        IncomingKind.OWN_MESSAGE,
        "@小林 你好",
        receipt.external_id,
    )


async def test_a_platform_without_ids_tells_none_but_its_echo_has_one(listening) -> None:  # type: ignore[no-untyped-def]
    channel, _ = channel_with_room(echo=Echo.AFTER, returns_ids=False)
    heard = listening(channel)
    await hear_next(heard)
    receipt = await channel.perform(say())
    assert receipt == Receipt(Outcome.SENT)
    assert (await hear_incoming(heard)).external_id != ""


async def test_a_muted_member_is_kept_silent_until_the_moment_passes() -> None:
    channel, room = channel_with_room()
    lin = room.members["lin"]
    until = NOON + timedelta(minutes=10)
    await channel.perform(Order(1, "mute", "demo", member="lin", until=until))
    assert channel.say(room, lin, "还能说吗") == ""
    assert channel.say(room, lin, "可以了", at=until) != ""
    await channel.perform(Order(2, "unmute", "demo", member="lin"))
    assert channel.say(room, lin, "谢谢") != ""


async def test_a_recalled_message_disappears_and_a_removed_member_is_seen_leaving(listening) -> None:  # type: ignore[no-untyped-def]
    channel, room = channel_with_room()
    message = channel.say(room, room.members["lin"], "广告")
    heard = listening(channel)
    await hear_next(heard)
    await hear_next(heard)
    await channel.perform(Order(1, "recall", "demo", reference=message))
    assert room.visible() == []
    await channel.perform(Order(2, "remove", "demo", member="lin"))
    left = await hear_incoming(heard)
    assert left.kind is IncomingKind.LEFT
    assert [person.external_id for person in left.people] == ["lin"]
    assert left.sender is not None and left.sender.external_id == "bot"
    assert (await channel.perform(Order(3, "remove", "demo", member="lin"))).outcome is Outcome.REFUSED


async def test_an_accepted_invitation_brings_the_account_into_the_room(listening) -> None:  # type: ignore[no-untyped-def]
    channel, room = channel_with_room()
    heard = listening(channel)
    await hear_next(heard)
    reference = channel.invite(room, room.members["lin"])
    assert (await channel.perform(say())).outcome is Outcome.REFUSED
    assert (await hear_incoming(heard)).kind is IncomingKind.ROOM_INVITED
    await channel.perform(Order(2, "accept_invite", "", reference=reference))
    assert (await hear_incoming(heard)).kind is IncomingKind.ROOM_JOINED
    assert (await channel.perform(say())).outcome is Outcome.SENT


async def test_injected_outcomes_end_calls_and_a_doubtful_one_reaches_the_room_all_the_same() -> None:
    channel, room = channel_with_room()
    channel.faults.fail(Outcome.RETRY)
    channel.faults.fail(Outcome.DOUBTFUL, room=room)
    outcomes = [(await channel.perform(say(str(number)))).outcome for number in range(3)]
    assert outcomes == [Outcome.RETRY, Outcome.DOUBTFUL, Outcome.SENT]
    assert room.visible() == ["@小林 1", "@小林 2"]


async def test_a_hanging_call_holds_up_its_own_room_only() -> None:
    channel, room = channel_with_room()
    other = channel.community.room("另一个群", "other")
    release = channel.faults.hang(room=room)
    hanging = asyncio.create_task(channel.perform(say("慢")))
    await channel.perform(say("快", room="other", number=2))
    assert other.visible() == ["@小林 快"]
    assert room.visible() == []
    release.set()
    await hanging
    assert room.visible() == ["@小林 慢"]


async def test_what_happens_while_the_connection_is_lost_is_not_heard_and_the_gap_is_told(listening) -> None:  # type: ignore[no-untyped-def]
    channel, room = channel_with_room()
    heard = listening(channel)
    await hear_next(heard)
    channel.disconnect()
    channel.say(room, room.members["lin"], "没人听见")
    channel.reconnect()
    logins = [event.login for event in (await hear_next(heard), await hear_next(heard)) if isinstance(event, Health)]
    assert logins == [Login.OFFLINE, Login.ONLINE]
    assert await hear_next(heard) == Gap(NOON, NOON, "connection lost")


async def test_an_unreadable_message_can_be_fetched_once_it_is_readable(listening) -> None:  # type: ignore[no-untyped-def]
    channel, room = channel_with_room()
    heard = listening(channel)
    await hear_next(heard)
    external_id = channel.say(room, room.members["lin"], "迟到的话", unreadable=True)
    told = await hear_incoming(heard)
    assert (told.kind, told.text) == (IncomingKind.UNREADABLE, "")
    assert await channel.refetch(external_id) is None
    channel.make_readable(external_id)
    fetched = await channel.refetch(external_id)
    assert fetched is not None and fetched.text == "迟到的话"
