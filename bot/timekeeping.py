"""Time: campaigns are planned ahead as rows, due rows become events, and what is past its days is deleted."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot import logs
from bot.house import House
from bot.lease import LeaseKeeper
from bot.trouble import note, over
from domain.book import Book, Campaign
from domain.errors import LeaseLost
from domain.ids import NO_ROOM, AccountId
from scheduler.catalogue import CAMPAIGN_PREFIX, TIMERS, campaign_timer, grace
from scheduler.rules import Every, due, parse
from storage import retention, timers, views_rooms
from storage.database import Connection
from storage.timers import Planned
from storage.views_rooms import RoomView

AHEAD = timedelta(hours=48)
"""How far ahead daily times are planned, so that a downtime within it leaves its missed ones on record."""
AHEAD_OF_EVERY = timedelta(hours=2)
PLAN_AGAIN = timedelta(minutes=1)
"""New rooms and the moving horizon are looked at this often."""
LOOK_AGAIN = timedelta(seconds=5)
SWEEP_AGAIN = timedelta(hours=6)
FIRST_SWEEP = timedelta(minutes=5)

_log = logs.logger("time")


def covers(campaign: Campaign, room: RoomView, staff_rooms: Sequence[str]) -> bool:
    """Whether a campaign is for this room: named ones, else every group that is not the agents'."""
    if not room.present:
        return False
    if campaign.rooms:
        return room.key in campaign.rooms
    return not room.private and room.key not in staff_rooms


def plan(book: Book, rooms: Iterable[RoomView], now: datetime) -> list[Planned]:
    """Everything the book wants done after ``now`` and within the horizon, for these rooms of one account."""
    tz = book.policy.time_zone
    here = list(rooms)
    rows = [
        Planned(timer.name, NO_ROOM, at)
        for timer in TIMERS
        if timer.daily_at
        for at in due(parse(timer.daily_at), now, now + AHEAD, tz)
    ]
    for campaign in book.campaigns:
        wanted = [room for room in here if covers(campaign, room, book.staff_rooms)]
        if not campaign.enabled or not wanted:
            continue
        rule = parse(campaign.at, campaign.weekdays)
        until = now + (AHEAD_OF_EVERY if isinstance(rule, Every) else AHEAD)
        name = campaign_timer(campaign.id)
        rows += [Planned(name, room.id, at) for at in due(rule, now, until, tz) for room in wanted]
    return rows


class Timekeeper:
    """One account's timers, while this process holds its lease; `tick` is called about once a second."""

    def __init__(self, house: House, account: AccountId, keeper: LeaseKeeper) -> None:
        self._house = house
        self._account = account
        self._keeper = keeper
        self._planned_at: datetime | None = None
        self._planned_for = ""
        self._changed = house.wakes_of(account).time
        self._next_at: datetime | None = None
        self._read_at: datetime | None = None

    async def tick(self) -> None:
        """Plan when it is time to, and fire what is due. Trouble is left to the next tick."""
        lease = self._keeper.current
        if lease is None:
            return
        try:
            await self._plan()
            await self._look()
            if self._next_at is not None and self._next_at <= self._house.clock():
                await self._fire()
        except LeaseLost:
            self._keeper.lost(lease)
        except Exception as error:
            note(self._house, self._account, "time", error)

    async def _plan(self) -> None:
        house, now = self._house, self._house.clock()
        book = house.engine.book
        fresh = self._planned_at is not None and timedelta(0) <= now - self._planned_at < PLAN_AGAIN
        if fresh and self._planned_for == book.content_hash:
            return
        views = await house.database.read(views_rooms.rooms)
        rows = plan(book, (view for view in views if view.account_id == self._account), now)
        changed = self._planned_for != book.content_hash
        new, gone = await house.database.write(_keep, self._account, rows, changed, now)
        self._planned_at, self._planned_for = now, book.content_hash
        self._changed.set()
        if new or gone or changed:
            logs.line(_log, "plan", account=self._account, timers=len(rows), new=new, gone=gone)

    async def _look(self) -> None:
        """Read when the next timer is due: at once after decisions, else now and then for other processes' sake."""
        now = self._house.clock()
        fresh = self._read_at is not None and timedelta(0) <= now - self._read_at < LOOK_AGAIN
        if fresh and not self._changed.is_set():
            return
        self._changed.clear()
        self._next_at, self._read_at = await self._house.database.read(timers.next_timer, self._account), now

    async def _fire(self) -> None:
        house, lease = self._house, self._keeper.current
        if lease is None:
            return
        fired = await house.database.write(timers.fire_due, lease, house.clock(), grace)
        over(house, self._account, "time")
        self._changed.set()
        house.metrics.timers.labels(self._account, "fired").inc(len(fired.events))
        house.metrics.timers.labels(self._account, "skipped").inc(fired.skipped)
        if fired.events:
            house.wakes_of(self._account).decide.set()
        first = fired.events[0] if fired.events else ""
        logs.line(_log, "fire", account=self._account, fired=len(fired.events), skipped=fired.skipped, first=first)


class Sweeper:
    """Deletes what the policy's days are over for, a little at a time, a few times a day."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._next = house.clock() + FIRST_SWEEP

    async def tick(self) -> None:
        """Sweep when it is time to."""
        now = self._house.clock()
        if now < self._next:
            return
        self._next = now + SWEEP_AGAIN
        policy = self._house.engine.book.policy.retention
        done = False
        try:
            while not done:
                # Small steps, so that messages are never kept waiting behind a long deletion.
                swept = await self._house.database.write(retention.sweep, policy, now)
                done = swept.done
                logs.line(_log, "sweep", outcome="done" if done else "more")
        except Exception as error:
            logs.line(_log, "sweep", logging.WARNING, outcome="later", reason=type(error).__name__)


def _keep(
    conn: Connection, account: AccountId, rows: Sequence[Planned], changed: bool, now: datetime
) -> tuple[int, int]:
    gone = timers.forget(conn, account, CAMPAIGN_PREFIX, rows, now) if changed else 0
    return timers.plan(conn, account, rows, now), gone
