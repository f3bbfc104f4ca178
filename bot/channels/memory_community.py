"""The platform behind the in-memory channel: rooms, people, messages, mutes; who is where and may do what."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.incoming import ExternalPerson, ExternalRoom, MessageKind, direct_person, direct_room


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as everybody in the room sees it. ``author`` is empty for the bot."""

    external_id: str
    author: str
    text: str
    at: datetime
    kind: MessageKind = MessageKind.TEXT
    file: str = ""
    """The name of the image or file."""


@dataclass(slots=True)
class Room:
    """A room with its members (external id → person), its messages in order, and its mutes."""

    external_id: str
    topic: str = ""
    private: bool = False
    owner: str | None = None
    admins: tuple[str, ...] = ()
    members: dict[str, ExternalPerson] = field(default_factory=dict)
    messages: list[Posted] = field(default_factory=list)
    recalled: set[str] = field(default_factory=set)
    muted: dict[str, datetime] = field(default_factory=dict)
    present: bool = True
    """Whether the account itself is in the room."""

    def as_external(self) -> ExternalRoom:
        """What the channel tells about the room with every event."""
        return ExternalRoom(self.external_id, self.topic, self.private, self.owner, self.admins)

    def posted(self, external_id: str) -> Posted | None:
        """The message with this id."""
        return next((m for m in self.messages if m.external_id == external_id), None)

    def visible(self) -> list[str]:
        """The texts that still stand on everybody's screen, in order."""
        return [m.text for m in self.messages if m.external_id not in self.recalled]


class Community:
    """All rooms and people of one in-memory platform; names things by short ids that tests can read."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.people: dict[str, ExternalPerson] = {}
        self._numbers = 0

    def number(self) -> int:
        """The next of one rising sequence: ids never repeat."""
        self._numbers += 1
        return self._numbers

    def person(self, name: str, external_id: str = "", alias: str = "") -> ExternalPerson:
        """Make a person, or rename one who has this id already."""
        person = ExternalPerson(external_id or f"p{self.number()}", name, alias)
        self.people[person.external_id] = person
        for room in self.rooms.values():
            if person.external_id in room.members:
                room.members[person.external_id] = person
        return person

    def room(
        self,
        topic: str = "",
        external_id: str = "",
        *,
        members: tuple[ExternalPerson, ...] = (),
        owner: ExternalPerson | None = None,
        admins: tuple[ExternalPerson, ...] = (),
    ) -> Room:
        """Make a room with these members; owner and admins are members as well."""
        room = Room(external_id or f"r{self.number()}", topic)
        room.owner = owner.external_id if owner is not None else None
        room.admins = tuple(person.external_id for person in admins)
        everybody = (*members, *admins, *((owner,) if owner is not None else ()))
        room.members = {person.external_id: person for person in everybody}
        self.rooms[room.external_id] = room
        return room

    def private_room(self, person: ExternalPerson) -> Room:
        """The private chat with a person; the same one each time."""
        key = direct_room(person.external_id)
        room = self.rooms.get(key)
        if room is None:
            room = Room(key, private=True, members={person.external_id: person})
            self.rooms[key] = room
        return room

    def find(self, external_id: str) -> Room | None:
        """The room with this id; a private chat with somebody known comes into being."""
        person = self.people.get(direct_person(external_id))
        return self.rooms.get(external_id) if person is None else self.private_room(person)
