"""From what a gateway tells to `Incoming`: pure, with everything that had to be asked for as an argument."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from bot.channels.wechaty.addressed import Addressed, by_ids, by_names, own_words
from bot.channels.wechaty.kinds import RECALLED, message_kind
from bot.channels.wechaty.quotes import split_quote
from domain.incoming import ExternalPerson, ExternalRoom, Incoming, IncomingKind, MessageKind

LONGEST_TEXT = 20_000
"""Characters; WeChat itself allows fewer, so that only a broken gateway meets this."""

_SECONDS_BELOW = 10**11
_MILLISECONDS_BELOW = 10**14
_EARLIEST, _LATEST = 946_684_800.0, 4_102_444_800.0  # years 2000 and 2100: beyond them it is no time of a message
_REVOKED = re.compile(r"<newmsgid>\s*(\d+)\s*</newmsgid>")
_NOTE = "#接龙"


class Payload(Protocol):
    """The fields of MessagePayloadResponse that are read."""

    id: str
    text: str
    timestamp: int
    type: Any
    from_id: str
    room_id: str
    to_id: str
    mention_ids: list[str]


@dataclass(frozen=True, slots=True)
class Scene:
    """Who and where: what was looked up for one message. ``own`` has the bot's names in this room."""

    room: ExternalRoom
    sender: ExternalPerson | None
    own: ExternalPerson
    mentioned: tuple[ExternalPerson, ...] = ()
    neighbours: tuple[str, ...] = ()


def event_data(payload: str) -> Mapping[str, Any] | None:
    """The JSON object of an event; None when it is none."""
    try:
        data = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def text_of(data: Mapping[str, Any], name: str) -> str:
    """A text field; empty when missing or something else."""
    value = data.get(name)
    return storable(value) if isinstance(value, str) else ""


def texts_of(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of ids, without what is no id."""
    value = data.get(name)
    return tuple(storable(one) for one in value if isinstance(one, str) and one) if isinstance(value, list) else ()


def storable(text: str) -> str:
    """Without what no database takes: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def moment(stamp: object, heard_at: datetime) -> datetime:
    """A gateway's timestamp, in seconds, milliseconds or microseconds; ``heard_at`` when it tells none."""
    if isinstance(stamp, bool) or not isinstance(stamp, int | float) or not 0 < stamp < 10**17:
        return heard_at
    if stamp < _SECONDS_BELOW:
        seconds = float(stamp)
    else:
        seconds = stamp / 1000 if stamp < _MILLISECONDS_BELOW else stamp / 1_000_000
    return datetime.fromtimestamp(seconds, UTC) if _EARLIEST < seconds < _LATEST else heard_at


def private_partner(payload: Payload, own_id: str) -> str:
    """The contact id of a private chat's other side; empty for a room's message or when it is not told."""
    if payload.room_id:
        return ""
    return payload.to_id if payload.from_id == own_id else payload.from_id


def reads_mentions(payload: Payload) -> bool:
    """Whether the names in a room are needed to read this message."""
    return bool(payload.mention_ids) or "@" in payload.text or "＠" in payload.text


def message(payload: Payload, external_id: str, scene: Scene, heard_at: datetime) -> Incoming | None:
    """One message as it goes to the inbox; None for what nobody said (a notice without sender)."""
    at = moment(payload.timestamp, heard_at)
    if int(payload.type) == RECALLED:
        return Incoming(
            IncomingKind.RECALLED,
            at,
            external_id,
            scene.room,
            scene.sender,
            reference=_recalled_id(payload.text),
        )
    if scene.sender is None:
        return None
    kind = message_kind(payload.type)
    # A card's text is XML and nobody's words.
    text = storable(payload.text) if kind in (MessageKind.TEXT, MessageKind.GROUP_NOTE) else ""
    spoken = partial(
        Incoming,
        at=at,
        external_id=external_id,
        room=scene.room,
        sender=scene.sender,
        message_kind=kind,
        details={"cut": str(len(text))} if len(text) > LONGEST_TEXT else {},
    )
    text = text[:LONGEST_TEXT]
    if scene.sender.external_id == scene.own.external_id:
        return spoken(IncomingKind.OWN_MESSAGE, text=own_words(text))
    if kind is not MessageKind.TEXT or text.startswith(_NOTE):
        return spoken(IncomingKind.MESSAGE, text=text)
    quote, own = split_quote(text)
    addressed = _addressed(own, payload.mention_ids, scene)
    return spoken(
        IncomingKind.MESSAGE,
        mentions=addressed.people,
        mentions_bot=addressed.bot,
        mentions_all=addressed.everybody,
        text=addressed.text,
        quote=quote,
    )


def unreadable(external_id: str, heard_at: datetime) -> Incoming:
    """A message of which only the id is known."""
    return Incoming(IncomingKind.UNREADABLE, heard_at, external_id)


def joined(
    room: ExternalRoom, people: Sequence[ExternalPerson], inviter: ExternalPerson | None, own_id: str, at: datetime
) -> tuple[Incoming, ...]:
    """People came in; the account itself among them is an event of its own, before the others."""
    return _split(room, people, inviter, own_id, at, (IncomingKind.ROOM_JOINED, IncomingKind.JOINED))


def left(
    room: ExternalRoom, people: Sequence[ExternalPerson], remover: ExternalPerson | None, own_id: str, at: datetime
) -> tuple[Incoming, ...]:
    """People went; gateways name somebody who leaves alone as their own remover."""
    if remover is not None and any(remover.external_id == one.external_id for one in people):
        remover = None
    return _split(room, people, remover, own_id, at, (IncomingKind.ROOM_LEFT, IncomingKind.LEFT))


def renamed(room: ExternalRoom, topic: str, changer: ExternalPerson | None, at: datetime) -> Incoming:
    """The room's topic is ``topic`` now."""
    return Incoming(IncomingKind.ROOM_RENAMED, at, room=room, sender=changer, details={"topic": topic})


def invited(reference: str, topic: str, inviter: ExternalPerson, at: datetime) -> Incoming:
    """Somebody invites the account into a room whose id is not told before it is in."""
    return Incoming(
        IncomingKind.ROOM_INVITED, at, reference, sender=inviter, reference=reference, details={"topic": topic}
    )


def _split(
    room: ExternalRoom,
    people: Sequence[ExternalPerson],
    by: ExternalPerson | None,
    own_id: str,
    at: datetime,
    kinds: tuple[IncomingKind, IncomingKind],
) -> tuple[Incoming, ...]:
    own_kind, others_kind = kinds
    others = tuple(one for one in people if one.external_id != own_id)
    heard = []
    if len(others) < len(people):
        heard.append(Incoming(own_kind, at, room=room, sender=by))
    if others:
        heard.append(Incoming(others_kind, at, room=room, sender=by, people=others))
    return tuple(heard)


def _addressed(text: str, ids: Sequence[str], scene: Scene) -> Addressed:
    if ids:
        return by_ids(text, ids, scene.own, scene.mentioned)
    return by_names(text, scene.own, scene.neighbours)


def _recalled_id(text: str) -> str:
    """Gateways give the id of the message taken back as text; some pass on WeChat's own XML."""
    found = _REVOKED.search(text)
    return found[1] if found is not None else text.strip()[:200]
