"""Makes the pictures of docs/images from the sample community: `python -m tests.browser.screenshots`.

It starts the real `steward run` with the config folder that people copy, lets a few members and an agent play a short
scene in Chromium, and keeps what they see.
"""

import asyncio
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests import chromium
from tests.story.pages import MS, Chat, Person, binding_code, sign_in
from tests.story.process import Steward, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGES = ROOT / "docs" / "images"
LARGEST_BYTES = 150_000
DESKTOP = {"width": 1120, "height": 720}
PHONE = {"width": 390, "height": 780}


@dataclass
class Camera:
    """Takes the pictures."""

    folder: Path

    async def take(self, page: Page, name: str, width: int, height: int) -> None:
        """One picture of what the window shows. Raises ValueError when the file is too heavy for a page of docs."""
        await page.set_viewport_size({"width": width, "height": height})
        await page.evaluate("document.getElementById('messages')?.scrollTo(0, 1e6)")
        await page.mouse.move(0, 0)
        path = self.folder / f"{name}.png"
        await page.screenshot(path=path, animations="disabled", caret="hide")
        size = _size(path)
        print(f"{path.name}  {width}x{height}  {size // 1000} kB", flush=True)
        if size > LARGEST_BYTES:
            raise ValueError(f"{path} has {size} bytes, more than {LARGEST_BYTES}")


def _size(path: Path) -> int:
    return path.stat().st_size


def _config(folder: Path) -> Path:
    """The sample community, awake and in service whatever the hour is."""
    shutil.copytree(ROOT / "config", folder)
    main = folder / "steward.yaml"
    text = main.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^policy:$", 'policy:\n  night: {start: "00:00", end: "00:00"}', text)
    text = re.sub(r"(?m)^( +)mon-fri:.*$", r'\1mon-sun: ["00:00-24:00"]', text)
    text = re.sub(r"(?m)^ +sat-sun:.*\n", "", text)
    main.write_text(text, encoding="utf-8")
    return folder


async def _members(browser: Browser, url: str) -> Chat:
    """A quarter of an hour in the group; the tab of one who saw it all."""
    _, watcher = await Person.enter(browser, url, "小满")
    _, ming = await Person.enter(browser, url, "阿明")
    _, qiu = await Person.enter(browser, url, "秋秋")
    # Who comes in together is welcomed together; the scene begins after that.
    await watcher.hears("秋秋")
    await watcher.say("早，新到的桂花乌龙好香")
    await ming.say("退款多久能到账呀")
    await ming.hears("三到五个工作日")
    await qiu.say("签到")
    await qiu.hears("签到成功")
    await ming.say("绿茶泡茶用多少度的水？")
    await ming.hears("80 度")
    await qiu.say("我要投诉，茶罐压坏三天了没人理")
    await qiu.hears("@秋秋", "编号")
    return watcher


async def _agent(browser: Browser, steward: Steward) -> tuple[Chat, Page]:
    """Bound staff: the agents' room, and the console."""
    person, _ = await Person.enter(browser, steward.url, "客服小周")
    console = await person.blank()
    await sign_in(console, steward.url, "admin", steward.password)
    code = await binding_code(console, steward.url)
    private = await person.tab("私聊")
    await private.say(f"绑定 {code}")
    await private.hears("绑定好了")
    await private.open("客服群")
    return private, console


async def _scene(browser: Browser, steward: Steward, camera: Camera) -> None:
    agents, console = await _agent(browser, steward)
    watcher = await _members(browser, steward.url)
    await agents.say("#1 老客户，先安抚")
    await console.goto(f"{steward.url}/console/cases/1")
    await console.fill("#reply", "实在抱歉，今天就给您补发一罐新的，运费我们出。")
    await console.click("button[value=reply]")
    await watcher.hears("补发一罐新的")
    await expect(console.locator(".talk .agent")).to_be_visible(timeout=MS)
    await camera.take(watcher.page, "chat", **DESKTOP)
    await camera.take(watcher.page, "chat-phone", **PHONE)
    await console.goto(f"{steward.url}/console/cases/1")
    await camera.take(console, "case", width=1120, height=900)
    await camera.take(console, "case-phone", **PHONE)
    await console.goto(f"{steward.url}/console")
    await camera.take(console, "overview", **DESKTOP)
    await console.goto(f"{steward.url}/console/decisions?show=found")
    await console.locator("details", has_text="投诉 · 转人工").first.locator("summary").click()
    await console.evaluate("scrollTo(0, 0)")
    await camera.take(console, "decisions", **DESKTOP)


async def make(folder: Path, chromium_path: str) -> None:
    """Make all pictures in ``folder``."""
    with tempfile.TemporaryDirectory() as home:
        config, database = _config(Path(home) / "config"), f"sqlite:///{home}/steward.db"
        async with (
            Steward(Path(home), config, database, free_port()) as steward,
            chromium.launched(chromium_path) as browser,
        ):
            await _scene(browser, steward, Camera(folder))


def main() -> int:
    """Make the pictures of docs/images."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    asyncio.run(make(IMAGES, chromium.executable()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
