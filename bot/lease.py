"""One process holds an account at a time: takes its lease, renews it, and tells the others when it is lost."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import logs, trouble
from bot.backoff import Backoff
from bot.house import House
from domain.errors import Temporary
from domain.ids import AccountId
from storage import leases
from storage.database import Connection
from storage.leases import Lease

TTL = timedelta(seconds=15)
"""After this without renewal another process may take the account."""
RENEW_SECONDS = TTL.total_seconds() / 3
ASK_SECONDS = 1.0

_log = logs.logger("lease")


class LeaseKeeper:
    """Runs until cancelled; `held` waits until this process holds the account.

    ``on_gain`` is done in the transaction that takes the lease.
    """

    def __init__(
        self, house: House, account: AccountId, name: str, on_gain: Callable[[Connection], None] = lambda conn: None
    ) -> None:
        self.fence = 0
        """The number of the last lease that this process had; 0 for none yet."""
        self._house = house
        self._account = account
        self._part = f"lease {name}"
        self._on_gain = on_gain
        self._lease: Lease | None = None
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._gained = asyncio.Event()
        self._dropped = asyncio.Event()

    @property
    def current(self) -> Lease | None:
        """The lease as far as this process knows; storage checks it again in every commit."""
        return self._lease

    async def held(self) -> Lease:
        """The lease, as soon as there is one."""
        while self._lease is None:
            await self._gained.wait()
        return self._lease

    def lost(self, lease: Lease) -> None:
        """Storage refused this lease: another process holds the account. The keeper asks for it again."""
        if self._lease is lease:
            self._drop("lost")

    def expect(self) -> None:
        """From now on the process is not ready without this lease."""
        self._house.vitals.trouble(self._part, "not held yet")

    def want(self) -> None:
        """Ask for the lease, as from the beginning."""
        self._wanted.set()

    def leave(self) -> None:
        """Leave the account to others until `want`: another connection hears it and speaks for it.

        Two processes, one with the connection and the other with the lease, would wait for each other for ever.
        """
        self._wanted.clear()
        self._dropped.set()

    async def run(self) -> None:
        """Ask for the lease while it is wanted and renew it, for ever."""
        backoff = Backoff(first=0.1)
        while True:
            self._dropped.clear()
            try:
                wait = await self._step()
            except Exception as error:
                # Without the database nobody else can take the lease either; the fence decides in the end.
                trouble.note(self._house, self._account, "lease", error)
                wait = backoff.next()
            else:
                trouble.over(self._house, self._account, "lease")
                backoff.reset()
            await _sleep_unless(self._dropped, wait)

    async def _step(self) -> float:
        if not self._wanted.is_set():
            await self.release(self._house.clock())
            await self._wanted.wait()
        return await (self._renew(self._lease) if self._lease is not None else self._acquire())

    async def _acquire(self) -> float:
        house = self._house
        lease = await house.database.write(self._take)
        if lease is None:
            house.vitals.trouble(self._part, "another process holds the account")
            return ASK_SECONDS
        self._lease, self.fence = lease, lease.fence
        self._gained.set()
        house.vitals.well(self._part)
        house.metrics.leases.labels(self._account).set(1)
        logs.line(_log, "acquire", account=self._account, fence=lease.fence, outcome="held")
        return RENEW_SECONDS

    def _take(self, conn: Connection) -> Lease | None:
        lease = leases.acquire(conn, self._account, self._house.holder, self._house.clock(), TTL)
        if lease is not None:
            self._on_gain(conn)
        return lease

    async def _renew(self, lease: Lease) -> float:
        if await self._house.database.write(leases.renew, lease, self._house.clock(), TTL):
            return RENEW_SECONDS
        self.lost(lease)
        return 0.0

    async def release(self, alive_until: datetime) -> None:
        """Give the account back, so that another process need not wait; it was heard until ``alive_until``."""
        lease = self._lease
        if lease is None:
            return
        self._drop("released")
        try:
            await self._house.database.write(leases.release, lease, alive_until)
        except Temporary:
            logs.line(_log, "release", account=self._account, outcome="left to run out")

    def _drop(self, outcome: str) -> None:
        lease, self._lease = self._lease, None
        self._gained.clear()
        self._dropped.set()
        self._house.vitals.trouble(self._part, f"the lease was {outcome}")
        self._house.metrics.leases.labels(self._account).set(0)
        logs.line(_log, "drop", account=self._account, fence=lease.fence if lease else 0, outcome=outcome)


async def _sleep_unless(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
