"""`steward run` that kills itself at a named point of the path, and whose lease runs out sooner than in production.

Run as `python -m tests.faults.crashing run --config DIR`. ``CRASH_AT`` names the point (`POINTS`), which SIGUSR1 arms;
without it nothing happens. ``LEASE_SECONDS`` is the time after which another process may take an account.
"""

import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from bot import decide, lease, listen, respond, turns
from bot.cli import main

P = ParamSpec("P")
T = TypeVar("T")
ARMED = "armed"
"""The file in the working folder that tells that the point is armed: SIGUSR1 does it, when the start is over."""


def die() -> None:
    """As kill -9 from outside: nothing runs after it."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def before(function: Callable[P, T]) -> Callable[P, T]:
    """Die instead of doing it."""

    def crashing(*args: P.args, **kwargs: P.kwargs) -> T:
        die()
        return function(*args, **kwargs)

    return crashing


def after_any(function: Callable[P, T], worth: Callable[[T], object] = bool) -> Callable[P, T]:
    """Die as soon as it has done something (``worth``), before its transaction is committed."""

    def crashing(*args: P.args, **kwargs: P.kwargs) -> T:
        result = function(*args, **kwargs)
        if worth(result):
            die()
        return result

    return crashing


def after_call(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Die as soon as the call has its answer."""

    async def crashing(*args: P.args, **kwargs: P.kwargs) -> T:
        result = await function(*args, **kwargs)
        die()
        return result

    return crashing


def _received() -> None:
    """Committed to the inbox, and nobody was told to decide."""
    listen.Listener._count = before(listen.Listener._count)  # type: ignore[method-assign]


def _in_batch() -> None:
    """All of a decision is written, and its transaction is not committed."""
    decide._commit = after_any(decide._commit, lambda committed: committed.decided)


def _decided() -> None:
    """Committed; nobody was told to respond. Without a turn in it, which would have begun the call."""

    @asynccontextmanager
    async def nothing(*_: object) -> AsyncIterator[None]:
        yield None

    respond.Responder.lend = nothing  # type: ignore[assignment,method-assign]
    decide.Decider._done = before(decide.Decider._done)  # type: ignore[method-assign]


def _before_calling() -> None:
    """The rows are marked as under way, and that is not committed."""
    turns.advance = after_any(turns.advance, lambda taken: taken.begun)


def _calling() -> None:
    """Committed as under way; the call has not begun."""
    respond.Responder._begin = before(respond.Responder._begin)  # type: ignore[method-assign]


def _called() -> None:
    """The call has its answer; nothing about it is committed."""
    respond.Responder._perform = after_call(respond.Responder._perform)  # type: ignore[method-assign]


def _settled() -> None:
    """How the call ended is committed. The function is called after every turn, also of one that settled nothing."""
    settled = respond.Responder._settled

    def crashing(responder: respond.Responder) -> None:
        if responder._settlements:
            die()
        settled(responder)

    respond.Responder._settled = crashing  # type: ignore[assignment,method-assign]


POINTS: dict[str, Callable[[], None]] = {
    "between inbox and decide": _received,
    "mid-batch": _in_batch,
    "decided": _decided,
    "before calling": _before_calling,
    "after calling": _calling,
    "after the call": _called,
    "settled": _settled,
}


def _arm() -> None:
    seconds = float(os.environ["LEASE_SECONDS"])
    lease.TTL = timedelta(seconds=seconds)
    lease.RENEW_SECONDS = seconds / 3
    if point := os.environ.get("CRASH_AT"):

        def arm(*_: object) -> None:
            POINTS[point]()
            Path(ARMED).touch()

        signal.signal(signal.SIGUSR1, arm)


if __name__ == "__main__":
    _arm()
    main()
