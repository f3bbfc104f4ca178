"""What the console shows of accounts and rooms: channel health, leases, silence, and how much waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, text

from domain.actions import CaseState
from domain.facts import SendState
from domain.ids import AccountId, RoomId
from storage.statements import is_state
from storage.tables.order import APPEALS, CASES, SANCTIONS, SWITCHES
from storage.tables.path import INBOX, MESSAGES, OUTBOX
from storage.tables.people import ACCOUNTS, LEASES, MEMBERS, ROOM_MEMBERS, ROOMS
from storage.tables.staff import GAPS

APPEALS_FRESH = timedelta(days=7)
"""Appeals older than this no longer count as waiting: leaving a sanction as it is needs no act."""

# Written as the partial indexes are, which is how SQLite finds them.
SET_ASIDE = text("inbox.state IN ('failed', 'unreadable')")
UNRESOLVED = CASES.c.state.in_((CaseState.OPEN, CaseState.ASSIGNED))


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with its channel's last known health and the process that decides for it."""

    id: AccountId
    channel: str
    external_id: str
    name: str
    login: str
    reason: str
    scan_url: str
    since: datetime | None
    seen_at: datetime | None
    holder: str
    lease_until: datetime | None
    waiting: int
    """Events received and not yet decided."""
    unsent: int
    """Outbox rows that wait for their turn."""

    @property
    def key(self) -> str:
        """How people know the account."""
        return f"{self.channel}:{self.external_id}"


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room with what staff look for in a list."""

    id: RoomId
    account_id: AccountId
    key: str
    topic: str
    private: bool
    present: bool
    quiet_until: datetime | None
    owner: str
    members: int
    last_at: datetime | None
    open_cases: int

    @property
    def title(self) -> str:
        """How people know the room."""
        return self.topic or ("私聊" if self.private else self.key)


@dataclass(frozen=True, slots=True)
class Tally:
    """How much waits for a person: the numbers beside the menu."""

    open_cases: int = 0
    appeals: int = 0
    failed: int = 0
    unreadable: int = 0
    doubtful: int = 0
    gaps: int = 0
    """Times in which nothing was heard, of the last day."""


def accounts(conn: Connection) -> list[AccountView]:
    """All accounts in the order they were made."""
    waiting = _counted(conn, select(INBOX.c.account_id, func.count()).where(is_state(INBOX.c.state, "waiting")))
    unsent = _counted(
        conn, select(OUTBOX.c.account_id, func.count()).where(is_state(OUTBOX.c.state, SendState.WAITING))
    )
    rows = conn.execute(
        select(ACCOUNTS, LEASES.c.holder, LEASES.c.expires_at)
        .join(LEASES, LEASES.c.account_id == ACCOUNTS.c.id, isouter=True)
        .order_by(ACCOUNTS.c.id)
    )
    return [
        AccountView(
            id=AccountId(row.id),
            channel=row.channel,
            external_id=row.external_id,
            name=row.name,
            login=row.login,
            reason=row.reason,
            scan_url=row.scan_url,
            since=row.since,
            seen_at=row.seen_at,
            holder=row.holder or "",
            lease_until=row.expires_at,
            waiting=waiting.get(row.id, 0),
            unsent=unsent.get(row.id, 0),
        )
        for row in rows
    ]


def _counted(conn: Connection, query: Select[int, int]) -> dict[int, int]:
    """The counts of ``SELECT key, count(*)``, by key."""
    return {row[0]: row[1] for row in conn.execute(query.group_by(query.selected_columns[0]))}


def rooms(conn: Connection) -> list[RoomView]:
    """All rooms, groups before private chats, those the account left last."""
    query = _room_query().order_by(ROOMS.c.present.desc(), ROOMS.c.private, ROOMS.c.topic, ROOMS.c.id)
    members = _counted(conn, select(ROOM_MEMBERS.c.room_id, func.count()).where(ROOM_MEMBERS.c.left_at.is_(None)))
    open_cases = _counted(conn, select(CASES.c.room_id, func.count()).where(UNRESOLVED))
    return [_room(row, members, open_cases) for row in conn.execute(query)]


def room(conn: Connection, room_id: RoomId) -> RoomView | None:
    """One room, or None."""
    row = conn.execute(_room_query().where(ROOMS.c.id == room_id)).one_or_none()
    if row is None:
        return None
    here = select(ROOM_MEMBERS.c.room_id, func.count()).where(
        ROOM_MEMBERS.c.room_id == room_id, ROOM_MEMBERS.c.left_at.is_(None)
    )
    cases = select(CASES.c.room_id, func.count()).where(CASES.c.room_id == room_id, UNRESOLVED)
    return _room(row, _counted(conn, here), _counted(conn, cases))


def _room_query() -> Select[Any]:
    last = (
        select(MESSAGES.c.at)
        .where(MESSAGES.c.room_id == ROOMS.c.id)
        .order_by(MESSAGES.c.event_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(ROOMS, MEMBERS.c.name.label("owner_name"), last.label("last_at")).join(
        MEMBERS, MEMBERS.c.id == ROOMS.c.owner_id, isouter=True
    )


def _room(row: Row[Any], members: Mapping[int, int], cases: Mapping[int, int]) -> RoomView:
    return RoomView(
        id=RoomId(row.id),
        account_id=AccountId(row.account_id),
        key=row.key,
        topic=row.topic,
        private=row.private,
        present=row.present,
        quiet_until=row.quiet_until,
        owner=row.owner_name or "",
        members=members.get(row.id, 0),
        last_at=row.last_at,
        open_cases=cases.get(row.id, 0),
    )


def quiet_everywhere(conn: Connection) -> datetime | None:
    """Until when the bot is silent in all rooms; the moment may have passed."""
    until: datetime | None = conn.execute(select(SWITCHES.c.until).where(SWITCHES.c.name == "quiet")).scalar()
    return until


def tally(conn: Connection, now: datetime) -> Tally:
    """The counts of what waits for a person; each is read from a partial or state index."""

    def count(query: Select[int]) -> int:
        return conn.execute(query).scalar_one()

    rows = conn.execute(select(INBOX.c.state, func.count()).where(SET_ASIDE).group_by(INBOX.c.state))
    aside = {row[0]: row[1] for row in rows}
    return Tally(
        open_cases=count(select(func.count()).select_from(CASES).where(UNRESOLVED)),
        appeals=count(
            select(func.count())
            .select_from(APPEALS.outerjoin(SANCTIONS, SANCTIONS.c.number == APPEALS.c.sanction))
            .where(APPEALS.c.at > now - APPEALS_FRESH, APPEALS.c.state == "open", SANCTIONS.c.reversed_at.is_(None))
            .where(SANCTIONS.c.right.is_not(True))
        ),
        failed=aside.get("failed", 0),
        unreadable=aside.get("unreadable", 0),
        doubtful=count(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state == SendState.DOUBTFUL)),
        gaps=count(select(func.count()).select_from(GAPS).where(GAPS.c.ended_at > now - timedelta(days=1))),
    )
