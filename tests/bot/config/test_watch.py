"""Watching a folder: a valid edit brings a new book, an invalid one its problems."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.config import Change, load_all, watch
from tests.bot.config.folder import ENTRY, write


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[asyncio.Queue[Change]]:
    """The changes that a watch of the folder reports."""
    changes: asyncio.Queue[Change] = asyncio.Queue()
    stop = asyncio.Event()
    task = asyncio.create_task(watch(folder, changes.put, stop, load_all(folder)))
    try:
        yield changes
    finally:
        stop.set()
        await task


async def test_an_edit_brings_a_book_and_a_faulty_one_its_problems(tmp_path: Path) -> None:
    write(tmp_path, {"faq/a.yaml": ENTRY})
    async with watching(tmp_path) as changes, asyncio.timeout(60):
        write(tmp_path, {"faq/a.yaml": ENTRY.replace("九点", "十点")})
        good = await changes.get()
        write(tmp_path, {"faq/a.yaml": ENTRY + "    anwser: 答\n"})
        bad = await changes.get()
    assert good.loaded is not None
    assert good.loaded.book.faq[0].answers == ("十点。",)
    assert bad.loaded is None
    assert [(problem.file, problem.line) for problem in bad.problems] == [("faq/a.yaml", 5)]


async def test_a_save_without_a_change_reports_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"faq/a.yaml": ENTRY})
    async with watching(tmp_path) as changes, asyncio.timeout(60):
        write(tmp_path, {"faq/a.yaml": ENTRY})
        write(tmp_path, {"notes.txt": "x"})
        write(tmp_path, {"faq/b.yaml": ENTRY.replace("id: a", "id: b").replace("几点", "几楼")})
        change = await changes.get()
    assert change.loaded is not None
    assert [entry.id for entry in change.loaded.book.faq] == ["a", "b"]
    assert changes.empty()
