"""WeChat as a channel: what the gateway tells becomes `Heard`, `Gap` and `Health`, what the bot wants becomes calls."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot import logs
from bot.channels.port import ChannelEvent, Health, Heard, Login, Order, Outcome, Receipt
from bot.channels.wechaty.connection import Connection
from bot.channels.wechaty.decode import event_data, text_of, texts_of
from bot.channels.wechaty.directory import Directory
from bot.channels.wechaty.echoes import Echoes
from bot.channels.wechaty.hearing import Hearing
from bot.channels.wechaty.kinds import Dirty, EventType, ScanStatus
from bot.channels.wechaty.pace import DEFAULT, Pace
from bot.channels.wechaty.send import Sender
from bot.channels.wechaty.session import Session
from bot.channels.wechaty.standing import Standing
from bot.channels.wechaty.stream import OrderedStream, Work
from bot.channels.wechaty.tls import check_token, read_ca, server_name
from domain.facts import Ability
from domain.incoming import ExternalPerson, Incoming

_SCANS: Mapping[int, str] = {
    ScanStatus.WAITING: "请用微信扫码登录",
    ScanStatus.SCANNED: "已扫码，请在手机上确认",
    ScanStatus.CONFIRMED: "已确认，正在登录",
    ScanStatus.TIMEOUT: "二维码已过期，等待新的",
}
_QUIET = frozenset({EventType.HEARTBEAT, EventType.DONG, EventType.POST, EventType.FRIENDSHIP, EventType.RESET})

_log = logs.logger("wechaty")


class WechatyChannel:
    """Implements `bot.channels.port.Channel` over one Wechaty puppet-service gateway."""

    name = "wechaty"
    abilities = frozenset(
        {
            Ability.MENTION,
            Ability.DIRECT,
            Ability.REMOVE_MEMBER,
            Ability.REMOVE_AS_ADMIN_ONLY,
            Ability.ACCEPT_INVITE,
            Ability.SEND_FILE,
        }
    )

    def __init__(
        self,
        endpoint: str,
        token: str,
        *,
        ca: Path | str | None = None,
        pace: Pace = DEFAULT,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``ca``: a file of PEM certificates, or these themselves; without it the environment's, else no TLS.

        Raises `EndpointError` with the remedy for an address, token or certificate that cannot be used.
        """
        check_token(token)
        self._pace = pace
        self._clock = clock
        self._connection = Connection(endpoint, token, ca=read_ca(ca), server_name=server_name(token))
        self._directory = Directory(self._connection, pace)
        self._echoes = Echoes()
        self._hearing = Hearing(self._connection, self._directory, self._echoes, pace, clock)
        self._sender = Sender(self._connection, self._directory, self._echoes, pace)
        self._standing = Standing(clock())
        self._ordered = OrderedStream(pace.in_flight, pace.waiting)
        self._running: asyncio.Task[None] | None = None
        self._me = ExternalPerson("")

    # ---- the port -------------------------------------------------------------------------------------------------

    @property
    def health(self) -> Health:
        """The present state, which `listen` may tell a little later."""
        return self._standing.health

    async def listen(self) -> AsyncIterator[ChannelEvent]:
        """Everything heard, in the gateway's order; connects, and connects again, until `close`."""
        self._ordered = ordered = OrderedStream(self._pace.in_flight, self._pace.waiting)
        session = Session(
            self._connection,
            self._pace,
            self._clock,
            on_event=self._on_event,
            on_open=lambda: ordered.tell(self._standing.waiting(self._clock())),
            on_lost=lambda login, reason, heard_at: ordered.tell(
                self._standing.lost(self._clock(), login, reason, heard_at)
            ),
        )
        self._running = running = asyncio.create_task(session.run(), name="wechaty-session")
        running.add_done_callback(partial(_end, ordered))
        try:
            yield self.health
            while True:
                yield await ordered.next()
        except _Closed:
            return
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await ordered.close()

    async def committed(self, heard: Heard, duplicate: bool) -> None:
        """WeChat wants no acknowledgement."""

    async def perform(self, order: Order) -> Receipt:
        """Do one thing. While nobody is logged in, or nothing would be heard of it, it is put off."""
        health = self.health
        if health.login is not Login.ONLINE:
            return Receipt(Outcome.RETRY, reason=health.reason or "账号未登录")
        return await self._sender.perform(await self._named(order), health.account_id)

    async def refetch(self, external_id: str) -> Incoming | None:
        """The content of a message or invitation that was unreadable, if it can be had now."""
        return await self._hearing.again(external_id, self._own())

    async def close(self) -> None:
        """End `listen` and the connection; the account stays logged in."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        self._directory.close()
        await self._connection.close()

    # ---- events ---------------------------------------------------------------------------------------------------

    async def _on_event(self, kind: int, payload: str, heard_at: datetime) -> None:
        data = event_data(payload)
        if data is None:
            # What it said may hold words of members.
            logs.line(_log, "skipped", logging.WARNING, event=kind, outcome="no JSON object", chars=len(payload))
        elif kind == EventType.MESSAGE:
            external_id = text_of(data, "messageId")
            if not external_id:
                logs.line(_log, "skipped", logging.WARNING, event=kind, outcome="no id")
            elif not self._echoes.has(external_id):
                await self._ordered.put(partial(self._hearing.message, external_id, self._own(), heard_at))
        elif kind not in _QUIET:
            await self._on_rare(kind, data, heard_at)

    async def _on_rare(self, kind: int, data: Mapping[str, Any], heard_at: datetime) -> None:
        if kind in (EventType.ROOM_JOIN, EventType.ROOM_LEAVE, EventType.ROOM_TOPIC):
            await self._on_room(kind, data, heard_at)
        elif kind == EventType.ROOM_INVITE and text_of(data, "roomInvitationId"):
            await self._put(kind, partial(self._hearing.invited, text_of(data, "roomInvitationId"), heard_at))
        elif kind == EventType.LOGIN and text_of(data, "contactId"):
            await self._on_login(text_of(data, "contactId"))
        elif kind == EventType.LOGOUT:
            self._ordered.tell(self._standing.logged_out(self._clock(), "账号已退出微信登录"))
        elif kind == EventType.SCAN:
            self._on_scan(data)
        elif kind == EventType.DIRTY:
            await self._on_dirty(data)
        elif kind == EventType.READY:
            await self._show_name()
        else:
            level = logging.WARNING if kind == EventType.ERROR else logging.INFO
            outcome = "error of the platform" if kind == EventType.ERROR else "unknown or incomplete event"
            logs.line(_log, "skipped", level, event=kind, outcome=outcome)

    async def _on_room(self, kind: int, data: Mapping[str, Any], heard_at: datetime) -> None:
        room_id, own_id = text_of(data, "roomId"), self.health.account_id
        if not room_id:
            logs.line(_log, "skipped", logging.WARNING, event=kind, outcome="no room")
        elif kind == EventType.ROOM_JOIN:
            self._directory.moved(room_id, texts_of(data, "inviteeIdList"))
            await self._put(kind, partial(self._hearing.joined, data, own_id, heard_at))
        elif kind == EventType.ROOM_LEAVE:
            self._directory.moved(room_id, texts_of(data, "removeeIdList"))
            await self._put(kind, partial(self._hearing.left, data, own_id, heard_at))
        else:
            self._directory.renamed(room_id, text_of(data, "newTopic"))
            await self._put(kind, partial(self._hearing.renamed, data, heard_at))

    async def _put(self, kind: int, work: Work) -> None:
        """Take a place for a rare event; one that cannot be made sense of is skipped, not the stream's end."""

        async def safely() -> tuple[ChannelEvent, ...]:
            try:
                return await work()
            except Exception as error:
                logs.line(_log, "skipped", logging.ERROR, event=kind, outcome=type(error).__name__)
                return ()

        await self._ordered.put(safely)

    async def _on_login(self, account_id: str) -> None:
        if account_id != self.health.account_id:
            self._directory.clear()
        # Nothing is read on until the name is known: what follows may address the bot by it.
        name = await self._name_of(account_id)
        self._ordered.tell(self._standing.online(self._clock(), account_id, name))

    def _on_scan(self, data: Mapping[str, Any]) -> None:
        status = data.get("status")
        reason = _SCANS.get(status if isinstance(status, int) else 0, "等待登录")
        self._ordered.tell(self._standing.scanning(self._clock(), text_of(data, "qrcode"), reason))

    async def _on_dirty(self, data: Mapping[str, Any]) -> None:
        kind, external_id = data.get("payloadType"), text_of(data, "payloadId")
        if isinstance(kind, int) and external_id:
            self._directory.dirty(kind, external_id)
            if kind == Dirty.CONTACT and external_id == self.health.account_id:
                await self._show_name()

    async def _show_name(self) -> None:
        """The account's name may have come or changed."""
        if self.health.login is Login.ONLINE:
            account_id = self.health.account_id
            name = await self._name_of(account_id)
            self._ordered.tell(self._standing.online(self._clock(), account_id, name))

    async def _named(self, order: Order) -> Order:
        """The order with the names of those who were never heard, such as a silent owner."""
        if all(one.name for one in order.mentions):
            return order
        until = asyncio.get_running_loop().time() + self._pace.lookup
        people = await self._directory.members(order.room, [one.external_id for one in order.mentions], until)
        named = (replace(one, name=one.name or person.name) for one, person in zip(order.mentions, people, strict=True))
        return replace(order, mentions=tuple(named))

    async def _name_of(self, account_id: str) -> str:
        until = asyncio.get_running_loop().time() + self._pace.lookup
        return (await self._directory.contact(account_id, until)).person.name

    def _own(self) -> ExternalPerson:
        health = self.health
        if self._me.external_id != health.account_id or self._me.name != health.account_name:
            self._me = ExternalPerson(health.account_id, health.account_name)
        return self._me


class _Closed(Exception):
    """`listen` ends because the channel was closed."""


def _end(ordered: OrderedStream, running: "asyncio.Task[None]") -> None:
    """A session ends because it was told to, or by a fault of our own code, which the listener shall see."""
    error = None if running.cancelled() else running.exception()
    ordered.fail(error or _Closed(), at_once=error is None)
