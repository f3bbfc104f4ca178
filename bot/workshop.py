"""What the console may do with the config folder: read its files, replay messages through them, bring files back."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from bot import replaying
from bot.config.attachments import MOST_BYTES, SUFFIXES, listed, stored
from bot.config.phrasing import with_similar
from bot.config.revisions import files_of, unwritable, write_back
from bot.config.shelf import Shelf
from bot.house import Clock, system_clock
from console.workshop import EntrySource, FolderChanged, Tried
from domain.book import FaqEntry
from domain.errors import StewardError
from handlers.judge import Engine
from handlers.replay import Replayed
from storage.database import Database

MOST = 5_000
"""Messages that a page replays: it runs beside the bot and must not take its time."""
LONGEST = 20.0
"""Seconds after which a page shows what it has."""


class Workshop:
    """Implements `console.workshop.Workshop` for one folder; one replay at a time."""

    file_kinds: Sequence[str] = SUFFIXES
    file_bytes = MOST_BYTES

    def __init__(
        self,
        database: Database,
        folder: Path,
        clock: Clock = system_clock,
        running: Callable[[], Engine | None] = lambda: None,
    ) -> None:
        """``running`` tells the engine in force: what it has indexed already is not indexed again for a trial."""
        self._database, self._folder, self._clock, self._running = database, folder, clock, running
        self._shelf = Shelf()
        self._busy = asyncio.Lock()
        self._writing = asyncio.Lock()
        self._authors: dict[str, str] = {}
        """Content hash → who published it here."""

    def author_of(self, content_hash: str) -> str | None:
        """Who published a set through the console; None for edits of the folder."""
        return self._authors.get(content_hash)

    async def files(self) -> Mapping[str, str]:
        """The folder's files as they are on disk now."""
        return await asyncio.to_thread(files_of, self._folder)

    async def replay(self, before: Mapping[str, str], after: Mapping[str, str], since: datetime) -> Replayed:
        """Judge stored messages by two sets of files. Raises `ConfigError` when one of them has errors."""
        async with self._busy:
            old, new = await asyncio.to_thread(lambda: (self._shelf.load(before), self._shelf.load(after)))
            return await replaying.replay(
                self._database, old, new, since, most=MOST, longest=LONGEST, running=self._running()
            )

    def with_similar(self, files: Mapping[str, str], entry: FaqEntry, phrases: Sequence[str]) -> Mapping[str, str]:
        """The files with phrasings added to an entry. Raises `StewardError` where its way of writing forbids."""
        name = entry.where.rpartition(":")[0]
        if name not in files:
            raise StewardError(f"文件夹里没有 {name} 了")
        return {**files, name: with_similar(files[name], entry.id, phrases)}

    async def source(self, files: Mapping[str, str], entry_id: str, file: str = "") -> EntrySource | None:
        """Where an entry stands. Raises `StewardError` for a file that cannot be read."""
        return await asyncio.to_thread(_entries().source, files, entry_id, file)

    async def try_entry(self, files: Mapping[str, str], file: str, entry_id: str, values: Mapping[str, Any]) -> Tried:
        """The files with the entry holding these values, and what is to be said about it."""
        return await asyncio.to_thread(
            _entries().tried, self._folder, files, file, entry_id, values, self._shelf.check, self._running()
        )

    async def try_removal(self, files: Mapping[str, str], file: str, entry_id: str) -> Tried:
        """The files without the entry, and what is to be said about that."""
        return await asyncio.to_thread(_entries().removed, files, file, entry_id, self._shelf.check)

    async def attachments(self) -> Sequence[str]:
        """The files that answers may send."""
        return await asyncio.to_thread(lambda: list(listed(self._folder)))

    async def store(self, name: str, data: bytes) -> str:
        """Keep a file for answers; its name relative to the folder. Raises `StewardError` for what must not be sent."""
        try:
            return await asyncio.to_thread(stored, self._folder, name, data)
        except ValueError as error:
            raise StewardError(str(error)) from None
        except OSError as error:
            raise StewardError(f"存不下（{error.strerror}）") from None

    async def unwritable(self) -> str:
        """Why nothing can be written into the folder; empty where it can."""
        return await asyncio.to_thread(unwritable, self._folder)

    async def publish(self, before: Mapping[str, str], after: Mapping[str, str], author: str) -> None:
        """Write what differs, if the folder still is as ``before``. Raises `FolderChanged` if it is not."""
        async with self._writing:
            if await self.files() != before:
                raise FolderChanged("刚才有人改了配置文件夹")
            book = await asyncio.to_thread(self._shelf.load, after)
            self._authors = {book.content_hash: author}
            await self.write_back(after)

    async def write_back(self, files: Mapping[str, str]) -> None:
        """Make these the folder's files, after copying the present ones; the watcher publishes them.

        Raises `StewardError` where the folder cannot be written to.
        """
        try:
            await asyncio.to_thread(write_back, self._folder, files, self._clock())
        except OSError as error:
            raise StewardError(f"配置文件夹写不进去（{error.strerror}），请检查是不是只读") from None


def _entries() -> ModuleType:
    """Imported with the first edit: ruamel.yaml takes 4 MB that a Steward whose files nobody edits need not have."""
    return import_module("bot.config.entry")
