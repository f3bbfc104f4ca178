"""The console on a test server: a database of its own, a clock that tests move, and browsers that sign in."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher
from yarl import URL

from bot.config import load
from bot.workshop import Workshop
from console.app import attach
from domain.book import Book
from domain.errors import Problem
from domain.ids import AccountId
from storage.database import Database
from tests.console import seed
from tests.databases import new_sqlite

PASSWORD = "correct horse 42"
HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


@dataclass
class House:
    """A running console with what tests turn and look at."""

    database: Database
    server: TestServer
    folder: Path
    made: seed.Community
    now: datetime = seed.NOW
    book: Book = field(default_factory=Book)
    problems: list[Problem] = field(default_factory=list)
    woken: list[AccountId] = field(default_factory=list)
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the first act."""

    def wake(self, account: AccountId) -> None:
        """What the console calls after an act."""
        self.woken.append(account)
        self.rung.set()

    def later(self, **span: float) -> None:
        """Move the clock."""
        self.now += timedelta(**span)

    @asynccontextmanager
    async def browser(self) -> AsyncIterator["Browser"]:
        """A browser without cookies."""
        async with ClientSession(self.server.make_url("/"), cookie_jar=CookieJar(unsafe=True)) as client:
            yield Browser(client, self.server.make_url("/console"))

    @asynccontextmanager
    async def signed_in(self, name: str = "小林") -> AsyncIterator["Browser"]:
        """A browser of a user who has signed in."""
        async with self.browser() as browser:
            answer = await browser.sign_in(name)
            assert answer.status == 303, await answer.text()
            yield browser


@dataclass
class Browser:
    """Gets pages and posts their forms with the token that stands in them."""

    client: ClientSession
    url: URL

    async def get(self, path: str, **headers: str) -> ClientResponse:
        """A page, redirects not followed."""
        return await self.client.get(path, allow_redirects=False, headers=headers)

    async def text(self, path: str) -> str:
        """The body of a page that must be there."""
        answer = await self.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return await answer.text()

    async def csrf(self, page: str) -> str:
        """The token in the forms of a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', await self.text(page))
        assert found is not None
        return found[1]

    async def post(self, path: str, *, page: str = "/console/me", **fields: str) -> ClientResponse:
        """Post a form as the page would."""
        return await self.bare_post(path, csrf=await self.csrf(page), **fields)

    async def bare_post(self, path: str, **fields: str) -> ClientResponse:
        """Post exactly these fields."""
        return await self.client.post(path, data=fields, allow_redirects=False)

    async def sign_in(self, name: str, password: str = PASSWORD) -> ClientResponse:
        """Fill in the sign-in form."""
        return await self.post("/console/sign-in", page="/console/sign-in", name=name, password=password, next="")

    def set_cookie(self, value: str) -> None:
        """Come with this session id."""
        cookie = SimpleCookie({"steward_session": value})
        cookie["steward_session"]["path"] = "/console"
        self.client.cookie_jar.update_cookies(cookie, self.url)

    def cookie(self, name: str = "steward_session") -> str:
        """The value of a cookie, empty if there is none."""
        return next((cookie.value for cookie in self.client.cookie_jar if cookie.key == name), "")


def put_entry(house: House, text: str = seed.PLAIN) -> None:
    """An FAQ entry ``seed`` in the folder and in the running set, these words wherever an operator can put some."""
    words = json.dumps(text[:150].replace("{", "(") + "？")
    follow_ups = f"[{{question: {words}, answer: {words}}}]"
    entry = {
        "question": words,
        "similar": f"[{words}]",
        "answer": words,
        "asks": f"[{words}]",
        "follow_ups": follow_ups,
    }
    lines = "".join(f"    {key}: {value}\n" for key, value in entry.items())
    path = house.folder / "config" / "faq" / "seed.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"entries:\n  - id: seed\n{lines}", encoding="utf-8")
    house.book = load(house.folder / "config")


def address(path: str, made: seed.Community) -> str:
    """A route's path with a number that exists."""
    numbers = {
        "cases": made.case,
        "sanctions": made.sanction,
        "bans": made.sanction,
        "sends": made.doubtful,
        "rooms": made.room,
        "users": 1,
    }
    if path in ("/rules/one", "/rules/retire"):
        return f"/console{path}?rule=abuse"
    if path == "/faq/edit":
        return f"/console{path}?entry=seed"
    number = numbers.get(path.split("/")[1] if "/" in path else "", 101)
    return "/console" + path.replace("{number}", str(number))


@asynccontextmanager
async def house(
    folder: Path, text: str = seed.PLAIN, name: str = "阿明", topic: str = "演示群", settle_wait: float = 0
) -> AsyncIterator[House]:
    """A console over a fresh SQLite database with the community of `tests.console.seed`."""
    database = await Database.open(new_sqlite(folder / "steward.db"))
    made = await database.write(seed.community, text, name, topic)
    for user, role in (("小林", "agent"), ("阿芳", "lead"), ("老周", "operator"), ("root", "admin")):
        await database.write(seed.add_user, user, role, HASH)
    app = web.Application()
    server = TestServer(app)
    (folder / "config").mkdir(exist_ok=True)
    running = House(database, server, folder, made)
    attach(
        app,
        database=database,
        book=lambda: running.book,
        problems=lambda: running.problems,
        secret=b"k" * 32,
        clock=lambda: running.now,
        woken=running.wake,
        settle_wait=settle_wait,
        workshop=Workshop(database, folder / "config", lambda: running.now),
    )
    try:
        async with server:
            yield running
    finally:
        await database.close()
