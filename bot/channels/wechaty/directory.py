"""Who is who and where: contacts, rooms and members as the gateway tells them, remembered."""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wechaty_grpc.wechaty import puppet as pb

from bot.channels.wechaty.caches import Cache, Limiter
from bot.channels.wechaty.connection import Connection
from bot.channels.wechaty.decode import storable
from bot.channels.wechaty.kinds import OFFICIAL_CONTACT, Dirty
from bot.channels.wechaty.pace import Pace
from bot.channels.wechaty.wire import write
from domain.incoming import ExternalPerson, ExternalRoom

CONTACT_SECONDS = 3600.0
ROOM_SECONDS = 600.0
MEMBER_SECONDS = 3600.0
CONTACTS, ROOMS, MEMBERS = 20_000, 5_000, 50_000
"""The most that are remembered; the longest unused go first."""
ASKED_FOR_NAMES = 20
"""How many of a room's speakers are asked for the name they have in it, when one of these names matters."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person, or an official account, which is none."""

    person: ExternalPerson
    official: bool = False


class Directory:
    """Every question names the event loop's time until which it waits; then what is known is answered."""

    def __init__(self, connection: Connection, pace: Pace) -> None:
        self._connection = connection
        self._pace = pace
        limiter = Limiter(pace.lookups_per_second)
        self._contacts = Cache(self._ask_contact, seconds=CONTACT_SECONDS, most=CONTACTS, limiter=limiter)
        self._rooms = Cache(self._ask_room, seconds=ROOM_SECONDS, most=ROOMS, limiter=limiter)
        self._members = Cache(self._ask_member, seconds=MEMBER_SECONDS, most=MEMBERS, limiter=limiter)
        self._spoke: OrderedDict[tuple[str, str], None] = OrderedDict()
        """Who spoke in a room without being asked for the name they have in it."""
        self._aged: dict[str, float] = {}
        """When a room's or a contact's change was told: what is older about its members may be wrong."""
        self._asking: dict[str, asyncio.Event] = {}
        """Speakers of whom nothing is known yet; set when the first question about them has ended."""

    async def contact(self, contact_id: str, until: float) -> Contact:
        """A contact; without a name when it cannot be had."""
        return await self._contacts.get(contact_id, until) or Contact(ExternalPerson(contact_id))

    async def room(self, room_id: str, until: float) -> ExternalRoom:
        """A room; without topic, owner and admins when they cannot be had."""
        return await self._rooms.get(room_id, until) or ExternalRoom(room_id)

    async def member(self, room_id: str, contact_id: str, until: float) -> ExternalPerson:
        """A member with the names they have in this room."""
        found = await self._members.get((room_id, contact_id), until, self._changed(room_id, contact_id))
        if found is None or not found.name:
            # Gone from the room already, or a gateway that tells no name here.
            person = (await self.contact(contact_id, until)).person
            return replace(person, alias=found.alias) if found is not None else person
        return found

    async def speaker(self, room_id: str, contact_id: str, until: float) -> ExternalPerson:
        """Somebody who speaks in a room. One whose own name is known from another room is not asked for again."""
        key = (room_id, contact_id)
        if self._members.peek(key) is not None:
            return await self.member(room_id, contact_id, until)
        if contact_id in self._asking and self._known_elsewhere(key) is None:
            # Who says the same in fifty rooms at once is asked for once.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(until):
                    await self._asking[contact_id].wait()
        known = self._known_elsewhere(key)
        if known is None:
            return await self._asked(room_id, contact_id, until)
        self._spoke[key] = None
        if len(self._spoke) > MEMBERS:
            self._spoke.popitem(last=False)
        return known

    def _known_elsewhere(self, key: tuple[str, str]) -> ExternalPerson | None:
        """Somebody whose name in this very room was not asked for, but whose own name is known."""
        if self._members.peek(key) is not None:
            return None
        known = self._contacts.fresh(key[1], self._changed(*key))
        return known.person if known is not None and known.person.name else None

    async def _asked(self, room_id: str, contact_id: str, until: float) -> ExternalPerson:
        asking = self._asking.setdefault(contact_id, asyncio.Event())
        try:
            return await self.member(room_id, contact_id, until)
        finally:
            self._asking.pop(contact_id, None)
            asking.set()

    async def members(self, room_id: str, ids: Sequence[str], until: float) -> tuple[ExternalPerson, ...]:
        """Several members, in the given order."""
        return tuple([await self.member(room_id, one, until) for one in ids])

    def known_member(self, room_id: str, contact_id: str) -> ExternalPerson | None:
        """A member if already known; asks nobody."""
        return self._members.peek((room_id, contact_id))

    async def known_names(self, room_id: str, prefixes: Sequence[str], until: float) -> tuple[str, ...]:
        """Longer names of known members of a room that begin with one of these."""
        wanted = tuple(one for one in prefixes if one)
        if not wanted:
            return ()
        unasked = [key for key in reversed(self._spoke) if key[0] == room_id][:ASKED_FOR_NAMES]
        await asyncio.gather(*(self.member(*key, until) for key in unasked))
        for key in unasked:
            self._spoke.pop(key, None)
        names: list[str] = []
        for (room, _), person in self._members.known():
            if room == room_id:
                names += [name for name in (person.alias, person.name) if name.startswith(wanted)]
        return tuple(name for name in names if name not in wanted)

    def dirty(self, kind: int, external_id: str) -> None:
        """The platform says that something has changed."""
        if kind == Dirty.CONTACT:
            self._contacts.age(external_id)
            self._note(external_id)
        elif kind == Dirty.ROOM:
            self._rooms.age(external_id)
        elif kind == Dirty.ROOM_MEMBER:
            self._note(external_id)

    def moved(self, room_id: str, people: Sequence[str]) -> None:
        """People came or went: who they are in this room is asked anew, the room as well."""
        self._rooms.age(room_id)
        for one in people:
            self._members.age((room_id, one))

    def renamed(self, room_id: str, topic: str) -> None:
        """The room has a new topic; no need to ask for it."""
        known = self._rooms.peek(room_id)
        if known is not None:
            self._rooms.put(room_id, replace(known, topic=topic))

    def clear(self) -> None:
        """Another account logged in: ids may mean others now."""
        for cache in (self._contacts, self._rooms, self._members):
            cache.clear()
        self._spoke.clear()
        self._aged.clear()

    def close(self) -> None:
        """Let go of questions under way."""
        for cache in (self._contacts, self._rooms, self._members):
            cache.close()

    def _changed(self, room_id: str, contact_id: str) -> float:
        return max(self._aged.get(room_id, 0.0), self._aged.get(contact_id, 0.0))

    def _note(self, external_id: str) -> None:
        if len(self._aged) >= CONTACTS:
            self._members.clear()
            self._aged.clear()
        self._aged[external_id] = time.monotonic()

    async def _ask_contact(self, contact_id: str) -> Contact:
        answer = await self._connection.call(
            "ContactPayload",
            write(pb.ContactPayloadRequest, id=contact_id),
            pb.ContactPayloadResponse,
            seconds=self._pace.lookup,
        )
        return Contact(ExternalPerson(contact_id, storable(answer.name)), int(answer.type) == OFFICIAL_CONTACT)

    async def _ask_room(self, room_id: str) -> ExternalRoom:
        answer = await self._connection.call(
            "RoomPayload", write(pb.RoomPayloadRequest, id=room_id), pb.RoomPayloadResponse, seconds=self._pace.lookup
        )
        told = bool(answer.owner_id or answer.admin_ids)
        return ExternalRoom(
            room_id,
            storable(answer.topic),
            owner=answer.owner_id or None,
            # Without an owner the gateway does not know the room's order; an empty list would wipe what we know.
            admins=tuple(answer.admin_ids) if told else None,
        )

    async def _ask_member(self, key: tuple[str, str]) -> ExternalPerson:
        room_id, contact_id = key
        answer = await self._connection.call(
            "RoomMemberPayload",
            write(pb.RoomMemberPayloadRequest, id=room_id, member_id=contact_id),
            pb.RoomMemberPayloadResponse,
            seconds=self._pace.lookup,
        )
        person = ExternalPerson(contact_id, storable(answer.name))
        if person.name:
            self._contacts.put(contact_id, Contact(person))
        return replace(person, alias=storable(answer.room_alias))
