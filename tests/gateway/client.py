"""A bare puppet-service client for the gateway's own tests: raw calls, no bot."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any, Self

import grpc
from wechaty_grpc.wechaty import puppet as pb

from tests.gateway.gateway import Gateway

DEADLINE_SECONDS = 10.0
HEARTBEAT, LOGIN = 1, 25


class RawClient:
    """One channel; `open_stream` collects events in `events` as (type number, payload text)."""

    def __init__(self, gateway: Gateway, token: str | None = None) -> None:
        self.channel = grpc.aio.insecure_channel(gateway.endpoint)
        self.metadata = (("authorization", f"Wechaty {token or gateway.token}"),)
        self.events: asyncio.Queue[tuple[int, str]] = asyncio.Queue()
        self.ended: grpc.aio.AioRpcError | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        await self.channel.close()

    async def call(self, method: str, request: Any, response: type[Any], *, deadline: float = DEADLINE_SECONDS) -> Any:
        """One unary call; `request` is a betterproto message or raw bytes."""
        raw = await self.channel.unary_unary(f"/wechaty.Puppet/{method}")(
            bytes(request), metadata=self.metadata, timeout=deadline
        )
        return response().parse(raw)

    def open_stream(self) -> None:
        """Start reading the event stream; its end is kept in `ended`."""
        self.ended = None
        self._reader = asyncio.create_task(self._read())

    async def start(self, *, logged_in: bool = True) -> None:
        """Connect as a bot does: the event stream first, then Start; its first events are taken off the queue."""
        self.open_stream()
        await self.raw_event(HEARTBEAT)
        if logged_in:
            await self.raw_event(LOGIN)
        await self.call("Start", pb.StartRequest(), pb.StartResponse)

    async def _read(self) -> None:
        stream = self.channel.unary_stream("/wechaty.Puppet/Event")(bytes(pb.EventRequest()), metadata=self.metadata)
        try:
            async for raw in stream:
                event = pb.EventResponse().parse(raw)
                await self.events.put((int(event.type), event.payload))
        except grpc.aio.AioRpcError as error:
            self.ended = error

    async def stream_end(self) -> grpc.aio.AioRpcError | None:
        """Wait until the server ends the stream; its error, or None when it ended well."""
        assert self._reader is not None
        await asyncio.wait_for(asyncio.shield(self._reader), DEADLINE_SECONDS)
        return self.ended

    async def raw_event(self, event_type: int) -> str:
        """The payload text of the next event of this type; others are skipped."""
        while True:
            number, payload = await asyncio.wait_for(self.events.get(), DEADLINE_SECONDS)
            if number == event_type:
                return payload

    async def event(self, event_type: int) -> dict[str, Any]:
        """The parsed payload of the next event of this type."""
        parsed: dict[str, Any] = json.loads(await self.raw_event(event_type))
        return parsed

    async def message(self, message_id: str, *, deadline: float = DEADLINE_SECONDS) -> Any:
        """MessagePayload of one id."""
        request = pb.MessagePayloadRequest(id=message_id)
        return await self.call("MessagePayload", request, pb.MessagePayloadResponse, deadline=deadline)

    async def send_text(
        self, conversation: str, text: str, mentions: tuple[str, ...] = (), *, deadline: float = DEADLINE_SECONDS
    ) -> str | None:
        """MessageSendText; the id that the gateway returns, if any."""
        request = pb.MessageSendTextRequest(conversation_id=conversation, text=text, mentonal_ids=list(mentions))
        answer = await self.call("MessageSendText", request, pb.MessageSendTextResponse, deadline=deadline)
        return answer.id or None
