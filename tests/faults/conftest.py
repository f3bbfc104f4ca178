"""A gateway for every test, a database of each kind, and a bot that is gone when the test is over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.databases import new_postgresql
from tests.faults.process import Bot
from tests.gateway import Gateway
from tests.story.community import configure

BUDGET_OFF = {"STEWARD_SEND_INTERVAL": "0"}
"""Every run states its send budget: without limits, so that nothing but the fault holds a send back."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/steward.db"
    return new_postgresql(request.getfixturevalue("postgresql"), empty=True)


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with Gateway() as gateway:
        yield gateway


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return configure(tmp_path / "config", "http://127.0.0.1", "wechaty:20001@chatroom", "  web:demo: {topic: 演示群}")


@pytest_asyncio.fixture
async def bot(gateway: Gateway, config: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Bot]:
    """Not started yet; its budget is off."""
    (tmp_path / "data").mkdir(exist_ok=True)
    bot = Bot(tmp_path, config, database_url, {**gateway.environment, **BUDGET_OFF})
    yield bot
    await bot.clean()
