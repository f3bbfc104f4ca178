"""What a channel hears, in the platform's own ids; storage turns these into ours when it commits them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

DIRECT = "direct:"
"""Where a platform gives a private chat no id of its own, it is the room ``direct:<the person's external id>``."""


def direct_room(person: str) -> str:
    """The external id of the account's private chat with a person (both external ids)."""
    return DIRECT + person


def direct_person(room: str) -> str:
    """The external id of the person whose private chat a room is; empty for any other room."""
    return room.removeprefix(DIRECT) if room.startswith(DIRECT) else ""


class MessageKind(StrEnum):
    """What a message carries. Only ``TEXT`` is judged as words; the others appear as ``[图片]`` and so on."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"
    FILE = "file"
    LINK = "link"
    CARD = "card"
    LOCATION = "location"
    MINI_PROGRAM = "mini_program"
    RED_PACKET = "red_packet"
    TRANSFER = "transfer"
    CHAT_HISTORY = "chat_history"
    GROUP_NOTE = "group_note"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class IncomingKind(StrEnum):
    """Which event of `domain.events` an incoming value becomes."""

    MESSAGE = "message"
    OWN_MESSAGE = "own_message"
    RECALLED = "recalled"
    JOINED = "joined"
    LEFT = "left"
    ROOM_INVITED = "room_invited"
    ROOM_JOINED = "room_joined"
    ROOM_LEFT = "room_left"
    ROOM_RENAMED = "room_renamed"
    TIMER = "timer"
    STAFF = "staff"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class ExternalPerson:
    """A chat identity as the platform names it. ``alias`` is the name in this room, if it differs."""

    external_id: str
    name: str = ""
    alias: str = ""

    @property
    def shown(self) -> str:
        """The name that other members of the room see."""
        return self.alias or self.name or self.external_id


@dataclass(frozen=True, slots=True)
class ExternalRoom:
    """A room as the platform names it. A private chat is a room of two with ``private=True``.

    ``owner`` and ``admins`` are external ids as the channel states them; `None` means “not known now”, so that
    a message without this knowledge does not wipe what an earlier one told.
    """

    external_id: str
    topic: str = ""
    private: bool = False
    owner: str | None = None
    admins: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ExternalQuote:
    """The message that a message quotes: who said it (shown name), what, and the platform's id if it is told."""

    name: str
    text: str
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing heard, ready to be committed to the inbox.

    ``at`` is the sender's timestamp (aware). ``people`` are those who joined or left, ``mentions`` those addressed
    with @. ``text`` holds own words only: quote and @names are cut out by the channel. ``reference`` is the id of
    another thing: the recalled message or the invitation.
    """

    kind: IncomingKind
    at: datetime
    external_id: str = ""
    room: ExternalRoom | None = None
    sender: ExternalPerson | None = None
    people: tuple[ExternalPerson, ...] = ()
    mentions: tuple[ExternalPerson, ...] = ()
    mentions_bot: bool = False
    mentions_all: bool = False
    message_kind: MessageKind = MessageKind.TEXT
    text: str = ""
    quote: ExternalQuote | None = None
    reference: str = ""
    details: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The inbox key within one account (hex): the same event heard twice has the same key.

        Join, leave and topic events carry no id, and ids may repeat after a re-login, so the room, the people and
        the sender's timestamp belong to it.
        """
        parts = (
            self.kind,
            self.external_id,
            self.room.external_id if self.room else "",
            self.sender.external_id if self.sender else "",
            ",".join(sorted(person.external_id for person in self.people)),
            self.reference,
            self.at.isoformat(),
        )
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:40]
