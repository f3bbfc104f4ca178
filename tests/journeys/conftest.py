"""Journeys run on both databases; most begin with one running bot and one room."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.memory_community import Room
from tests.databases import new_postgresql, new_sqlite
from tests.journeys.harness import Journey, running, write_config

FAQ = """
entries:
  - id: refund-time
    question: 退款多久到账？
    similar: [退款要几天, 退款多久能到账呀]
    answer: 三到五个工作日。
"""
STEWARD = """
bot_name: 小管家
staff_rooms: ["memory:agents"]
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind, with today's tables."""
    if request.param == "sqlite":
        return new_sqlite(tmp_path / "steward.db")
    return new_postgresql(request.getfixturevalue("postgresql"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small community's configuration."""
    return write_config(tmp_path / "config", {"steward.yaml": STEWARD, "faq/money.yaml": FAQ})


@pytest.fixture
async def journey(database_url: str, folder: Path) -> AsyncIterator[Journey]:
    """Steward running for the community of ``folder``."""
    async with running(database_url, folder) as journey:
        yield journey


@pytest.fixture
def room(journey: Journey) -> Room:
    """A room with two members and an agent, whom nobody has bound yet."""
    return journey.room("演示群", "小林", "阿北", "客服小周")
