"""Replays stored messages through two books: reads in pieces, judges on a thread, changes nothing."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from domain.book import Book
from domain.facts import AccountFacts
from domain.ids import AccountId
from handlers.catalog import build
from handlers.judge import Engine
from handlers.replay import Replay, Replayed
from storage import views_replay
from storage.database import Database
from storage.views_replay import Heard, Span

T = TypeVar("T")

MOST = 50_000
"""Messages that are replayed unless told otherwise."""

Progress = Callable[[int, int], None]
"""Told after each piece: messages done, and of how many."""


async def replay(
    database: Database,
    before: Book,
    after: Book,
    since: datetime,
    *,
    most: int = MOST,
    longest: float | None = None,
    running: Engine | None = None,
    told: Progress = lambda done, total: None,
) -> Replayed:
    """Judge the latest ``most`` messages since then by both books; at most ``longest`` seconds.

    ``running``: an engine whose index of the FAQ may be taken over where it is the same.
    """
    began = time.monotonic()
    span = await database.read(views_replay.span, since, most)
    people = await database.read(views_replay.staff)
    engine = await asyncio.to_thread(build, before, running)
    engines = (engine, await asyncio.to_thread(build, after, engine))
    run = Replay(*engines, people)
    stopped = not await _play(database, span, run, told, lambda: longest is not None and _since(began) > longest)
    return Replayed(run.messages, run.changed, tuple(run.groups()), span.left_out, _since(began), stopped)


async def _play(database: Database, span: Span, run: Replay, told: Progress, enough: Callable[[], bool]) -> bool:
    """All pieces in order; False when it had to stop before the end."""
    accounts: dict[AccountId, AccountFacts] = {}
    after = 0
    while piece := await database.read(views_replay.heard, span, after):
        new = {one.account for one in piece} - accounts.keys()
        accounts |= await database.read(views_replay.accounts, new) if new else {}
        await asyncio.to_thread(_judge, run, piece, accounts)
        after = piece[-1].number
        told(run.messages, span.count)
        if enough() and after < span.last:
            return False
    return True


def _judge(run: Replay, piece: Sequence[Heard], accounts: dict[AccountId, AccountFacts]) -> None:
    for one in piece:
        run.play(accounts[one.account], one.event, one.room)


def _since(began: float) -> float:
    return time.monotonic() - began


async def opened(url: str, work: Callable[[Database], Awaitable[T]]) -> T:
    """What ``work`` makes of the database, which is open only meanwhile."""
    database = await Database.open(url)
    try:
        return await work(database)
    finally:
        await database.close()
