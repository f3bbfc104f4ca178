"""The console in Chromium: hostile words stay words, narrow screens fit, and the keyboard is enough."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from console.routes import ROUTES
from domain.errors import Problem
from tests.browser.conftest import Watched, watch
from tests.console import desk, seed
from tests.console.desk import PASSWORD, House, address, put_entry

pytestmark = pytest.mark.browser

HOSTILE = (
    '"><script>window.xss=1;alert(1)</script><img src=x onerror="window.xss=1"><svg/onload=window.xss=1>'
    "' autofocus onfocus='window.xss=1' {{ 7*7 }} {% raw %} javascript:window.xss=1 </textarea></title></style>"
    "<iframe srcdoc='<script>parent.xss=1</script>'></iframe><!-- ]]> \u202e " + "长" * 90 + "A" * 180
)
PARTS = ("/live", "/static/live.js", "/static/console.css", "/sign-in")


def _pages(made: seed.Community) -> list[str]:
    """Every page there is, the public ones included."""
    listed = [route.path for route in ROUTES if route.method == "GET" and not route.path.endswith(PARTS)]
    states = [f"/console/sends?state={state}" for state in ("expired", "refused", "cancelled", "waiting")]
    return [address(path, made) for path in listed] + states + ["/draws/2", "/draws/3", "/privacy"]


async def _sign_in(house: House, page: Page, name: str = "root") -> None:
    await page.goto(str(house.server.make_url("/console/sign-in")))
    await page.fill("#name", name)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_url("**/console")


async def _each_page(house: House, seen: Watched) -> list[str]:
    """Visit every page with everything unfolded; returns the paths."""
    await _sign_in(house, seen.page)
    paths = _pages(house.made)
    for path in paths:
        await seen.page.goto(str(house.server.make_url(path)))
        await seen.page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        await _look(seen, path)
    return paths


async def _look(seen: Watched, path: str) -> None:
    width = await seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if width > 0:
        seen.trouble.append(f"{path} is {width} px too wide")
    if await seen.page.evaluate("'xss' in window"):
        seen.trouble.append(f"{path} ran a script of a member")
    inside = "main script, main iframe, main svg, main [onerror], main [onfocus], main img:not([src^='data:image/svg'])"
    if await seen.page.locator(inside).count():
        seen.trouble.append(f"{path} made elements of a member's words")


@pytest.mark.parametrize("width", [360, 1280])
async def test_hostile_words_stay_words_on_every_page(browser: Browser, tmp_path: Path, width: int) -> None:
    async with desk.house(tmp_path, HOSTILE, HOSTILE, HOSTILE) as house:
        house.problems.append(Problem(HOSTILE, 1, HOSTILE, HOSTILE))
        put_entry(house, HOSTILE)
        seen = await watch(browser, width=width)
        paths = await _each_page(house, seen)
        assert seen.trouble == []
        assert len(paths) > 20
        await seen.page.goto(str(house.server.make_url("/console/cases/12")))
        assert "<script>window.xss=1;alert(1)</script>" in await seen.page.inner_text(".bubble >> nth=0")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_fits_a_small_phone(browser: Browser, house: House, scheme: str) -> None:
    seen = await watch(browser, width=360, height=640, scheme=scheme)
    put_entry(house)
    await _each_page(house, seen)
    assert seen.trouble == []


async def test_the_menu_opens_on_a_phone(browser: Browser, house: House) -> None:
    seen = await watch(browser, width=360, height=640)
    await _sign_in(house, seen.page)
    await seen.page.click(".narrow summary")
    await seen.page.click(".narrow nav a:has-text('工单')")
    await seen.page.wait_for_url("**/console/cases")
    assert seen.trouble == []


async def test_an_agent_needs_no_mouse(browser: Browser, house: House) -> None:
    seen = await watch(browser)
    page = seen.page
    await page.goto(str(house.server.make_url("/console/cases/12")))
    # The name has the focus already.
    await page.keyboard.type("小林")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(str(house.server.make_url("/console/cases/12")))
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "跳到内容"
    await page.keyboard.press("Enter")
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == "reply":
            break
    await page.keyboard.type("马上为您退款")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile("notice=queued"))
    assert "已提交" in await page.inner_text(".notice")
    assert seen.trouble == []
    assert len(house.woken) == 1


async def test_new_decisions_appear_by_themselves_and_open_ones_stay_open(browser: Browser, house: House) -> None:
    seen = await watch(browser)
    page = seen.page
    await _sign_in(house, page)
    await page.goto(str(house.server.make_url("/console/decisions")))
    await page.click("#event-101 summary")
    await house.database.write(seed.decide, house.made, 150, "刚刚发生")
    await page.wait_for_selector("#event-150", timeout=15_000)
    assert await page.get_attribute("#event-101", "open") is not None
    assert seen.trouble == []


async def test_a_page_left_open_goes_to_the_door_when_its_session_ends(browser: Browser, house: House) -> None:
    seen = await watch(browser)
    await _sign_in(house, seen.page)
    await seen.page.goto(str(house.server.make_url("/console/decisions")))
    house.later(hours=3)
    await seen.page.wait_for_url(re.compile("sign-in"), timeout=15_000)
