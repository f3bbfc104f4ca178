"""What the bot says to one member alone is noticed on a phone and later."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.story.pages import Person
from tests.story.process import Steward, embedded

pytestmark = [pytest.mark.browser]

ROOMS = """
  web:demo: {topic: 演示群}
  web:agents: {topic: 客服群}
  web:books: {topic: 周末读书会报名群}
  web:swap: {topic: 二手闲置交换群}
"""
"""More than fit on a phone beside each other; the private chat is the last."""
DEMO, DIRECT = "演示群", "私聊"
STUPID, BAD_WORD = "你就是个傻逼", "傻逼"
WIDTH, HEIGHT = 360, 640


@pytest.fixture
async def steward(home: Path, database_url: str) -> AsyncIterator[Steward]:
    async with embedded(home, database_url, ROOMS, BAD_WORD) as running:
        yield running


async def test_a_word_said_alone_is_seen_on_a_phone_and_waits_for_who_is_away(
    steward: Steward, browser: Browser
) -> None:
    person, chat = await Person.enter(browser, steward.url, "小远")
    await chat.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    await chat.say(STUPID)
    await chat.has_unread(DIRECT, 1)
    for part in ("#rooms .badge", "#news"):
        box = await chat.page.locator(part).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= WIDTH, part
    assert await chat.page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    await expect(chat.page.get_by_role("button", name=re.compile("私聊.*1 条未读"))).to_have_count(1)
    await chat.page.close()
    later = await person.tab()
    await later.has_unread(DIRECT, 1)
    await later.open_news()
    told = await later.hears("群规：友善交流", DEMO)
    assert BAD_WORD not in told
    await later.has_unread(DIRECT, 0)
    again = await person.tab()
    await again.has_unread(DIRECT, 0)
    await later.say("申诉")
    await later.hears("1 号处置", "同事")
    await person.context.close()
    assert person.trouble == []
