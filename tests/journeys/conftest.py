"""Journeys run on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import new_postgresql, postgresql_server
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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server."""
    with postgresql_server() as base:
        yield base


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/steward.db"
    return new_postgresql(request.getfixturevalue("postgresql"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small community's configuration."""
    return write_config(tmp_path / "config", {"steward.yaml": STEWARD, "faq/money.yaml": FAQ})
