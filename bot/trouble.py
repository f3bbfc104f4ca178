"""Work that must succeed in the end: passing trouble is waited out, shown on `/readyz`, and never costs an event."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot import logs
from bot.backoff import Backoff
from bot.house import House
from domain.errors import Temporary
from domain.ids import AccountId

T = TypeVar("T")

_log = logs.logger("trouble")


def note(house: House, account: AccountId, part: str, error: Temporary) -> None:
    """Count a passing trouble and turn `/readyz` red; the log has one line for its beginning."""
    house.metrics.retries.labels(account, part).inc()
    if house.vitals.trouble("database", str(error)):
        logs.line(_log, "begin", logging.ERROR, account=account, by=part, reason=error)


def over(house: House, account: AccountId, part: str) -> None:
    """The database answered again."""
    if house.vitals.well("database"):
        logs.line(_log, "end", account=account, by=part, outcome="ok")


async def insist(house: House, account: AccountId, part: str, work: Callable[[], Awaitable[T]]) -> T:
    """Do ``work`` until it does not raise `Temporary`, with growing waits and without limit."""
    backoff = Backoff()
    while True:
        try:
            result = await work()
        except Temporary as error:
            note(house, account, part, error)
            await asyncio.sleep(backoff.next())
        else:
            over(house, account, part)
            return result
