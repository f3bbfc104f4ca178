"""Every test of this folder that asks for ``db`` runs on both databases."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from domain.ids import AccountId
from storage.database import Database
from storage.migrate import migrate
from tests.databases import drop_postgresql, fast_folder, new_postgresql, postgresql_server
from tests.storage.house import House, open_house


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server."""
    with postgresql_server() as base:
        yield base


_copies = itertools.count()
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/data/steward.db"
        return
    yield from _on_postgresql(request.getfixturevalue("postgresql"), empty=True)


def _on_postgresql(base: str, *, empty: bool) -> Iterator[str]:
    url = new_postgresql(base, empty=empty)
    yield url
    drop_postgresql(base, url)


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[Path]:
    """A migrated SQLite file to copy, in a folder that has room for the copies."""
    with fast_folder() as folder:
        path = folder / "steward.db"
        asyncio.run(migrate(f"sqlite:///{path}"))
        yield path


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with today's tables."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = template.with_name(f"copy-{next(_copies)}.db")
        shutil.copy(template, path)
        yield f"sqlite:///{path}"
        return
    yield from _on_postgresql(request.getfixturevalue("postgresql"), empty=False)


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
