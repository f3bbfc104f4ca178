"""The numbers on the wire: events, kinds of messages, kinds of dirty payloads.

Gateways send the numbers of wechaty-puppet, which differ from the names that `wechaty_grpc` gives them (its TEXT is 6,
a gateway's is 7), so nothing here comes from `wechaty_grpc`. Tests hold the table against the real gateway.
"""

from enum import IntEnum
from types import MappingProxyType

from domain.incoming import MessageKind


class EventType(IntEnum):
    """What the event stream tells. Numbers that are not listed are logged and skipped."""

    HEARTBEAT = 1
    MESSAGE = 2
    DONG = 3
    POST = 4
    ERROR = 16
    FRIENDSHIP = 17
    ROOM_INVITE = 18
    ROOM_JOIN = 19
    ROOM_LEAVE = 20
    ROOM_TOPIC = 21
    SCAN = 22
    READY = 23
    RESET = 24
    LOGIN = 25
    LOGOUT = 26
    DIRTY = 27


class ScanStatus(IntEnum):
    """How far a login by QR code has come."""

    WAITING = 2
    SCANNED = 3
    CONFIRMED = 4
    TIMEOUT = 5


class Dirty(IntEnum):
    """What has changed on the platform. For a room member the id is the room's."""

    MESSAGE = 1
    CONTACT = 2
    ROOM = 3
    ROOM_MEMBER = 4
    FRIENDSHIP = 5


RECALLED = 13
"""A message of this type says that another was taken back."""

OFFICIAL_CONTACT = 2
"""The type of a contact that is no person: 公众号, service accounts."""

MESSAGE_KINDS = MappingProxyType(
    {
        0: MessageKind.UNKNOWN,
        1: MessageKind.FILE,
        2: MessageKind.VOICE,
        3: MessageKind.CARD,
        4: MessageKind.CHAT_HISTORY,
        5: MessageKind.STICKER,
        6: MessageKind.IMAGE,
        7: MessageKind.TEXT,
        8: MessageKind.LOCATION,
        9: MessageKind.MINI_PROGRAM,
        10: MessageKind.GROUP_NOTE,
        11: MessageKind.TRANSFER,
        12: MessageKind.RED_PACKET,
        RECALLED: MessageKind.SYSTEM,
        14: MessageKind.LINK,
        15: MessageKind.VIDEO,
        # A post of 朋友圈 that was shared: opened like a link.
        16: MessageKind.LINK,
    }
)


def message_kind(number: int) -> MessageKind:
    """Our kind for a gateway's type number; numbers that nobody has defined yet are unknown."""
    return MESSAGE_KINDS.get(int(number), MessageKind.UNKNOWN)
