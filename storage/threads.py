"""Threads that work for an event loop: one queue in, and one wake-up of the loop for all that was done meanwhile.

An executor's way there and back (a lock, two kinds of futures, their callbacks) costs three times as much, and every
message goes it half a dozen times.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Job(Generic[T]):
    """Work that waits for a thread, and whom to tell what came of it. Made on the event loop."""

    __slots__ = ("_error", "_result", "loop", "told", "work")

    def __init__(self, work: T) -> None:
        self.work = work
        self.loop = asyncio.get_running_loop()
        self.told: asyncio.Future[Any] = self.loop.create_future()
        self._result: Any = None
        self._error: BaseException | None = None

    def end(self, outcome: Callable[[], Any]) -> None:
        """Keep what ``outcome`` returns or raises; `tell` brings it to whoever waits."""
        try:
            self._result = outcome()
        except BaseException as error:
            self._error = error

    def deliver(self) -> None:
        """On the loop: give it to whoever waits."""
        if self.told.done():
            return
        if self._error is not None:
            self.told.set_exception(self._error)
        else:
            self.told.set_result(self._result)


def tell(jobs: Sequence[Job[Any]]) -> None:
    """Wake the loop once for all jobs that have ended; from any thread."""
    for loop in {job.loop for job in jobs}:
        try:
            loop.call_soon_threadsafe(_tell_all, [job for job in jobs if job.loop is loop])
        except RuntimeError:
            # The loop is closed: nobody waits any more.
            continue


def _tell_all(jobs: Iterable[Job[Any]]) -> None:
    for job in jobs:
        job.deliver()


class Threads(Generic[T]):
    """So many threads with one queue. ``serve`` gets what waits, up to ``together`` jobs, and ends and tells them."""

    def __init__(self, name: str, serve: Callable[[list[Job[T]]], None], threads: int = 1, together: int = 1) -> None:
        self._queue: SimpleQueue[Job[T] | None] = SimpleQueue()
        self._serve = serve
        self._together = together
        # Daemons: one that waits for a locked file must not keep the program from ending.
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}_{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    async def do(self, work: T) -> Any:
        """Have it done; returns or raises what came of it."""
        job = Job(work)
        self._queue.put(job)
        return await job.told

    def close(self) -> None:
        """Let what waits be done, then end the threads. Not from the event loop: it waits."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while True:
            job = self._queue.get()
            jobs: list[Job[T]] = []
            while job is not None:
                if not job.told.cancelled():
                    jobs.append(job)
                if len(jobs) == self._together:
                    break
                try:
                    job = self._queue.get_nowait()
                except Empty:
                    break
            if jobs:
                self._serve(jobs)
            if job is None:
                return
            del job, jobs
