"""The queries behind `load_world`: each loads one kind of fact for a whole batch, by index, bounded by time or rows."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, bindparam, func, or_, select, type_coerce

from domain.actions import Prize
from domain.case_actions import CaseState
from domain.events import Person
from domain.evolve import RECENT_TEXT_CHARS
from domain.facts import (
    MARKS_SECONDS,
    RECENT_LIMIT,
    RECENT_SECONDS,
    SANCTIONS_DAYS,
    SENDS_SECONDS,
    BindingFacts,
    CaseFacts,
    DrawFacts,
    Entrant,
    MarkKey,
    MemberKey,
    PersonFacts,
    Recent,
    RoomFacts,
    Sanction,
    SendFacts,
    SendState,
    StaffFacts,
)
from domain.ids import EventId, MemberId, RoomId, UserId
from domain.incoming import MessageKind
from domain.order_actions import SanctionKind
from storage.columns import MICROSECOND, load
from storage.pairs import pairs_table, pairs_value
from storage.tables.engagement import CHECKINS, DRAWS, ENTRIES, LEDGER
from storage.tables.order import CASES, COUNTERS, MARKS, SANCTIONS, SWITCHES
from storage.tables.path import MESSAGES, OUTBOX
from storage.tables.people import ACCOUNTS, MEMBERS, ROOM_MEMBERS, ROOMS
from storage.tables.staff import BINDING_CODES, BINDINGS, USERS
from storage.wanted import Wanted

RESOLVED_HOURS = 24
REMOVALS_SECONDS = 60
QUIET = "quiet"
"""The switch for all rooms."""
_RECENT = timedelta(seconds=RECENT_SECONDS) // MICROSECOND


def account_row(conn: Connection, account: int) -> Row[Any] | None:
    """The account with the counters and the switch for all rooms beside it."""
    counters = [
        select(func.max(COUNTERS.c.value)).where(COUNTERS.c.name == name).scalar_subquery().label(f"last_{name}")
        for name in ("case", "sanction", "draw")
    ]
    quiet = select(SWITCHES.c.until).where(SWITCHES.c.name == QUIET).scalar_subquery().label("quiet_until")
    query = select(ACCOUNTS, *counters, quiet).where(ACCOUNTS.c.id == account)
    return conn.execute(query).one_or_none()


# ---- cases -----------------------------------------------------------------------------------------------------------


def cases(conn: Connection, wanted: Wanted, now: datetime) -> dict[int, CaseFacts]:
    """Cases named by number, and the members' own: unresolved ones and those resolved within a day."""
    pairs = pairs_table(conn)
    fresh = or_(CASES.c.state != "resolved", CASES.c.resolved_at >= now - timedelta(hours=RESOLVED_HOURS))
    own = select(CASES).join_from(
        pairs, CASES, (CASES.c.member_id == pairs.c.member_id) & (CASES.c.room_id == pairs.c.room_id)
    )
    named = select(CASES).where(CASES.c.number.in_(bindparam("numbers", expanding=True)))
    rows = conn.execute(
        own.where(fresh).union_all(named), {"pairs": pairs_value(wanted.pairs), "numbers": sorted(wanted.numbers)}
    )
    return {row.number: _case(row) for row in sorted(rows, key=lambda row: row.number)}


def _case(row: Any) -> CaseFacts:
    return CaseFacts(
        number=row.number,
        room_id=RoomId(row.room_id),
        member=Person(MemberId(row.member_id), row.member_name),
        state=CaseState(row.state),
        reason=row.reason,
        opened_at=row.opened_at,
        epoch=row.epoch,
        assignee=None if row.assignee_id is None else UserId(row.assignee_id),
        assignee_name=row.assignee_name,
        taken_at=row.taken_at,
        last_word_at=row.last_word_at,
        reminders=row.reminders,
        first_reply_at=row.first_reply_at,
        resolved_at=row.resolved_at,
        asked_at=row.asked_at,
        score=row.score,
    )


# ---- rooms and people ------------------------------------------------------------------------------------------------


