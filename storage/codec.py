"""Events as JSON in the inbox, and back: the one place that knows the form."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from domain import events
from domain.events import Event, Person, Quote
from domain.ids import NO_MEMBER, NO_ROOM, EventId, MemberId, RoomId, UserId
from domain.incoming import ExternalPerson, Incoming, IncomingKind, MessageKind
from storage.columns import clean, micros, moment
from storage.people import Places

Payload = dict[str, Any]


# ---- in --------------------------------------------------------------------------------------------------------------


def encode(incoming: Incoming, places: Places) -> Payload:
    """The payload of something heard. Raises ValueError for kinds that no channel tells, or without a sender."""
    if incoming.kind in (IncomingKind.TIMER, IncomingKind.STAFF):
        raise ValueError(f"a channel does not tell of {incoming.kind}")
    if incoming.kind is IncomingKind.MESSAGE and incoming.sender is None:
        raise ValueError("a message has a sender")
    return _ENCODERS[incoming.kind](incoming, places)


def timer_payload(name: str, due_at: datetime, reference: str) -> Payload:
    """The payload of a timer that fired."""
    return {"name": name, "due": micros(due_at), "ref": reference}


def staff_payload(user_id: UserId, user_name: str, command: str) -> Payload:
    """The payload of what a console user did."""
    return {"user": user_id, "name": clean(user_name), "command": clean(command)}


def room_of(incoming: Incoming, places: Places) -> RoomId:
    """Our id of the room something was heard in; NO_ROOM where there is none."""
    return NO_ROOM if incoming.room is None else places.rooms[incoming.room.external_id]


def _person(person: ExternalPerson | None, places: Places) -> list[Any] | None:
    return None if person is None else [places.members[person.external_id], clean(person.shown)]


def _people(people: tuple[ExternalPerson, ...], places: Places) -> list[Any]:
    return [_person(person, places) for person in people]


def _message(incoming: Incoming, places: Places) -> Payload:
    payload: Payload = {
        "from": _person(incoming.sender, places),
        "text": clean(incoming.text),
        "kind": incoming.message_kind.value,
        "id": clean(incoming.external_id),
    }
    if incoming.mentions:
        payload["mentions"] = _people(incoming.mentions, places)
    if incoming.mentions_bot:
        payload["bot"] = 1
    if incoming.mentions_all:
        payload["all"] = 1
    if incoming.quote is not None:
        name, external_id = clean(incoming.quote.name), clean(incoming.quote.external_id)
        member = places.quoted.get((room_of(incoming, places), name, external_id))
        payload["quote"] = [name, clean(incoming.quote.text), member, external_id]
    return payload


def _own(incoming: Incoming, _places: Places) -> Payload:
    return {"text": clean(incoming.text), "kind": incoming.message_kind.value, "id": clean(incoming.external_id)}


def _recalled(incoming: Incoming, places: Places) -> Payload:
    return {"from": _person(incoming.sender, places), "ref": clean(incoming.reference or incoming.external_id)}


def _crowd(incoming: Incoming, places: Places) -> Payload:
    return {"from": _person(incoming.sender, places), "people": _people(incoming.people, places)}


def _topic_of(incoming: Incoming) -> str:
    told = incoming.details.get("topic") or (incoming.room.topic if incoming.room else "") or incoming.text
    return clean(told)


def _invited(incoming: Incoming, places: Places) -> Payload:
    reference = clean(incoming.reference or incoming.external_id)
    return {"from": _person(incoming.sender, places), "topic": _topic_of(incoming), "ref": reference}


def _renamed(incoming: Incoming, _places: Places) -> Payload:
    return {"topic": _topic_of(incoming)}


def _unreadable(incoming: Incoming, places: Places) -> Payload:
    room = incoming.room.external_id if incoming.room else ""
    return {"from": _person(incoming.sender, places), "id": clean(incoming.external_id), "room": clean(room)}


_ENCODERS: dict[IncomingKind, Callable[[Incoming, Places], Payload]] = {
    IncomingKind.MESSAGE: _message,
    IncomingKind.OWN_MESSAGE: _own,
    IncomingKind.RECALLED: _recalled,
    IncomingKind.JOINED: _crowd,
    IncomingKind.LEFT: _crowd,
    IncomingKind.ROOM_INVITED: _invited,
    IncomingKind.ROOM_JOINED: lambda incoming, places: {"from": _person(incoming.sender, places)},
    IncomingKind.ROOM_LEFT: lambda incoming, places: {},
    IncomingKind.ROOM_RENAMED: _renamed,
    IncomingKind.UNREADABLE: _unreadable,
}


# ---- out -------------------------------------------------------------------------------------------------------------


def decode(kind: str, head: dict[str, Any], payload: Payload) -> Event:
    """The event of an inbox row. ``head`` holds ``id``, ``at``, ``room_id`` and ``entropy``."""
    return _DECODERS[kind](head, payload)


def head_of(event_id: int, at: datetime, room_id: int, entropy: bytes) -> dict[str, Any]:
    """What every event has."""
    return {"id": EventId(event_id), "at": at, "room_id": RoomId(room_id), "entropy": entropy}


_KINDS = {kind.value: kind for kind in MessageKind}


def _to_person(value: list[Any] | None) -> Person | None:
    return None if value is None else Person(MemberId(value[0]), value[1])


def _somebody(value: list[Any] | None) -> Person:
    return _to_person(value) or Person(NO_MEMBER, "")


def _to_people(values: Sequence[list[Any]]) -> tuple[Person, ...]:
    return tuple([Person(MemberId(member), name) for member, name in values]) if values else ()


def _to_quote(value: list[Any] | None) -> Quote | None:
    if value is None:
        return None
    name, text, member, external_id = value
    return Quote(name, text, None if member is None else MemberId(member), external_id)


def _to_message(head: dict[str, Any], payload: Payload) -> Event:
    return events.MessagePosted(
        **head,
        sender=_somebody(payload["from"]),
        text=payload["text"],
        kind=_KINDS[payload["kind"]],
        external_id=payload["id"],
        mentions=_to_people(payload.get("mentions", ())),
        mentions_bot="bot" in payload,
        mentions_all="all" in payload,
        quote=_to_quote(payload.get("quote")),
    )


def _to_own(head: dict[str, Any], payload: Payload) -> Event:
    return events.OwnMessage(**head, text=payload["text"], kind=MessageKind(payload["kind"]), external_id=payload["id"])


def _to_timer(head: dict[str, Any], payload: Payload) -> Event:
    return events.TimerFired(**head, name=payload["name"], due_at=moment(payload["due"]), reference=payload["ref"])


def _to_staff(head: dict[str, Any], payload: Payload) -> Event:
    user = UserId(payload["user"])
    return events.StaffActed(**head, user_id=user, user_name=payload["name"], command=payload["command"])


def _to_recalled(head: dict[str, Any], payload: Payload) -> Event:
    return events.MessageRecalled(**head, sender=_to_person(payload["from"]), reference=payload["ref"])


def _to_joined(head: dict[str, Any], payload: Payload) -> Event:
    return events.MemberJoined(**head, people=_to_people(payload["people"]), inviter=_to_person(payload["from"]))


def _to_left(head: dict[str, Any], payload: Payload) -> Event:
    return events.MemberLeft(**head, people=_to_people(payload["people"]), remover=_to_person(payload["from"]))


def _to_room_joined(head: dict[str, Any], payload: Payload) -> Event:
    return events.RoomJoined(**head, inviter=_to_person(payload["from"]))


def _to_invited(head: dict[str, Any], payload: Payload) -> Event:
    inviter = _somebody(payload["from"])
    return events.RoomInvited(**head, inviter=inviter, topic=payload["topic"], reference=payload["ref"])


_DECODERS: dict[str, Callable[[dict[str, Any], Payload], Event]] = {
    IncomingKind.MESSAGE.value: _to_message,
    IncomingKind.OWN_MESSAGE.value: _to_own,
    IncomingKind.RECALLED.value: _to_recalled,
    IncomingKind.JOINED.value: _to_joined,
    IncomingKind.LEFT.value: _to_left,
    IncomingKind.ROOM_INVITED.value: _to_invited,
    IncomingKind.ROOM_JOINED.value: _to_room_joined,
    IncomingKind.ROOM_LEFT.value: lambda head, payload: events.RoomLeft(**head),
    IncomingKind.ROOM_RENAMED.value: lambda head, payload: events.RoomRenamed(**head, topic=payload["topic"]),
    IncomingKind.TIMER.value: _to_timer,
    IncomingKind.STAFF.value: _to_staff,
}
