"""Watches a configuration folder: a valid edit gives a new book, an invalid one its problems and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from watchfiles import awatch

from bot.config.load import Loaded, check, load_all
from domain.errors import ConfigError, Problem

DEBOUNCE_MS = 300
"""Editors write a file in several steps; edits within this count as one."""
LOOK_MS = 1000
"""The watcher comes up for air this often; the first time it finds edits made while it was starting."""


@dataclass(frozen=True, slots=True)
class Change:
    """An edit as it turned out: ``loaded`` is None when it has errors, and the running set stays in force."""

    loaded: Loaded | None
    problems: tuple[Problem, ...]


async def watch(
    folder: Path | str,
    on_change: Callable[[Change], Awaitable[None]],
    stop: asyncio.Event | None = None,
    known: Loaded | None = None,
) -> None:
    """Call ``on_change`` after every edit that changes the content, until ``stop`` is set or the task is cancelled.

    Reading runs in a thread, so that a large FAQ does not hold up messages. The same content, and the same problems,
    are reported once. ``known`` is what the caller has in force already: edits made since then are reported too.
    """
    path = Path(folder)
    last = _identity(Change(known, known.warnings) if known is not None else await asyncio.to_thread(_read, path))
    looked = False
    async for edits in awatch(path, debounce=DEBOUNCE_MS, stop_event=stop, rust_timeout=LOOK_MS, yield_on_timeout=True):
        if looked and not edits:
            continue
        # The first look finds edits made between reading the folder and watching it.
        looked = True
        change = await asyncio.to_thread(_read, path)
        if (identity := _identity(change)) != last:
            last = identity
            await on_change(change)


def _read(path: Path) -> Change:
    try:
        loaded = load_all(path)
    except ConfigError as error:
        found = tuple(problem for problem in check(path) if problem.level != "error")
        return Change(None, (*error.problems, *found))
    return Change(loaded, loaded.warnings)


def _identity(change: Change) -> tuple[object, ...]:
    content = change.loaded.book.content_hash if change.loaded is not None else ""
    return (content, *(str(problem) for problem in change.problems))
