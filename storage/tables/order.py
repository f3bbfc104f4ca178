"""Tables of order and care: sanctions and appeals, cases and their messages, the memory of rooms."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from storage.tables.base import (
    Base,
    flag,
    instant,
    integer,
    maybe_flag,
    maybe_instant,
    maybe_integer,
    maybe_string,
    partial_index,
    refers,
    row_id,
    string,
    table_of,
)


class SanctionRow(Base, table=True):
    """A strike with its consequence, under the number that ``#undo`` takes; a reversed one stays."""

    __tablename__ = "sanctions"
    __table_args__ = (
        Index("ix_sanctions_member", "room_id", "member_id", "at"),
        Index("ix_sanctions_at", "at"),
        Index("ix_sanctions_rule", "rule", "number"),
    )

    number: int = row_id()
    room_id: int = integer()
    member_id: int = integer()
    member_name: str = string()
    kind: str = string()
    rule: str = string()
    severity: str = string()
    at: datetime = instant()
    until: datetime | None = maybe_instant()
    enforced: bool = flag()
    event_id: int = integer()
    why: str = string()
    revision: int = integer(default=0)
    reversed_at: datetime | None = maybe_instant()
    reversed_by: str = string()
    right: bool | None = maybe_flag()


class RuleRow(Base, table=True):
    """What people decided of a rule of order; ``state`` empty: as the word list says."""

    __tablename__ = "rules"

    rule: str = Field(primary_key=True)
    state: str = string()
    right: int = integer(default=0)
    wrong: int = integer(default=0)
    changed_at: datetime | None = maybe_instant()
    changed_by: str = string()


class BanRow(Base, table=True):
    """A member who shall be in no room; the row goes when the ban is lifted (the audit log keeps both)."""

    __tablename__ = "bans"

    member_id: int = row_id()
    member_name: str = string()
    sanction: int = integer()
    at: datetime = instant()
    by: str = string()


class AppealRow(Base, table=True):
    """A member finds a sanction wrong."""

    __tablename__ = "appeals"
    __table_args__ = (Index("ix_appeals_at", "at"),)

    id: int = row_id(autoincrement=True)
    room_id: int = integer()
    member_id: int = integer()
    sanction: int | None = maybe_integer()
    at: datetime = instant()
    state: str = string("open")


class CaseRow(Base, table=True):
    """A thread that a person looks after. The time stamps are columns, so that queues are queries.

    ``waiting_since`` is when the member began to wait for a person's word; NULL while the next word is the member's.
    """

    __tablename__ = "cases"
    __table_args__ = (
        partial_index("uq_cases_unresolved", "room_id", "member_id", where="state <> 'resolved'", unique=True),
        Index("ix_cases_member", "member_id", "room_id"),
        Index("ix_cases_state", "state", "number"),
    )

    number: int = row_id()
    room_id: int = integer()
    member_id: int = integer()
    member_name: str = string()
    state: str = string("open")
    reason: str = string()
    rule: str = string()
    event_id: int = integer()
    opened_at: datetime = instant()
    waiting_since: datetime | None = maybe_instant()
    epoch: int = integer(default=0)
    assignee_id: int | None = maybe_integer()
    assignee_name: str = string()
    taken_at: datetime | None = maybe_instant()
    last_word_at: datetime | None = maybe_instant()
    reminders: int = integer(default=0)
    first_reply_at: datetime | None = maybe_instant()
    resolved_at: datetime | None = maybe_instant()
    resolved_by: str = string()
    asked_at: datetime | None = maybe_instant()
    score: int | None = maybe_integer()
    scored_at: datetime | None = maybe_instant()


class CaseMessageRow(Base, table=True):
    """Something said in a case; ``author`` note never reaches the member."""

    __tablename__ = "case_messages"
    __table_args__ = (Index("ix_case_messages_case", "case_number", "id"),)

    id: int = row_id(autoincrement=True)
    case_number: int = refers("cases.number")
    author: str = string()
    name: str = string()
    text: str = string()
    at: datetime = instant()
    event_id: int = integer()


class MarkRow(Base, table=True):
    """When something was last done under a key (`domain.actions.Remember`).

    ``until``: how long it matters; NULL is a day.
    """

    __tablename__ = "marks"
    __table_args__ = (Index("ix_marks_at", "at"),)

    room_id: int = row_id()
    member_id: int = row_id()
    key: str = Field(primary_key=True)
    at: datetime = instant()
    until: datetime | None = maybe_instant()


class CounterRow(Base, table=True):
    """The last number given to cases, sanctions and draws."""

    __tablename__ = "counters"

    name: str = Field(primary_key=True)
    value: int = integer(default=0)


class SwitchRow(Base, table=True):
    """Switches for all rooms: ``quiet`` until a moment."""

    __tablename__ = "switches"

    name: str = Field(primary_key=True)
    until: datetime | None = maybe_instant()


class AuditRow(Base, table=True):
    """Who did or tried what; no message text."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at"),)

    id: int = row_id(autoincrement=True)
    at: datetime = instant()
    actor: str = string()
    act: str = string()
    target: str = string()
    outcome: str = string()
    event_id: int | None = maybe_integer()
    room_id: int | None = maybe_integer()
    details: str | None = maybe_string()


SANCTIONS = table_of(SanctionRow)
RULES = table_of(RuleRow)
BANS = table_of(BanRow)
APPEALS = table_of(AppealRow)
CASES = table_of(CaseRow)
CASE_MESSAGES = table_of(CaseMessageRow)
MARKS = table_of(MarkRow)
COUNTERS = table_of(CounterRow)
SWITCHES = table_of(SwitchRow)
AUDIT = table_of(AuditRow)