def rooms(conn: Connection, ids: Collection[int], staff_keys: Collection[str]) -> dict[RoomId, RoomFacts]:
    """The rooms by id, and the agents' rooms by key, of whichever account."""
    query = select(ROOMS).where(or_(ROOMS.c.id.in_(sorted(ids)), ROOMS.c.key.in_(sorted(staff_keys))))
    return {RoomId(row.id): _room(row, staff_keys) for row in conn.execute(query.order_by(ROOMS.c.id))}


def _room(row: Any, staff_keys: Collection[str]) -> RoomFacts:
    return RoomFacts(
        id=RoomId(row.id),
        key=row.key,
        topic=row.topic,
        private=row.private,
        staff=row.key in staff_keys,
        owner_id=None if row.owner_id is None else MemberId(row.owner_id),
        admin_ids=frozenset(MemberId(member) for member in load(row.admins)),
        quiet_until=row.quiet_until,
        present=row.present,
    )


def _people_query() -> Select[Any]:
    mine = CHECKINS.c.member_id == MEMBERS.c.id
    last = select(CHECKINS.c.day).where(mine).order_by(CHECKINS.c.day.desc()).limit(1).scalar_subquery()
    streak = select(CHECKINS.c.streak).where(mine).order_by(CHECKINS.c.day.desc()).limit(1).scalar_subquery()
    balance = select(func.coalesce(func.sum(LEDGER.c.amount), 0)).where(LEDGER.c.member_id == MEMBERS.c.id)
    staff = MEMBERS.outerjoin(BINDINGS, BINDINGS.c.member_id == MEMBERS.c.id).outerjoin(
        USERS, (USERS.c.id == BINDINGS.c.user_id) & USERS.c.active
    )
    return select(
        MEMBERS.c.id,
        last.label("day"),
        streak.label("streak"),
        type_coerce(balance.scalar_subquery(), BigInteger).label("balance"),
        USERS.c.id.label("user_id"),
        USERS.c.name.label("user_name"),
        USERS.c.role,
    ).select_from(staff)


_PEOPLE = _people_query()


def people(conn: Connection, members: Collection[int]) -> dict[MemberId, PersonFacts]:
    """What members have over all rooms; the balance is the sum of their ledger."""
    found: dict[MemberId, PersonFacts] = {}
    for row in conn.execute(_PEOPLE.where(MEMBERS.c.id.in_(sorted(members)))):
        staff = None if row.user_id is None else StaffFacts(UserId(row.user_id), row.user_name, row.role)
        member = MemberId(row.id)
        found[member] = PersonFacts(member, row.day, row.streak or 0, int(row.balance), staff)
    return found


def room_members(conn: Connection, pairs: Collection[MemberKey]) -> dict[MemberKey, Row[Any]]:
    """Joining, leaving and the count of messages, by (room, member)."""
    given = pairs_table(conn)
    query = select(ROOM_MEMBERS).join_from(
        given,
        ROOM_MEMBERS,
        (ROOM_MEMBERS.c.room_id == given.c.room_id) & (ROOM_MEMBERS.c.member_id == given.c.member_id),
    )
    rows = conn.execute(query, {"pairs": pairs_value(pairs)})
    return {(RoomId(row.room_id), MemberId(row.member_id)): row for row in rows}


