"""Each story runs on both databases; one process of the bot serves all of a module's walks on one database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests import chromium
from tests.databases import new_postgresql

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database without tables, as at the very first start."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('data')}/steward.db"
    return new_postgresql(request.getfixturevalue("postgresql"), empty=True)


@pytest.fixture(scope="module")
def home(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the process on one database: configuration, log, data."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    """A Chromium of the test's own."""
    async with chromium.launched(chromium_path) as browser:
        yield browser
