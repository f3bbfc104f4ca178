"""One gRPC call on an HTTP/2 connection: its answer as it comes, cut into messages, and its end."""

import asyncio
from collections import deque
from typing import Protocol

from bot.channels.wechaty.status import CallError

BIGGEST = 64 * 1024 * 1024
"""Bytes of one message; more is refused."""
_PREFIX = 5


class Carrier(Protocol):
    """The connection, as a call sees it."""

    def leave(self, exchange: "Exchange", error: CallError) -> None:
        """End a call from our side."""

    def acknowledge(self, exchange: "Exchange") -> None:
        """The call's reader has taken something."""


class Exchange:
    """One call: what the gateway answers, as it comes."""

    __slots__ = (
        "_error",
        "_link",
        "_rest",
        "_waiter",
        "_wanted",
        "http",
        "messages",
        "number",
        "over",
        "sent",
        "streaming",
        "taken",
        "unsent",
        "window",
    )

    def __init__(self, link: Carrier, *, streaming: bool) -> None:
        self.number = 0
        """Its stream; 0 while it waits for a place."""
        self.streaming = streaming
        self.messages: deque[bytes] = deque()
        self.over = False
        self.sent = False
        """Whether the whole request is on its way: before, the gateway cannot have taken it up."""
        self.unsent = memoryview(b"")
        self.window = 0
        """How much of ``unsent`` the gateway takes."""
        self.taken = 0
        """Bytes that we have and have not told so."""
        self.http = ""
        self._link = link
        self._rest = bytearray()
        self._wanted = _PREFIX
        self._error: CallError | None = None
        self._waiter: asyncio.Future[None] | None = None

    async def answer(self) -> bytes:
        """The one answer of a call that is not streaming. Raises `CallError`."""
        if not self.over:
            try:
                await self._wait()
            except asyncio.CancelledError:
                self.leave()
                raise
        if self._error is not None:
            raise self._error
        if len(self.messages) != 1:
            raise CallError("INTERNAL")
        return self.messages[0]

    async def next(self) -> bytes | None:
        """The next message of a streaming call; None at its good end. Raises `CallError` at any other."""
        while not self.messages:
            if self.over:
                if self._error is not None:
                    raise self._error
                return None
            await self._wait()
        message = self.messages.popleft()
        self._link.acknowledge(self)
        return message

    def leave(self, code: str = "CANCELLED") -> None:
        """End it from our side; whoever waits gets this code."""
        self._link.leave(self, CallError(code, left=self.sent))

    def take(self, body: bytes) -> None:
        """A part of the answer came. Raises `CallError` for what cannot be taken."""
        if not self._rest and len(body) >= _PREFIX and _size(body) == len(body) - _PREFIX:
            self.messages.append(body[_PREFIX:])
        else:
            self._rest += body
            self._split()
        if self.streaming and self.messages:
            self._wake()

    def end(self, error: CallError | None) -> None:
        """Nothing more comes."""
        self.over = True
        self._error = error
        self._wake()

    def _split(self) -> None:
        rest = self._rest
        while len(rest) >= self._wanted:
            self._wanted = _PREFIX + _size(rest)
            if len(rest) < self._wanted:
                return
            self.messages.append(bytes(rest[_PREFIX : self._wanted]))
            del rest[: self._wanted]
            self._wanted = _PREFIX

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _size(head: bytes | bytearray) -> int:
    """The length of a message by the prefix that gRPC puts in front."""
    if head[0]:
        # We have said that we know no compression.
        raise CallError("INTERNAL")
    size = int.from_bytes(head[1:_PREFIX])
    if size > BIGGEST:
        raise CallError("RESOURCE_EXHAUSTED", "larger than max")
    return size