def recent(conn: Connection, pairs: Collection[MemberKey]) -> dict[MemberKey, list[Recent]]:
    """The last messages by (room, member), oldest first: those of the ten minutes before the member's last one."""
    given = pairs_table(conn)
    same = (ROOM_MEMBERS.c.room_id == given.c.room_id) & (ROOM_MEMBERS.c.member_id == given.c.member_id)
    horizon = type_coerce(ROOM_MEMBERS.c.spoke_at, BigInteger) - _RECENT
    own = (
        (MESSAGES.c.room_id == given.c.room_id)
        & (MESSAGES.c.member_id == given.c.member_id)
        & (type_coerce(MESSAGES.c.at, BigInteger) >= horizon)
        & MESSAGES.c.own.is_(False)
    )
    ranked = func.row_number().over(
        partition_by=(MESSAGES.c.room_id, MESSAGES.c.member_id), order_by=MESSAGES.c.event_id.desc()
    )
    columns = [MESSAGES.c[name] for name in ("event_id", "room_id", "member_id", "at", "kind", "norm", "external_id")]
    text = func.substr(MESSAGES.c.text, 1, RECENT_TEXT_CHARS).label("text")
    inner = select(*columns, text, ranked.label("nth")).join_from(given, ROOM_MEMBERS, same).join(MESSAGES, own)
    found = inner.subquery("found")
    query = select(found).where(found.c.nth <= RECENT_LIMIT).order_by(found.c.event_id)
    lists: dict[MemberKey, list[Recent]] = {}
    for row in conn.execute(query, {"pairs": pairs_value(pairs)}):
        one = Recent(EventId(row.event_id), row.at, MessageKind(row.kind), row.norm, row.text, row.external_id)
        lists.setdefault((RoomId(row.room_id), MemberId(row.member_id)), []).append(one)
    return lists


# ---- order -----------------------------------------------------------------------------------------------------------


def sanctions(conn: Connection, wanted: Wanted, now: datetime) -> dict[int, Sanction]:
    """Sanctions of the members within 30 days, those named by number, and the rooms' removals of the last minute."""
    pairs = pairs_table(conn)
    own = select(SANCTIONS).join_from(
        pairs, SANCTIONS, (SANCTIONS.c.room_id == pairs.c.room_id) & (SANCTIONS.c.member_id == pairs.c.member_id)
    )
    own = own.where(SANCTIONS.c.at >= now - timedelta(days=SANCTIONS_DAYS))
    named = select(SANCTIONS).where(SANCTIONS.c.number.in_(bindparam("numbers", expanding=True)))
    removals = select(SANCTIONS).where(
        SANCTIONS.c.at >= now - timedelta(seconds=REMOVALS_SECONDS),
        SANCTIONS.c.kind == SanctionKind.REMOVE.value,
        SANCTIONS.c.room_id.in_(bindparam("rooms", expanding=True)),
    )
    given = {
        "pairs": pairs_value(wanted.pairs),
        "numbers": sorted(wanted.numbers),
        "rooms": sorted(wanted.rooms),
    }
    rows = conn.execute(own.union_all(named, removals), given)
    return {row.number: _sanction(row) for row in sorted(rows, key=lambda row: row.number)}


def _sanction(row: Any) -> Sanction:
    return Sanction(
        number=row.number,
        room_id=RoomId(row.room_id),
        member=Person(MemberId(row.member_id), row.member_name),
        kind=SanctionKind(row.kind),
        rule=row.rule,
        severity=row.severity,
        at=row.at,
        until=row.until,
        enforced=row.enforced,
        event_id=EventId(row.event_id),
        reversed_at=row.reversed_at,
    )


def marks(conn: Connection, pairs: Collection[tuple[int, int]], now: datetime) -> dict[MarkKey, datetime]:
    """What was remembered within a day, by (room, member, key)."""
    given = pairs_table(conn)
    query = (
        select(MARKS)
        .join_from(given, MARKS, (MARKS.c.room_id == given.c.room_id) & (MARKS.c.member_id == given.c.member_id))
        .where(MARKS.c.at >= now - timedelta(seconds=MARKS_SECONDS))
    )
    rows = conn.execute(query, {"pairs": pairs_value(pairs)})
    return {(RoomId(row.room_id), MemberId(row.member_id), row.key): row.at for row in rows}


# ---- draws -----------------------------------------------------------------------------------------------------------


def draws(conn: Connection, wanted: Wanted) -> list[Row[Any]]:
    """The rooms' open draws and those named by number, with the count of entrants."""
    entrants = select(func.count()).where(ENTRIES.c.draw_number == DRAWS.c.number).scalar_subquery()
    opened = DRAWS.c.room_id.in_(sorted(wanted.rooms)) & DRAWS.c.closed_at.is_(None)
    query = select(DRAWS, entrants.label("entrants")).where(or_(opened, DRAWS.c.number.in_(sorted(wanted.numbers))))
    return list(conn.execute(query.order_by(DRAWS.c.number)))


