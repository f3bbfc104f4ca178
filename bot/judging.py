"""Judge on a thread of its own, watched from outside: a handler that does not return is left out for that message.

A thread of Python's cannot be interrupted. So one on which nothing moves is left to itself, its opinion is not waited
for, and the batch is judged once more on a fresh thread. Where it stands still again at the same message, the handler
is to blame: it counts as one that raised, and everybody else is served. What holds the whole interpreter (a regular
expression that never ends) can be seen only when it is over; then everybody is served at once.
"""

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from queue import SimpleQueue

from bot import logs
from bot.vitals import Vitals
from domain.decision import Judged, Opinion
from domain.events import Event, MessagePosted
from domain.facts import Facts, World
from domain.ids import AccountId, EventId
from domain.text import TextFacts
from handlers.contract import Handler
from handlers.judge import Engine, judge_all
from storage.threads import Job, tell

LOOK_SECONDS = 0.05
PATIENCE = 7
"""So many looks in a row at which nothing has moved. Looks are counted and not seconds, because a machine that stood
still itself has not looked either. Two such waits are less than a second."""
ASLEEP = 0.002
"""Seconds of processor time; who used less has waited for something else than the processor."""
MOST_LEFT = 8
"""So many threads may be left to themselves; each takes its share of the processor. Then slow ones are waited for."""
REMEMBERED = 100
READING = "reading the text"

_log = logs.logger("judging")
Result = list[Judged]
Ending = asyncio.Future[Result]


class TookTooLong(Exception):
    """A handler did not return in time, twice on the same message; the message says where it stood."""


@dataclass(slots=True)
class _Progress:
    """Where the thread is: the event's place in the batch and, where it is watched closely, the handler."""

    event: int = -1
    handler: str = ""

    def at(self) -> tuple[int, str]:
        return self.event, self.handler


class Judging:
    """One account's judgement. Not for several callers at once."""

    def __init__(self, account: AccountId, vitals: Vitals) -> None:
        self._account = account
        self._vitals = vitals
        self._part = f"judging {account}"
        self._worker = _Worker(f"judge-{account}")
        self._left: list[Ending] = []
        self._guilty: dict[EventId, tuple[str, str]] = {}
        """Event → the handler that did not return, and where it stood."""

    async def judge(self, engine: Engine, world: World, events: Sequence[Event], now: datetime) -> Result:
        """As `judge_all`; raises what it raises, and `TookTooLong` for a text that cannot be read in time."""
        suspect: EventId | None = None
        while True:
            progress = _Progress()
            close = suspect is not None or any(event.id in self._guilty for event in events)
            watched = self._watched(engine, events, progress) if close else engine
            told = self._worker.submit(partial(_judge, watched, world, _Told(events, progress), now))
            if await self._ends(told, progress, events):
                return told.result()
            stuck = events[progress.event].id
            where = self._worker.where()
            self._leave(told)
            if stuck == suspect:
                self._blame(stuck, progress.handler, where)
            suspect = stuck

    def forget(self, event: EventId) -> None:
        """The event was set aside: when it is judged again, it starts afresh."""
        self._guilty.pop(event, None)

    def close(self) -> None:
        """End the thread as soon as it has nothing to do."""
        self._worker.end()

    async def _ends(self, told: Ending, progress: _Progress, events: Sequence[Event]) -> bool:
        """Wait for the end; false when nothing has moved for long and the thread may be left to itself."""
        still, last, since = 0, progress.at(), self._worker.ran()
        while True:
            await asyncio.wait((told,), timeout=LOOK_SECONDS)
            if told.done():
                return True
            at = progress.at()
            if at != last:
                still, last, since = 0, at, self._worker.ran()
                continue
            still += 1
            if still >= PATIENCE and not self._starved(since) and self._may_leave(events, progress):
                return False

    def _starved(self, since: float) -> bool:
        """Whether the thread merely got no processor: one that hangs has worked all the while, or not at all."""
        ran = self._worker.ran() - since
        return ASLEEP < ran < PATIENCE * LOOK_SECONDS / 2

    def _may_leave(self, events: Sequence[Event], progress: _Progress) -> bool:
        """Only a message can do without an opinion; of a timer or a member's leaving the deed itself would be lost."""
        if progress.event < 0 or not isinstance(events[progress.event], MessagePosted):
            return False
        self._look_after()
        return len(self._left) < MOST_LEFT

    def _leave(self, told: Ending) -> None:
        # Nobody takes what still comes of it.
        told.add_done_callback(lambda late: late.cancelled() or late.exception())
        self._left.append(told)
        self._worker.end()
        self._worker = _Worker(f"judge-{self._account}")
        self._look_after()

    def _look_after(self) -> None:
        """Show how many threads do not come back."""
        self._left = [told for told in self._left if not told.done()]
        if len(self._left) >= MOST_LEFT:
            reason = f"{len(self._left)} handlers do not return and everybody waits for the next: restart Steward"
            self._vitals.trouble(self._part, reason)
        else:
            self._vitals.well(self._part)

    def _blame(self, event: EventId, handler: str, where: str) -> None:
        if event in self._guilty:
            # Not that handler, then: without it the thread stood still as well.
            handler = READING
        while len(self._guilty) >= REMEMBERED:
            del self._guilty[next(iter(self._guilty))]
        self._guilty[event] = (handler or READING, where)
        outcome = f"{handler or READING} does not return"
        logs.line(_log, "slow", logging.ERROR, account=self._account, event=event, outcome=outcome, traceback=where)

    def _watched(self, engine: Engine, events: Sequence[Event], progress: _Progress) -> Engine:
        """The same engine, telling where it is and leaving out what is to blame."""

        def read(text: str) -> TextFacts:
            self._refuse(events[progress.event].id, READING)
            return engine.read(text)

        return replace(
            engine, handlers=tuple(_Watched(one, progress, self._refuse) for one in engine.handlers), read=read
        )

    def _refuse(self, event: EventId, name: str) -> None:
        guilty = self._guilty.get(event)
        if guilty is not None and guilty[0] == name:
            seconds = 2 * PATIENCE * LOOK_SECONDS
            raise TookTooLong(
                f"{name} did not return within {seconds:.1f} s and was left out; it stood at\n{guilty[1]}"
            )


