"""The composition root: one running Steward, put together from its settings and its config folder."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from bot import config, health, heap, logs
from bot.account import Account, Seat
from bot.backoff import Backoff
from bot.channels.catalog import CHANNELS, Materials
from bot.channels.port import Channel
from bot.config import Change, Loaded
from bot.house import Clock, House, system_clock
from bot.settings import Settings, secret
from bot.staff_notes import DIGEST_TIMER, StaffNotes
from bot.timekeeping import Sweeper
from bot.trouble import insist
from bot.workshop import Workshop
from console.desk import ChannelView
from domain.book import LOCAL_URL, Book
from domain.errors import Problem, Temporary
from domain.events import TimerFired
from domain.ids import AccountId
from handlers.catalog import build
from handlers.text.facts import load as load_texts
from scheduler.clock import Ticker
from storage import books
from storage.database import Database

T = TypeVar("T")

SETTLE_AFTER = 0.5
"""Seconds from being ready to tidying up, a tenth of a second in which nothing else is done."""

START_TRIES = 20
"""How often the database is asked at start: about a minute."""

_log = logs.logger("app")


class Steward:
    """Everything of one process. ``seats`` replaces the channels of the catalogue (tests put the memory channel in)."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        *,
        clock: Clock = system_clock,
        seats: Sequence[Seat] | None = None,
    ) -> None:
        self.settings = settings
        self.folder = folder
        self.problems: tuple[Problem, ...] = ()
        """What is wrong with the config folder now; the set in force may be an older one."""
        self.accounts: list[Account] = []
        self.port = 0
        self._clock = clock
        self._seats = seats
        self._database: Database | None = None
        self._house: House | None = None
        self._runner: web.AppRunner | None = None
        self._ticker: Ticker | None = None
        self._watching: asyncio.Task[None] | None = None
        self._notes: StaffNotes | None = None
        self._workshop: Workshop | None = None
        self._settling: asyncio.TimerHandle | None = None
        self._stopped = False

    @property
    def house(self) -> House:
        """What the parts share; there once `start` has run."""
        assert self._house is not None, "not started"
        return self._house

    async def start(self) -> None:
        """Come up: raises `ConfigError`, `StewardError` or OSError (the port is taken) with nothing left running."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        with logs.timed(_log, "start") as told:
            # One after the other: side by side both would load the same tables, each for itself.
            await asyncio.to_thread(load_texts)
            loaded = await asyncio.to_thread(config.load_all, self.folder)
            self.problems = loaded.warnings
            self._database = database = await Database.open(self.settings.database_url)
            await _patiently(database.migrate)
            revision = await _patiently(lambda: self._store(database, loaded))
            engine = await asyncio.to_thread(build, self._published(loaded.book, revision))
            self._house = House(database, engine, _holder(), self._clock, self.folder)
            self._in_force()
            self._notes = StaffNotes(self.house)
            self.house.timer_fired = self._timer_fired
            self.house.account_changed = self._notes.account_changed
            app = web.Application(client_max_size=1024 * 1024)
            health.attach(app, self.house)
            key = secret(self.settings).encode()
            seats = self._seats if self._seats is not None else await self._make_seats(app, loaded, key)
            self._attach_console(app, key)
            await self._serve(app)
            self.accounts = [Account(self.house, seat) for seat in seats]
            for account in self.accounts:
                await account.start()
            self._ticker = Ticker(self._tickers())
            self._ticker.start()
            watching = config.watch(self.folder, self._changed, known=loaded)
            self._watching = asyncio.create_task(watching, name="watch-config")
            self.house.vitals.starting = False
            self._settling = asyncio.get_running_loop().call_later(SETTLE_AFTER, heap.settle)
            told.update(revision=self.house.engine.book.revision, port=self.port)

    async def stop(self) -> None:
        """Go down in order: hear nothing more, finish batches and calls, release leases, close everything. Once."""
        if self._stopped:
            return
        self._stopped = True
        with logs.timed(_log, "stop"):
            if self._house is not None:
                self._house.vitals.stopping = True
            self.stop_watching()
            if self._settling is not None:
                self._settling.cancel()
            if self._watching is not None:
                await asyncio.gather(self._watching, return_exceptions=True)
            if self._ticker is not None:
                self._ticker.stop()
            if self._notes is not None:
                await self._notes.close()
            await asyncio.gather(*(account.stop() for account in self.accounts), return_exceptions=True)
            if self._runner is not None:
                await self._runner.cleanup()
            if self._database is not None:
                await self._database.close()

    def stop_watching(self) -> None:
        """From now on edits of the config folder change nothing."""
        if self._watching is not None:
            self._watching.cancel()

    # ---- parts ----------------------------------------------------------------------------------------------------

    async def _make_seats(self, app: web.Application, loaded: Loaded, key: bytes) -> list[Seat]:
        materials = Materials(self.settings, loaded.book, self.house.database, app, key, self.folder)
        wanted = [kind for kind in CHANNELS if kind.wanted(self.settings)]
        return [Seat(await kind.make(materials), kind.budget(self.settings), kind.misses) for kind in wanted]

    def _attach_console(self, app: web.Application, key: bytes) -> None:
        from console import app as console

        self._workshop = Workshop(self.house.database, self.folder, self._clock, lambda: self.house.engine)
        console.attach(
            app,
            database=self.house.database,
            book=lambda: self.house.engine.book,
            problems=lambda: self.problems,
            secret=key,
            clock=self._clock,
            woken=lambda account: self.house.wakes_of(account).decide.set(),
            channels=lambda: [_shown(account.channel) for account in self.accounts],
            workshop=self._workshop,
        )

    async def _serve(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.settings.http_host, self.settings.http_port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    def _tickers(self) -> Callable[[], Awaitable[None]]:
        sweeper = Sweeper(self.house)

        async def tick() -> None:
            for work in (*(account.tick for account in self.accounts), sweeper.tick):
                try:
                    await work()
                except Exception:
                    logs.line(_log, "tick failed", logging.ERROR, trace=True)

        return tick

    # ---- the book -------------------------------------------------------------------------------------------------

    async def _use(self, loaded: Loaded) -> None:
        """Store the set under its revision and put its engine in force, whole, for the next batch."""
        house = self.house
        revision = await insist(house, AccountId(0), "book", lambda: self._store(house.database, loaded))
        house.engine = await asyncio.to_thread(build, self._published(loaded.book, revision), house.engine)
        self._in_force()
        for account in self.accounts:
            await account.furnish()

    def _published(self, book: Book, revision: int) -> Book:
        """The set as a revision; links to this very machine name the port that is listened on."""
        port = self.settings.http_port
        moved = port and book.public_url == LOCAL_URL
        url = f"{LOCAL_URL.rpartition(':')[0]}:{port}" if moved else book.public_url
        return replace(book, revision=revision, public_url=url)

    async def _store(self, database: Database, loaded: Loaded) -> int:
        book, now = loaded.book, self._clock()
        author = self._workshop.author_of(book.content_hash) if self._workshop is not None else None
        texts, author = loaded.texts, author or "config folder"
        return await database.write(books.save_revision, book.content_hash, author, texts, now)

    def _in_force(self) -> None:
        book = self.house.engine.book
        self.house.metrics.revision.set(book.revision)
        logs.line(
            _log, "book", revision=book.revision, entries=len(book.faq), campaigns=len(book.campaigns), outcome="ok"
        )

    async def _changed(self, change: Change) -> None:
        """An edit: a valid one takes effect, an invalid one is told and changes nothing."""
        self.problems = change.problems
        for problem in change.problems:
            level = logging.WARNING if problem.level != "error" else logging.ERROR
            logs.line(
                _log,
                "book problem",
                level,
                file=problem.file,
                at=problem.line,
                what=problem.message,
                remedy=problem.remedy,
            )
        if change.loaded is not None:
            await self._use(change.loaded)
            return
        working = next((account.duty for account in self.accounts if account.duty is not None), None)
        if self._notes is not None and working is not None:
            await self._notes.book_refused(working.account, change.problems)

    def _timer_fired(self, account: AccountId, event: TimerFired) -> None:
        if event.name == DIGEST_TIMER and self._notes is not None:
            self._notes.digest_due(account, event.at)


def _shown(channel: Channel) -> ChannelView:
    health = channel.health
    return ChannelView(channel.name, health.login.value, health.reason, health.scan_url, health.account_id)


async def _patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Do ``work`` although the database may be locked or away for a minute; then give up with `Temporary`."""
    backoff = Backoff(first=0.2)
    while True:
        try:
            return await work()
        except Temporary as error:
            logs.line(_log, "waiting for the database", logging.WARNING, tries=backoff.tries + 1, reason=error)
            if backoff.tries >= START_TRIES:
                raise
            await asyncio.sleep(backoff.next())


def _holder() -> str:
    """Names this process in leases; chance makes it another one after a restart with the same process id."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
