"""What was missed while the program did not run: a gap from its last sign of life to the login."""

import logging
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
UNREAD = timedelta(seconds=3)
"""What was heard is committed so long after its id came at the latest; what a dead process had not, is missed too."""
SHORTEST = timedelta(seconds=5)

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
        alive = leases.last_alive(conn, account, now, lease.TTL)
        if not self._misses or alive is None:
            return
        was = accounts.find_health(conn, account)
        if was.login != Login.ONLINE and was.since is not None:
            alive = min(alive, was.since)
        reason = NOT_RUNNING if self._until is None else NOT_LOGGED_IN
        self._until = now
        if now - alive + UNREAD < SHORTEST:
            return
        gaps.record_gap(conn, account, alive - UNREAD, now, reason)
        self._house.metrics.gaps.labels(account).inc()
        seconds = round((now - alive).total_seconds(), 1)
        logs.line(_log, "gap", logging.WARNING, account=account, seconds=seconds, reason=reason)

    def covers(self, gap: Gap) -> bool:
        """Whether a gap told by the channel lies before the login that `record` saw: it knows better when it began."""
        return self._until is not None and gap.ended_at <= self._until