def _judge(engine: Engine, world: World, events: Sequence[Event], now: datetime) -> Result:
    return judge_all(engine, world, events, now)[0]


class _Told(list[Event]):
    """The events of a batch; each notes that it is being judged now."""

    def __init__(self, events: Sequence[Event], progress: _Progress) -> None:
        super().__init__(events)
        self._progress = progress

    def __iter__(self) -> Iterator[Event]:
        for number, event in enumerate(super().__iter__()):
            self._progress.event = number
            yield event


class _Watched:
    """A handler that notes when it begins and ends."""

    def __init__(self, handler: Handler, progress: _Progress, refuse: Callable[[EventId, str], None]) -> None:
        self.name = handler.name
        self.listens = handler.listens
        self._handler = handler
        self._progress = progress
        self._refuse = refuse

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """What the handler says, unless it is left out."""
        self._refuse(event.id, self.name)
        self._progress.handler = self.name
        opinion = self._handler.decide(event, facts)
        self._progress.handler = ""
        return opinion


class _Worker:
    """A daemon thread, unlike an executor's: one that never returns must not keep the program from ending."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Job[Callable[[], Result]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], Result]) -> Ending:
        """Do it after what was given before."""
        job = Job(work)
        self._jobs.put(job)
        return job.told

    def where(self) -> str:
        """Where the thread stands: files and lines, no values."""
        frame = sys._current_frames().get(self._thread.ident or 0)
        return "".join(traceback.format_stack(frame)) if frame is not None else ""

    def ran(self) -> float:
        """Seconds of processor time that the thread has used; 0 for ever where the system does not tell."""
        clock = getattr(time, "pthread_getcpuclockid", None)
        if clock is None or self._thread.ident is None or not self._thread.is_alive():
            return 0.0
        return time.clock_gettime(clock(self._thread.ident))

    def end(self) -> None:
        """Nothing more comes."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if job.told.cancelled():
                continue
            job.end(job.work)
            tell([job])
            del job
