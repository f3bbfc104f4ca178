"""What happened in one account's groups between two moments: the numbers and words behind the daily digest."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from domain.case_actions import Author
from domain.ids import AccountId
from storage.tables.engagement import CHECKINS
from storage.tables.order import CASE_MESSAGES, CASES, SANCTIONS
from storage.tables.path import FINDINGS, MESSAGES
from storage.tables.people import ROOMS

GRUMBLES = 3
_DISCONTENT = ("complaint:watch", "complaint:escalate")


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A case without an end, and what its member said in it (oldest first)."""

    number: int
    member_name: str
    texts: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RoomMood:
    """A group where some were discontent: in how many messages, and how many people."""

    topic: str
    messages: int
    members: int


@dataclass(frozen=True, slots=True)
class DayView:
    """Counts, and the members' latest words (oldest first) to draw key words and sentences from."""

    rooms: int
    messages: int
    members: int
    opened: int
    resolved: int
    unresolved: int
    sanctions: int
    checkins: int
    texts: tuple[str, ...] = field(repr=False, default=())
    cases: tuple[WaitingCase, ...] = ()
    moods: tuple[RoomMood, ...] = ()
    """The groups where most was found to complain of, first."""


def day(
    conn: Connection,
    account: AccountId,
    since: datetime,
    until: datetime,
    staff_rooms: tuple[str, ...],
    texts_limit: int = 1500,
    cases_limit: int = 5,
    moods_limit: int = 3,
) -> DayView:
    """The account's groups from ``since`` (included) to ``until``; private chats and the agents' rooms left out."""
    groups = select(ROOMS.c.id).where(
        ROOMS.c.account_id == account, ROOMS.c.private.is_(False), ROOMS.c.key.not_in(staff_rooms)
    )

    def one(query: Any) -> Any:
        return conn.execute(query).one()

    def within(column: Any) -> Any:
        return (column >= since) & (column < until)

    said = within(MESSAGES.c.at) & MESSAGES.c.room_id.in_(groups) & MESSAGES.c.own.is_(False)
    talk = one(
        select(
            func.count(), func.count(MESSAGES.c.member_id.distinct()), func.count(MESSAGES.c.room_id.distinct())
        ).where(said)
    )
    here = CASES.c.room_id.in_(groups)
    words = (
        select(MESSAGES.c.text)
        .where(said, MESSAGES.c.kind == "text", MESSAGES.c.recalled_at.is_(None))
        .order_by(MESSAGES.c.event_id.desc())
        .limit(texts_limit)
    )
    return DayView(
        rooms=talk[2],
        messages=talk[0],
        members=talk[1],
        opened=one(select(func.count()).where(here, within(CASES.c.opened_at)))[0],
        resolved=one(select(func.count()).where(here, within(CASES.c.resolved_at)))[0],
        unresolved=one(select(func.count()).where(here, CASES.c.state != "resolved"))[0],
        sanctions=one(
            select(func.count()).where(SANCTIONS.c.room_id.in_(groups), within(SANCTIONS.c.at), SANCTIONS.c.enforced)
        )[0],
        checkins=one(select(func.count()).where(CHECKINS.c.room_id.in_(groups), within(CHECKINS.c.at)))[0],
        texts=tuple(reversed(conn.execute(words).scalars().all())),
        cases=_longest_waiting(conn, here & (CASES.c.state != "resolved"), cases_limit),
        moods=_moods(conn, within(FINDINGS.c.at) & FINDINGS.c.room_id.in_(groups), moods_limit),
    )


def _moods(conn: Connection, wanted: ColumnElement[bool], limit: int) -> tuple[RoomMood, ...]:
    """A few grumbles are no mood: only where there were `GRUMBLES` and more."""
    count = func.count().label("messages")
    query = (
        select(ROOMS.c.topic, count, func.count(FINDINGS.c.member_id.distinct()).label("members"))
        .join(ROOMS, ROOMS.c.id == FINDINGS.c.room_id)
        .where(wanted, FINDINGS.c.top.in_(_DISCONTENT))
        .group_by(ROOMS.c.id, ROOMS.c.topic)
        .having(func.count() >= GRUMBLES)
        .order_by(count.desc(), ROOMS.c.id)
        .limit(limit)
    )
    return tuple(RoomMood(*row) for row in conn.execute(query))


def _longest_waiting(conn: Connection, wanted: ColumnElement[bool], limit: int) -> tuple[WaitingCase, ...]:
    query = select(CASES.c.number, CASES.c.member_name).where(wanted).order_by(CASES.c.number).limit(limit)
    waiting = conn.execute(query).all()
    said: dict[int, list[str]] = {row.number: [] for row in waiting}
    theirs = select(CASE_MESSAGES.c.case_number, CASE_MESSAGES.c.text).where(
        CASE_MESSAGES.c.case_number.in_(said), CASE_MESSAGES.c.author == Author.MEMBER.value
    )
    for number, text in conn.execute(theirs.order_by(CASE_MESSAGES.c.id)):
        said[number].append(text)
    return tuple(WaitingCase(row.number, row.member_name, tuple(said[row.number])) for row in waiting)
