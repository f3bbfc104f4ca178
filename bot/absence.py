"""What was missed while the program did not run: a gap from its last sign of life to the login."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import lease, logs
from bot.channels.port import Gap, Login
from bot.house import House
from domain.ids import AccountId
from storage import accounts, gaps, leases

if TYPE_CHECKING:
    from storage.database import Connection

NOT_RUNNING = "程序没有运行"
NOT_LOGGED_IN = "这个账号没有登录"
UNREAD = timedelta(seconds=4)
"""Content and names of a message are waited for so long after its id came; what a dead process had not, is missed too.

Where more was heard than could be taken in, a message waits longer: then the newest that was taken in tells.
"""
SHORTEST = timedelta(seconds=0.1)
"""A shorter absence is none: its end and the next one's beginning are told by two clocks."""

_log = logs.logger("absence")


class Absence:
    """One seat's view of the time before its process. ``misses``: see `bot.account.Seat`."""

    def __init__(self, house: House, misses: bool) -> None:
        self._house = house
        self._misses = misses
        self._until: datetime | None = None
        self._others: dict[AccountId, datetime] = {}
        """Until when other processes have heard an account."""

    def record(self, conn: "Connection", account: AccountId, now: datetime) -> None:
        """An account that was not this process's logs in at ``now``: record how long nobody has heard it.

        To be called before its new health is stored. A process that held the account but not its connection, at the
        end, has been deaf since it lost that.
        """
        alive = self._last_heard(conn, account, now)
        if not self._misses or alive is None:
            return
        reason = NOT_RUNNING if self._until is None else NOT_LOGGED_IN
        self._until = now
        if now - alive < SHORTEST:
            return
        gaps.record_gap(conn, account, alive - UNREAD, now, reason)
        self._house.metrics.gaps.labels(account).inc()
        seconds = round((now - alive).total_seconds(), 1)
        logs.line(_log, "gap", logging.WARNING, account=account, seconds=seconds, reason=reason)

    def other(self, account: AccountId, conn: "Connection") -> None:
        """Another process has held the account: remember until when that one heard it, before this one takes it."""
        heard = self._last_heard(conn, account, self._house.clock())
        if heard is not None:
            self._others[account] = heard

    def missed(self, conn: "Connection", account: AccountId, gap: Gap, fence: int) -> Gap | None:
        """What of a gap told by the channel is to be recorded; None when all of it is on record already.

        While another process held the account, after the lease with number ``fence`` or before it, that one heard.
        """
        if self.covers(gap):
            return None
        if leases.taken_since(conn, account, fence):
            self.other(account, conn)
        heard = self._others.get(account)
        if heard is None or heard - UNREAD <= gap.started_at:
            return gap
        return replace(gap, started_at=min(heard - UNREAD, gap.ended_at))

    def covers(self, gap: Gap) -> bool:
        """Whether a gap told by the channel lies before the login that `record` saw: it knows better when it began."""
        return self._until is not None and gap.ended_at <= self._until

    def _last_heard(self, conn: "Connection", account: AccountId, now: datetime) -> datetime | None:
        """Until when whoever held the account has heard it; None: never."""
        alive = leases.last_alive(conn, account, now, lease.TTL)
        if alive is None:
            return None
        was = accounts.find_health(conn, account)
        if was.login != Login.ONLINE and was.since is not None:
            alive = min(alive, was.since)
        taken_in = gaps.behind_since(conn, account, alive - UNREAD, UNREAD)
        return alive if taken_in is None else min(alive, taken_in)
