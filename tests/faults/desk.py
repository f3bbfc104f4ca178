"""The console of a bot under test, for a user that the test makes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
from yarl import URL

from storage import staff
from storage.database import Database
from tests.console.desk import HASH, Browser
from tests.faults.process import Bot

USER = "小林"


@asynccontextmanager
async def console(bot: Bot) -> AsyncIterator[Browser]:
    """Signed in at a running bot as an administrator."""
    database = await Database.open(bot.database_url)
    try:
        if await database.read(staff.user_by_name, USER) is None:
            await database.write(staff.add_user, USER, "admin", HASH, datetime.now(UTC))
    finally:
        await database.close()
    async with aiohttp.ClientSession(bot.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        browser = Browser(client, URL(f"{bot.url}/console"))
        answer = await browser.sign_in(USER)
        assert answer.status == 303
        yield browser
