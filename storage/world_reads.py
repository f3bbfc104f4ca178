"""From rows to facts: each function loads one kind of fact for a whole batch in one statement."""

from collections.abc import Collection
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, select

from domain.actions import Prize
from domain.case_actions import CaseState
from domain.events import Person
from domain.facts import (
    MARKS_SECONDS,
    SANCTIONS_DAYS,
    SENDS_SECONDS,
    BindingFacts,
    CaseFacts,
    DrawFacts,
    Entrant,
    MemberFacts,
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
from domain.marks import MarkKey
from domain.order_actions import SanctionKind
from domain.rules import RuleFacts, RuleState
from storage import world_queries as queries
from storage.columns import load, moment
from storage.given import many, pairs_value
from storage.prepared import Row, fetch
from storage.statements import is_postgresql
from storage.tables.people import ROOM_MEMBERS
from storage.wanted import Wanted

_NUMBER = attrgetter("number")
RESOLVED_HOURS = 24
REMOVALS_SECONDS = 60


def account_row(conn: Connection, account: int) -> Row | None:
    """The account with the counters and the switch for all rooms beside it."""
    return next(iter(fetch(conn, queries.account(is_postgresql(conn)), {"account": account})), None)


def rules(told: str | None) -> dict[str, RuleFacts]:
    """What people decided of rules, from the one value that comes beside the account."""
    found = {}
    for line in (told or "").split(queries.LINE) if told else ():
        name, state, right, wrong = line.split(queries.FIELD)
        found[name] = RuleFacts(RuleState(state) if state else None, int(right), int(wrong))
    return found


# ---- cases -----------------------------------------------------------------------------------------------------------


def cases(conn: Connection, wanted: Wanted, now: datetime) -> dict[int, CaseFacts]:
    """Cases named by number, and the members' own: unresolved ones and those resolved within a day."""
    if not (wanted.pairs or wanted.numbers):
        return {}
    given = {
        "pairs": pairs_value(conn, wanted.pairs),
        "since": now - timedelta(hours=RESOLVED_HOURS),
        "numbers": many(conn, wanted.numbers),
    }
    rows = fetch(conn, queries.cases(is_postgresql(conn)), given)
    return {row.number: _case(row) for row in sorted(rows, key=_NUMBER)}


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
    given = {"rooms": many(conn, ids), "keys": many(conn, staff_keys)}
    rows = fetch(conn, queries.rooms(is_postgresql(conn)), given)
    return {RoomId(row.id): _room(row, staff_keys) for row in rows}


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


def people(conn: Connection, members: Collection[int]) -> dict[MemberId, PersonFacts]:
    """What members have over all rooms; the balance is the sum of their ledger."""
    found: dict[MemberId, PersonFacts] = {}
    for row in fetch(conn, queries.people(is_postgresql(conn)), {"members": many(conn, members)}):
        staff = None if row.user_id is None else StaffFacts(UserId(row.user_id), row.user_name, row.role)
        member = MemberId(row.id)
        found[member] = PersonFacts(member, row.day, row.streak or 0, int(row.balance), staff, bool(row.banned))
    return found


def members(conn: Connection, pairs: Collection[MemberKey]) -> dict[MemberKey, tuple[MemberFacts, list[Recent]]]:
    """Members in rooms, with their last messages (oldest first, not yet cut to the ten minutes)."""
    found: dict[MemberKey, tuple[MemberFacts, list[Recent]]] = {}
    rows = fetch(conn, queries.members(is_postgresql(conn)), {"pairs": pairs_value(conn, pairs)})
    for room, member, messages, joined, left, event, kind, norm, external_id, at, text in rows:
        held = found.get((room, member))
        if held is None:
            joined_at, left_at = (None if time is None else moment(time) for time in (joined, left))
            held = found[room, member] = (MemberFacts(room, member, joined_at, left_at, messages), [])
        if event is not None:
            held[1].append(Recent(event, moment(at), _KINDS[kind], norm, text, external_id))
    return found


_KINDS = {kind.value: kind for kind in MessageKind}


# ---- order -----------------------------------------------------------------------------------------------------------


def stays(conn: Connection, members: Collection[int]) -> set[MemberKey]:
    """In which rooms these members are or were."""
    query = select(ROOM_MEMBERS.c.room_id, ROOM_MEMBERS.c.member_id).where(ROOM_MEMBERS.c.member_id.in_(members))
    return {(RoomId(room), MemberId(member)) for room, member in conn.execute(query)}


def present(conn: Connection, members: Collection[int]) -> set[MemberKey]:
    """In which rooms these members are now, as far as the channel tells."""
    query = select(ROOM_MEMBERS.c.room_id, ROOM_MEMBERS.c.member_id).where(
        ROOM_MEMBERS.c.member_id.in_(members), ROOM_MEMBERS.c.left_at.is_(None)
    )
    return {(RoomId(room), MemberId(member)) for room, member in conn.execute(query)}


def sanctions(conn: Connection, wanted: Wanted, elsewhere: Collection[MemberKey], now: datetime) -> dict[int, Sanction]:
    """Sanctions of the members within 30 days, those named by number, and the rooms' removals of the last minute.

    ``elsewhere``: other rooms in which a member's sanctions are asked for too. Where nobody is heard of (own echoes)
    and nothing is named, nothing is asked.
    """
    if not (wanted.pairs or wanted.numbers or wanted.rules):
        return {}
    given = {
        "pairs": pairs_value(conn, {*wanted.pairs, *elsewhere}),
        "since": now - timedelta(days=SANCTIONS_DAYS),
        "numbers": many(conn, wanted.numbers),
        "rooms": many(conn, wanted.rooms),
        "lately": now - timedelta(seconds=REMOVALS_SECONDS),
        "rules": many(conn, wanted.rules),
    }
    rows = fetch(conn, queries.sanctions(is_postgresql(conn)), given)
    # Those named come last: of them more is known.
    return {row.number: _sanction(row) for row in sorted(rows, key=lambda row: (row.number, bool(row.appealed)))}


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
        right=row.right,
        appealed=bool(row.appealed),
    )


