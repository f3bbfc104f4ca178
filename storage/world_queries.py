"""The statements behind `load_world`, built once per database: by index, bounded by time or rows."""

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    any_,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.sql.selectable import CompoundSelect, ScalarSelect

from domain.evolve import RECENT_TEXT_CHARS
from domain.facts import RECENT_LIMIT, RECENT_SECONDS, SendState
from domain.order_actions import SanctionKind
from storage.columns import MICROSECOND, Moment
from storage.given import one_of, pairs_table
from storage.statements import unindexed
from storage.tables.engagement import CHECKINS, DRAWS, ENTRIES, LEDGER
from storage.tables.order import APPEALS, BANS, CASES, COUNTERS, MARKS, RULES, SANCTIONS, SWITCHES
from storage.tables.path import MESSAGES, OUTBOX
from storage.tables.people import ACCOUNTS, MEMBERS, ROOM_MEMBERS, ROOMS
from storage.tables.staff import BINDING_CODES, BINDINGS, USERS

CALLED = func.coalesce(func.nullif(USERS.c.shown, ""), USERS.c.name)
"""How a console user is called in chats."""
QUIET = "quiet"
"""The switch for all rooms."""
FIELD, LINE = "\x1f", "\x1e"
"""Between the fields of a rule and between rules: all of them come as one value beside the account."""
_RECENT = timedelta(seconds=RECENT_SECONDS) // MICROSECOND


def _when(name: str) -> Any:
    return bindparam(name, type_=Moment)


@cache
def account(postgresql: bool) -> Select[Any]:
    """``account`` → the row, with the counters and the switch for all rooms beside it."""
    counters = [
        select(func.max(COUNTERS.c.value)).where(COUNTERS.c.name == name).scalar_subquery().label(f"last_{name}")
        for name in ("case", "sanction", "draw")
    ]
    quiet = select(SWITCHES.c.until).where(SWITCHES.c.name == QUIET).scalar_subquery().label("quiet_until")
    return select(ACCOUNTS, *counters, quiet, _rules(postgresql).label("rules")).where(
        ACCOUNTS.c.id == bindparam("account")
    )


def _rules(postgresql: bool) -> ScalarSelect[Any]:
    """All rules that people decided something of, as one text: there are few, and a statement more costs more."""
    character, gather = ("chr", func.string_agg) if postgresql else ("char", func.group_concat)
    field, line = (literal_column(f"{character}({ord(mark)})", String) for mark in (FIELD, LINE))
    counts = [cast(column, String) for column in (RULES.c.right, RULES.c.wrong)]
    told = RULES.c.rule + field + RULES.c.state + field + counts[0] + field + counts[1]
    return select(gather(told, line)).scalar_subquery()


@cache
def cases(postgresql: bool) -> CompoundSelect[Any]:
    """``pairs``, ``since``, ``numbers`` → members' cases unresolved or resolved since, and those named."""
    pairs = pairs_table(postgresql)
    fresh = or_(CASES.c.state != "resolved", CASES.c.resolved_at >= _when("since"))
    own = select(CASES).join_from(
        pairs, CASES, (CASES.c.member_id == pairs.c.member_id) & (CASES.c.room_id == pairs.c.room_id)
    )
    return own.where(fresh).union_all(select(CASES).where(one_of(postgresql, CASES.c.number, "numbers")))


@cache
def rooms(postgresql: bool) -> Select[Any]:
    """``rooms``, ``keys`` → rooms by id or key."""
    named = or_(one_of(postgresql, ROOMS.c.id, "rooms"), one_of(postgresql, ROOMS.c.key, "keys"))
    return select(ROOMS).where(named).order_by(ROOMS.c.id)