def entries(
    conn: Connection, numbers: Collection[int], full: Collection[int], members: Collection[int]
) -> dict[int, list[Entrant]]:
    """Entrants by draw, in order of entering: all of the ``full`` draws, else only ``members``."""
    shown = or_(ENTRIES.c.draw_number.in_(sorted(full)), ENTRIES.c.member_id.in_(sorted(members)))
    query = select(ENTRIES).where(ENTRIES.c.draw_number.in_(sorted(numbers)), shown)
    found: dict[int, list[Entrant]] = {}
    for row in conn.execute(query.order_by(ENTRIES.c.at, ENTRIES.c.member_id)):
        one = Entrant(Person(MemberId(row.member_id), row.member_name), row.entrant, row.at)
        found.setdefault(row.draw_number, []).append(one)
    return found


def draw_facts(row: Any, entered: Collection[Entrant], full: bool) -> DrawFacts:
    """A draws row with those of the batch that take part."""
    return DrawFacts(
        number=row.number,
        room_id=RoomId(row.room_id),
        title=row.title,
        prizes=tuple(Prize(name, count) for name, count in load(row.prizes)),
        salt=row.salt,
        commitment=row.commitment,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        source=row.source,
        seed=row.seed,
        entered=frozenset(entrant.member.id for entrant in entered),
        entrants=row.entrants,
        roster=tuple(entered) if full else None,
        closed=row.closed_at is not None,
    )


# ---- echoes and staff ------------------------------------------------------------------------------------------------


def sends(conn: Connection, own: Mapping[RoomId, datetime], now: datetime) -> dict[RoomId, list[SendFacts]]:
    """What was lately said in the rooms in which the account heard itself, in the order of the calls."""
    horizon = min((*own.values(), now)) - timedelta(seconds=SENDS_SECONDS)
    called = (SendState.CALLING.value, SendState.SENT.value, SendState.DOUBTFUL.value)
    columns = [OUTBOX.c[name] for name in ("id", "room_id", "state", "norm", "external_id", "called_at", "echoed")]
    query = select(*columns).where(
        OUTBOX.c.room_id.in_(sorted(own)),
        OUTBOX.c.called_at >= horizon,
        OUTBOX.c.state.in_(called),
        OUTBOX.c.kind == "say",
    )
    found: dict[RoomId, list[SendFacts]] = {}
    for row in conn.execute(query.order_by(OUTBOX.c.called_at, OUTBOX.c.id)):
        one = SendFacts(row.id, SendState(row.state), row.norm, row.external_id, row.called_at, row.echoed)
        found.setdefault(RoomId(row.room_id), []).append(one)
    return found


def staff(
    conn: Connection, codes: Collection[str], now: datetime
) -> tuple[dict[str, StaffFacts], dict[str, BindingFacts]]:
    """Active console users by name, and the binding codes among ``codes`` that are still valid."""
    valid = (
        (BINDING_CODES.c.user_id == USERS.c.id)
        & BINDING_CODES.c.code_hash.in_(sorted(codes))
        & BINDING_CODES.c.used_at.is_(None)
        & (BINDING_CODES.c.expires_at > now)
    )
    query = (
        select(USERS.c.id, USERS.c.name, USERS.c.role, BINDING_CODES.c.code_hash, BINDING_CODES.c.expires_at)
        .select_from(USERS.outerjoin(BINDING_CODES, valid))
        .where(USERS.c.active)
    )
    users: dict[str, StaffFacts] = {}
    bindings: dict[str, BindingFacts] = {}
    for row in conn.execute(query.order_by(USERS.c.id)):
        user = UserId(row.id)
        users[row.name] = StaffFacts(user, row.name, row.role)
        if row.code_hash is not None:
            bindings[row.code_hash] = BindingFacts(row.code_hash, user, row.name, row.role, row.expires_at)
    return users, bindings
