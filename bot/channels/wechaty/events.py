"""The event stream of a gateway: one number and payload after the other, until it ends or is torn."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from wechaty_grpc.wechaty import puppet as pb

from bot.channels.wechaty.exchange import Exchange
from bot.channels.wechaty.status import CallError
from bot.channels.wechaty.wire import read


class EventStream:
    """One event stream from its opening to its end."""

    def __init__(self, begin: Callable[[], Coroutine[Any, Any, Exchange]]) -> None:
        """``begin``: the call behind it, once there is a connection."""
        self._begin = begin
        self._opening: asyncio.Task[Exchange] | None = None
        self._exchange: Exchange | None = None
        self._torn = ""

    async def read(self) -> tuple[int, str] | None:
        """The next event: its number and payload. None for one that cannot be parsed. Raises `CallError` at the end.

        The code is OK when the gateway ended it in good order, and what `tear` was given when we did.
        """
        if self._torn:
            raise CallError(self._torn)
        exchange = self._exchange or await self._open()
        raw = await exchange.next()
        if raw is None:
            raise CallError("OK")
        try:
            event: Any = read(pb.EventResponse, raw)
        except ValueError:
            return None
        return int(event.type), event.payload

    def tear(self, reason: str = "CANCELLED") -> None:
        """End it from our side, only the stream: the account stays logged in."""
        self._torn = reason
        if self._exchange is not None:
            self._exchange.leave(reason)
        elif self._opening is not None:
            self._opening.cancel()

    async def _open(self) -> Exchange:
        self._opening = asyncio.create_task(self._begin())
        try:
            self._exchange = await self._opening
        except asyncio.CancelledError:
            if self._torn:
                raise CallError(self._torn) from None
            self._opening.cancel()
            raise
        return self._exchange
