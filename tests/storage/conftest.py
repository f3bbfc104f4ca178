"""Every test of this folder that asks for ``db`` runs on both databases."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from domain.ids import AccountId
from storage.database import Database
from tests.databases import drop_postgresql, fast_folder, new_postgresql, new_sqlite
from tests.storage.house import House, open_house

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
def memory() -> Iterator[Path]:
    """A folder in which nothing waits for a disk."""
    with fast_folder() as folder:
        yield folder


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with today's tables."""
    if request.param == "sqlite":
        folder: Path = request.getfixturevalue("memory")
        yield new_sqlite(folder / f"steward-{next(_copies)}.db")
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
