"""Respond: what was decided goes out, strictly in order within a lane, at once across lanes, under the send budget."""

import asyncio
import logging
import random
import time
from datetime import datetime, timedelta

from bot import logs
from bot.backoff import Backoff
from bot.channels.port import Channel, Login, Mentioned, Order, Outcome, Receipt
from bot.house import House, Poll, rest
from bot.lease import LeaseKeeper
from bot.trouble import insist, note, over
from domain.budget import BudgetState, SendRule, after_refusal, after_send, earliest, why_waiting
from domain.errors import LeaseLost
from domain.ids import AccountId
from storage import outbox
from storage.database import Connection
from storage.leases import Lease
from storage.outbox import Call, Settlement, Skipped

AT_ONCE = 256
"""Calls under way at the same time, each in a lane of its own; hanging ones use up places, so there are many."""
CALL_SECONDS = 130.0
"""A channel ends a call within 120 s; beyond this the outcome is unknown."""
OWN_CALLS_SECONDS = 5.0
"""After the lease was lost and won again, own calls still under way get this long to end before they are doubtful."""
GATHER_SECONDS = 0.01
"""How long the end of a call waits for the ends of others, or for a decision: one transaction records them all."""
RETRY_FIRST, RETRY_MOST = timedelta(seconds=1), timedelta(seconds=60)

_log = logs.logger("respond")


