"""People at their browsers: the group chat's page in tabs, and the console."""

import re
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

SECONDS = 30.0
"""How long anything may take before a story fails; machines are slow at times."""
MS = SECONDS * 1000


@dataclass
class Chat:
    """One tab with the group chat."""

    page: Page

    async def open(self, topic: str) -> None:
        """Choose a room in the list."""
        await self.page.click(f"#rooms button:has-text('{topic}')", timeout=MS)
        await expect(self.page.locator("#topic")).to_have_text(re.compile(topic), timeout=MS)

    async def say(self, text: str) -> None:
        """Type and send; back when the bot has it."""
        await self.page.fill("#text", text)
        await self.page.press("#text", "Enter")
        # Shown as sent, or taken back already.
        await expect(self.page.locator("#messages li.pending")).to_have_count(0, timeout=MS)

    async def try_to_say(self, text: str) -> str:
        """Type and send what will be refused; the reason shown."""
        await self.page.fill("#text", text)
        await self.page.press("#text", "Enter")
        await expect(self.page.locator("#notice")).not_to_be_empty(timeout=MS)
        return await self.page.inner_text("#notice")

    async def answer_to(self, quoted: str, text: str) -> None:
        """Quote the last message that holds some words, and say something."""
        message = self.page.locator("#messages li.message", has_text=quoted).last
        await message.hover()
        await message.get_by_text("引用", exact=True).click(timeout=MS)
        await self.say(text)

    async def take_back(self, text: str) -> None:
        """Recall one's own message."""
        message = self._own(text).last
        await message.hover()
        await message.get_by_text("撤回", exact=True).click(timeout=MS)

    async def hears(self, *words: str, count: int | None = None) -> str:
        """Wait until one message of the bot's holds all these words; its text. ``count``: exactly so many do."""
        found = self._bot(*words)
        if count is not None:
            await expect(found).to_have_count(count, timeout=MS)
        await expect(found.last).to_be_visible(timeout=MS)
        return await found.last.inner_text()

    async def follow(self, words: str) -> Page:
        """Open the link in the bot's last message that holds these words."""
        async with self.page.context.expect_page() as opening:
            await self._bot(words).last.locator("a").click(timeout=MS)
        page = await opening.value
        await page.wait_for_load_state()
        return page

    async def sees(self, text: str) -> None:
        """Wait until somebody's message with this text is shown."""
        await expect(self._any(text).last).to_be_visible(timeout=MS)

    async def loses(self, text: str) -> None:
        """Wait until no message with this text is shown any more."""
        await expect(self._any(text)).to_have_count(0, timeout=MS)

    async def said(self) -> str:
        """Everything on the page now."""
        return await self.page.inner_text("#messages")

    async def has_unread(self, topic: str, count: int) -> None:
        """Wait until a room is marked with so many unread messages: in the list, in the line that leads there, in the
        tab's title."""
        room = self.page.locator("#rooms button", has_text=topic)
        await expect(room.locator(".badge")).to_have_text([f"{count} 条未读"] if count else [], timeout=MS)
        await expect(self.page.locator("#news")).to_have_text(
            re.compile(f"{topic}：{count} 条新消息") if count else "", timeout=MS
        )
        await expect(self.page).to_have_title(re.compile(rf"^\({count}\) 群聊" if count else "^群聊"), timeout=MS)

    async def open_news(self) -> None:
        """Follow the line about what is new."""
        await self.page.click("#news", timeout=MS)

    async def rooms(self) -> list[str]:
        """The rooms on offer."""
        return await self.page.locator("#rooms button").all_inner_texts()

    def _own(self, text: str) -> Locator:
        return self.page.locator("#messages li.message.own:not(.pending)", has_text=text)

    def _any(self, text: str) -> Locator:
        return self.page.locator("#messages li.message .body", has_text=text)

    def _bot(self, *words: str) -> Locator:
        found = self.page.locator("#messages li.message.bot .body")
        for word in words:
            found = found.filter(has_text=word)
        return found


@dataclass
class Person:
    """Somebody's browser. Tabs share the nickname; ``trouble`` are errors that pages reported."""

    name: str
    context: BrowserContext
    url: str
    trouble: list[str] = field(default_factory=list)

    @classmethod
    async def enter(cls, browser: Browser, url: str, name: str) -> tuple["Person", Chat]:
        """Open the page in a browser of one's own, pick a nickname, and be in the first room."""
        context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        person = cls(name, context, url)
        page = await person.blank()
        await page.goto(url)
        await page.fill("#nickname", name)
        await page.press("#nickname", "Enter")
        await expect(page.locator("#topic")).not_to_be_empty(timeout=MS)
        return person, Chat(page)

    async def tab(self, topic: str = "") -> Chat:
        """Another tab with the chat."""
        page = await self.blank()
        await page.goto(self.url)
        await expect(page.locator("#topic")).not_to_be_empty(timeout=MS)
        chat = Chat(page)
        if topic:
            await chat.open(topic)
        return chat

    async def blank(self) -> Page:
        """An empty tab whose errors are noted."""
        page = await self.context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        # What the browser's policy refused is told there as well.
        page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        return page


async def sign_in(page: Page, url: str, name: str, password: str) -> None:
    """Through the console's door."""
    await page.goto(f"{url}/console")
    await page.fill("#name", name)
    await page.fill("#password", password)
    await page.press("#password", "Enter")
    await page.wait_for_url("**/console", timeout=MS)


async def binding_code(page: Page, url: str) -> str:
    """Have the console make a one-time code."""
    await page.goto(f"{url}/console/me")
    await page.click("form[action='/console/me/code'] button")
    shown = await page.inner_text(".code")
    return shown.split()[-1]
