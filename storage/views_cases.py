"""What the console shows of cases: the queue, and one case with everything said in it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from domain.actions import Author, CaseState
from domain.ids import AccountId, EventId, MemberId, RoomId, UserId
from storage.actors import with_names
from storage.paging import PAGE, newest
from storage.tables.order import CASE_MESSAGES, CASES
from storage.tables.people import ROOM_MEMBERS, ROOMS
from storage.views_decisions import room_title
from storage.views_rooms import UNRESOLVED


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it stands, with the account that hears its room. ``last`` is the last thing said in it, ``left``
    whether its member is gone from the room.
    """

    number: int
    account_id: AccountId
    room_id: RoomId
    room: str
    member_id: MemberId
    member: str
    state: CaseState
    reason: str
    rule: str
    event_id: EventId
    opened_at: datetime
    waiting_since: datetime | None
    assignee_id: UserId | None
    assignee: str
    taken_at: datetime | None
    first_reply_at: datetime | None
    resolved_at: datetime | None
    resolved_by: str
    score: int | None
    left: bool = False
    last: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """Something said in a case."""

    id: int
    author: Author
    name: str
    text: str = field(repr=False)
    at: datetime


def open_cases(conn: Connection, after: int = 0, limit: int = PAGE) -> list[CaseView]:
    """Cases that are not resolved, oldest first, from numbers above ``after``."""
    query = _query().where(UNRESOLVED, CASES.c.number > after).order_by(CASES.c.number)
    return [_case(row) for row in conn.execute(query.limit(limit))]


def resolved_cases(conn: Connection, before: int | None = None, limit: int = PAGE) -> list[CaseView]:
    """Resolved cases, newest first, with numbers below ``before``."""
    query = newest(_query().where(CASES.c.state == CaseState.RESOLVED), CASES.c.number, before, limit)
    return with_names(conn, [_case(row) for row in conn.execute(query)], "resolved_by")


def case(conn: Connection, number: int) -> CaseView | None:
    """One case, or None."""
    row = conn.execute(_query().where(CASES.c.number == number)).one_or_none()
    return None if row is None else with_names(conn, [_case(row)], "resolved_by")[0]


def case_messages(conn: Connection, number: int, limit: int = 500) -> list[CaseMessage]:
    """What was said in a case, oldest first; the last ``limit`` of it."""
    rows = conn.execute(
        select(CASE_MESSAGES)
        .where(CASE_MESSAGES.c.case_number == number)
        .order_by(CASE_MESSAGES.c.id.desc())
        .limit(limit)
    ).all()
    return [CaseMessage(row.id, Author(row.author), row.name, row.text, row.at) for row in reversed(rows)]


def _query() -> Select[Any]:
    last = (
        select(CASE_MESSAGES.c.text)
        .where(CASE_MESSAGES.c.case_number == CASES.c.number, CASE_MESSAGES.c.author == Author.MEMBER)
        .order_by(CASE_MESSAGES.c.id.desc())
        .limit(1)
        .correlate(CASES)
        .scalar_subquery()
    )
    place = [ROOMS.c.account_id, ROOMS.c.topic, ROOMS.c.private, ROOMS.c.key.label("room_key")]
    here = (ROOM_MEMBERS.c.room_id == CASES.c.room_id) & (ROOM_MEMBERS.c.member_id == CASES.c.member_id)
    return (
        select(CASES, *place, last.label("last"), ROOM_MEMBERS.c.left_at.is_not(None).label("left"))
        .join(ROOMS, ROOMS.c.id == CASES.c.room_id)
        .outerjoin(ROOM_MEMBERS, here)
    )


def _case(row: Row[Any]) -> CaseView:
    return CaseView(
        number=row.number,
        account_id=AccountId(row.account_id),
        room_id=RoomId(row.room_id),
        room=room_title(row.topic, row.private, row.room_key),
        member_id=MemberId(row.member_id),
        member=row.member_name,
        state=CaseState(row.state),
        reason=row.reason,
        rule=row.rule,
        event_id=EventId(row.event_id),
        opened_at=row.opened_at,
        waiting_since=row.waiting_since,
        assignee_id=None if row.assignee_id is None else UserId(row.assignee_id),
        assignee=row.assignee_name,
        taken_at=row.taken_at,
        first_reply_at=row.first_reply_at,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        score=row.score,
        left=bool(row.left),
        last=row.last or "",
    )
