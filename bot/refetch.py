"""Messages that came without their content are fetched again, with growing waits, until they can be read."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot import logs
from bot.channels.port import Channel
from bot.house import House, rest
from bot.lease import LeaseKeeper
from bot.trouble import insist, note
from domain.ids import AccountId
from domain.incoming import Incoming
from storage import inbox
from storage.inbox import Unreadable

WAITS = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 60, 300, 900, 3600))
GIVE_UP = timedelta(days=2)
"""After this a message stays in the list of unreadable ones and is not asked for any more."""
LOOK_SECONDS, IDLE_SECONDS = 2.0, 30.0

_log = logs.logger("refetch")


def due(row: Unreadable, now: datetime) -> bool:
    """Whether it is time to ask again: the wait grows with the tries so far, counted from the reception."""
    waited = sum(WAITS[: row.tries + 1], timedelta())
    beyond = max(row.tries + 1 - len(WAITS), 0) * WAITS[-1]
    age = now - row.received_at
    return waited + beyond <= age < GIVE_UP


class Refetcher:
    """One account's second attempts, done by the process that holds it."""

    def __init__(self, house: House, account: AccountId, channel: Channel, keeper: LeaseKeeper) -> None:
        self._house = house
        self._account = account
        self._channel = channel
        self._keeper = keeper
        self._hint = house.wakes_of(account).refetch

    async def run(self) -> None:
        """Look for unreadable messages that are due, until cancelled."""
        while True:
            await self._keeper.held()
            try:
                rows = await self._house.database.read(inbox.list_unreadable, self._account)
            except Exception as error:
                note(self._house, self._account, "refetch", error)
                rows = []
            for row in rows:
                if due(row, self._house.clock()):
                    await self._again(row)
            # Without any only a newly heard one matters, and it comes with a hint.
            await rest(self._hint, LOOK_SECONDS if rows else IDLE_SECONDS)
            await asyncio.sleep(LOOK_SECONDS / 4)

    async def _again(self, row: Unreadable) -> None:
        write, now = self._house.database.write, self._house.clock()
        incoming = await self._fetch(row)
        if incoming is None:
            await self._insist(lambda: write(inbox.unreadable_again, row.event_id))
            logs.line(_log, "again", event=row.event_id, tries=row.tries + 1, outcome="unreadable")
            return
        await self._insist(lambda: write(inbox.replace_unreadable, self._account, row.event_id, incoming, now))
        self._house.wakes_of(self._account).decide.set()
        logs.line(_log, "again", event=row.event_id, tries=row.tries + 1, outcome="read")

    async def _fetch(self, row: Unreadable) -> Incoming | None:
        try:
            return await self._channel.refetch(row.external_id)
        except Exception as error:
            logs.line(_log, "failed", logging.WARNING, event=row.event_id, outcome=type(error).__name__)
            return None

    async def _insist(self, work: Callable[[], Awaitable[object]]) -> None:
        await insist(self._house, self._account, "refetch", work)
