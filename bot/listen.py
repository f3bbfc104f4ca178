"""Listen: what a channel hears is committed to the inbox in its order, in batches of what is at hand."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot import logs
from bot.backoff import Backoff
from bot.channels.port import Channel, ChannelEvent, Gap, Health, Heard
from bot.house import House
from bot.trouble import insist
from domain.errors import Temporary
from domain.ids import AccountId, EventId
from domain.incoming import IncomingKind
from storage import gaps, inbox
from storage.database import Connection
from storage.errors import blames_database

BATCH = 128
QUEUE = 1024
"""What may wait between the channel and the inbox; beyond it the channel has to wait."""
COLLECT_SECONDS = 0.004
"""In lively times so long is waited for more: all that follows for many costs little more than for one."""
LIVELY_SECONDS = 0.05
"""What is heard so soon after something else is lively; one who speaks alone need not wait for others."""

_log = logs.logger("listen")


class Listener:
    """One channel's ear. Runs from start to end of the process, whoever holds the account.

    ``on_health`` is called with every change of health before anything heard after it is committed, and returns the
    account that what follows belongs to; None while nobody is logged in. ``missed`` tells what of a gap is to be
    recorded, None for nothing of it.
    """

    def __init__(
        self,
        house: House,
        channel: Channel,
        on_health: Callable[[Health], Awaitable[AccountId | None]],
        missed: Callable[[Connection, AccountId, Gap], Gap | None],
    ) -> None:
        self._house = house
        self._channel = channel
        self._on_health = on_health
        self._missed = missed
        self._account: AccountId | None = None
        self._queue: asyncio.Queue[ChannelEvent] = asyncio.Queue(QUEUE)
        self._heard_at = -LIVELY_SECONDS
        """When the last batch began (`time.monotonic`)."""

    async def run(self) -> None:
        """Hear and commit, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hear())
            group.create_task(self._commit_all())

    async def _hear(self) -> None:
        """Fill the queue; a channel that fails or ends is listened to again, and the silence between is a gap."""
        backoff = Backoff(first=0.5, most=30.0)
        silent_since: datetime | None = None
        while True:
            try:
                async for event in self._channel.listen():
                    if silent_since is not None:
                        await self._queue.put(Gap(silent_since, self._house.clock(), "the channel failed"))
                        silent_since = None
                    backoff.reset()
                    await self._queue.put(event)
                logs.line(_log, "ended", channel=self._channel.name)
            except Exception as error:
                # A fault of the channel's own code: the bot must not go deaf because of one.
                logs.line(
                    _log,
                    "failed",
                    logging.ERROR,
                    trace=True,
                    channel=self._channel.name,
                    outcome=type(error).__name__,
                )
            silent_since = silent_since or self._house.clock()
            await asyncio.sleep(backoff.next())

    async def _commit_all(self) -> None:
        while True:
            for part in _runs(await self._at_hand()):
                if isinstance(part, Health):
                    self._account = await self._on_health(part)
                elif isinstance(part, Gap):
                    await self._gap(part)
                else:
                    await self._commit(part)

    async def _at_hand(self) -> list[ChannelEvent]:
        events = [await self._queue.get()]
        before, self._heard_at = self._heard_at, time.monotonic()
        if self._heard_at - before < LIVELY_SECONDS and self._queue.qsize() < BATCH - 1:
            await asyncio.sleep(COLLECT_SECONDS)
        while len(events) < BATCH and not self._queue.empty():
            events.append(self._queue.get_nowait())
        return events

    async def _commit(self, heard: Sequence[Heard]) -> None:
        account = self._account
        while account is None:
            # Something was heard before a login was told; the channel's present health knows who is logged in.
            account = self._account = await self._on_health(self._channel.health)
            if account is None:
                await asyncio.sleep(0.2)
        ids = await insist(self._house, account, "listen", lambda: self._receive_split(account, heard))
        wakes = self._house.wakes_of(account)
        wakes.decide.set()
        if any(one.incoming.kind is IncomingKind.UNREADABLE for one in heard):
            wakes.refetch.set()
        self._count(account, heard, ids)
        for one, event_id in zip(heard, ids, strict=True):
            await self._acknowledge(one, event_id)

    async def _receive_split(self, account: AccountId, heard: Sequence[Heard]) -> list[EventId | None]:
        """Commit a batch; a value that storage cannot hold is left out alone, with its kind and traceback logged."""
        try:
            return await self._house.database.write(_receive, account, heard, self._house.clock())
        except Exception as error:
            if isinstance(error, Temporary) or blames_database(error):
                raise
            if len(heard) > 1:
                half = len(heard) // 2
                first = await self._receive_split(account, heard[:half])
                return first + await self._receive_split(account, heard[half:])
            kind = heard[0].incoming.kind
            logs.line(_log, "unfit", logging.ERROR, trace=True, account=account, kind=kind, outcome="dropped")
            return [None]

    def _count(self, account: AccountId, heard: Sequence[Heard], ids: Sequence[EventId | None]) -> None:
        metrics, now = self._house.metrics, self._house.clock()
        window = metrics.window.labels(account)
        new = 0
        for one, event_id in zip(heard, ids, strict=True):
            window.observe(max((now - one.heard_at).total_seconds(), 0.0))
            new += event_id is not None
        metrics.received.labels(account, "new").inc(new)
        metrics.received.labels(account, "duplicate").inc(len(ids) - new)
        longest = max((now - one.heard_at).total_seconds() for one in heard)
        logs.line(
            _log,
            "commit",
            account=account,
            events=new,
            duplicates=len(ids) - new,
            first=next((i for i in ids if i is not None), ""),
            last=next((i for i in reversed(ids) if i is not None), ""),
            window_ms=round(longest * 1000, 1),
        )

    async def _acknowledge(self, heard: Heard, event_id: EventId | None) -> None:
        try:
            await self._channel.committed(heard, event_id is None)
        except Exception as error:
            # It is safe in the inbox; a channel that cannot say so to its platform hears it again and we know it then.
            logs.line(_log, "acknowledge", logging.WARNING, event=event_id, outcome=type(error).__name__)

    async def _gap(self, gap: Gap) -> None:
        account = self._account
        if account is None:
            return
        write = self._house.database.write
        missed = await insist(self._house, account, "listen", lambda: write(self._record_gap, account, gap))
        if missed is None:
            return
        self._house.metrics.gaps.labels(account).inc()
        seconds = round((missed.ended_at - missed.started_at).total_seconds(), 1)
        logs.line(_log, "gap", logging.WARNING, account=account, seconds=seconds, reason=missed.reason)

    def _record_gap(self, conn: Connection, account: AccountId, gap: Gap) -> Gap | None:
        missed = self._missed(conn, account, gap)
        if missed is not None:
            gaps.record_gap(conn, account, missed.started_at, missed.ended_at, missed.reason)
        return missed


def _runs(events: Sequence[ChannelEvent]) -> list[Sequence[Heard] | Gap | Health]:
    """The same events in order, with neighbouring heard ones put together."""
    parts: list[Sequence[Heard] | Gap | Health] = []
    run: list[Heard] = []
    for event in events:
        if isinstance(event, Heard):
            run.append(event)
            continue
        if run:
            parts.append(run)
            run = []
        parts.append(event)
    if run:
        parts.append(run)
    return parts


def _receive(conn: Connection, account: AccountId, heard: Sequence[Heard], now: datetime) -> list[EventId | None]:
    return inbox.receive(conn, account, [one.incoming for one in heard], now, [one.heard_at for one in heard])
