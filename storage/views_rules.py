"""What the console shows of rules: what each did, what people said of it, what to allow, and who is banned."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from domain.actions import SanctionKind
from domain.ids import AccountId, EventId, MemberId, RoomId
from domain.rules import Precision, RuleState, precision
from storage.actors import with_names
from storage.columns import load
from storage.evidence import spans_of
from storage.tables.order import APPEALS, BANS, RULES, SANCTIONS
from storage.tables.path import FINDINGS, MESSAGES
from storage.tables.people import ROOM_MEMBERS, ROOMS
from storage.views_decisions import room_title

AROUND = 4
"""Characters shown on either side of what a rule matched."""
PROPOSED = 20


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule that did anything or that people decided of. ``state`` None: as its word list says."""

    rule: str
    state: RuleState | None = None
    right: int = 0
    wrong: int = 0
    done: int = 0
    on_trial: int = 0
    undone: int = 0
    appealed: int = 0
    last_at: datetime | None = None
    changed_at: datetime | None = None
    changed_by: str = ""

    @property
    def precision(self) -> Precision | None:
        """Of the verdicts that people reviewed."""
        return precision(self.right, self.wrong)


@dataclass(frozen=True, slots=True)
class Retirement:
    """What retiring a rule would take back."""

    sanctions: int
    members: int
    muted: int
    removed: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text that was judged wrongly: what matched, and some of what stands around it, for the allow list."""

    number: int
    event_id: EventId
    before: str = field(repr=False)
    matched: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """A room that somebody is in, and whether a ban would remove them there."""

    room_id: RoomId
    account_id: AccountId
    room: str
    leads: bool
    """Owner or admin there: never banned."""


@dataclass(frozen=True, slots=True)
class BanView:
    """Somebody on the list."""

    member_id: MemberId
    member: str
    sanction: int
    at: datetime
    by: str


def rules(conn: Connection, names: Sequence[str] = ()) -> list[RuleView]:
    """All rules that are known by ``names``, by what they did, or by what people decided; most used first."""
    decided = {row.rule: row for row in conn.execute(select(RULES))}
    trial = SANCTIONS.c.kind == SanctionKind.TRIAL.value
    query = (
        select(
            SANCTIONS.c.rule,
            func.count().filter(~trial).label("done"),
            func.count().filter(trial).label("on_trial"),
            func.count().filter(SANCTIONS.c.reversed_at.is_not(None)).label("undone"),
            func.count(func.distinct(APPEALS.c.sanction)).label("appealed"),
            func.max(SANCTIONS.c.at).label("last_at"),
        )
        .select_from(SANCTIONS.outerjoin(APPEALS, APPEALS.c.sanction == SANCTIONS.c.number))
        .group_by(SANCTIONS.c.rule)
    )
    seen = {row.rule: row for row in conn.execute(query)}
    found = [_rule(name, decided.get(name), seen.get(name)) for name in {*decided, *seen, *names}]
    return sorted(with_names(conn, found, "changed_by"), key=lambda one: (-one.done - one.on_trial, one.rule))


def _rule(name: str, decided: Any, seen: Any) -> RuleView:
    state = RuleState(decided.state) if decided is not None and decided.state else None
    view = RuleView(name, state)
    if decided is not None:
        reviewed = {"right": decided.right, "wrong": decided.wrong}
        view = replace(view, changed_at=decided.changed_at, changed_by=decided.changed_by, **reviewed)
    if seen is not None:
        counts = {"done": seen.done, "on_trial": seen.on_trial, "undone": seen.undone, "appealed": seen.appealed}
        view = replace(view, last_at=seen.last_at, **counts)
    return view


def retirement(conn: Connection, rule: str, now: datetime) -> Retirement:
    """What stands of all that the rule did."""
    standing = and_(
        SANCTIONS.c.rule == rule,
        SANCTIONS.c.reversed_at.is_(None),
        SANCTIONS.c.kind != SanctionKind.TRIAL.value,
    )
    muted = (SANCTIONS.c.kind == SanctionKind.MUTE.value) & SANCTIONS.c.enforced & (SANCTIONS.c.until > now)
    removed = (SANCTIONS.c.kind == SanctionKind.REMOVE.value) & SANCTIONS.c.enforced
    row = conn.execute(
        select(
            func.count(),
            func.count(func.distinct(SANCTIONS.c.member_id)),
            func.count().filter(muted),
            func.count().filter(removed),
        ).where(standing)
    ).one()
    return Retirement(*row)


def proposals(conn: Connection, rule: str) -> list[Proposal]:
    """What the rule matched in texts that people called wrong, newest first, while the texts are kept."""
    query = (
        select(SANCTIONS.c.number, SANCTIONS.c.event_id, MESSAGES.c.text, FINDINGS.c.findings)
        .join(MESSAGES, MESSAGES.c.event_id == SANCTIONS.c.event_id)
        .join(FINDINGS, FINDINGS.c.event_id == SANCTIONS.c.event_id)
        .where(SANCTIONS.c.rule == rule, SANCTIONS.c.right.is_(False))
        .order_by(SANCTIONS.c.number.desc())
        .limit(PROPOSED)
    )
    found: list[Proposal] = []
    for row in conn.execute(query):
        for start, end in spans_of(load(row.findings)):
            text = row.text
            before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
            found.append(Proposal(row.number, EventId(row.event_id), before, text[start:end], after))
    return found


def places(conn: Connection, member: MemberId) -> list[Place]:
    """The rooms that the member is in now, as far as the channels tell."""
    query = (
        select(ROOMS)
        .join(ROOM_MEMBERS, ROOM_MEMBERS.c.room_id == ROOMS.c.id)
        .where(ROOM_MEMBERS.c.member_id == member, ROOM_MEMBERS.c.left_at.is_(None))
        .where(~ROOMS.c.private, ROOMS.c.present)
        .order_by(ROOMS.c.id)
    )
    return [
        Place(
            RoomId(row.id),
            AccountId(row.account_id),
            room_title(row.topic, row.private, row.key),
            member == row.owner_id or member in load(row.admins),
        )
        for row in conn.execute(query)
    ]


def bans(conn: Connection) -> list[BanView]:
    """Everybody on the list, latest first."""
    rows = conn.execute(select(BANS).order_by(BANS.c.at.desc(), BANS.c.member_id))
    held = [BanView(MemberId(row.member_id), row.member_name, row.sanction, row.at, row.by) for row in rows]
    return with_names(conn, held, "by")
