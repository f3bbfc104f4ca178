"""Who was removed by mistake opens the room again once it is taken back, and hears of it alone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.story.pages import MS, Person
from tests.story.process import Steward, embedded
from tests.story.wechat import console

pytestmark = [pytest.mark.browser]

ROOMS = """
  web:demo: {topic: 演示群}
  web:agents: {topic: 客服群}
  web:swap: {topic: 二手闲置交换群, policy: {moderation: {ladder: {warnings: 1, mute_minutes: [], remove: true}}}}
"""
DEMO, DIRECT, STRICT = "演示群", "私聊", "二手闲置交换群"
STUPID, BAD_WORD = "你就是个傻逼", "傻逼"


@pytest.fixture
async def steward(home: Path, database_url: str) -> AsyncIterator[Steward]:
    async with embedded(home, database_url, ROOMS, BAD_WORD) as running:
        yield running


async def test_who_was_removed_by_mistake_opens_the_room_again_once_it_is_taken_back(
    steward: Steward, browser: Browser
) -> None:
    person, chat = await Person.enter(browser, steward.url, "小屈")
    await chat.open(STRICT)
    for words in (STUPID, "你个蠢货", "你真是头猪"):
        await chat.say(words)
        await expect(chat.page.locator("#messages li.message.own")).to_have_count(0, timeout=MS)
    await expect(chat.page.locator("#messages")).to_contain_text("你已被移出这个群", timeout=MS)
    await chat.open(DEMO)
    await chat.open(STRICT)
    await expect(chat.page.locator("#messages")).to_contain_text("申诉", timeout=MS)
    async with console(steward) as desk:
        number = re.findall(r"#(\d+) 移出群", await desk.text("/console/sanctions"))[0]
        assert (await desk.post(f"/console/sanctions/{number}/undo")).status == 303
        assert "人还要回来" in await desk.text("/console/sanctions")
    await chat.open(DIRECT)
    await chat.hears("抱歉")
    await chat.open(STRICT)
    await chat.say("我回来了")
    await chat.sees("我回来了")
    await person.context.close()
    assert person.trouble == []
