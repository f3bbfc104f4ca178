"""What the console shows of keeping order: sanctions with their reasons, and appeals against them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from domain.actions import SanctionKind
from domain.ids import AccountId, EventId, MemberId, RoomId
from storage.actors import with_names
from storage.columns import load
from storage.evidence import Piece, pieces, spans_of
from storage.paging import PAGE, newest
from storage.tables.order import APPEALS, SANCTIONS
from storage.tables.path import FINDINGS, MESSAGES
from storage.tables.people import MEMBERS, ROOMS
from storage.views_decisions import room_title


@dataclass(frozen=True, slots=True)
class SanctionView:
    """A sanction with its reason, the account that hears its room, and who took it back."""

    number: int
    account_id: AccountId
    room_id: RoomId
    room: str
    member: str
    kind: SanctionKind
    rule: str
    severity: str
    at: datetime
    until: datetime | None
    enforced: bool
    event_id: EventId
    why: str
    revision: int
    reversed_at: datetime | None
    reversed_by: str
    right: bool | None
    """What staff said of the verdict, if anything."""
    member_id: MemberId
    said: tuple[Piece, ...] = field(default=(), repr=False)
    """The message around what was matched; empty when it is not kept any more, or had no words."""


@dataclass(frozen=True, slots=True)
class AppealView:
    """A member finds a sanction wrong; ``sanction`` is None where none could be named, or it is not kept any more."""

    id: int
    room: str
    member_id: MemberId
    member: str
    sanction: SanctionView | None
    at: datetime
    state: str
    """``open``, ``reversed`` (the sanction was taken back) or ``kept`` (staff called the verdict right)."""


def sanctions(
    conn: Connection, before: int | None = None, rule: str | None = None, limit: int = PAGE
) -> list[SanctionView]:
    """Sanctions, newest first, with numbers below ``before``; of one rule only when it is named."""
    query = newest(_query(), SANCTIONS.c.number, before, limit)
    if rule is not None:
        query = query.where(SANCTIONS.c.rule == rule)
    return with_names(conn, [_sanction(row) for row in conn.execute(query)], "reversed_by")


def sanction(conn: Connection, number: int) -> SanctionView | None:
    """One sanction, or None."""
    row = conn.execute(_query().where(SANCTIONS.c.number == number)).one_or_none()
    return None if row is None else with_names(conn, [_sanction(row)], "reversed_by")[0]


def appeals(conn: Connection, before: int | None = None, limit: int = PAGE) -> list[AppealView]:
    """Appeals, newest first, with ids below ``before``."""
    query = (
        select(APPEALS, MEMBERS.c.name, ROOMS.c.topic, ROOMS.c.private, ROOMS.c.key)
        .join(MEMBERS, MEMBERS.c.id == APPEALS.c.member_id, isouter=True)
        .join(ROOMS, ROOMS.c.id == APPEALS.c.room_id, isouter=True)
    )
    rows = conn.execute(newest(query, APPEALS.c.id, before, limit)).all()
    about = conn.execute(_query().where(SANCTIONS.c.number.in_({row.sanction for row in rows if row.sanction})))
    against = {one.number: one for one in with_names(conn, [_sanction(row) for row in about], "reversed_by")}
    return [_appeal(row, against.get(row.sanction)) for row in rows]


def _appeal(row: Row[Any], against: SanctionView | None) -> AppealView:
    state = row.state
    if against is not None and against.reversed_at is not None:
        state = "reversed"
    elif against is not None and against.right:
        state = "kept"
    return AppealView(
        id=row.id,
        room=room_title(row.topic, row.private, row.key),
        member_id=MemberId(row.member_id),
        member=row.name or "",
        sanction=against,
        at=row.at,
        state=state,
    )


def _query() -> Select[Any]:
    room = (ROOMS.c.account_id, ROOMS.c.topic, ROOMS.c.private, ROOMS.c.key.label("room_key"))
    return (
        select(SANCTIONS, *room, MESSAGES.c.text, FINDINGS.c.findings)
        .join(ROOMS, ROOMS.c.id == SANCTIONS.c.room_id)
        .join(MESSAGES, MESSAGES.c.event_id == SANCTIONS.c.event_id, isouter=True)
        .join(FINDINGS, FINDINGS.c.event_id == SANCTIONS.c.event_id, isouter=True)
    )


def _sanction(row: Row[Any]) -> SanctionView:
    return SanctionView(
        said=pieces(row.text, spans_of(load(row.findings) if row.findings else ())) if row.text else (),
        number=row.number,
        account_id=AccountId(row.account_id),
        room_id=RoomId(row.room_id),
        room=room_title(row.topic, row.private, row.room_key),
        member=row.member_name,
        kind=SanctionKind(row.kind),
        rule=row.rule,
        severity=row.severity,
        at=row.at,
        until=row.until,
        enforced=row.enforced,
        event_id=EventId(row.event_id),
        why=row.why,
        revision=row.revision,
        reversed_at=row.reversed_at,
        reversed_by=row.reversed_by,
        right=row.right,
        member_id=MemberId(row.member_id),
    )
