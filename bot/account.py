"""One channel with the account behind it: it always listens, and works for whoever is logged in."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bot import logs
from bot.absence import Absence
from bot.channels.port import Channel, Gap, Health, Login
from bot.decide import Decider
from bot.house import House
from bot.lease import Ear, LeaseKeeper
from bot.listen import Listener
from bot.refetch import Refetcher
from bot.respond import Responder
from bot.timekeeping import Timekeeper
from bot.trouble import insist
from domain.budget import SendRule
from domain.ids import AccountId
from domain.incoming import ExternalRoom
from storage import accounts, leases, rooms
from storage.database import Connection

FINISH_SECONDS = 10.0
REPLACED = "换成了另一个账号登录"

_log = logs.logger("account")


class Duty:
    """The work for one account: its lease, and who decides, responds and keeps time while it is held."""

    def __init__(self, house: House, account: AccountId, channel: Channel, rule: SendRule, ear: Ear) -> None:
        self.account = account
        self.keeper = LeaseKeeper(house, account, channel.name, ear)
        self.responder = Responder(house, account, channel, self.keeper, rule)
        self.decider = Decider(house, account, self.keeper, channel.abilities, self.responder)
        self.timekeeper = Timekeeper(house, account, self.keeper)
        self._refetcher = Refetcher(house, account, channel, self.keeper)
        self._deciding: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work."""
        self.keeper.expect()
        self._deciding = _task(self.decider.run(), f"decide-{self.account}")
        for name, work in (
            ("lease", self.keeper.run()),
            ("respond", self.responder.run()),
            ("refetch", self._refetcher.run()),
        ):
            self._tasks.append(_task(work, f"{name}-{self.account}"))

    async def stop(self, heard_until: datetime) -> None:
        """Finish the batch and the calls under way, then give the account back; it was heard until ``heard_until``."""
        self.decider.stop()
        responding = asyncio.create_task(self.responder.stop(FINISH_SECONDS))
        if self._deciding is not None:
            await asyncio.wait([self._deciding], timeout=FINISH_SECONDS)
            self._deciding.cancel()
        await asyncio.wait([responding], timeout=2 * FINISH_SECONDS)
        for task in (*self._tasks, responding):
            task.cancel()
        await asyncio.gather(*self._tasks, responding, return_exceptions=True)
        await self.keeper.release(heard_until)


@dataclass(frozen=True, slots=True)
class Seat:
    """A channel with the limits under which it sends.

    ``misses``: people go on talking there while this program does not run, and what they say then is lost to it.
    """

    channel: Channel
    rule: SendRule
    misses: bool = True


