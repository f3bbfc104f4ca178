"""Respond: what was decided goes out, strictly in order within a lane, at once across lanes, under the send budget."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bot import calls, logs, turns
from bot.allowance import Allowance
from bot.backoff import Backoff
from bot.channels.port import Channel, Login, Outcome, Receipt
from bot.house import House, Poll, rest
from bot.lease import LeaseKeeper
from bot.trouble import insist, note, over
from bot.turns import Taken, Turn
from domain.budget import SendRule
from domain.errors import LeaseLost
from domain.ids import AccountId
from storage import outbox
from storage.leases import Lease
from storage.outbox import Call, Settlement, Skipped

AT_ONCE = 256
"""Calls under way at the same time, each in a lane of its own; hanging ones use up places, so there are many."""
OWN_CALLS_SECONDS = 5.0
"""After the lease was lost and won again, own calls still under way get this long to end before they are doubtful."""
GATHER_SECONDS = 0.025
"""How long the end of a call waits for the ends of others, or for a decision: one transaction records them all."""
CROWD_SECONDS = 0.01
"""The same where others wait in line behind it."""
IN_LINE = timedelta(milliseconds=50)
"""What goes so long after it was decided has waited in line."""

_log = logs.logger("respond")


class Responder:
    """One account's mouth, while this process holds its lease."""

    def __init__(self, house: House, account: AccountId, channel: Channel, keeper: LeaseKeeper, rule: SendRule) -> None:
        self._house = house
        self._account = account
        self._channel = channel
        self._keeper = keeper
        self._allowance = Allowance(house, rule)
        self._wakes = house.wakes_of(account)
        self._calling = house.metrics.calling.labels(account)
        self._calls: set[asyncio.Task[None]] = set()
        self._ended: list[tuple[Call, Receipt]] = []
        self._settlements: list[Settlement] = []
        self._gather = GATHER_SECONDS
        self._ended_at = 0.0
        """When the first of those ended whose outcome nobody is recording yet (`time.monotonic`)."""
        self._nudging: asyncio.TimerHandle | None = None
        self._poll = Poll()
        self._fence: int | None = None
        self._under_way: set[int] = set()
        """Rows whose call has begun and whose outcome is not on record yet."""
        self._unsure = False
        """Whether a transaction may have been committed although it seemed to fail."""
        self._turning = asyncio.Lock()
        """Held while a turn is taken, here or by the decider: never two side by side."""
        self._stopping = False

    async def run(self) -> None:
        """Send until `stop`; survives lost leases and any passing trouble."""
        backoff = Backoff()
        while not self._stopping:
            lease = await self._keeper.held()
            try:
                async with self._turning:
                    more, until = await self._step(lease)
            except LeaseLost:
                self._keeper.lost(lease)
            except Exception as error:
                self._unsure = True
                note(self._house, self._account, "respond", error)
                await asyncio.sleep(backoff.next())
            else:
                backoff.reset()
                if not more:
                    await self._rest(until)

    @property
    def busy(self) -> bool:
        """Whether a turn is being taken, calls are under way, or their outcomes still unwritten."""
        return bool(self._turning.locked() or self._calls or self._ended or self._settlements)

    async def stop(self, seconds: float) -> None:
        """Begin no more calls, wait so long for those under way, and record how they ended."""
        self._stopping = True
        self._wakes.respond.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._turning:
                # A turn that is being taken may still begin some.
                pass
        if self._calls:
            await asyncio.wait(self._calls, timeout=seconds)
        for task in self._calls:
            task.cancel()
        async with self._turning:
            await self._settle()

    # ---- a turn in the decider's transaction ------------------------------------------------------------------------

    @asynccontextmanager
    async def lend(self, lease: Lease) -> AsyncIterator[Turn | None]:
        """A turn that the decider may take in the transaction of its decision (`took`); None where none may be taken.

        If the block raises, nobody knows whether the turn was committed: what it marked is looked for and waits again.
        """
        if self._stopping or self._unsure or self._turning.locked() or self._fence != lease.fence:
            yield None
            return
        async with self._turning:
            now = self._house.clock()
            self._take_in(now)
            places = self._places(now)
            if places == 0:
                yield None
                return
            wanted = bool(self._settlements) or self._wakes.respond.is_set()
            # What wakes us from here on is seen by the next turn; what did before, by this one.
            self._wakes.respond.clear()
            try:
                yield self._turn(now, places, wanted)
            except BaseException:
                self._unsure = True
                self._wakes.respond.set()
                raise

    def took(self, taken: Taken | None) -> None:
        """The decision is committed, and with it the turn lent for it; None: it was not taken."""
        if taken is None:
            return
        if self._follow(taken) or self._allowance.limited:
            self._wakes.respond.set()
        elif taken.again_at is not None:
            ahead = (taken.again_at - self._house.clock()).total_seconds()
            asyncio.get_running_loop().call_later(max(ahead, 0.005), self._wakes.respond.set)

    # ---- one round ------------------------------------------------------------------------------------------------

    async def _step(self, lease: Lease) -> tuple[bool, datetime | None]:
        """Whether there may be more to do at once, and until when to rest if not (None: until woken)."""
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
            return False, self._allowance.free_at(now)
        if not hinted and not self._settlements:
            # Only looking: the right to write is not asked for, so that an idle account disturbs nobody.
            heads, again_at = await self._house.database.read(turns.look, self._account, now)
            if not heads:
                return False, again_at
        taken = await self._house.database.write(turns.advance, lease, self._turn(now, places))
        over(self._house, self._account, "respond")
        # A skipped row uncovers the next one of its lane at once; otherwise a call's end or a decision wakes us.
        return self._follow(taken), taken.again_at

    async def _take_over(self, lease: Lease) -> None:
        """What an earlier holder left in the middle of its call is doubtful now, but not what we are calling still."""
        if self._calls:
            await asyncio.wait(self._calls, timeout=OWN_CALLS_SECONDS)
            await self._settle()
        budget, abandoned = await self._house.database.write(turns.take_over, lease, self._house.clock())
        self._allowance.stored(budget)
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
        return self._allowance.places(now, AT_ONCE - len(self._calls))

    async def _rest(self, until: datetime | None) -> None:
        if self._stopping:
            return
        poll = self._poll.next()
        ahead = (until - self._house.clock()).total_seconds() if until is not None else poll
        if await rest(self._wakes.respond, min(max(ahead, 0.005), poll)):
            # The next step begins at once, without looking first.
            self._wakes.respond.set()

    def _turn(self, now: datetime, places: int, wanted: bool = True) -> Turn:
        settlements = tuple(self._settlements)
        budget, moved = self._allowance.state, self._allowance.moved
        return Turn(now, settlements, places, budget, moved, self._house.time_zone, wanted)

    def _follow(self, taken: Taken) -> bool:
        """Do what a committed turn has begun; true when a skipped row may have uncovered another one."""
        self._allowance.stored(taken.budget)
        self._poll.busy()
        self._settled()
        skipped = False
        for one in taken.begun:
            if isinstance(one, Skipped):
                self._skipped(one)
                skipped = True
            else:
                self._begin(one)
        return skipped

    def _settled(self) -> None:
        if self._settlements:
            self._under_way -= {one.outbox_id for one in self._settlements}
            self._settlements = []

    async def _settle(self) -> None:
        """Record outcomes alone."""
        self._take_in(self._house.clock())
        if not self._settlements:
            return
        turn, write = self._turn(self._house.clock(), 0), self._house.database.write
        await insist(self._house, self._account, "respond", lambda: write(turns.settle, self._account, turn))
        self._settled()

    def _take_in(self, now: datetime) -> None:
        """Turn receipts into settlements. Only here and in `_follow`, never side by side, does the budget change."""
        ended, self._ended = self._ended, []
        for call, receipt in ended:
            if receipt.outcome is Outcome.THROTTLED:
                self._pause(now)
            self._settlements.append(calls.settlement(call, receipt, now, self._allowance.state.paused_until))

    def _pause(self, now: datetime) -> None:
        why, until = self._allowance.pause(now), self._allowance.state.paused_until
        logs.line(_log, "throttled", logging.WARNING, account=self._account, until=until, why=why)

    def _skipped(self, row: Skipped) -> None:
        self._house.metrics.calls.labels(self._account, str(row.state)).inc()
        logs.line(_log, "skip", account=self._account, out=row.id, outcome=row.state, reason=row.reason)

    # ---- one call -------------------------------------------------------------------------------------------------

    def _begin(self, call: Call) -> None:
        self._allowance.draw()
        in_line = self._house.clock() - call.created_at > IN_LINE
        self._gather = CROWD_SECONDS if in_line else GATHER_SECONDS
        self._under_way.add(call.id)
        task = asyncio.create_task(self._call(call))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _call(self, call: Call) -> None:
        started = time.perf_counter()
        receipt = await self._perform(call)
        self._ended.append((call, receipt))
        if len(self._ended) == 1:
            self._ended_at = time.monotonic()
            if self._nudging is None:
                self._nudge_in(self._gather)
        self._house.metrics.calls.labels(self._account, str(receipt.outcome)).inc()
        self._calling.observe(time.perf_counter() - started)
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

    def _nudge_in(self, seconds: float) -> None:
        self._nudging = asyncio.get_running_loop().call_later(seconds, self._nudge)

    def _nudge(self) -> None:
        """What has ended long enough ago shall be recorded, unless a decision has done so or is about to."""
        self._nudging = None
        if not self._ended and not self._settlements:
            return
        ahead = self._gather if self._turning.locked() else self._ended_at + self._gather - time.monotonic()
        if ahead > 0:
            self._nudge_in(ahead)
        else:
            self._wakes.respond.set()

    async def _perform(self, call: Call) -> Receipt:
        return await calls.perform(self._channel, self._account, call, self._house.folder)
