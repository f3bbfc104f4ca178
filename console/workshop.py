"""What the console may do with the config folder; the composition root lends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from domain.book import FaqEntry
from domain.decision import Json
from domain.errors import StewardError
from handlers.replay import Replayed


class FolderChanged(StewardError):
    """Somebody has changed the folder since it was read: nothing was written."""


@dataclass(frozen=True, slots=True)
class EntrySource:
    """An entry as it stands in a file. ``mark`` tells whether somebody has changed it since."""

    file: str
    text: str = field(repr=False)
    mark: str
    values: Mapping[str, Json] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about an entry: ``key`` is the field it belongs to, empty for what lies elsewhere."""

    key: str
    level: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """An entry as it would be: the files with it, and what is to be said about it."""

    files: Mapping[str, str] = field(repr=False)
    remarks: tuple[Remark, ...]

    @property
    def failed(self) -> bool:
        """Whether it cannot take effect so."""
        return any(remark.level == "error" for remark in self.remarks)


class Workshop(Protocol):
    """The config folder. Reading and writing happen off the event loop."""

    file_kinds: Sequence[str]
    """Suffixes of the files that answers may send."""
    file_bytes: int
    """The most that one of them may have."""

    async def files(self) -> Mapping[str, str]:
        """File name → text, as they are on disk now."""

    async def replay(self, before: Mapping[str, str], after: Mapping[str, str], since: datetime) -> Replayed:
        """Stored messages judged by two sets of files. Raises `ConfigError` when one of them has errors."""

    def with_similar(self, files: Mapping[str, str], entry: FaqEntry, phrases: Sequence[str]) -> Mapping[str, str]:
        """The files with phrasings added to an entry. Raises `StewardError` where that cannot be done by itself."""

    async def source(self, files: Mapping[str, str], entry_id: str, file: str = "") -> EntrySource | None:
        """Where an entry stands, looked for in ``file`` first. Raises `StewardError` for a file that cannot be read."""

    async def try_entry(self, files: Mapping[str, str], file: str, entry_id: str, values: Mapping[str, Any]) -> Tried:
        """The files with an entry holding these values, checked and its examples run.

        Raises `StewardError` where its way of writing cannot be changed by itself.
        """

    async def try_removal(self, files: Mapping[str, str], file: str, entry_id: str) -> Tried:
        """The files without an entry, checked. Raises `StewardError` like `try_entry`."""

    async def store(self, name: str, data: bytes) -> str:
        """Keep a file for answers to send; its name relative to the folder.

        Raises `StewardError` for one that is too large, of a kind that is not sent, or no such file as its name says.
        """

    async def unwritable(self) -> str:
        """Why nothing can be written into the folder, in the system's words; empty where it can."""

    async def attachments(self) -> Sequence[str]:
        """The files in the folder that answers may send, relative to it."""

    async def publish(self, before: Mapping[str, str], after: Mapping[str, str], author: str) -> None:
        """Write what differs, if the folder still is as ``before``; the bot takes it as ``author``'s revision.

        Raises `FolderChanged` if it is not, `StewardError` where it cannot be written to.
        """

    async def write_back(self, files: Mapping[str, str]) -> None:
        """Make these the folder's files; the bot publishes them. Raises `StewardError` where they cannot be written."""