class Responder:
    """One account's mouth, while this process holds its lease."""

    def __init__(self, house: House, account: AccountId, channel: Channel, keeper: LeaseKeeper, rule: SendRule) -> None:
        self._house = house
        self._account = account
        self._channel = channel
        self._keeper = keeper
        self._rule = rule
        self._wakes = house.wakes_of(account)
        self._calls: set[asyncio.Task[None]] = set()
        self._ended: list[tuple[Call, Receipt]] = []
        self._settlements: list[Settlement] = []
        self._budget = BudgetState()
        self._budget_moved = False
        """Whether storage does not know the budget's present state yet."""
        self._jitter = random.random()  # noqa: S311 - spreads sends over time, guards nothing
        self._poll = Poll()
        self._fence: int | None = None
        self._under_way: set[int] = set()
        """Rows whose call has begun and whose outcome is not on record yet."""
        self._unsure = False
        """Whether a transaction may have been committed although it seemed to fail."""
        self._stopping = False

    async def run(self) -> None:
        """Send until `stop`; survives lost leases and any passing trouble."""
        backoff = Backoff()
        while not self._stopping:
            lease = await self._keeper.held()
            try:
                await self._step(lease)
            except LeaseLost:
                self._keeper.lost(lease)
            except Exception as error:
                self._unsure = True
                note(self._house, self._account, "respond", error)
                await asyncio.sleep(backoff.next())
            else:
                backoff.reset()

    @property
    def busy(self) -> bool:
        """Whether calls are under way or their outcomes still unwritten."""
        return bool(self._calls or self._ended or self._settlements)

    async def stop(self, seconds: float) -> None:
        """Begin no more calls, wait so long for those under way, and record how they ended."""
        self._stopping = True
        self._wakes.respond.set()
        if self._calls:
            await asyncio.wait(self._calls, timeout=seconds)
        for task in self._calls:
            task.cancel()
        await self._settle()

    # ---- one round ------------------------------------------------------------------------------------------------

    async def _step(self, lease: Lease) -> None:
        if self._fence != lease.fence:
            await self._take_over(lease)
        if self._unsure:
            await self._make_sure(lease)
        now, hinted = self._house.clock(), self._wakes.respond.is_set()
        self._wakes.respond.clear()
        self._take_in(now)
        places = self._places(now)
        if not places:
            await self._settle()
            await self._rest(self._free_at(now))
            return
        if not hinted and not self._settlements:
            # Only looking: the right to write is not asked for, so that an idle account disturbs nobody.
            heads, again_at = await self._house.database.read(_look, self._account, now)
            if not heads:
                await self._rest(again_at)
                return
        await self._advance(lease, now, places)

    async def _take_over(self, lease: Lease) -> None:
        """What an earlier holder left in the middle of its call is doubtful now, but not what we are calling still."""
        if self._calls:
            await asyncio.wait(self._calls, timeout=OWN_CALLS_SECONDS)
            await self._settle()
        self._budget, abandoned = await self._house.database.write(_take_over, lease, self._house.clock())
        self._fence = lease.fence
        if abandoned:
            logs.line(_log, "abandoned", logging.WARNING, account=self._account, calls=abandoned)

    async def _make_sure(self, lease: Lease) -> None:
        """What is marked as under way and was never called would hold its lane for ever: it waits again."""
        back = await self._house.database.write(outbox.give_back, lease, self._under_way)
        self._unsure = False
        if back:
            self._wakes.respond.set()
            logs.line(_log, "given back", logging.WARNING, account=self._account, calls=back)

    def _places(self, now: datetime) -> int:
        """How many calls may begin now."""
        if self._channel.health.login is not Login.ONLINE:
            return 0
        free = AT_ONCE - len(self._calls)
        if self._earliest(now) > now:
            return 0
        limited = self._rule.min_interval > timedelta(0) or self._rule.jitter > timedelta(0)
        return min(free, 1) if limited or self._rule.daily_cap is not None else free

    def _earliest(self, now: datetime) -> datetime:
        return earliest(now, self._budget, self._rule, self._jitter, self._house.time_zone)

    def _free_at(self, now: datetime) -> datetime | None:
        at = self._earliest(now)
        return at if at > now else None

    async def _rest(self, until: datetime | None) -> None:
        if self._stopping:
            return
        poll = GATHER_SECONDS if self._ended else self._poll.next()
        ahead = (until - self._house.clock()).total_seconds() if until is not None else poll
        if await rest(self._wakes.respond, min(max(ahead, 0.005), poll)):
            # The next step begins at once, without looking first.
            self._wakes.respond.set()

    async def _advance(self, lease: Lease, now: datetime, places: int) -> None:
        """Settle what has ended and begin what may go, in one transaction; a refused one changes nothing."""
        begun, budget, again_at = await self._house.database.write(
            _advance, lease, self._settlements, now, places, self._budget, self._budget_moved, self._house.time_zone
        )
        over(self._house, self._account, "respond")
        self._budget, self._budget_moved = budget, False
        self._poll.busy()
        self._settled()
        for one in begun:
            if isinstance(one, Skipped):
                self._skipped(one)
            else:
                self._begin(one)
        if not any(isinstance(one, Skipped) for one in begun):
            # A skipped row uncovers the next one of its lane at once; otherwise a call's end or a decision wakes us.
            await self._rest(again_at)

    def _settled(self) -> None:
        if self._settlements:
            self._under_way -= {one.outbox_id for one in self._settlements}
            self._settlements = []

    async def _settle(self) -> None:
        """Record outcomes alone: no lease is needed to say what has happened."""
        now = self._house.clock()
        self._take_in(now)
        if not self._settlements:
            return
        write = self._house.database.write
        await insist(
            self._house,
            self._account,
            "respond",
            lambda: write(_settle, self._account, self._settlements, now, self._budget),
        )
        self._settled()

    def _take_in(self, now: datetime) -> None:
        """Turn receipts into settlements. Only here and in `_advance`, never side by side, does the budget change."""
        ended, self._ended = self._ended, []
        self._settlements += [self._settlement(call, receipt, now) for call, receipt in ended]

    def _skipped(self, row: Skipped) -> None:
        self._house.metrics.calls.labels(self._account, str(row.state)).inc()
        logs.line(_log, "skip", account=self._account, out=row.id, outcome=row.state, reason=row.reason)

    # ---- one call -------------------------------------------------------------------------------------------------

    def _begin(self, call: Call) -> None:
        self._jitter = random.random()  # noqa: S311 - as above: one draw for each send
        self._under_way.add(call.id)
        task = asyncio.create_task(self._call(call))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _call(self, call: Call) -> None:
        started = time.perf_counter()
        receipt = await self._perform(call)
        self._ended.append((call, receipt))
        asyncio.get_running_loop().call_later(GATHER_SECONDS, self._wakes.respond.set)
        self._house.metrics.calls.labels(self._account, str(receipt.outcome)).inc()
        self._house.metrics.calling.labels(self._account).observe(time.perf_counter() - started)
        logs.line(
            _log,
            "call",
            logging.INFO if receipt.outcome is Outcome.SENT else logging.WARNING,
            account=self._account,
            out=call.id,
            room=call.room_id,
            kind=call.kind,
            outcome=receipt.outcome,
            reason=receipt.reason,
            attempt=call.attempts,
            ms=logs.milliseconds(started),
        )

    async def _perform(self, call: Call) -> Receipt:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await self._channel.perform(order_of(call))
        except TimeoutError:
            return Receipt(Outcome.DOUBTFUL, reason=f"no reply within {CALL_SECONDS:.0f} s")
        except Exception as error:
            # A channel that raises has broken its promise; whether the platform saw the call, nobody knows.
            logs.line(_log, "raised", logging.ERROR, trace=True, account=self._account, out=call.id)
            return Receipt(Outcome.DOUBTFUL, reason=type(error).__name__)

    def _settlement(self, call: Call, receipt: Receipt, now: datetime) -> Settlement:
        not_before: datetime | None = None
        if receipt.outcome is Outcome.THROTTLED:
            self._budget, self._budget_moved = after_refusal(now, self._budget, self._rule), True
            not_before = self._budget.paused_until
            why = why_waiting(now, self._budget, self._rule, self._jitter, self._house.time_zone)
            logs.line(_log, "throttled", logging.WARNING, account=self._account, until=not_before, why=why)
        elif receipt.outcome is Outcome.RETRY:
            not_before = now + min(RETRY_FIRST * 2 ** min(call.attempts - 1, 10), RETRY_MOST)
        outcome = outbox.Outcome(receipt.outcome.value)
        return Settlement(call.id, outcome, receipt.external_id, receipt.reason, not_before)


