"""A gateway that dies, lies, changes its account or never answers: the bot never exits and never goes deaf.

STEWARD_FAULTS=full has the outage last two minutes, the gateway killed and the bot restarted ten times. Every run
states its send budget:
off.
"""

import asyncio
import os
import re
import socket
import statistics
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.account import Seat
from bot.app import Steward
from bot.channels.wechaty.channel import WechatyChannel
from bot.settings import Settings
from domain.budget import UNLIMITED
from domain.facts import SendState
from storage import views_events
from storage.views_sends import sends
from tests.bot.channels.wechaty.test_gateway_broken import BROKEN
from tests.faults.desk import console
from tests.faults.oracle import Record, answered, judge, record, settled
from tests.faults.process import Bot
from tests.gateway import Gateway
from tests.journeys.harness import until as within
from tests.story.community import configure
from tests.story.process import free_port
from tests.story.record import look, until

pytestmark = [
    pytest.mark.gateway,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

FULL = os.environ.get("STEWARD_FAULTS") == "full"
OUTAGE_SECONDS = 120.0 if FULL else 8.0
KILLS, RESTARTS = (10, 10) if FULL else (3, 2)
BACK_SECONDS = 5.0
"""So long after the gateway the bot is back, as the median of `KILLS`; a busy machine may be late at times."""
CHANNEL = "channel wechaty"
ROOM, AGENTS = "1@chatroom", "20001@chatroom"
BEAT_SECONDS, LEAST_BEATS = 0.005, 200
MESSAGE_TYPES = (*range(17), 99)
SCAN_TYPES = (0, 1, 2, 3, 4, 5, 99)


@dataclass
class Talk:
    """Members of one room who ask numbered questions of the bot."""

    gateway: Gateway
    bot: Bot
    number: int = 1000
    room: str = ROOM
    person: str = "wxid_ming"

    async def ask(self) -> int:
        """One question; its number."""
        self.number += 1
        await self.gateway.say(self.room, self.person, f"参加 {self.number}")
        return self.number

    async def heard(self) -> None:
        """Ask something and wait for the answer: the bot is not deaf."""
        number = await self.ask()

        async def answer() -> bool:
            texts = await self.gateway.texts(self.room)
            return any(answered(text) == number for text in texts)

        await until(answer, 60.0)

    async def scanned(self, code: str) -> None:
        """The gateway shows a code, the console does too; once it is scanned, the bot hears."""
        await self.gateway.scan(qrcode=f"https://login.invalid/{code}")
        await reason(self.bot, "扫码")
        async with console(self.bot) as browser:
            assert "登录二维码" in await browser.text("/console")
        await self.gateway.login_account()
        await self.bot.ready()
        await self.heard()

    async def judged(self) -> Record:
        """Nothing twice, nothing lost beyond recorded gaps, nothing failed; the record."""
        found = await settled(self.bot.database_url)
        counts = await judge(self.gateway, found)
        print(counts, "gaps of", lengths(found), "s")
        return found


@pytest_asyncio.fixture
async def talk(gateway: Gateway, bot: Bot) -> Talk:
    """A room of two, and a bot that is not started yet."""
    await gateway.add_contact(gateway.self_id, "小管家")
    await gateway.add_contact("wxid_ming", "小明", friend=True)
    await gateway.add_contact("wxid_zhou", "老周", friend=True)
    await gateway.add_room(ROOM, "一群", ["wxid_ming", "wxid_zhou"], owner="wxid_ming")
    return Talk(gateway, bot)


@dataclass
class Pulse:
    """Counts how often the event loop comes round, and how late (s) it was at worst."""

    beats: int = 0
    longest: float = 0.0

    async def run(self) -> None:
        """Beat until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            now = time.perf_counter()
            self.beats, self.longest, last = self.beats + 1, max(self.longest, now - last - BEAT_SECONDS), now


def lengths(found: Record) -> list[float]:
    """The recorded gaps in seconds, newest first."""
    return [round((gap.ended_at - gap.started_at).total_seconds(), 1) for gap in found.gaps]


async def reason(bot: Bot, word: str) -> str:
    """Wait until `/readyz` is red with this word about the channel; the whole reason."""
    troubles = await bot.condition(lambda status, troubles: status == 503 and word in troubles.get(CHANNEL, ""))
    return troubles[CHANNEL]


async def test_a_gateway_killed_again_and_again_is_found_within_seconds(talk: Talk) -> None:
    gateway, bot = talk.gateway, talk.bot
    await bot.start()
    await talk.heard()
    pid, back = bot.pid, []
    for _ in range(KILLS):
        await gateway.kill()
        await bot.red(CHANNEL)
        await gateway.restart()
        there = time.monotonic()
        assert await gateway.await_stream(wait=60)
        await bot.ready()
        back.append(time.monotonic() - there)
        await talk.heard()
    found = await talk.judged()
    print(f"back after median {statistics.median(back):.2f} s, most {max(back):.2f} s")
    assert bot.pid == pid and bot.running
    assert len(found.gaps) == KILLS
    in_order = found.gaps[::-1]
    assert all(one.ended_at <= other.started_at for one, other in pairwise(in_order))
    assert statistics.median(back) <= BACK_SECONDS
    assert await gateway.calls("Stop") == 0


async def test_a_long_outage_and_a_graceful_stop_are_gaps_that_the_console_shows(talk: Talk) -> None:
    gateway, bot = talk.gateway, talk.bot
    await bot.start()
    await talk.heard()
    await gateway.server("stop")
    why = await bot.red(CHANNEL)
    before = time.time()
    missed = await talk.ask()
    await asyncio.sleep(OUTAGE_SECONDS)
    await gateway.server("start")
    there = time.monotonic()
    await bot.ready()
    print(f"back {time.monotonic() - there:.2f} s after an outage of {OUTAGE_SECONDS:.0f} s")
    await talk.heard()
    found = await talk.judged()
    (gap,) = found.gaps
    assert gap.started_at.timestamp() <= before
    assert (gap.ended_at - gap.started_at).total_seconds() >= OUTAGE_SECONDS
    assert not found.answers(missed)
    async with console(bot) as browser:
        assert gap.reason in await browser.text("/console/gaps")
        assert re.search(r"<strong>1</strong>近一天断线", await browser.text("/console"))
    assert "连" in why and gap.reason


async def test_whatever_a_gateway_says_the_bot_hears_on(talk: Talk) -> None:
    gateway, bot = talk.gateway, talk.bot
    await bot.start()
    await gateway.settings(heartbeat={"every_ms": 100, "data": None})
    for number, payload in BROKEN:
        await gateway.wire(int(number), payload)
    await gateway.emit_error("平台出错")
    for kind in MESSAGE_TYPES:
        await gateway.say(ROOM, "wxid_ming", "<xml/>" if kind != 7 else "大家好", type=kind)
    for status in SCAN_TYPES:
        await gateway.scan(status=status)
    await gateway.say(ROOM, "wxid_ming", "长", pad_bytes=1_000_000)
    await talk.heard()
    found = await settled(bot.database_url)
    assert set(found.inbox) == {"decided"}
    assert found.gaps == []
    assert await look(bot.database_url, views_events.unreadable) == []
    assert [line for line in bot.lines() if line["level"] in ("error", "critical")] == []
    assert "平台出错" not in bot.log.read_text(encoding="utf-8")
    # Logging out and in again on the same stream: nobody can be heard meanwhile, and a code is shown.
    await gateway.logout_account("在手机上退出")
    assert "退出" in await reason(bot, "退出")
    await talk.scanned("again")
    assert len((await record(bot.database_url)).gaps) == 1
    assert await gateway.calls("Stop") == 0


async def test_a_first_start_without_a_gateway_or_with_a_wrong_token_waits_and_says_why(
    talk: Talk, config: Path, tmp_path: Path, database_url: str
) -> None:
    gateway, bot = talk.gateway, talk.bot
    secret = "puppet_wrong_secret"
    bot.more = {**bot.more, "WECHATY_PUPPET_SERVICE_TOKEN": secret}
    await bot.start(wait=False)
    await reason(bot, "TOKEN")
    async with console(bot) as browser:
        # Nobody has ever logged in, so there is no account to be shown; the reason is.
        shown = await browser.text("/console")
    assert "WECHATY_PUPPET_SERVICE_TOKEN" in shown and secret not in shown
    await bot.stop()
    assert secret not in bot.log.read_text(encoding="utf-8")
    await gateway.logout_account()
    await gateway.server("stop")
    bot.more = {**bot.more, **gateway.environment}
    await bot.start(wait=False)
    assert "WECHATY_PUPPET_SERVICE_ENDPOINT" in await reason(bot, "连不上")
    await gateway.server("start")
    assert await gateway.await_stream(wait=60)
    # The very first login has to be scanned from there.
    await talk.scanned("first")
    assert await gateway.calls("Stop") == 0


@pytest.mark.parametrize("where", ["mute", "unroutable"])
async def test_a_black_hole_holds_up_nothing(where: str, config: Path, tmp_path: Path, database_url: str) -> None:
    """A socket that takes connections and never answers; an address from where nothing ever comes."""
    (tmp_path / "data").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}" if where == "mute" else "192.0.2.1:8788"
        seat = Seat(WechatyChannel(address, "puppet_test_token"), UNLIMITED)
        settings = Settings(database_url=database_url, http_port=free_port(), secret_key="k" * 64)
        steward = Steward(settings, config, seats=[seat])
        await steward.start()
        pulse = Pulse()
        beating = asyncio.create_task(pulse.run())
        try:
            troubles = steward.house.vitals.troubles
            await within(lambda: "连不上" in troubles.get(CHANNEL, ""), 60.0)
            page = f"http://127.0.0.1:{steward.port}/healthz"
            async with aiohttp.ClientSession() as session, session.get(page) as answer:
                assert answer.status == 200
        finally:
            beating.cancel()
            await steward.stop()
    print(f"{where}: longest stall of the event loop {pulse.longest * 1000:.0f} ms in {pulse.beats} beats")
    # The attempt lasts five seconds: a loop that waited for it, or for one of the library's, would beat far less.
    assert pulse.beats > LEAST_BEATS


async def test_restarts_of_the_bot_never_stop_the_gateway_and_keep_the_login(talk: Talk) -> None:
    """Ended in order and killed by turns."""
    gateway, bot = talk.gateway, talk.bot
    for number in range(RESTARTS):
        await bot.start(wait=False)
        assert await gateway.await_call("Start", at_least=number + 1, wait=60)
        await (bot.kill() if number % 2 else bot.stop())
        assert await gateway.await_stream(opened=False)
    await bot.start()
    await talk.heard()
    state = await gateway.state()
    assert state["logged_in"]
    assert state["counters"]["calls"].get("Stop", 0) == 0
    assert state["counters"]["streams"]["opened"] == RESTARTS + 1
    await talk.judged()


async def test_after_changed_ids_the_rights_of_staff_are_suspended_not_guessed(talk: Talk) -> None:
    """The person of the same nickname may be anybody; only a new code of the console gives the rights again."""
    gateway, bot = talk.gateway, talk.bot
    agents = f'wechaty:{AGENTS}", "web:agents'
    bot.config = configure(bot.home / "two rooms", "http://127.0.0.1", agents, "  web:agents: {topic: 客服群}")
    await gateway.add_room(AGENTS, "客服群", ["wxid_zhou", "wxid_ming"], owner="wxid_ming")
    await bot.start()
    await _bind(talk, "wxid_zhou")
    await gateway.say(ROOM, "wxid_zhou", "#安静 1小时")
    await _says(gateway, ROOM, "安静到")
    await gateway.say(ROOM, "wxid_zhou", "#恢复")
    await _says(gateway, ROOM, "回来了")
    async with console(bot) as browser:
        assert "没有权限" not in await browser.text("/console")
    renamed = await gateway.login_account(rekey="-2")
    await until(lambda: _logged_in(bot, gateway.self_id), 60.0)
    await bot.ready()
    room, zhou = renamed[ROOM], renamed["wxid_zhou"]
    talk.room, talk.person = room, renamed["wxid_ming"]
    await talk.heard()
    await gateway.say(room, zhou, "#安静 1小时")
    await _says(gateway, room, "绑定过的同事")
    await talk.heard()
    await until(lambda: _agents_are_told(bot), 60.0)
    async with console(bot) as browser:
        shown = await browser.text("/console")
        assert "没有权限" in shown and "老周" in shown and "重新生成绑定码" in shown
        assert "请重新绑定" in await browser.text("/console/me")
    await _bind(talk, zhou)
    await gateway.say(room, zhou, "#安静 1小时")
    await _says(gateway, room, "安静到")
    async with console(bot) as browser:
        assert "没有权限" not in await browser.text("/console")
    assert await gateway.calls("Stop") == 0


async def _bind(talk: Talk, contact: str) -> None:
    async with console(talk.bot) as browser:
        page = await (await browser.post("/console/me/code")).text()
    code = re.search(r"绑定 ([A-Z0-9]{8})", page)
    assert code is not None
    await talk.gateway.say(None, contact, f"绑定 {code[1]}")
    await _says(talk.gateway, contact, "绑定好了")


async def _says(gateway: Gateway, conversation: str, words: str) -> None:
    async def said() -> bool:
        return any(words in text for text in await gateway.texts(conversation))

    await until(said, 60.0)


async def _agents_are_told(bot: Bot) -> bool:
    """In the agents' room of the page, which has not changed its id."""
    return any("重新拿绑定码" in row.text for row in await look(bot.database_url, sends, SendState.SENT))


async def _logged_in(bot: Bot, account: str) -> bool:
    async with console(bot) as browser:
        return account in await browser.text("/console")
