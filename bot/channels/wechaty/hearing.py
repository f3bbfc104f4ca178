"""Fetches what an event only names: message contents, people, rooms, invitations."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from wechaty_grpc.wechaty import puppet as pb

from bot import logs
from bot.channels.port import Heard
from bot.channels.wechaty import decode
from bot.channels.wechaty.addressed import names_of
from bot.channels.wechaty.connection import Connection
from bot.channels.wechaty.directory import Directory
from bot.channels.wechaty.echoes import Echoes
from bot.channels.wechaty.pace import Pace
from bot.channels.wechaty.status import CallError
from bot.channels.wechaty.wire import write
from domain.incoming import ExternalPerson, ExternalRoom, Incoming, direct_room

INVITATION = "invitation:"
"""In front of an invitation's id where a message's id is expected: an unreadable one is fetched again by it."""
FIRST_PAUSE = 0.1
MENTIONS_LOOKED_UP = 20
"""@所有人 may list hundreds of members; whoever is beyond this is not asked for by name."""

_log = logs.logger("wechaty")


class Hearing:
    """Each method gives what goes to the inbox for one event, and never raises for trouble with the gateway."""

    def __init__(
        self,
        connection: Connection,
        directory: Directory,
        echoes: Echoes,
        pace: Pace,
        clock: Callable[[], datetime],
    ) -> None:
        self._connection = connection
        self._directory = directory
        self._echoes = echoes
        self._pace = pace
        self._clock = clock

    async def message(self, external_id: str, own: ExternalPerson, heard_at: datetime) -> tuple[Heard, ...]:
        """The message of an id; unreadable when its content was not had in time."""
        if self._echoes.has(external_id):
            # The reply to our send, which names this id, came with it or while it waited for its turn.
            return ()
        try:
            incoming = await self._read(external_id, own, heard_at)
        except CallError as error:
            logs.line(_log, "unreadable", logging.WARNING, message=external_id, outcome=error.code)
            incoming = decode.unreadable(external_id, heard_at)
        except Exception as error:
            # A content that our own code stumbles over: set aside and shown, and the rest goes on.
            logs.line(_log, "unreadable", logging.ERROR, message=external_id, outcome=type(error).__name__)
            incoming = decode.unreadable(external_id, heard_at)
        return self._told(incoming, heard_at)

    async def invited(self, external_id: str, heard_at: datetime) -> tuple[Heard, ...]:
        """An invitation into a room."""
        try:
            incoming: Incoming | None = await self._invitation(external_id, heard_at)
        except CallError as error:
            logs.line(_log, "unreadable", logging.WARNING, invitation=external_id, outcome=error.code)
            incoming = decode.unreadable(INVITATION + external_id, heard_at)
        return self._told(incoming, heard_at)

    async def joined(self, data: Mapping[str, Any], own_id: str, heard_at: datetime) -> tuple[Heard, ...]:
        """People came into a room."""
        room_id, ids = decode.text_of(data, "roomId"), decode.texts_of(data, "inviteeIdList")
        until = self._until(self._pace.lookup)
        room = await self._directory.room(room_id, until)
        people = await self._directory.members(room_id, ids, until)
        inviter = await self._somebody(room_id, decode.text_of(data, "inviterId"), until)
        at = decode.moment(data.get("timestamp"), heard_at)
        return self._told(decode.joined(room, people, inviter, own_id, at), heard_at)

    async def left(self, data: Mapping[str, Any], own_id: str, heard_at: datetime) -> tuple[Heard, ...]:
        """People left a room, or were removed; the room cannot be asked about them any more."""
        room_id, ids = decode.text_of(data, "roomId"), decode.texts_of(data, "removeeIdList")
        until = self._until(self._pace.lookup)
        gone = own_id in ids
        room = ExternalRoom(room_id) if gone else await self._directory.room(room_id, until)
        people = tuple([await self._gone(room_id, one, until) for one in ids])
        remover_id = decode.text_of(data, "removerId")
        remover = None
        if remover_id and remover_id not in ids:
            ask = self._gone if gone else self._directory.member
            remover = await ask(room_id, remover_id, until)
        at = decode.moment(data.get("timestamp"), heard_at)
        return self._told(decode.left(room, people, remover, own_id, at), heard_at)

    async def renamed(self, data: Mapping[str, Any], heard_at: datetime) -> tuple[Heard, ...]:
        """A room got another topic."""
        room_id, topic = decode.text_of(data, "roomId"), decode.text_of(data, "newTopic")
        until = self._until(self._pace.lookup)
        known = await self._directory.room(room_id, until)
        changer = await self._somebody(room_id, decode.text_of(data, "changerId"), until)
        # Of two changes in a row the gateway may know the second already.
        room = ExternalRoom(room_id, topic, owner=known.owner, admins=known.admins)
        at = decode.moment(data.get("timestamp"), heard_at)
        return self._told(decode.renamed(room, topic, changer, at), heard_at)

    async def again(self, external_id: str, own: ExternalPerson) -> Incoming | None:
        """A second attempt at what was unreadable; None when it still is."""
        now = self._clock()
        try:
            if external_id.startswith(INVITATION):
                return await self._invitation(external_id.removeprefix(INVITATION), now)
            return await self._read(external_id, own, now)
        except CallError as error:
            logs.line(_log, "unreadable", message=external_id, outcome=error.code)
            return None

    # ---- inside ---------------------------------------------------------------------------------------------------

    async def _read(self, external_id: str, own: ExternalPerson, heard_at: datetime) -> Incoming | None:
        until = self._until(self._pace.payload)
        payload = await self._payload(external_id, until)
        if payload.from_id == own.external_id and await self._echoes.comes(
            external_id, payload.room_id or payload.to_id
        ):
            return None
        # Names are less than words: what time is left for them, they may take, and a message goes without.
        scene = await self._scene(payload, own, max(until, self._until(self._pace.lookup_least)))
        incoming = decode.message(payload, external_id, scene, heard_at) if scene is not None else None
        if incoming is None:
            logs.line(_log, "skipped", message=external_id, kind=int(payload.type), outcome="nobody's words")
        return incoming

    async def _payload(self, external_id: str, until: float) -> Any:
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._connection.call(
                    "MessagePayload",
                    write(pb.MessagePayloadRequest, id=external_id),
                    pb.MessagePayloadResponse,
                    seconds=until - self._now(),
                    wait=True,
                )
            except CallError as error:
                # A gateway that is long gone shall not cost each message its full wait.
                gone = self._connection.out_for() > self._pace.payload
                if gone or error.code == "DEADLINE_EXCEEDED" or self._now() + pause >= until:
                    raise
            await asyncio.sleep(pause)
            pause *= 2

    async def _scene(self, payload: decode.Payload, own: ExternalPerson, until: float) -> decode.Scene | None:
        if payload.room_id:
            return await self._room_scene(payload, own, until)
        partner_id = decode.private_partner(payload, own.external_id)
        if not partner_id:
            return None
        partner = await self._directory.contact(partner_id, until)
        if partner.official:
            return None
        room = ExternalRoom(direct_room(partner_id), partner.person.name, private=True)
        sender = own if payload.from_id == own.external_id else partner.person
        return decode.Scene(room, sender, own)

    async def _room_scene(self, payload: decode.Payload, own: ExternalPerson, until: float) -> decode.Scene:
        room_id, from_id = payload.room_id, payload.from_id
        room = await self._directory.room(room_id, until)
        if from_id == own.external_id:
            return decode.Scene(room, own, own)
        sender = await self._directory.speaker(room_id, from_id, until) if from_id else None
        if not decode.reads_mentions(payload):
            return decode.Scene(room, sender, own)
        mine = await self._directory.member(room_id, own.external_id, until)
        own = ExternalPerson(own.external_id, mine.name or own.name, mine.alias)
        ids = tuple(dict.fromkeys(one for one in payload.mention_ids if one and one != own.external_id))
        asked = await self._directory.members(room_id, ids[:MENTIONS_LOOKED_UP], until)
        known = (self._directory.known_member(room_id, one) for one in ids[MENTIONS_LOOKED_UP:])
        mentioned = (*asked, *(one for one in known if one is not None))
        neighbours = () if ids else await self._neighbours(payload.text, room_id, own, until)
        return decode.Scene(room, sender, own, mentioned, neighbours)

    async def _neighbours(self, text: str, room_id: str, own: ExternalPerson, until: float) -> tuple[str, ...]:
        mine = tuple(names_of(own))
        if not any(f"@{name}" in text for name in mine):
            return ()
        return await self._directory.known_names(room_id, mine, until)

    async def _invitation(self, external_id: str, heard_at: datetime) -> Incoming:
        until = self._until(self._pace.payload)
        answer = await self._connection.call(
            "RoomInvitationPayload",
            write(pb.RoomInvitationPayloadRequest, id=external_id),
            pb.RoomInvitationPayloadResponse,
            seconds=self._pace.payload,
            wait=True,
        )
        inviter = await self._directory.contact(answer.inviter_id, max(until, self._until(self._pace.lookup_least)))
        return decode.invited(
            external_id, decode.storable(answer.topic), inviter.person, decode.moment(answer.timestamp, heard_at)
        )

    async def _somebody(self, room_id: str, contact_id: str, until: float) -> ExternalPerson | None:
        return await self._directory.member(room_id, contact_id, until) if contact_id else None

    async def _gone(self, room_id: str, contact_id: str, until: float) -> ExternalPerson:
        known = self._directory.known_member(room_id, contact_id)
        return known or (await self._directory.contact(contact_id, until)).person

    def _told(self, incoming: Incoming | tuple[Incoming, ...] | None, heard_at: datetime) -> tuple[Heard, ...]:
        if incoming is None:
            return ()
        several = incoming if isinstance(incoming, tuple) else (incoming,)
        return tuple(Heard(one, heard_at) for one in several)

    def _until(self, seconds: float) -> float:
        return self._now() + seconds

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
