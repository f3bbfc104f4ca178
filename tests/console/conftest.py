"""A console for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console import desk


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[desk.House]:
    """The console over a community with one row of everything."""
    async with desk.house(tmp_path) as running:
        yield running
