"""The workshop in Chromium: an operator writes, tries, publishes and takes back, beside members in the group chat."""

import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests import chromium
from tests.story.community import configure
from tests.story.pages import MS, Chat, Person, sign_in
from tests.story.process import Steward, free_port

pytestmark = pytest.mark.browser

ROOMS = """
  web:demo: {topic: 演示群}
  web:agents: {topic: 客服群}
"""
TRIAL = "lists:\n  - {category: 新词, severity: warn, title: 友善交流, trial: true, terms: [飞天小笼包]}\n"
CAREFUL = "  - {id: invoice, question: 怎么开发票？, answer: 在订单页点开发票。, answer_at: 1.0, suggest_at: 0.2}\n"


def _picture() -> bytes:
    """A red square as PNG."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xff\0\0" * 8) * 8
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


@dataclass
class Shop:
    """A running bot, a member in its chat, and an operator in its console."""

    steward: Steward
    browser: Browser
    member: Chat
    console: Page

    async def open(self, path: str) -> None:
        """A page of the console."""
        await self.console.goto(f"{self.steward.url}/console{path}")

    async def publish(self) -> None:
        """From the form over its effect into the file."""
        await self.console.get_by_role("button", name="看看效果").last.click()
        await expect(self.console.locator("h1")).to_contain_text("看看效果", timeout=MS)
        await self.console.get_by_role("button", name="发布").click()
        await expect(self.console.locator(".notice").first).to_contain_text("几秒后生效", timeout=MS)

    async def in_force(self, revision: int) -> None:
        """Wait until a revision is in force."""
        while f"正在用版本 {revision}" not in await self.console.inner_text("main"):
            await self.open("/book")


@pytest.fixture
async def shop(tmp_path: Path, chromium_path: str) -> AsyncIterator[Shop]:
    port = free_port()
    config = configure(tmp_path / "config", f"http://127.0.0.1:{port}", "web:agents", ROOMS)
    faq = config / "faq" / "shop.yaml"
    faq.write_text(faq.read_text(encoding="utf-8") + CAREFUL, encoding="utf-8")
    (config / "words").mkdir()
    (config / "words" / "own.yaml").write_text(TRIAL, encoding="utf-8")
    async with (
        Steward(tmp_path, config, f"sqlite:///{tmp_path}/steward.db", port) as steward,
        chromium.launched(chromium_path) as browser,
    ):
        person, member = await Person.enter(browser, steward.url, "小来")
        operator, _ = await Person.enter(browser, steward.url, "小运")
        console = await operator.blank()
        await sign_in(console, steward.url, "admin", steward.password)
        yield Shop(steward, browser, member, console)
        # A refused form is a page with status 400, which the browser notes as trouble.
        assert [one for one in (*person.trouble, *operator.trouble) if "400" not in one] == []
        assert steward.faults() == []


async def test_an_entry_with_a_picture_is_written_answered_and_taken_out_in_the_console(shop: Shop) -> None:
    page = shop.console
    await shop.member.say("停车场在哪里呀")
    await shop.open("/faq/new")
    await page.fill("#f-id", "park")
    await page.fill("#f-question", "停车场在哪里？")
    await page.fill("#f-answer", "在东门，看图。")
    await page.set_input_files(
        "input[name=upload]", {"name": "路线.png", "mimeType": "image/png", "buffer": _picture()}
    )
    await page.get_by_role("button", name="看看效果").last.click()
    await expect(page.locator(".remark.wrong")).to_contain_text("还没有传", timeout=MS)
    await page.set_input_files(
        "input[name=upload]", {"name": "路线.png", "mimeType": "image/png", "buffer": _picture()}
    )
    await page.get_by_role("button", name="传上来").click()
    await expect(page.get_by_label("files/路线.png")).to_be_checked(timeout=MS)
    await expect(page.locator("#f-answer")).to_have_value("在东门，看图。")
    await page.fill("#f-asks", "停车场在哪")
    # Enter in a field goes on to the effect, and sends no file.
    await page.press("#f-question", "Enter")
    await expect(page.locator("h1")).to_contain_text("看看效果", timeout=MS)
    await expect(page.locator("main")).to_contain_text("新答上")
    await page.get_by_role("button", name="再改改").click()
    await shop.publish()
    await shop.in_force(2)
    await shop.member.say("@小管家 停车场在哪里")
    await shop.member.hears("在东门，看图")
    await expect(shop.member.page.locator("#messages img").last).to_be_visible(timeout=MS)

    await shop.open("/faq/edit?entry=park")
    await page.get_by_role("button", name="删掉这一条").click()
    await expect(page.locator("main")).to_contain_text("-    question: 停车场在哪里？", timeout=MS)
    await page.get_by_role("button", name="删掉").click()
    await expect(page.locator(".notice").first).to_contain_text("已从文件里删掉", timeout=MS)
    await shop.in_force(3)
    said = await shop.member.said()
    await shop.member.say("@小管家 停车场在哪里")
    # Now it does not know any more, and says so once.
    await shop.member.hears("记下了", "人工")
    await shop.member.say("@小管家 停车场几点关门")
    await shop.member.say("@小管家 你是机器人吗")
    await shop.member.hears("机器人", "人工")
    heard = await shop.member.said()
    assert (heard.count("在东门"), heard.count("记下了")) == (said.count("在东门"), 1)

    # And back again, from the page of revisions.
    await shop.open("/book/diff?old=folder&new=2")
    await page.get_by_role("button", name="回退").click()
    await shop.in_force(4)
    await shop.member.say("@小管家 停车场在哪里")
    await shop.member.hears("在东门，看图", count=2)


async def test_nearly_sure_it_asks_back_and_a_yes_is_enough(shop: Shop) -> None:
    await shop.member.say("怎么开发票")
    await shop.member.say("@小管家 怎么开发票")
    await shop.member.hears("您是想问“怎么开发票？”吗", count=1)
    await shop.member.say("是的")
    await shop.member.hears("在订单页点开发票", count=1)


async def test_a_rule_is_reviewed_and_promoted_and_its_word_looked_up_in_the_console(shop: Shop) -> None:
    page = shop.console
    await shop.member.say("哪来的飞天小笼包")
    await shop.member.say("飞*天*小*笼*包")
    await shop.open("/rules/one?rule=新词")
    while await page.get_by_role("button", name="判对").count() < 2:
        await shop.open("/rules/one?rule=新词")
    assert "群规" not in await shop.member.said()
    for _ in range(2):
        await page.get_by_role("button", name="判对").first.click()
        await expect(page.locator("main")).to_contain_text("次判对", timeout=MS)
    await expect(page.locator("main")).to_contain_text("2 次判对，0 次误判", timeout=MS)
    await page.get_by_role("button", name="启用").click()
    await expect(page.locator("h1")).to_contain_text("启用", timeout=MS)
    _, said = await shop.steward.command("words", "twins", "飞天小笼包")
    assert "飞*天*小*笼*包" in said and "会算" in said
    await shop.member.say("还是飞天小笼包")
    await shop.member.page.wait_for_function(
        "document.title.startsWith('(1)') || document.body.innerText.includes('群规')", timeout=MS
    )
