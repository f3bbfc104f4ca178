"""A WeChat community on the real gateway, told by what members do and by what the gateway says was sent."""

import asyncio
import itertools
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from tests.console.desk import Browser
from tests.gateway import AT_END, Gateway
from tests.story.process import Steward

SECONDS = 30.0
"""How long anything may take before a story fails; machines are slow at times."""
LOOK_EVERY = 0.05
OWNER = "群主老王"
_unknown = itertools.count(900_000_001)
"""Numbers of draws that there are not: the answer names the number, so it tells which message it answers."""


class Silence(AssertionError):
    """Nothing like it was sent in time."""


@dataclass
class Group:
    """One room; its texts are what the gateway says was delivered there."""

    gateway: Gateway
    id: str
    ids: dict[str, str] = field(default_factory=dict)
    """Shown name → contact id of its members, shared by all rooms."""

    async def say(self, name: str, text: str, **fields: Any) -> str:
        """Somebody says something; returns the message's id."""
        return await self.gateway.say(self.id, self.ids[name], text, **fields)

    async def mention(self, name: str, text: str, *others: str) -> str:
        """The same, with the ids that some gateways add for those who are addressed; 小管家 is the bot."""
        ids = [self.gateway.self_id if other == "小管家" else self.ids[other] for other in others]
        return await self.say(name, text, mentions=ids)

    async def answer_to(self, notice: str, name: str, text: str) -> str:
        """Quote a message of the bot's as WeChat does, and say something."""
        return await self.say(name, text, quote={"name": "小管家", "text": notice})

    async def heard(self) -> list[str]:
        """What the bot has said here so far."""
        return await self.gateway.texts(self.id)

    async def hears(self, *words: str, count: int = 1) -> str:
        """Wait until ``count`` texts hold all these words; the last of them."""
        until = time.monotonic() + SECONDS
        while True:
            texts = await self.heard()
            found = [text for text in texts if all(word in text for word in words)]
            if len(found) >= count:
                assert len(found) == count, f"{len(found)} instead of {count} texts with {words}: {found}"
                return found[-1]
            if time.monotonic() > until:
                raise Silence(f"{len(found)} of {count} texts with {words} in {self.id}; there are {texts}")
            await asyncio.sleep(LOOK_EVERY)

    async def catches_up(self, name: str) -> None:
        """Everything said here before has been decided and said, for the answer to what is asked now is there."""
        number = next(_unknown)
        await self.say(name, f"参加 {number}")
        await self.hears(f"第 {number} 场")

    async def said(self, after: int = 0) -> list[str]:
        """What the bot has said since its first ``after`` texts, without the answers to `catches_up`."""
        return [text for text in (await self.heard())[after:] if not re.search(r"第 9\d{8} 场", text)]


@dataclass
class WeChat:
    """The gateway, the bot on it, and its rooms. ``agents`` is the agents' room."""

    gateway: Gateway
    steward: Steward
    ids: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(30001))

    @property
    def agents(self) -> Group:
        """The agents' room, by the key in the configuration."""
        return Group(self.gateway, "20001@chatroom", self.ids)

    async def person(self, name: str, *, friend: bool = False, contact: str = "") -> str:
        """A contact of this name; made when first named. ``contact``: another person of a name that is taken."""
        if contact or name not in self.ids:
            made = await self.gateway.add_contact(contact or f"wxid_p{len(self.ids)}", name, friend=friend)
            if contact:
                return made
            self.ids[name] = made
        return self.ids[name]

    async def room(self, topic: str, *names: str, owner: str = OWNER, admin: bool = False, room_id: str = "") -> Group:
        """A room of these people, its owner and the bot. ``admin``: the bot is an administrator."""
        people = [await self.person(name) for name in dict.fromkeys((*names, owner))]
        made = await self.gateway.add_room(
            room_id or f"{next(self._numbers)}@chatroom",
            topic,
            people,
            owner=self.ids[owner],
            admins=[self.gateway.self_id] if admin else [],
        )
        return Group(self.gateway, made, self.ids)

    def private(self, name: str) -> Group:
        """The private chat with somebody: what the bot says there is sent to the contact."""
        return Group(self.gateway, self.ids[name], self.ids)

    async def whisper(self, name: str, text: str, **fields: Any) -> str:
        """Somebody says something to the bot alone."""
        return await self.gateway.say(None, self.ids[name], text, **fields)

    async def done(self, *kinds: str) -> list[dict[str, Any]]:
        """Deeds of these kinds (kick, recall, accept) that the bot asked for."""
        return await self.gateway.sent(kinds=kinds)


@asynccontextmanager
async def console(steward: Steward) -> AsyncIterator[Browser]:
    """The console, signed in with the password that was printed at the first start."""
    async with aiohttp.ClientSession(steward.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        browser = Browser(client, URL(f"{steward.url}/console"))
        answer = await browser.sign_in("admin", steward.password)
        assert answer.status == 303
        yield browser


async def bind(wechat: WeChat, name: str) -> Group:
    """Make somebody staff by a code in the private chat, as the console's first user; the agents' room."""
    async with console(wechat.steward) as browser:
        page = await (await browser.post("/console/me/code")).text()
    code = re.search(r"绑定 ([A-Z0-9]{8})", page)
    assert code is not None
    await wechat.whisper(name, f"绑定 {code[1]}")
    await wechat.private(name).hears("绑定好了", "admin")
    return wechat.agents


def at(*names: str) -> str:
    """The names as WeChat writes a chosen mention."""
    return "".join(f"@{name}{AT_END}" for name in names)
