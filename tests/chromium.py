"""Finds the Chromium that browser tests drive, and installs one where that is possible: `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
REMEDY = (
    "no working Chromium was found. Remedy: install one (Debian: apt-get install chromium fonts-noto-cjk), or run "
    "`.venv/bin/playwright install --with-deps chromium`, or name one in STEWARD_CHROMIUM"
)


def works(candidate: str | None) -> bool:
    """True if the program answers `--version`; distributions ship stubs that do not."""
    if not candidate or not Path(candidate).exists():
        return False
    try:
        return subprocess.run([candidate, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def find() -> str | None:
    """Path of a working Chromium: STEWARD_CHROMIUM, else the system's, else Playwright's own, else None."""
    named = os.environ.get("STEWARD_CHROMIUM")
    if named:
        return named if works(named) else None
    for name in NAMES:
        path = shutil.which(name)
        if path and works(path):
            return path
    own = _playwrights_own()
    return own if works(own) else None


@cache
def executable() -> str:
    """Path for `chromium.launch(executable_path=...)`; raises RuntimeError with a remedy when there is none.

    Call it outside a running event loop (a fixture that is not async), for it may ask Playwright's blocking driver.
    """
    found = find()
    if found is None:
        raise RuntimeError(REMEDY)
    return found


@asynccontextmanager
async def launched(path: str) -> AsyncIterator["Browser"]:
    """A running Chromium of one's own."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


def _run(*command: str, seconds: int) -> bool:
    print("+", " ".join(command), flush=True)
    try:
        return subprocess.run(command, timeout=seconds).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  gave up: {error}", flush=True)
        return False


def _from_distribution() -> bool:
    """Debian's package brings the shared libraries and, with the fonts, readable Chinese; it needs root."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    install = ("apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk")
    return _run("apt-get", "update", seconds=300) and _run(*install, seconds=600)


def _from_playwright() -> bool:
    return _run(sys.executable, "-m", "playwright", "install", "chromium", seconds=300)


def main() -> int:
    """Make a Chromium available; 0 when one works, 1 with the remedy on stderr when none could be had."""
    found = find()
    for bring in (_from_playwright, _from_distribution):
        if found is None:
            bring()
            found = find()
    if found is None:
        print(f"error: {REMEDY}", file=sys.stderr)
        return 1
    print(f"browser tests use {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
