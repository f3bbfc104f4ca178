"""The account's own words as they come back: which of them are echoes of sends whose outcome is certain already."""

import asyncio
import contextlib
from collections import Counter

KNOWN = 10_000
"""Ids that are remembered; the oldest go first. Echoes come within seconds."""
WAIT_SECONDS = 0.05
"""The echo often comes a little before the send's reply, which names its id."""


class Echoes:
    """The sends of this process by conversation, and the ids that they have returned.

    A send that has returned an id is settled as sent by its receipt: of its echo there is nothing left to learn, and
    even its content need not be asked for. Any other own message may settle a doubtful send, or was typed on the phone.
    """

    def __init__(self) -> None:
        self._known: dict[str, None] = {}
        self._calls: Counter[str] = Counter()
        self._ends: dict[str, asyncio.Event] = {}
        self._returns_ids = True

    def begin(self, conversation: str) -> None:
        """A send is under way."""
        self._calls[conversation] += 1

    def end(self, conversation: str) -> None:
        """It has ended, one way or another."""
        self._calls[conversation] -= 1
        if not self._calls[conversation]:
            del self._calls[conversation]
        end = self._ends.pop(conversation, None)
        if end is not None:
            end.set()

    def sent(self, external_id: str) -> None:
        """It went out under this id; empty where the gateway tells none."""
        self._returns_ids = bool(external_id)
        if external_id:
            self._known[external_id] = None
            if len(self._known) > KNOWN:
                del self._known[next(iter(self._known))]

    def has(self, external_id: str) -> bool:
        """Whether this is the echo of a send that returned its id."""
        return external_id in self._known

    async def comes(self, external_id: str, conversation: str) -> bool:
        """The same, after a moment's wait for the conversation's sends that are under way."""
        if conversation not in self._calls:
            return self.has(external_id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT_SECONDS):
                while self._returns_ids and conversation in self._calls and not self.has(external_id):
                    await self._ends.setdefault(conversation, asyncio.Event()).wait()
        return self.has(external_id)
