"""The embedded channel: what its pages post becomes `Incoming`, what the bot does becomes frames to its pages."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.files import kind_of_file
from bot.channels.mentions import find_mentions, with_mentions
from bot.channels.port import ChannelEvent, Health, Heard, Login, Order, Outcome, Receipt
from bot.channels.web.door import Door, Refusal
from bot.channels.web.rooms import LiveRoom, Watcher, WebRoom
from bot.channels.web.unread import Unread
from domain.facts import Ability
from domain.incoming import (
    ExternalPerson,
    ExternalQuote,
    ExternalRoom,
    Incoming,
    IncomingKind,
    MessageKind,
    direct_person,
    direct_room,
)
from storage import web as platform
from storage.database import Database

BOT_ID = "bot"
MAX_CHARS = 5000
RECALL_MS = 120_000
"""A member may take a message back within two minutes, as in WeChat."""
CLOCK_SLACK_MS = 60_000
"""How old a page may say its post is. It keeps the key of a post sent again the same, but less than the age from which
a message counts as late, so that nobody can date a flood back to escape the ladder."""


class WebChannel:
    """Rooms, people and messages of the embedded group chat. One per process."""

    name = "web"
    abilities = frozenset(Ability) - {Ability.REMOVE_AS_ADMIN_ONLY}

    def __init__(
        self,
        database: Database,
        rooms: tuple[WebRoom, ...],
        bot_name: str,
        door: Door,
    ) -> None:
        self.bot_name = bot_name
        self.unread = Unread(database)
        self._database = database
        self._door = door
        self._rooms = {room.id: LiveRoom(room) for room in rooms}
        self._events: asyncio.Queue[ChannelEvent] = asyncio.Queue(10_000)
        self._posted: dict[str, tuple[platform.Message, Watcher | None]] = {}
        self._since = datetime.now(UTC)

    @property
    def health(self) -> Health:
        """Always online: the platform is this process."""
        return Health(Login.ONLINE, account_id=BOT_ID, account_name=self.bot_name, since=self._since)

    async def start(self) -> None:
        """Bring the bot into its rooms and read the platform's state; called once before pages are served."""
        await self._database.write(platform.save_person, BOT_ID, self.bot_name, _now_ms())
        for live in tuple(self._rooms.values()):
            if await self._database.write(platform.enter, live.room.id, BOT_ID, _now_ms()):
                await self._put(self._room_event(IncomingKind.ROOM_JOINED, live))
        for room, stays in (await self._database.read(platform.stays)).items():
            if not self._is_configured(room):
                # The configuration does not name this room any more; its people wait in the database.
                continue
            self.live(room).people.update({stay.person: stay for stay in stays if stay.person != BOT_ID})

    async def listen(self) -> AsyncIterator[ChannelEvent]:
        """What the pages do, after the echoes of the last sends (they settle what a crash left doubtful)."""
        yield self.health
        for message in await self._database.read(platform.last_sent):
            if self._is_configured(message.room):
                yield self._heard(self._echo(message))
        while True:
            yield await self._events.get()

    async def committed(self, heard: Heard, duplicate: bool) -> None:
        """What is in the inbox is shown to everybody; a repeated post is only acknowledged."""
        incoming = heard.incoming
        if incoming.kind is IncomingKind.MESSAGE:
            message, watcher = self._posted.pop(incoming.external_id, (None, None))
            if message is not None:
                await self._show(message)
                if watcher is not None:
                    watcher.send({"type": "ack", "id": message.id})
        elif incoming.kind is IncomingKind.RECALLED and incoming.room is not None:
            await self._recall(incoming.room.external_id, incoming.reference)

    async def refetch(self, external_id: str) -> Incoming | None:
        """Nothing is ever unreadable here."""
        return None

    async def close(self) -> None:
        """Tell every page to come back later."""
        for live in self._rooms.values():
            for watcher in tuple(live.watchers):
                watcher.frames.put_nowait(None) if not watcher.frames.full() else None

    # ---- what pages do ---------------------------------------------------------------------------------------------

    def _is_configured(self, room: str) -> bool:
        return room in self._rooms or bool(direct_person(room))

    def live(self, room: str) -> LiveRoom:
        """The room as it stands; private chats come into being when asked for. Raises `Refusal` if unknown."""
        if room not in self._rooms:
            if not direct_person(room):
                raise Refusal("没有这个群")
            self._rooms[room] = LiveRoom(WebRoom(room, f"与{self.bot_name}私聊"))
        return self._rooms[room]

    async def rooms_of(self, person: str) -> list[WebRoom]:
        """The rooms a person may open: public ones, their private chat, and the agents' if they are bound staff."""
        staff = await self._door.is_staff(person)
        public = [live.room for live in self._rooms.values() if not live.private_of]
        private = self.live(direct_room(person)).room
        return [room for room in public if staff or not room.staff] + [private]

    async def enter(self, room: str, person: str, name: str, watcher: Watcher) -> list[platform.Message]:
        """Open a room in a page: the person joins it if they were not in it. Returns its history.

        Raises `Refusal` for rooms that are not theirs to see.
        """
        live = self.live(room)
        await self._door.admit(live, person)
        now_ms = _now_ms()
        joined = await self._database.write(platform.enter, room, person, now_ms)
        held = live.people.get(person)
        if joined or held is None or held.name != name:
            muted = held.muted_until_ms if held else 0
            live.people[person] = platform.Stay(person, name, now_ms, muted, left=False, removed=False)
        watcher.room = room
        live.watchers.add(watcher)
        if joined and not live.private_of:
            await self._put(self._room_event(IncomingKind.JOINED, live, people=(ExternalPerson(person, name),)))
        live.broadcast(live.members_frame(self.bot_name))
        if live.private_of:
            await self.unread.opened(live)
        return await self._database.read(platform.history, room)

    def unwatch(self, watcher: Watcher) -> None:
        """A page closed; the person stays in the room."""
        if watcher.room:
            self.live(watcher.room).watchers.discard(watcher)

    async def leave(self, room: str, person: str) -> None:
        """A person leaves the room for good."""
        live = self.live(room)
        if live.private_of or not await self._database.write(platform.leave, room, person, removed=False):
            return
        stay = live.people[person]
        live.people[person] = replace(stay, left=True)
        await self._put(self._room_event(IncomingKind.LEFT, live, people=(ExternalPerson(person, stay.name),)))
        live.broadcast(live.members_frame(self.bot_name))

    async def post(self, watcher: Watcher, client_id: str, at_ms: int, text: str, quote_id: str) -> None:
        """A person says something in the room their page shows. Shown once it is committed.

        The same ``client_id`` and ``at_ms`` again (a page that reconnected) is the same message. Raises `Refusal`.
        """
        live = self.live(watcher.room)
        stay = live.people.get(watcher.person)
        now_ms = _now_ms()
        if stay is None or stay.left:
            raise Refusal("你已不在群里")
        await self._door.admit(live, watcher.person)
        if stay.muted_until_ms > now_ms:
            minutes = -(-(stay.muted_until_ms - now_ms) // 60_000)
            raise Refusal(f"你暂时不能发言，还有 {minutes} 分钟")
        if not text.strip() or len(text) > MAX_CHARS:
            raise Refusal(f"消息要在 1 到 {MAX_CHARS} 字之间")
        message_id = f"{watcher.person}-{client_id}"
        if await self._known(watcher, message_id):
            return
        at_ms = at_ms if 0 <= now_ms - at_ms <= CLOCK_SLACK_MS else now_ms
        quoted = await self._database.read(platform.message, watcher.room, quote_id) if quote_id else None
        message = platform.Message(
            id=message_id,
            room=watcher.room,
            person=watcher.person,
            name=stay.name,
            text=text,
            at_ms=at_ms,
            quote=f"{quoted.name}：{quoted.text}"[:200] if quoted else "",
        )
        self._posted[message.id] = (message, watcher)
        await self._put(self._said(live, stay, message, quoted))

    async def _known(self, watcher: Watcher, message_id: str) -> bool:
        """Whether this post is on its way already, or shown (then it is acknowledged once more)."""
        if message_id in self._posted:
            self._posted[message_id] = (self._posted[message_id][0], watcher)
            return True
        if await self._database.read(platform.message, watcher.room, message_id) is None:
            return False
        watcher.send({"type": "ack", "id": message_id})
        return True

    async def recall(self, watcher: Watcher, message_id: str) -> None:
        """A person takes their own message back. Raises `Refusal` after two minutes."""
        message = await self._database.read(platform.message, watcher.room, message_id)
        if message is None or message.person != watcher.person or message.recalled:
            raise Refusal("这条消息不能撤回")
        if _now_ms() - message.at_ms > RECALL_MS:
            raise Refusal("超过两分钟的消息不能撤回")
        live = self.live(watcher.room)
        sender = ExternalPerson(message.person, message.name)
        event = self._room_event(IncomingKind.RECALLED, live, sender=sender, reference=message_id)
        await self._put(event)

    # ---- what the bot does -----------------------------------------------------------------------------------------

    async def perform(self, order: Order) -> Receipt:
        """Do one thing on the embedded platform; the same order twice is done once."""
        try:
            live = self.live(order.room)
        except Refusal as refusal:
            return Receipt(Outcome.REFUSED, reason=str(refusal))
        match order.kind:
            case "say":
                text = with_mentions(order.text, tuple(mentioned.name for mentioned in order.mentions))
                return await self._say(live, order, text)
            case "send_file":
                return await self._say(live, order, "", order.reference)
            case "recall":
                await self._recall(live.room.id, order.reference)
            case "mute" | "unmute":
                until = order.until if order.kind == "mute" else None
                await self._mute(live, order.member, 0 if until is None else int(until.timestamp() * 1000))
            case "remove":
                await self._remove(live, order.member)
            case _:
                return Receipt(Outcome.REFUSED, reason=f"the embedded channel cannot {order.kind}")
        return Receipt(Outcome.SENT)

    async def _say(self, live: LiveRoom, order: Order, text: str, file: str = "") -> Receipt:
        message = platform.Message(f"{BOT_ID}-{order.id}", live.room.id, "", self.bot_name, text, _now_ms(), file=file)
        if await self._show(message, order.id):
            if live.private_of:
                await self.unread.said(live)
            await self._put(self._echo(message))
        return Receipt(Outcome.SENT, external_id=message.id)

    async def _mute(self, live: LiveRoom, person: str, until_ms: int) -> None:
        await self._database.write(platform.mute, live.room.id, person, until_ms)
        stay = live.people.get(person)
        if stay is not None:
            live.people[person] = replace(stay, muted_until_ms=until_ms)
        for watcher in tuple(live.watchers):
            if watcher.person == person:
                watcher.send({"type": "muted", "until": until_ms})

    async def _remove(self, live: LiveRoom, person: str) -> None:
        if not await self._database.write(platform.leave, live.room.id, person, removed=True):
            return
        stay = live.people[person]
        live.people[person] = replace(stay, left=True, removed=True)
        self._turn_out(live, person)
        gone = self._room_event(
            IncomingKind.LEFT,
            live,
            people=(ExternalPerson(person, stay.name),),
            sender=ExternalPerson(BOT_ID, self.bot_name),
        )
        await self._put(gone)
        live.broadcast(live.members_frame(self.bot_name))

    # ---- shared ----------------------------------------------------------------------------------------------------

    async def _show(self, message: platform.Message, order_id: int | None = None) -> bool:
        fresh = await self._database.write(platform.save_message, message, order_id)
        if fresh:
            live = self.live(message.room)
            await self._close_to_strangers(live)
            live.broadcast(message_frame(message))
        return fresh

    async def _close_to_strangers(self, live: LiveRoom) -> None:
        # Who is no staff any more may have the agents' room open still.
        for person in {watcher.person for watcher in live.watchers} if live.room.staff else ():
            if not await self._door.is_staff(person):
                self._turn_out(live, person)

    def _turn_out(self, live: LiveRoom, person: str) -> None:
        for watcher in tuple(live.watchers):
            if watcher.person == person:
                watcher.send({"type": "removed", "room": live.room.id})
                live.watchers.discard(watcher)

    async def _recall(self, room: str, message_id: str) -> None:
        if await self._database.write(platform.recall, room, message_id):
            self.live(room).broadcast({"type": "recalled", "id": message_id})

    async def _put(self, incoming: Incoming) -> None:
        await self._events.put(self._heard(incoming))

    def _heard(self, incoming: Incoming) -> Heard:
        return Heard(incoming, datetime.now(UTC))

    def _external_room(self, live: LiveRoom) -> ExternalRoom:
        return ExternalRoom(live.room.id, live.room.topic, private=bool(live.private_of))

    def _room_event(
        self,
        kind: IncomingKind,
        live: LiveRoom,
        people: tuple[ExternalPerson, ...] = (),
        sender: ExternalPerson | None = None,
        reference: str = "",
    ) -> Incoming:
        return Incoming(
            kind,
            datetime.now(UTC),
            room=self._external_room(live),
            people=people,
            sender=sender,
            reference=reference,
        )

    def _said(
        self, live: LiveRoom, stay: platform.Stay, message: platform.Message, quoted: platform.Message | None
    ) -> Incoming:
        names = {**live.names(), self.bot_name: BOT_ID}
        found = find_mentions(message.text, names)
        shown = {person: name for name, person in names.items()}
        return Incoming(
            IncomingKind.MESSAGE,
            datetime.fromtimestamp(message.at_ms / 1000, UTC),
            external_id=message.id,
            room=self._external_room(live),
            sender=ExternalPerson(stay.person, stay.name),
            mentions=tuple(ExternalPerson(person, shown[person]) for person in found.ids if person != BOT_ID),
            mentions_bot=BOT_ID in found.ids,
            mentions_all=found.everybody,
            text=found.text,
            quote=ExternalQuote(quoted.name, quoted.text, quoted.id) if quoted else None,
        )

    def _echo(self, message: platform.Message) -> Incoming:
        live = self.live(message.room)
        return Incoming(
            IncomingKind.OWN_MESSAGE,
            datetime.fromtimestamp(message.at_ms / 1000, UTC),
            external_id=message.id,
            room=self._external_room(live),
            sender=ExternalPerson(BOT_ID, self.bot_name),
            message_kind=kind_of_file(Path(message.file)) if message.file else MessageKind.TEXT,
            text=message.text,
        )


def message_frame(message: platform.Message) -> dict[str, object]:
    """A message as the page takes it."""
    return {
        "type": "message",
        "id": message.id,
        "room": message.room,
        "person": message.person,
        "name": message.name,
        "text": message.text,
        "quote": message.quote,
        "file": message.file,
        "at": message.at_ms,
        "recalled": message.recalled,
    }


def _now_ms() -> int:
    return int(time.time() * 1000)
