"""What stories look up in the bot's own record, and how takeovers and draws grow older than a test takes.

To grow older is to have everything on record about it, its timers included, moved into the past: then its time comes
by itself, in the running process.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Table, select, update
from sqlalchemy.sql import ColumnElement

from domain.facts import SendState
from storage.database import Connection, Database
from storage.tables.engagement import DRAWS, ENTRIES
from storage.tables.order import CASES
from storage.tables.path import MESSAGES, TIMERS
from storage.views_audit import AuditView, audit_log
from storage.views_decisions import decisions
from storage.views_sends import SendView, sends

SECONDS = 30.0
P = ParamSpec("P")
T = TypeVar("T")


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = SECONDS) -> None:
    """Wait until a condition holds; fails after ``seconds``."""
    async with asyncio.timeout(seconds):
        # The condition lies in another process: there is nothing to be told by.
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.1)


# ---- what is on record -----------------------------------------------------------------------------------------------


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


# ---- growing older ---------------------------------------------------------------------------------------------------


async def takeover_grows_older(url: str, case: int, minutes: float) -> None:
    """A takeover has lasted so many minutes longer, without a word of the agent's."""
    about = {CASES: (CASES.c.number == case, ("taken_at", "last_word_at"))}
    await _grow_older(url, about, _timers("case.watch", case), timedelta(minutes=minutes))


async def draw_grows_older(url: str, number: int, minutes: float) -> None:
    """A draw was opened, and everybody entered it, so many minutes earlier."""
    about = {
        DRAWS: (DRAWS.c.number == number, ("opened_at", "closes_at")),
        ENTRIES: (ENTRIES.c.draw_number == number, ("at",)),
    }
    await _grow_older(url, about, _timers("draw.close", number), timedelta(minutes=minutes))


async def messages_grow_older(url: str, minutes: float) -> None:
    """Everything that was said was said so many minutes earlier."""
    about = {MESSAGES: (MESSAGES.c.event_id > 0, ("at",))}
    await _grow_older(url, about, _timers("none", 0), timedelta(minutes=minutes))


def _timers(name: str, reference: int) -> ColumnElement[bool]:
    return (TIMERS.c.name == name) & (TIMERS.c.reference == str(reference))


_About = Mapping[Table, tuple[ColumnElement[bool], Iterable[str]]]


async def _grow_older(url: str, about: _About, timers: ColumnElement[bool], span: timedelta) -> None:
    def move(conn: Connection) -> None:
        for table, (rows, columns) in about.items():
            for row in conn.execute(select(table).where(rows)).all():
                past = {name: getattr(row, name) - span for name in columns if getattr(row, name) is not None}
                conn.execute(update(table).where(*_this(table, row)).values(past))
        # Those that have fired move as well, the oldest first: no two may be due at the same time.
        for row in conn.execute(select(TIMERS).where(timers).order_by(TIMERS.c.due_at)).all():
            conn.execute(update(TIMERS).where(*_this(TIMERS, row)).values(due_at=row.due_at - span))

    async with _opened(url) as database:
        await database.write(move)


def _this(table: Table, row: Any) -> list[ColumnElement[bool]]:
    return [column == getattr(row, column.name) for column in table.primary_key]
