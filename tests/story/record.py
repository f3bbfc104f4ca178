"""What stories look up in the bot's own record, and how its takeovers grow older than the test takes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import select, update

from domain.facts import SendState
from storage.database import Connection, Database
from storage.tables.order import CASES
from storage.tables.path import TIMERS
from storage.views_audit import AuditView, audit_log
from storage.views_decisions import decisions
from storage.views_sends import SendView, sends

SECONDS = 30.0
P = ParamSpec("P")
T = TypeVar("T")


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    try:
        yield database
    finally:
        await database.close()


async def look(url: str, read: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Read from the database of the running bot."""
    async with _opened(url) as database:
        return await database.read(read, *args, **kwargs)


async def audited(url: str, act: str) -> list[AuditView]:
    """The entries of one kind of act, newest first."""
    return [entry for entry in await look(url, audit_log, None, 1000) if entry.act == act]


async def doubtful(url: str, topic: str) -> list[SendView]:
    """The sends of a room whose outcome nobody knows."""
    return [row for row in await look(url, sends, SendState.DOUBTFUL) if row.room == topic]


async def own_messages(url: str, topic: str) -> list[str]:
    """What each message of the account itself in a room was found to be, oldest first: echo or owner."""
    newest_first = [row for row in await look(url, decisions, limit=1000) if row.room == topic]
    found = [finding for row in reversed(newest_first) for finding in row.findings]
    return [str(finding["level"]) for finding in found if finding["rule"] == "own"]


async def grow_older(url: str, case: int, minutes: float) -> None:
    """Make a takeover so many minutes older: what is on record about it, its timer included, moves into the past."""
    async with _opened(url) as database:
        await database.write(_grow_older, case, timedelta(minutes=minutes))


def _grow_older(conn: Connection, case: int, span: timedelta) -> None:
    row = conn.execute(select(CASES).where(CASES.c.number == case)).one()
    past = {name: getattr(row, name) - span for name in ("taken_at", "last_word_at") if getattr(row, name) is not None}
    conn.execute(update(CASES).where(CASES.c.number == case).values(past))
    # Those that have fired move as well, the oldest first: no two of a case may be due at the same time.
    watching = (TIMERS.c.name == "case.watch") & (TIMERS.c.reference == str(case))
    for timer in conn.execute(select(TIMERS.c.id, TIMERS.c.due_at).where(watching).order_by(TIMERS.c.due_at)).all():
        conn.execute(update(TIMERS).where(TIMERS.c.id == timer.id).values(due_at=timer.due_at - span))


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = SECONDS) -> None:
    """Wait until a condition holds; fails after ``seconds``."""
    async with asyncio.timeout(seconds):
        # The condition lies in another process: there is nothing to be told by.
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
