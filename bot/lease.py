"""One process holds an account at a time: takes its lease, renews it, and tells the others when it is lost."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import logs, trouble
from bot.backoff import Backoff
from bot.channels.port import Login
from bot.house import House
from domain.errors import Temporary
from domain.ids import AccountId
from storage import accounts, leases
from storage.database import Connection
from storage.leases import Lease

TTL = timedelta(seconds=15)
"""After this without renewal another process may take the account."""
RENEW_SECONDS = TTL.total_seconds() / 3
ASK_SECONDS = 1.0
AFTER_YOU_SECONDS = 3 * ASK_SECONDS
"""Who has given the lease to another one's connection does not ask for so long."""

_log = logs.logger("lease")


@dataclass(frozen=True, slots=True)
class Ear:
    """Whether this process hears the account. ``tell`` writes this where other processes see it.

    ``other`` is told that another one has held the account, before this process takes it.
    """

    hears: Callable[[], bool]
    tell: Callable[[Connection], None]
    other: Callable[[Connection], None]


class LeaseKeeper:
    """Runs until cancelled; `held` waits until this process holds the account.

    The lease goes where the connection is: two processes, one with the lease and the other with the only connection
    that the platform allows, would wait for each other for ever. Without any connection it stays where it is.
    """

    def __init__(self, house: House, account: AccountId, name: str, ear: Ear) -> None:
        self.fence = 0
        """The number of the last lease that this process had; 0 for none yet."""
        self._house = house
        self._account = account
        self._part = f"lease {name}"
        self._ear = ear
        self._lease: Lease | None = None
        self._elsewhere = False
        """The account was heard by another one when this process last looked, being deaf itself."""
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

    def look(self) -> None:
        """What the channel hears has changed."""
        self._dropped.set()

    async def run(self) -> None:
        """Ask for the lease and renew it, for ever."""
        backoff = Backoff(first=0.1)
        while True:
            self._dropped.clear()
            try:
                wait = await (self._renew(self._lease) if self._lease is not None else self._acquire())
            except Exception as error:
                # Without the database nobody else can take the lease either; the fence decides in the end.
                trouble.note(self._house, self._account, "lease", error)
                wait = backoff.next()
            else:
                trouble.over(self._house, self._account, "lease")
                backoff.reset()
            await _sleep_unless(self._dropped, wait)

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
        return self._renew_seconds()

    def _take(self, conn: Connection) -> Lease | None:
        house, now = self._house, self._house.clock()
        heard = accounts.find_health(conn, self._account).login == Login.ONLINE
        if self._ear.hears() and not heard:
            # Whoever holds the account without a connection sees from this that there is one, and gives it away.
            self._ear.tell(conn)
        if leases.taken_since(conn, self._account, self.fence):
            self._ear.other(conn)
        # Another one's connection may be gone with its process: then the lease is not renewed for twice its time.
        patience = TTL if heard and not self._ear.hears() else timedelta(0)
        lease = leases.acquire(conn, self._account, house.holder, now, TTL, patience)
        if lease is not None:
            self._ear.tell(conn)
        return lease

    async def _renew(self, lease: Lease) -> float:
        # Seen twice, because this process itself may be about to hear again.
        before, self._elsewhere = self._elsewhere, not self._ear.hears() and await self._heard()
        if before and self._elsewhere:
            await self.release(self._house.clock())
            await asyncio.sleep(AFTER_YOU_SECONDS)
            return 0.0
        if await self._house.database.write(leases.renew, lease, self._house.clock(), TTL):
            return self._renew_seconds()
        self.lost(lease)
        return 0.0

    async def _heard(self) -> bool:
        """Whether anybody hears the account. What this process wrote, it has taken back before it ceased to hear."""
        health = await self._house.database.read(accounts.find_health, self._account)
        return health.login == Login.ONLINE

    def _renew_seconds(self) -> float:
        return RENEW_SECONDS if self._ear.hears() else min(ASK_SECONDS, RENEW_SECONDS)

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
