"""Every test of this folder that asks for ``db`` runs on both databases."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from domain.ids import AccountId
from storage.database import Database
from storage.migrate import migrate
from tests.databases import new_postgresql, postgresql_server
from tests.storage.house import House, open_house


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server."""
    with postgresql_server() as base:
        yield base


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/steward.db"
    return new_postgresql(request.getfixturevalue("postgresql"), empty=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "steward.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with today's tables."""
    if request.param == "sqlite":
        path = tmp_path / "steward.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    return new_postgresql(request.getfixturevalue("postgresql"))


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    """An open database with today's tables."""
    database = await Database.open(url)
    yield database
    await database.close()


@pytest.fixture
async def house(db: Database) -> House:
    """A database with an account, held under a lease."""
    return await open_house(db)


@pytest.fixture
def account(house: House) -> AccountId:
    """The house's account."""
    return house.account