@cache
def people(postgresql: bool) -> Select[Any]:
    """``members`` → last check-in, balance (the sum of the ledger) and binding of each."""
    mine = CHECKINS.c.member_id == MEMBERS.c.id
    last = select(CHECKINS.c.day).where(mine).order_by(CHECKINS.c.day.desc()).limit(1).scalar_subquery()
    streak = select(CHECKINS.c.streak).where(mine).order_by(CHECKINS.c.day.desc()).limit(1).scalar_subquery()
    balance = select(func.coalesce(func.sum(LEDGER.c.amount), 0)).where(LEDGER.c.member_id == MEMBERS.c.id)
    staff = (
        MEMBERS.outerjoin(BINDINGS, BINDINGS.c.member_id == MEMBERS.c.id)
        .outerjoin(USERS, (USERS.c.id == BINDINGS.c.user_id) & USERS.c.active)
        .outerjoin(BANS, BANS.c.member_id == MEMBERS.c.id)
    )
    return (
        select(
            MEMBERS.c.id,
            last.label("day"),
            streak.label("streak"),
            type_coerce(balance.scalar_subquery(), BigInteger).label("balance"),
            USERS.c.id.label("user_id"),
            CALLED.label("user_name"),
            USERS.c.role,
            BANS.c.at.is_not(None).label("banned"),
        )
        .select_from(staff)
        .where(one_of(postgresql, MEMBERS.c.id, "members"))
    )


@cache
def members(postgresql: bool) -> Select[Any]:
    """``pairs`` → (room, member) rows, each once per recent message (or once without), oldest message first.

    Recent are the last ones, if they are of the ten minutes before the member's very last. There may be two thousand
    of them, so times come as plain microseconds.
    """
    pairs = pairs_table(postgresql)
    same = (ROOM_MEMBERS.c.room_id == pairs.c.room_id) & (ROOM_MEMBERS.c.member_id == pairs.c.member_id)
    fresh = type_coerce(MESSAGES.c.at, BigInteger) >= type_coerce(ROOM_MEMBERS.c.spoke_at, BigInteger) - _RECENT
    state = [ROOM_MEMBERS.c[name] for name in ("room_id", "member_id", "messages")]
    times = [type_coerce(ROOM_MEMBERS.c[name], BigInteger).label(name) for name in ("joined_at", "left_at")]
    said = [MESSAGES.c[name] for name in ("event_id", "kind", "norm", "external_id")]
    at = type_coerce(MESSAGES.c.at, BigInteger).label("at")
    text = func.substr(MESSAGES.c.text, 1, RECENT_TEXT_CHARS).label("text")
    query = select(*state, *times, *said, at, text).join_from(pairs, ROOM_MEMBERS, same)
    return query.outerjoin(MESSAGES, _last_of_member(postgresql) & fresh).order_by(MESSAGES.c.event_id)


def _last_of_member(postgresql: bool) -> ColumnElement[bool]:
    """Whether a message is one of the last of its member in its room; each database has its own fast way to say it.

    The account's own words need no exclusion: its member has no ``spoke_at``.
    """
    other = MESSAGES.alias("other")
    last = (
        select(other.c.event_id)
        .where(other.c.room_id == ROOM_MEMBERS.c.room_id, other.c.member_id == ROOM_MEMBERS.c.member_id)
        .order_by(other.c.event_id.desc())
        .limit(RECENT_LIMIT)
        .correlate(ROOM_MEMBERS)
    )
    if postgresql:
        return MESSAGES.c.event_id == any_(func.array(last.scalar_subquery()))
    return MESSAGES.c.event_id.in_(last)


@cache
def sanctions(postgresql: bool) -> CompoundSelect[Any]:
    """``pairs``, ``since``, ``numbers``, ``rooms``, ``lately``, ``rules`` → members' own, named, removals, a rule's.

    Only of those named it is asked whether their member ``appealed``.
    """
    pairs = pairs_table(postgresql)
    each = select(SANCTIONS, false().label("appealed"))
    own = each.join_from(
        pairs, SANCTIONS, (SANCTIONS.c.room_id == pairs.c.room_id) & (SANCTIONS.c.member_id == pairs.c.member_id)
    )
    removals = each.where(
        SANCTIONS.c.at >= _when("lately"),
        SANCTIONS.c.kind == SanctionKind.REMOVE.value,
        one_of(postgresql, unindexed(SANCTIONS.c.room_id), "rooms"),
    )
    appeal = exists().where(APPEALS.c.sanction == SANCTIONS.c.number).label("appealed")
    named = select(SANCTIONS, appeal).where(one_of(postgresql, SANCTIONS.c.number, "numbers"))
    ruled = each.where(one_of(postgresql, SANCTIONS.c.rule, "rules"), SANCTIONS.c.reversed_at.is_(None))
    return own.where(SANCTIONS.c.at >= _when("since")).union_all(named, removals, ruled)


