"""Listens to a channel as the bot does, and waits for what a test expects."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Self, TypeVar

from bot.channels.port import ChannelEvent, Gap, Health, Heard, Login, Order
from bot.channels.wechaty.channel import WechatyChannel
from bot.channels.wechaty.pace import Pace
from domain.incoming import Incoming, IncomingKind
from tests.gateway import Gateway

QUICK = Pace(
    opening=1.0,
    retry=0.5,
    retry_denied=1.0,
    send=3.0,
    ding_after=0.5,
    ding_every=0.5,
    silent_after=2.0,
    tick=0.1,
    lookups_per_second=None,
)
"""Like the default, but for tests that wait for a fault to be noticed."""
WAIT_SECONDS = 20.0

T = TypeVar("T")


class Ear:
    """`async with Ear(channel) as ear:`; ``events`` is everything that was told so far."""

    def __init__(self, channel: WechatyChannel) -> None:
        self.channel = channel
        self.events: list[ChannelEvent] = []
        self._news = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.channel.close()
        assert self._task is not None
        await asyncio.wait_for(self._task, WAIT_SECONDS)

    async def _listen(self) -> None:
        async with contextlib.aclosing(self.channel.listen()) as events:  # type: ignore[type-var]
            async for event in events:
                async with self._news:
                    self.events.append(event)
                    self._news.notify_all()

    async def until(self, expected: Callable[[], T], seconds: float = WAIT_SECONDS) -> T:
        """Wait until this is true of what was told; says what was told when it never is."""
        result: list[T] = []

        def holds() -> bool:
            result[:] = [expected()]
            return bool(result[0])

        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(holds)
        except TimeoutError:
            raise AssertionError(f"never came; told so far: {self.events}") from None
        return result[0]

    async def login(self, login: Login = Login.ONLINE) -> Health:
        """Wait until the last health told is this."""

        def last() -> Health | None:
            health = next((one for one in reversed(self.events) if isinstance(one, Health)), None)
            return health if health is not None and health.login is login else None

        found = await self.until(last)
        assert found is not None
        return found

    async def heard(self, count: int, *kinds: IncomingKind) -> list[Incoming]:
        """Wait for so many incoming values (of these kinds), and give all."""
        return await self.until(lambda: found if len(found := self.incoming(*kinds)) >= count else [])

    def incoming(self, *kinds: IncomingKind) -> list[Incoming]:
        """All incoming values so far (of these kinds)."""
        return [
            one.incoming for one in self.events if isinstance(one, Heard) and (not kinds or one.incoming.kind in kinds)
        ]

    def texts(self, room: str | None = None) -> list[str]:
        """The texts of members' messages so far, in order."""
        return [
            one.text
            for one in self.incoming(IncomingKind.MESSAGE)
            if room is None or (one.room is not None and one.room.external_id == room)
        ]

    @property
    def gaps(self) -> list[Gap]:
        """The gaps told so far."""
        return [one for one in self.events if isinstance(one, Gap)]

    @property
    def healths(self) -> list[Health]:
        """The states told so far."""
        return [one for one in self.events if isinstance(one, Health)]


def channel_of(gateway: Gateway, pace: Pace = QUICK, token: str | None = None) -> WechatyChannel:
    """A channel of ours for a gateway."""
    return WechatyChannel(gateway.endpoint, token or gateway.token, pace=pace)


def say(room: str, text: str, **fields: object) -> Order:
    """An order to say something."""
    return Order(1, "say", room, text=text, **fields)  # type: ignore[arg-type]