def marks(
    conn: Connection, places: Collection[tuple[int, int]], now: datetime, since: datetime
) -> dict[MarkKey, datetime]:
    """What was remembered within a day and matters at ``since`` or later, by (room, member, key)."""
    given = {"pairs": pairs_value(conn, places), "day": now - timedelta(seconds=MARKS_SECONDS), "since": since}
    rows = fetch(conn, queries.marks(is_postgresql(conn)), given)
    return {(room, member, key): at for room, member, key, at in rows}


# ---- draws -----------------------------------------------------------------------------------------------------------


def draws(conn: Connection, wanted: Wanted) -> dict[int, DrawFacts]:
    """The rooms' open draws and those named by number; the full roster only where the batch may close one."""
    given = {"rooms": many(conn, wanted.rooms), "numbers": many(conn, wanted.numbers)}
    rows = fetch(conn, queries.draws(is_postgresql(conn)), given)
    if not rows:
        return {}
    full = {row.number for row in rows if row.number in wanted.rosters or row.room_id in wanted.roster_rooms}
    entered = _entries(conn, {row.number for row in rows}, full, wanted.members)
    return {row.number: _draw(row, entered.get(row.number, []), row.number in full) for row in rows}


def _entries(
    conn: Connection, numbers: Collection[int], full: Collection[int], members: Collection[int]
) -> dict[int, list[Entrant]]:
    given = {"numbers": many(conn, numbers), "full": many(conn, full), "members": many(conn, members)}
    found: dict[int, list[Entrant]] = {}
    for row in fetch(conn, queries.entries(is_postgresql(conn)), given):
        one = Entrant(Person(MemberId(row.member_id), row.member_name), row.entrant, row.at)
        found.setdefault(row.draw_number, []).append(one)
    return found


def _draw(row: Any, entered: Collection[Entrant], full: bool) -> DrawFacts:
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


def sends(conn: Connection, wanted: Wanted, now: datetime) -> dict[RoomId, tuple[SendFacts, ...]]:
    """What lately said words may come back as what the account heard of itself, in the order of the calls."""
    since = min((*wanted.own.values(), now)) - timedelta(seconds=SENDS_SECONDS)
    found: dict[RoomId, list[SendFacts]] = {room: [] for room in wanted.own}
    given = {"rooms": many(conn, wanted.own), "since": since, "told": many(conn, wanted.own_ids)}
    for row in fetch(conn, queries.sends(is_postgresql(conn)), given):
        one = SendFacts(row.id, SendState(row.state), row.norm, row.external_id, row.called_at, row.echoed)
        found[RoomId(row.room_id)].append(one)
    return {room: tuple(row) for room, row in found.items()}


def staff(
    conn: Connection, codes: Collection[str], now: datetime
) -> tuple[dict[str, StaffFacts], dict[str, BindingFacts]]:
    """Active console users by the names that they have and are called by; the codes among ``codes`` that are valid."""
    users: dict[str, StaffFacts] = {}
    bindings: dict[str, BindingFacts] = {}
    for row in fetch(conn, queries.staff(is_postgresql(conn)), {"codes": many(conn, codes), "now": now}):
        user = UserId(row.id)
        users[row.name] = facts = StaffFacts(user, row.called, row.role)
        # A sign-in name stands for its owner, whatever others are called.
        users.setdefault(row.called, facts)
        if row.code_hash is not None:
            bindings[row.code_hash] = BindingFacts(row.code_hash, user, row.called, row.role, row.expires_at)
    return users, bindings