@cache
def marks(postgresql: bool) -> Select[Any]:
    """``pairs``, ``day``, ``since`` → marks of a day under those places, without those that ceased to matter before."""
    pairs = pairs_table(postgresql)
    here = (MARKS.c.room_id == pairs.c.room_id) & (MARKS.c.member_id == pairs.c.member_id)
    matters = MARKS.c.until.is_(None) | (MARKS.c.until >= _when("since"))
    columns = [MARKS.c[name] for name in ("room_id", "member_id", "key", "at")]
    return select(*columns).join_from(pairs, MARKS, here).where(MARKS.c.at >= _when("day"), matters)


@cache
def draws(postgresql: bool) -> Select[Any]:
    """``rooms``, ``numbers`` → the rooms' open draws and those named, with the count of entrants."""
    entrants = select(func.count()).where(ENTRIES.c.draw_number == DRAWS.c.number).scalar_subquery()
    opened = one_of(postgresql, DRAWS.c.room_id, "rooms") & DRAWS.c.closed_at.is_(None)
    wanted = or_(opened, one_of(postgresql, DRAWS.c.number, "numbers"))
    return select(DRAWS, entrants.label("entrants")).where(wanted).order_by(DRAWS.c.number)


@cache
def entries(postgresql: bool) -> Select[Any]:
    """``numbers``, ``full``, ``members`` → entrants in order of entering; all of the ``full`` draws."""
    shown = or_(one_of(postgresql, ENTRIES.c.draw_number, "full"), one_of(postgresql, ENTRIES.c.member_id, "members"))
    query = select(ENTRIES).where(one_of(postgresql, ENTRIES.c.draw_number, "numbers"), shown)
    return query.order_by(ENTRIES.c.at, ENTRIES.c.member_id)


@cache
def sends(postgresql: bool) -> Select[Any]:
    """``rooms``, ``since``, ``told`` → what was said there since, in the order of the calls.

    Without what has had its echo, unless one of these ids is its own: after a burst that is nearly everything.
    """
    called = (SendState.CALLING.value, SendState.SENT.value, SendState.DOUBTFUL.value)
    columns = [OUTBOX.c[name] for name in ("id", "room_id", "state", "norm", "external_id", "called_at", "echoed")]
    query = select(*columns).where(
        one_of(postgresql, OUTBOX.c.room_id, "rooms"),
        OUTBOX.c.called_at >= _when("since"),
        or_(*(unindexed(OUTBOX.c.state) == state for state in called)),
        or_(OUTBOX.c.kind == "say", OUTBOX.c.kind == "send_file"),
        or_(~OUTBOX.c.echoed, one_of(postgresql, OUTBOX.c.external_id, "told")),
    )
    return query.order_by(OUTBOX.c.called_at, OUTBOX.c.id)


@cache
def staff(postgresql: bool) -> Select[Any]:
    """``codes``, ``now`` → active users, each with the codes among the given ones that are still valid."""
    valid = (
        (BINDING_CODES.c.user_id == USERS.c.id)
        & one_of(postgresql, BINDING_CODES.c.code_hash, "codes")
        & BINDING_CODES.c.used_at.is_(None)
        & (BINDING_CODES.c.expires_at > _when("now"))
    )
    return (
        select(
            USERS.c.id,
            USERS.c.name,
            CALLED.label("called"),
            USERS.c.role,
            BINDING_CODES.c.code_hash,
            BINDING_CODES.c.expires_at,
        )
        .select_from(USERS.outerjoin(BINDING_CODES, valid))
        .where(USERS.c.active)
        .order_by(USERS.c.id)
    )
