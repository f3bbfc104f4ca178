"""A real Wechaty gateway for tests: its community, its faults, and the record of what it was asked to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from tests.gateway.community import Community, Entry

SendFault = Literal["fail", "frequent", "delay", "delay_reply", "hang", "hang_delivered", "fail_delivered"]
EchoMode = Literal["before", "after", "mixed", "never"]


class Gateway(Community):
    """`async with Gateway() as gateway:` and every method is one order to the running gateway."""

    async def reset(self) -> None:
        """Forget community, record, settings and faults; the process and its ports stay, the bot is logged in again."""
        answer = await self.control("reset")
        self.self_id = str(answer["self"])

    # Faults

    async def settings(self, **changes: Any) -> Entry:
        """Change settings and return all of them; they are listed with their defaults in program/faults.mjs."""
        return dict(await self.control("settings", **changes))

    async def echo(self, mode: EchoMode, *, returned_ids: bool = True, delay_ms: tuple[float, float] = (1, 3)) -> None:
        """When the account's own messages come back, and whether a send returns the message id."""
        await self.settings(echo={"mode": mode, "delay_ms": list(delay_ms)}, returned_ids=returned_ids)

    async def jitter(self, payload_ms: tuple[float, float] = (0, 0), reply_ms: tuple[float, float] = (0, 0)) -> None:
        """Delay message payloads and replies to sends by a random time within these ranges."""
        await self.settings(payload_jitter_ms=list(payload_ms), reply_jitter_ms=list(reply_ms))

    async def withhold(self, *, message_id: str | None = None, next_messages: int | None = None) -> None:
        """Never answer for the payload of one message, or of the next so many asked for."""
        await self.control("withhold", **({"id": message_id} if message_id else {"next": next_messages or 0}))

    async def release(self, message_id: str | None = None) -> int:
        """Answer withheld payloads, of one message or of all; returns how many calls were waiting."""
        return int((await self.control("release", id=message_id))["released"])

    async def fail_sends(self, mode: SendFault, next_sends: int = 1, **fields: Any) -> None:
        """Fault the next sends (-1: all from now on). Fields: kinds, room, ms, code (name or number), text.

        `fail`, `frequent`, `hang` happen before anything is delivered; the `_delivered` ones and `delay_reply` after.
        """
        await self.control("fail-sends", mode=mode, next=next_sends, **fields)

    async def heal_sends(self) -> None:
        """Forget all faults of sends; calls that hang end with CANCELLED."""
        await self.control("clear-sends")

    async def server(self, action: Literal["stop", "start", "bounce"], down_ms: int = 0) -> None:
        """Close and open the gRPC server on its port; the process and the account stay."""
        await self.control("server", action=action, down_ms=down_ms)

    async def occupy(self) -> None:
        """Another client takes the event stream: the server answers ALREADY_EXISTS to the bot's next one."""
        await self.control("occupy")

    async def vacate(self) -> None:
        """That other client goes away."""
        await self.control("vacate")

    # The record

    async def sent(
        self, *, after: int = 0, kinds: Iterable[str] | None = None, at_least: int = 0, wait: float = 0, **fields: Any
    ) -> list[Entry]:
        """What the bot asked for, in order, waiting up to `wait` s for `at_least` entries; filters: room, settled.

        Entry: seq, at (ms), kind (text, file, kick, recall, accept, announce …), conversation or room, text, mentions,
        type, id, delivered, outcome (pending, replied, failed, cut), fault, settled_at.
        """
        filters = {**fields, **({"kinds": list(kinds)} if kinds is not None else {})}
        return list(await self.control("sent", after=after, at_least=at_least, wait_ms=int(wait * 1000), **filters))

    async def texts(self, conversation: str, *, at_least: int = 0, wait: float = 0) -> list[str]:
        """The texts delivered to one room or contact, in order."""
        found = await self.sent(kinds=["text"], room=conversation, at_least=at_least, wait=wait)
        return [entry["text"] for entry in found if entry["delivered"]]

    async def emitted(
        self, *, after: int = 0, kinds: Iterable[str] | None = None, room: str | None = None
    ) -> list[Entry]:
        """The events that went out: seq, at, event, payload fields, `listened` (an event stream was open)."""
        filters: Entry = {**({"kinds": list(kinds)} if kinds is not None else {}), **({"room": room} if room else {})}
        return list(await self.control("emitted", after=after, **filters))

    async def state(self) -> Entry:
        """logged_in, stream_open, server_open, self, settings, withheld, counters {calls, peers, refused, streams} …"""
        return dict(await self.control("state"))

    async def calls(self, method: str) -> int:
        """How often an authorized client called this gRPC method, e.g. Start, Stop, Ding."""
        return int((await self.state())["counters"]["calls"].get(method, 0))

    async def await_stream(self, *, opened: bool = True, wait: float = 10) -> bool:
        """Wait until a client's event stream is open (or closed); False when it did not happen in `wait` s."""
        return bool((await self.control("await-stream", open=opened, wait_ms=int(wait * 1000)))["held"])

    async def await_call(self, method: str, *, at_least: int = 1, wait: float = 10) -> bool:
        """Wait until a gRPC method was called so often; False when it did not happen in `wait` s."""
        answer = await self.control("await-call", method=method, at_least=at_least, wait_ms=int(wait * 1000))
        return bool(answer["held"])
