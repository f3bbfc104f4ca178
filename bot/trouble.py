"""Work that must succeed in the end: trouble is waited out, shown on `/readyz`, and never costs an event."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot import logs
from bot.backoff import Backoff
from bot.house import House
from domain.errors import LeaseLost, StewardError, Temporary
from domain.ids import AccountId

T = TypeVar("T")

_log = logs.logger("trouble")


def note(house: House, account: AccountId, part: str, error: Exception) -> None:
    """Count a trouble and turn `/readyz` red; the log has one line for its beginning.

    What Steward can explain is shown in its words; of anything else only the kind, because a driver's message may
    hold the values of a statement, and its traceback goes to the log.
    """
    house.metrics.retries.labels(account, part).inc()
    explained = isinstance(error, StewardError)
    reason = str(error) if explained else f"{part}: {type(error).__name__}"
    if house.vitals.trouble("database", reason):
        trace = not isinstance(error, Temporary)
        logs.line(_log, "begin", logging.ERROR, trace=trace, account=account, by=part, reason=reason)


def over(house: House, account: AccountId, part: str) -> None:
    """The database answered again."""
    if house.vitals.well("database"):
        logs.line(_log, "end", account=account, by=part, outcome="ok")


async def insist(house: House, account: AccountId, part: str, work: Callable[[], Awaitable[T]]) -> T:
    """Do ``work`` until it works, with growing waits and without limit. Only `LeaseLost` comes out of it."""
    backoff = Backoff()
    while True:
        try:
            result = await work()
        except LeaseLost:
            raise
        except Exception as error:
            note(house, account, part, error)
            await asyncio.sleep(backoff.next())
        else:
            over(house, account, part)
            return result
