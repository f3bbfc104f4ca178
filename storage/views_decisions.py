"""What the console shows of decisions: every event with what was found about it and what followed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from domain.decision import Json
from domain.ids import EventId, RoomId
from storage.columns import load
from storage.paging import PAGE, newest
from storage.tables.path import FINDINGS, MESSAGES
from storage.tables.people import MEMBERS, ROOMS

JsonObject = dict[str, Json]


class Scope(StrEnum):
    """Which events are listed."""

    OTHERS = "others"
    """What others did: all but the account's own messages, most of which are echoes of sends."""
    FOUND = "found"
    """Those of which one of the four rules found something, and those where a handler raised."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One judged event. ``findings`` and ``actions`` are the JSON values that were kept with it."""

    event_id: EventId
    at: datetime
    decided_at: datetime
    kind: str
    room_id: RoomId
    room: str
    member: str
    text: str = field(repr=False)
    message_kind: str
    recalled: bool
    revision: int
    top: str
    findings: tuple[JsonObject, ...]
    actions: tuple[JsonObject, ...]
    errors: tuple[str, ...]


def decisions(
    conn: Connection,
    *,
    before: int | None = None,
    after: int | None = None,
    room_id: RoomId | None = None,
    scope: Scope = Scope.ALL,
    limit: int = PAGE,
) -> list[DecisionView]:
    """Judged events, newest first, at most ``limit``.

    ``before`` is the last event id of the page above, ``after`` the newest id already shown.
    """
    query = newest(_query(), FINDINGS.c.event_id, before, limit)
    if after is not None:
        query = query.where(FINDINGS.c.event_id > after)
    if room_id is not None:
        query = query.where(FINDINGS.c.room_id == room_id)
    if scope is Scope.OTHERS:
        query = query.where(FINDINGS.c.kind != "own_message")
    if scope is Scope.FOUND:
        query = query.where((FINDINGS.c.top != "") | FINDINGS.c.errors.is_not(None))
    return [_decision(row) for row in conn.execute(query)]


def decision(conn: Connection, event_id: int) -> DecisionView | None:
    """One judged event, or None."""
    row = conn.execute(_query().where(FINDINGS.c.event_id == event_id)).one_or_none()
    return None if row is None else _decision(row)


def _query() -> Select[Any]:
    return (
        select(
            FINDINGS,
            MESSAGES.c.name.label("sender"),
            MESSAGES.c.text,
            MESSAGES.c.kind.label("message_kind"),
            MESSAGES.c.recalled_at,
            MEMBERS.c.name.label("member_name"),
            ROOMS.c.topic,
            ROOMS.c.key.label("room_key"),
            ROOMS.c.private,
        )
        .join(MESSAGES, MESSAGES.c.event_id == FINDINGS.c.event_id, isouter=True)
        .join(MEMBERS, MEMBERS.c.id == FINDINGS.c.member_id, isouter=True)
        .join(ROOMS, ROOMS.c.id == FINDINGS.c.room_id, isouter=True)
    )


def _decision(row: Row[Any]) -> DecisionView:
    return DecisionView(
        event_id=EventId(row.event_id),
        at=row.at,
        decided_at=row.decided_at,
        kind=row.kind,
        room_id=RoomId(row.room_id),
        room=room_title(row.topic, row.private, row.room_key),
        member=row.sender or row.member_name or "",
        text=row.text or "",
        message_kind=row.message_kind or "",
        recalled=row.recalled_at is not None,
        revision=row.revision,
        top=row.top,
        findings=_objects(load(row.findings)),
        actions=_objects(load(row.actions)),
        errors=_strings(load(row.errors)),
    )


def room_title(topic: str | None, private: bool | None, key: str | None) -> str:
    """How people know a room whose row may be missing (events about no room)."""
    return topic or ("私聊" if private else key or "")


def _objects(values: object) -> tuple[JsonObject, ...]:
    return tuple(value for value in values if isinstance(value, dict)) if isinstance(values, list) else ()


def _strings(values: object) -> tuple[str, ...]:
    listed: Sequence[object] = values if isinstance(values, list) else [] if values is None else [values]
    return tuple(str(value) for value in listed)
