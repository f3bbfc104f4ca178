"""Messages as they were heard, to be judged again: with who was mentioned and quoted, while the inbox keeps them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from domain.events import MessagePosted
from domain.facts import AccountFacts, PersonFacts, RoomFacts
from domain.ids import AccountId, MemberId, RoomId
from domain.incoming import IncomingKind
from storage import world_reads
from storage.accounts import account_facts
from storage.codec import decode, head_of
from storage.columns import load
from storage.tables.path import INBOX
from storage.tables.staff import BINDINGS

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Span:
    """Which messages to replay: inbox numbers ``first`` to ``last``, ``count`` of them; ``left_out`` older ones are
    beyond the bound.
    """

    first: int
    last: int
    count: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Heard:
    """One message with its room; ``account`` heard it."""

    number: int
    account: AccountId
    event: MessagePosted
    room: RoomFacts


def span(conn: Connection, since: datetime, most: int) -> Span:
    """The latest ``most`` messages received since then."""
    wanted = _judged(since)
    total = conn.execute(select(func.count()).where(wanted)).scalar_one()
    newest = select(INBOX.c.id).where(wanted).order_by(INBOX.c.id.desc()).limit(most).subquery()
    first, last = conn.execute(select(func.min(newest.c.id), func.max(newest.c.id))).one()
    return Span(first or 0, last or 0, min(total, most), max(0, total - most))


def heard(conn: Connection, span: Span, after: int, limit: int = CHUNK) -> list[Heard]:
    """The next messages of a span, in the order in which they were heard, from inbox numbers above ``after``."""
    columns = (INBOX.c.id, INBOX.c.account_id, INBOX.c.kind, INBOX.c.payload, INBOX.c.at, INBOX.c.room_id)
    query = (
        select(*columns, INBOX.c.entropy)
        .where(INBOX.c.kind == IncomingKind.MESSAGE.value, INBOX.c.state == "decided")
        .where(INBOX.c.id > max(after, span.first - 1), INBOX.c.id <= span.last)
        .order_by(INBOX.c.id)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    rooms = world_reads.rooms(conn, {row.room_id for row in rows}, ())
    found: list[Heard] = []
    for row in rows:
        event = decode(row.kind, head_of(row.id, row.at, row.room_id, row.entropy), load(row.payload))
        if isinstance(event, MessagePosted):
            room = rooms.get(event.room_id) or RoomFacts(RoomId(row.room_id))
            found.append(Heard(row.id, AccountId(row.account_id), event, room))
    return found


def accounts(conn: Connection, ids: Iterable[AccountId]) -> dict[AccountId, AccountFacts]:
    """The accounts that heard them."""
    rows = {account: world_reads.account_row(conn, account) for account in ids}
    return {account: account_facts(row) for account, row in rows.items() if row is not None}


def staff(conn: Connection) -> list[PersonFacts]:
    """Members who are staff: what they say is not moderated."""
    bound = {MemberId(member) for member in conn.execute(select(BINDINGS.c.member_id)).scalars()}
    return list(world_reads.people(conn, bound).values()) if bound else []


def _judged(since: datetime) -> ColumnElement[bool]:
    kind = INBOX.c.kind == IncomingKind.MESSAGE.value
    return (INBOX.c.received_at >= since) & kind & (INBOX.c.state == "decided")
