"""What holds for all tests: none fails because a machine is slow; one PostgreSQL and one Chromium serve them."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import chromium
from tests.databases import postgresql_server

settings.register_profile("steward", deadline=None)
settings.load_profile("steward")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a real PostgreSQL server."""
    with postgresql_server() as base:
        yield base


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is. Not async: finding it may ask Playwright's blocking driver."""
    return chromium.executable()
