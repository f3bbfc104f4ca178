"""Decide: the oldest waiting events are judged in order, and all that follows is committed in one transaction."""

import asyncio
import logging
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import logs, turns
from bot.backoff import Backoff
from bot.house import House, Poll, rest
from bot.judging import Judging
from bot.lease import LeaseKeeper
from bot.respond import Responder
from bot.trouble import insist, note, over
from bot.turns import Taken, Turn
from domain.decision import Judged
from domain.errors import CounterMoved, LeaseLost, Temporary
from domain.events import Event, TimerFired
from domain.facts import Ability, World
from domain.ids import AccountId
from handlers.judge import Engine
from storage import inbox
from storage.commit import Committed, commit
from storage.database import Connection
from storage.errors import blames_database
from storage.leases import Lease
from storage.world import load_world

BATCH = 128

_log = logs.logger("decide")


@dataclass(slots=True)
class _InHand:
    """What a step has in hand, filled as it goes and so known even if loading fails.

    Engine and time are looked up after the events: what is heard after a publication is judged by what was published,
    and nothing is judged at a time before it was heard.
    """

    engine: Engine
    now: datetime
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is to be committed. ``more``: whether further events may wait already."""

    judged: Sequence[Judged]
    before: World
    engine: Engine
    now: datetime
    more: bool


class Decider:
    """One account's judgement, while this process holds its lease."""

    def __init__(
        self, house: House, account: AccountId, keeper: LeaseKeeper, abilities: frozenset[Ability], mouth: Responder
    ) -> None:
        self._house = house
        self._account = account
        self._keeper = keeper
        self._abilities = abilities
        self._mouth = mouth
        self._hint = house.wakes_of(account).decide
        self._backoff = Backoff()
        self._poll = Poll()
        self._stopping = False
        self._limit = BATCH
        self._suspects = 0
        """How many of the oldest events may hold the one that cannot be decided; 0: no suspicion."""
        self._judging = Judging(account, house.vitals)

    async def run(self) -> None:
        """Decide until `stop`; survives lost leases and any passing trouble."""
        try:
            while not self._stopping:
                lease = await self._keeper.held()
                rest_at_most = await self._try(lease)
                if rest_at_most is not None and not self._stopping:
                    await rest(self._hint, rest_at_most)
        finally:
            self._judging.close()

    def stop(self) -> None:
        """End after the batch under way."""
        self._stopping = True
        self._hint.set()

    async def _try(self, lease: Lease) -> float | None:
        """One step; None when there may be more to do at once, else how many seconds to rest at most."""
        try:
            seconds = await self._step(lease)
        except LeaseLost:
            self._keeper.lost(lease)
            return None
        except CounterMoved:
            # Another account took the same number in between; on the new facts the batch is judged anew.
            self._house.metrics.retries.labels(self._account, "counter").inc()
            await asyncio.sleep(self._backoff.next())
            return None
        except Exception as error:
            # Trouble of the database, or a fault in setting a guilty event aside: wait, and go on from the inbox.
            note(self._house, self._account, "decide", error)
            await asyncio.sleep(self._backoff.next())
            return None
        self._backoff.reset()
        return seconds

    async def _step(self, lease: Lease) -> float | None:
        house, started = self._house, time.perf_counter()
        hand = _InHand(house.engine, house.clock())
        # What is heard from here on hints anew; what was heard before is seen below.
        self._hint.clear()
        try:
            world, again_at = await house.database.read(_load, hand, house, self._account, self._limit, self._abilities)
            if not hand.events:
                self._cleared(self._suspects)
                return self._idle_seconds(again_at, hand.now)
            judged = await self._judging.judge(hand.engine, world, hand.events, hand.now)
            more = len(hand.events) == self._limit or self._suspects > 0
            committed, again_at = await self._commit(lease, _Batch(judged, world, hand.engine, hand.now, more))
        except (LeaseLost, CounterMoved, Temporary):
            raise
        except Exception as error:
            if blames_database(error):
                raise
            await self._suspect(lease, hand.events, error)
            return None
        self._done(judged, committed, started)
        return None if more or self._hint.is_set() else self._idle_seconds(again_at, house.clock())

    async def _commit(self, lease: Lease, batch: _Batch) -> tuple[Committed, datetime | None]:
        """Commit, and in the same transaction begin what may be said at once, if the responder has a turn to lend."""
        write, turn = self._house.database.write, None
        try:
            async with self._mouth.lend(lease) as turn:
                committed, again_at, taken = await write(_finish, lease, batch, turn)
                self._mouth.took(taken)
        except (LeaseLost, CounterMoved, Temporary):
            raise
        except Exception:
            if turn is None:
                raise
            # Whose fault it is, the decision's or the turn's, shows when each is tried alone.
            committed, again_at, taken = await write(_finish, lease, batch, None)
        told = committed.accounts if taken is None else committed.accounts - {lease.account}
        for account in told:
            self._house.wakes_of(account).respond.set()
        return committed, again_at

    def _idle_seconds(self, again_at: datetime | None, now: datetime) -> float:
        poll = self._poll.next()
        return poll if again_at is None else min(max((again_at - now).total_seconds(), 0.01), poll)

    async def _suspect(self, lease: Lease, taken: Sequence[Event], error: Exception) -> None:
        """Something in this batch cannot be decided: halve it until one event is left, and put that one aside."""
        trace = "".join(traceback.format_exception(error))
        if not taken:
            logs.line(_log, "unreadable inbox", logging.ERROR, trace=True, account=self._account)
            await asyncio.sleep(self._backoff.next())
            return
        if len(taken) > 1:
            self._suspects, self._limit = len(taken), len(taken) // 2
            logs.line(_log, "split", logging.WARNING, trace=True, account=self._account, events=len(taken))
            return
        guilty = taken[0].id
        now = self._house.clock()
        await insist(
            self._house,
            self._account,
            "decide",
            lambda: self._house.database.write(inbox.fail, lease, guilty, trace, now),
        )
        self._cleared(self._suspects)
        self._judging.forget(guilty)
        self._house.metrics.decided.labels(self._account, "failed").inc()
        logs.line(_log, "failed", logging.ERROR, trace=True, account=self._account, event=guilty)

    def _cleared(self, events: int) -> None:
        self._suspects = max(self._suspects - events, 0)
        if self._suspects == 0:
            self._limit = BATCH

    def _done(self, judged: Sequence[Judged], committed: Committed, started: float) -> None:
        house, account = self._house, self._account
        over(house, account, "decide")
        self._cleared(len(judged))
        self._poll.busy()
        house.wakes_of(account).time.set()
        metrics = house.metrics
        metrics.decided.labels(account, "decided").inc(committed.decided)
        metrics.decided.labels(account, "deferred").inc(committed.deferred)
        metrics.batch.labels(account).observe(len(judged))
        metrics.deciding.labels(account).observe(time.perf_counter() - started)
        ms = logs.milliseconds(started)
        for one in judged:
            self._tell(one, ms, len(judged))
            if isinstance(one.event, TimerFired):
                house.timer_fired(account, one.event)

    def _tell(self, one: Judged, ms: float, batch: int) -> None:
        decision = one.decision
        for trace in decision.errors:
            self._house.metrics.decided.labels(self._account, "handler_error").inc()
            logs.line(_log, "handler raised", logging.ERROR, event=one.event.id, traceback=trace)
        logs.line(
            _log,
            "event",
            account=self._account,
            event=one.event.id,
            room=one.event.room_id,
            kind=type(one.event).__name__,
            outcome="deferred" if decision.defer_until is not None else "decided",
            levels=",".join(f"{f.rule}:{f.level}" for f in decision.findings if f.level != "none"),
            out=len(decision.outward),
            simulated=len(decision.simulated),
            inward=len(decision.inward),
            batch=batch,
            ms=ms,
        )


