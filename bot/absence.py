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
SHORTEST = timedelta(seconds=0.5)
"""A shorter absence is none: its end and the next one's beginning are told by two clocks."""

_log = logs.logger("absence")


class Absence:
    """One seat's view of the time before its process. ``misses``: see `bot.account.Seat`."""

    def __init__(self, house: House, misses: bool) -> None:
        self._house = house
        self._misses = misses
        self._until: datetime | None = None

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

    def missed(self, conn: "Connection", account: AccountId, gap: Gap, fence: int) -> Gap | None:
        """What of a gap told by the channel is to be recorded; None when all of it is on record already.

        While another process held the account, after the lease with number ``fence``, that one heard.
        """
        if self.covers(gap):
            return None
        if not leases.taken_since(conn, account, fence):
            return gap
        alive = self._last_heard(conn, account, gap.ended_at)
        return gap if alive is None else replace(gap, started_at=max(gap.started_at, alive - UNREAD))

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
