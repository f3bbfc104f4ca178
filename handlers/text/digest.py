"""Summaries for case notes and the daily digest, made in a worker process that lives only while it is needed.

A digest is a convenience: whatever goes wrong in the worker, the answer is empty and a log line says why.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from handlers.text import textrank

logger = logging.getLogger(__name__)

Work = Callable[[Sequence[str], int], tuple[str, ...]]


class Digester:
    """Asks the worker, one question at a time. It starts with the first question and is killed after ``idle`` seconds.

    ``timeout`` seconds bound a whole answer, starting the worker included (some seconds and 420 MB). The methods
    block, so an event loop calls them in a thread: ``await asyncio.to_thread(digester.summary, texts)``.
    """

    def __init__(self, timeout: float = 60.0, idle: float = 120.0) -> None:
        self._timeout = timeout
        self._idle = idle
        self._asking = threading.Lock()
        self._changing = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._rest: threading.Timer | None = None

    def keywords(self, texts: Sequence[str], limit: int = 5) -> tuple[str, ...]:
        """The most telling words of these messages, best first; empty on any failure."""
        return self._ask(textrank.keywords, texts, limit)

    def summary(self, texts: Sequence[str], limit: int = 3) -> tuple[str, ...]:
        """The most telling sentences of these messages, in order; empty on any failure."""
        return self._ask(textrank.summary, texts, limit)

    def close(self) -> None:
        """Kill the worker at once, from any thread; a question under way answers empty."""
        if self._rest:
            self._rest.cancel()
        self._kill()

    @property
    def running(self) -> bool:
        """Whether a worker process is held."""
        return self._pool is not None

    def _ask(self, work: Work, texts: Sequence[str], limit: int) -> tuple[str, ...]:
        if not texts:
            return ()
        with self._asking:
            if self._rest:
                self._rest.cancel()
            try:
                return self._submit(work, tuple(texts), limit).result(self._timeout)
            except Exception as error:
                # The traceback of a worker may quote the texts, so only the kind of failure is logged.
                logger.warning("digest failed", extra={"action": "digest_failed", "error": type(error).__name__})
                self._kill()
                return ()
            finally:
                self._begin_rest()

    def _submit(self, work: Work, texts: tuple[str, ...], limit: int) -> Future[tuple[str, ...]]:
        with self._changing:  # so that close() never meets a worker that is half started
            if self._pool is None:
                # Spawned, not forked: a fork would copy the bot's threads' locks and its open connections.
                self._pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
            return self._pool.submit(work, texts, limit)

    def _begin_rest(self) -> None:
        if self._pool:
            self._rest = threading.Timer(self._idle, self._end_rest)
            self._rest.daemon = True
            self._rest.start()

    def _end_rest(self) -> None:
        if self._asking.acquire(blocking=False):  # otherwise a question came in between
            try:
                self._kill()
            finally:
                self._asking.release()

    def _kill(self) -> None:
        with self._changing:
            pool, self._pool = self._pool, None
            if pool is None:
                return
            # shutdown() alone would wait for a hanging job. The public kill_workers() exists only since Python 3.14.
            workers = list((getattr(pool, "_processes", None) or {}).values())
            pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.kill()
