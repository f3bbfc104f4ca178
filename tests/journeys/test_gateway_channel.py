"""A whole Steward on a real Wechaty gateway: what it hears is answered once, through faults, restarts and new ids."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.account import Seat
from bot.app import Steward
from bot.channels.port import Login
from bot.channels.wechaty.channel import WechatyChannel
from bot.settings import Settings
from domain.budget import UNLIMITED
from domain.facts import SendState
from storage import views_events, views_sends
from tests.gateway import AT_END, Gateway
from tests.journeys.conftest import FAQ, STEWARD
from tests.journeys.harness import until, write_config

pytestmark = pytest.mark.gateway

ROOM = "10001@chatroom"
QUESTION = "退款多久能到账呀"
ANSWER = "@小明\u2005三到五个工作日。"
SECONDS = 30.0
AWAKE = 'night: {start: "00:00", end: "00:00"}'
"""The gateway's clock is the real one, and these tests run at any hour."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small community, without a night."""
    return write_config(tmp_path / "config", {"steward.yaml": f"{STEWARD}policy: {{{AWAKE}}}\n", "faq/money.yaml": FAQ})


@asynccontextmanager
async def furnished() -> AsyncIterator[Gateway]:
    """A gateway with one room of two members."""
    async with Gateway() as gateway:
        await gateway.add_contact(gateway.self_id, "小管家")
        await gateway.add_contact("wxid_ming", "小明", friend=True)
        await gateway.add_contact("wxid_hong", "小红")
        await gateway.add_room(ROOM, "一群", ["wxid_ming", "wxid_hong"], owner="wxid_hong")
        yield gateway


@asynccontextmanager
async def steward_on(gateway: Gateway, database_url: str, folder: Path) -> AsyncIterator[Steward]:
    """A Steward whose only channel is the gateway's, logged in."""
    channel = WechatyChannel(gateway.endpoint, gateway.token)
    settings = Settings(database_url=database_url, http_port=0, secret_key="k" * 64)
    steward = Steward(settings, folder, seats=[Seat(channel, UNLIMITED)])
    await steward.start()
    try:
        await until(lambda: steward.house.vitals.ready, SECONDS)
        yield steward
    finally:
        await steward.stop()


async def test_a_question_is_answered_once_whatever_the_echo_does(database_url: str, folder: Path) -> None:
    async with furnished() as gateway, steward_on(gateway, database_url, folder) as steward:
        for mode, returned_ids in (("before", True), ("after", False)):
            await gateway.add_room(f"{mode}@chatroom", mode, ["wxid_ming"])
            await gateway.echo(mode, returned_ids=returned_ids)  # type: ignore[arg-type]
            await gateway.say(f"{mode}@chatroom", "wxid_ming", f"@小管家{AT_END}{QUESTION}", mentions=[gateway.self_id])
            assert await gateway.texts(f"{mode}@chatroom", at_least=1, wait=SECONDS) == [ANSWER]
        # Both echoes were heard and are nobody's words.
        assert len(await gateway.sent(kinds=["text"])) == 2
        assert [entry["mentions"] for entry in await gateway.sent()] == [["wxid_ming"]] * 2
        read = steward.house.database.read

        async def settled() -> bool:
            return len(await read(views_sends.sends, SendState.SENT)) == 2

        await until(settled, SECONDS)
        assert await read(views_sends.sends, SendState.DOUBTFUL) == []
        assert await read(views_events.failed) == []


async def test_what_was_missed_is_a_gap_and_what_could_not_be_read_is_answered_later(
    database_url: str, folder: Path
) -> None:
    async with furnished() as gateway, steward_on(gateway, database_url, folder) as steward:
        await gateway.say(ROOM, "wxid_ming", QUESTION)
        assert await gateway.texts(ROOM, at_least=1, wait=SECONDS) == [ANSWER]
        read = steward.house.database.read

        async def heard() -> bool:
            return len(await read(views_sends.sends, SendState.SENT)) == 1 and not await read(views_events.unreadable)

        await until(heard, SECONDS)
        await gateway.server("stop")
        await until(lambda: not steward.house.vitals.ready, SECONDS)
        await gateway.say(ROOM, "wxid_hong", "没人听见")
        await gateway.server("start")
        await until(lambda: steward.house.vitals.ready, SECONDS)

        async def recorded() -> bool:
            return len(await read(views_events.gaps)) == 1

        await until(recorded, SECONDS)
        await gateway.add_room("2@chatroom", "二群", ["wxid_ming"])
        stuck = await gateway.say("2@chatroom", "wxid_ming", QUESTION, withhold=True)

        async def aside() -> bool:
            return bool(await read(views_events.unreadable))

        await until(aside, SECONDS)
        await gateway.release(stuck)
        assert await gateway.texts("2@chatroom", at_least=1, wait=SECONDS) == [ANSWER]

        async def nothing_aside() -> bool:
            return not await aside()

        await until(nothing_aside, SECONDS)


async def test_restarts_of_the_bot_keep_the_login_and_repeat_nothing(database_url: str, folder: Path) -> None:
    async with furnished() as gateway:
        for n in range(3):
            async with steward_on(gateway, database_url, folder):
                room = await gateway.add_room(f"{n}@chatroom", f"{n}群", ["wxid_ming"])
                await gateway.say(room, "wxid_ming", QUESTION)
                assert await gateway.texts(room, at_least=1, wait=SECONDS) == [ANSWER]
            assert await gateway.await_stream(opened=False)
        assert len(await gateway.sent()) == 3
        state = await gateway.state()
        assert state["logged_in"]
        assert state["counters"]["calls"].get("Stop", 0) == 0


async def test_changed_login_ids_are_another_account_and_the_bot_goes_on(database_url: str, folder: Path) -> None:
    async with furnished() as gateway, steward_on(gateway, database_url, folder) as steward:
        await gateway.say(ROOM, "wxid_ming", QUESTION)
        await gateway.texts(ROOM, at_least=1, wait=SECONDS)
        (account,) = steward.accounts
        assert account.duty is not None
        before = account.duty.account
        renamed = await gateway.login_account(rekey="-2")
        await until(lambda: account.channel.health.account_id == gateway.self_id, SECONDS)
        await gateway.say(renamed[ROOM], renamed["wxid_ming"], QUESTION)
        assert await gateway.texts(renamed[ROOM], at_least=1, wait=SECONDS) == [ANSWER]
        assert account.duty.account != before
        assert account.channel.health.login is Login.ONLINE