def _load(
    conn: Connection, hand: _InHand, house: House, account: AccountId, limit: int, abilities: frozenset[Ability]
) -> tuple[World, datetime | None]:
    """Fill ``hand``, and return the world; where nothing waits, the next deferred time instead."""
    hand.events = inbox.take(conn, account, hand.now, limit)
    if not hand.events:
        return World(), inbox.next_deferred(conn, account)
    hand.engine, hand.now = house.engine, house.clock()
    return load_world(conn, account, hand.events, hand.now, hand.engine.book.staff_rooms, abilities), None


def _finish(
    conn: Connection, lease: Lease, batch: _Batch, turn: Turn | None
) -> tuple[Committed, datetime | None, Taken | None]:
    """Commit; where no more waited, also the next deferred time, so that no look of its own is needed to rest."""
    committed = _commit(conn, lease, batch.judged, batch.before, batch.engine, batch.now)
    taken: Taken | None = None
    if turn is not None and (turn.wanted or lease.account in committed.accounts):
        taken = turns.advance(conn, lease, turn, held=committed.held, checked=True)
    return committed, None if batch.more else inbox.next_deferred(conn, lease.account), taken


def _commit(
    conn: Connection, lease: Lease, judged: Sequence[Judged], before: World, engine: Engine, now: datetime
) -> Committed:
    engagement = engine.book.policy.engagement
    hold, window = timedelta(seconds=engagement.merge_hold), timedelta(seconds=engagement.merge_window)
    return commit(conn, lease, judged, before, engine.book.revision, now, hold, window)