class Account:
    """Runs a channel for as long as the process lives, and its duty for the account that is logged in."""

    def __init__(self, house: House, seat: Seat) -> None:
        self.channel = seat.channel
        self.duty: Duty | None = None
        self._house = house
        self._rule = seat.rule
        self._absence = Absence(house, seat.misses)
        self._hears = False
        self._listening: asyncio.Task[None] | None = None
        self._part = f"channel {seat.channel.name}"

    async def start(self) -> None:
        """Begin to listen; the duty begins as soon as somebody is logged in."""
        self._house.vitals.trouble(self._part, "not connected yet")
        await self._on_health(self.channel.health)
        listener = Listener(self._house, self.channel, self._on_health, self._missed)
        self._listening = _task(listener.run(), f"listen-{self.channel.name}")

    async def stop(self) -> None:
        """Hear nothing more, finish what is under way, let go of the connection."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        heard_until = self._house.clock()
        if self.duty is not None:
            await self.duty.stop(heard_until)
        await self.channel.close()

    async def furnish(self) -> None:
        """The book has changed: it may name other agents' rooms."""
        duty, house = self.duty, self._house
        if duty is not None:
            await insist(house, duty.account, "account", lambda: house.database.write(self._furnish, duty.account))

    async def tick(self) -> None:
        """Once a second: timers and plans of the account."""
        if self.duty is not None:
            await self.duty.timekeeper.tick()

    async def _on_health(self, health: Health) -> AccountId | None:
        online, duty = health.login is Login.ONLINE, self.duty
        if not online:
            self._show(health)
        if not health.account_id:
            return duty.account if duty is not None else None
        account = await self._ensure(health)
        if duty is None or duty.account != account:
            duty = await self._relieve(duty, account)
        if online:
            # Not before the duty wants its lease: in between the process would look ready.
            self._show(health)
        # After it was stored: whoever holds the account goes by what others have stored.
        self._hears = online
        duty.keeper.look()
        self._house.wakes_of(account).respond.set()
        return account

    async def _relieve(self, before: Duty | None, account: AccountId) -> Duty:
        """End the duty for the account of before, and begin that for the one that is logged in now."""
        if before is not None:
            logs.line(_log, "changed", logging.WARNING, was=before.account, now=account)
            await before.stop(self._house.clock())
        tell, other = partial(self._store_health, account), partial(self._absence.other, account)
        ear = Ear(lambda: self._hears, tell, other)
        self.duty = duty = Duty(self._house, account, self.channel, self._rule, ear)
        duty.start()
        if before is not None:
            self._house.account_changed(account)
        return duty

    def _show(self, health: Health) -> None:
        vitals = self._house.vitals
        if health.login is Login.ONLINE:
            changed = vitals.well(self._part)
        else:
            changed = vitals.trouble(self._part, health.reason or health.login.value)
        if changed:
            level = logging.INFO if health.login is Login.ONLINE else logging.WARNING
            logs.line(_log, "health", level, channel=self.channel.name, outcome=health.login, reason=health.reason)

    async def _ensure(self, health: Health) -> AccountId:
        house, channel = self._house, self.channel

        def ensure(conn: Any) -> AccountId:
            now = house.clock()
            account = accounts.ensure_account(conn, channel.name, health.account_id, health.account_name, now)
            if self.duty is None or self.duty.account != account:
                self._absence.record(conn, account, health.since or now)
            if self.duty is not None and self.duty.account != account:
                accounts.set_health(conn, self.duty.account, Login.OFFLINE.value, REPLACED, "", now, now)
            self._store_health(account, conn, health)
            self._furnish(conn, account)
            return account

        return await insist(house, AccountId(0), "account", lambda: house.database.write(ensure))

    def _store_health(self, account: AccountId, conn: Connection, health: Health | None = None) -> None:
        """Keep how the channel is; who does not hold the account may say that it is online, but not that it is not."""
        health, now = health or self.channel.health, self._house.clock()
        was = accounts.find_health(conn, account)
        online, holder = health.login is Login.ONLINE, leases.holder(conn, account, now)
        if health.account_id != was.external_id or (not online and holder not in (None, self._house.holder)):
            return
        # Whether a code is shown or another connection is in the way: it has been deaf since the first of these.
        since = health.since if online or was.login == Login.ONLINE else was.since or health.since
        accounts.set_health(conn, account, health.login.value, health.reason, health.scan_url, since, now)

    def _missed(self, conn: Connection, account: AccountId, gap: Gap) -> Gap | None:
        duty = self.duty
        fence = duty.keeper.fence if duty is not None and duty.account == account else 0
        return self._absence.missed(conn, account, gap, fence)

    def _furnish(self, conn: Any, account: AccountId) -> None:
        """Make the agents' rooms known: the first case is told there although nobody has spoken in them yet."""
        book, prefix = self._house.engine.book, f"{self.channel.name}:"
        keys = [key for key in book.staff_rooms if key.startswith(prefix)]
        named = [ExternalRoom(key.removeprefix(prefix), book.topics.get(key, "")) for key in keys]
        rooms.ensure_rooms(conn, account, named, self._house.clock())


def _task(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """A task whose end by an error is logged: none of these may end by itself."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_mourn)
    return task


def _mourn(task: asyncio.Task[None]) -> None:
    if task.cancelled() or task.exception() is None:
        return
    error = task.exception()
    _log.critical("task ended", exc_info=error, extra={"steward_fields": {"task": task.get_name()}})