def order_of(call: Call) -> Order:
    """The channel's view of an outbox row whose call begins."""
    return Order(
        id=call.id,
        kind=call.kind,
        room=call.room,
        private=call.private,
        text=call.text,
        mentions=tuple(Mentioned(external_id, name) for external_id, name in call.mentions),
        member=call.member,
        member_name=call.member_name,
        reference=call.reference,
        until=call.until,
    )


def _take_over(conn: Connection, lease: Lease, now: datetime) -> tuple[BudgetState, int]:
    return outbox.budget(conn, lease.account), outbox.abandon_calls(conn, lease, now)


def _advance(
    conn: Connection,
    lease: Lease,
    settled: list[Settlement],
    now: datetime,
    places: int,
    budget: BudgetState,
    budget_moved: bool,
    time_zone: str,
) -> tuple[list[Call | Skipped], BudgetState, datetime | None]:
    begun = outbox.advance(conn, lease, settled, now, places)
    for one in begun:
        if isinstance(one, Call):
            budget, budget_moved = after_send(now, budget, time_zone), True
    if budget_moved:
        outbox.save_budget(conn, lease.account, budget)
    return begun, budget, None if begun else outbox.next_due(conn, lease.account, now)


def _look(conn: Connection, account: AccountId, now: datetime) -> tuple[bool, datetime | None]:
    """Whether anything may go, and if not, when a held lane is free again."""
    if outbox.ready(conn, account, now, 1):
        return True, None
    return False, outbox.next_due(conn, account, now)


def _settle(
    conn: Connection, account: AccountId, settled: list[Settlement], now: datetime, budget: BudgetState
) -> None:
    outbox.settle(conn, settled, now)
    outbox.save_budget(conn, account, budget)
