"""One Chromium for each test, and what pages did that they must not do."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

from tests import chromium
from tests.console import desk


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    """A Chromium of this test's own."""
    async with chromium.launched(chromium_path) as found:
        yield found


@dataclass
class Watched:
    """A page whose dialogs, errors and refused loads are noted."""

    context: BrowserContext
    page: Page
    trouble: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        """Errors are trouble; the browser reports what its policy refused there."""
        if message.type == "error":
            self.trouble.append(message.text)

    async def on_dialog(self, dialog: Dialog) -> None:
        """Nothing of ours opens a dialog."""
        self.trouble.append(f"dialog: {dialog.message}")
        await dialog.dismiss()


async def watch(browser: Browser, width: int = 1200, height: int = 800, scheme: str = "light") -> Watched:
    """A new page in a context of its own."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = await context.new_page()
    watched = Watched(context, page)
    page.on("console", watched.on_console)
    page.on("pageerror", lambda error: watched.trouble.append(str(error)))
    page.on("dialog", watched.on_dialog)
    return watched


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[desk.House]:
    """The console over a community with one row of everything."""
    async with desk.house(tmp_path) as running:
        yield running
