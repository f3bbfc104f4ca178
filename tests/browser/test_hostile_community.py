"""Members with hostile names and words in a running bot: nothing of it runs, on no page, for nobody."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Watched, watch
from tests.story.community import configure
from tests.story.pages import MS, Chat, sign_in
from tests.story.process import Steward, free_port

pytestmark = pytest.mark.browser

NAME = "<svg onload=alert()>"
"""Twenty characters, as long as a nickname may be."""
WORDS = "\"><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} javascript:alert(3) ' onfocus='alert(4)"
ROOMS = """
  web:demo: {topic: "演示<script>alert(5)</script>"}
  web:agents: {topic: 客服群}
"""
PAGES = (
    "",
    "/cases",
    "/cases/1",
    "/decisions?show=all",
    "/sanctions",
    "/rooms",
    "/audit",
    "/sends?state=expired",
    "/me",
)


async def _enter(seen: Watched, url: str, name: str) -> Chat:
    await seen.page.goto(url)
    await seen.page.fill("#nickname", name)
    await seen.page.press("#nickname", "Enter")
    await expect(seen.page.locator("#topic")).not_to_be_empty(timeout=MS)
    return Chat(seen.page)


async def _elements_of_members(page: Page) -> int:
    return await page.locator("body script:not([src]), [onload], [onerror], [onfocus], body svg").count()


async def test_hostile_members_run_nothing_in_the_chat_and_in_the_console(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    config = configure(tmp_path / "config", f"http://127.0.0.1:{port}", "web:agents", ROOMS)
    async with Steward(tmp_path, config, f"sqlite:///{tmp_path}/steward.db", port) as steward:
        hostile, friend, staff = await watch(browser), await watch(browser, width=360), await watch(browser)
        chat = await _enter(hostile, steward.url, NAME)
        other = await _enter(friend, steward.url, "阿北")
        await chat.say(WORDS)
        await other.sees("<script>alert(1)</script>")
        await other.answer_to("<script>alert(1)</script>", f"什么意思 {WORDS}")
        await chat.say(f"我要投诉 {WORDS}")
        await chat.hears("编号")
        await sign_in(staff.page, steward.url, "admin", steward.password)
        for page in PAGES:
            await staff.page.goto(f"{steward.url}/console{page}")
            await staff.page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
            assert await _elements_of_members(staff.page) == 0, page
        await staff.page.goto(f"{steward.url}/console/cases/1")
        assert NAME in await staff.page.inner_text(".facts")
        assert WORDS in await staff.page.inner_text(".talk")
        for seen in (hostile, friend):
            assert await _elements_of_members(seen.page) == 0
        assert [seen.trouble for seen in (hostile, friend, staff)] == [[], [], []]
