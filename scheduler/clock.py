"""The in-process ticker: calls one function each second. What must happen at a time is kept in rows, not here."""

import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger


class Ticker:
    """Calls ``tick`` every ``seconds``; a call that takes longer makes the next one wait, and none piles up."""

    def __init__(self, tick: Callable[[], Awaitable[None]], seconds: float = 1.0) -> None:
        self._tick = tick
        # Ticks that were missed while the machine slept are worth nothing: the rows say what is due.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._seconds = seconds

    def start(self) -> None:
        """Begin to tick; needs a running event loop."""
        # It warns each time a tick finds the last one still at work, which is what max_instances is for, and calls the
        # end of a tick at shutdown an error.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        logging.getLogger("apscheduler.executors.default").setLevel(logging.CRITICAL)
        self._scheduler.add_job(self._run, IntervalTrigger(seconds=self._seconds, timezone="UTC"), id="tick")
        self._scheduler.start()

    async def _run(self) -> None:
        await self._tick()

    def stop(self) -> None:
        """Tick no more; a tick under way ends by itself."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
