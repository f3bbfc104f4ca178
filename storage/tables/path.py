"""Tables of the one path: what came in, what was found, what goes out, and what is due."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint

from storage.tables.base import (
    Base,
    flag,
    instant,
    integer,
    maybe_instant,
    maybe_integer,
    maybe_string,
    partial_index,
    row_id,
    string,
    table_of,
)

_NUMBERED = {"sqlite_autoincrement": True}
"""Numbers of deleted rows are never given again: they are the order of judgement."""

_LANE = ("account_id", "room_id", "send_class")


class InboxRow(Base, table=True):
    """Everything heard, once per (account, key). ``payload`` is the event as JSON in our own ids.

    ``state``: waiting, decided, failed or unreadable. ``window`` is how long the id was known before the commit (µs).
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        partial_index("ix_inbox_waiting", "account_id", "priority", "id", where="state = 'waiting'"),
        partial_index("ix_inbox_aside", "state", "id", where="state IN ('failed', 'unreadable')"),
        Index("ix_inbox_received_at", "received_at"),
        _NUMBERED,
    )

    id: int = row_id(autoincrement=True)
    account_id: int = integer()
    key: str = string()
    kind: str = string()
    room_id: int = integer(default=0)
    priority: int = integer(default=1)
    state: str = string("waiting")
    at: datetime = instant()
    received_at: datetime = instant()
    window: int | None = maybe_integer()
    not_before: datetime | None = maybe_instant()
    decided_at: datetime | None = maybe_instant()
    entropy: bytes = b""
    payload: str = string()
    traceback: str | None = maybe_string()
    tries: int = integer(default=0)


class MessageRow(Base, table=True):
    """A message that was judged. ``norm`` is the beginning of its normalised text."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_member", "room_id", "member_id", "event_id"),
        Index("ix_messages_room", "room_id", "event_id"),
        Index("ix_messages_external", "room_id", "external_id"),
        Index("ix_messages_at", "at"),
    )

    event_id: int = row_id()
    room_id: int = integer()
    member_id: int = integer()
    name: str = string()
    at: datetime = instant()
    kind: str = string()
    text: str = string()
    norm: str = string()
    external_id: str = string()
    recalled_at: datetime | None = maybe_instant()
    own: bool = flag()


class FindingsRow(Base, table=True):
    """What was thought about an event and what followed, each as one JSON list, under the revision that was in force.

    ``top`` names the strongest verdict (``abuse:warn``), for filters.
    """

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_room", "room_id", "event_id"),
        Index("ix_findings_decided_at", "decided_at"),
    )

    event_id: int = row_id()
    account_id: int = integer()
    room_id: int = integer()
    member_id: int | None = maybe_integer()
    kind: str = string()
    revision: int = integer()
    at: datetime = instant()
    decided_at: datetime = instant()
    top: str = string()
    findings: str = string("[]")
    actions: str = string("[]")
    errors: str | None = maybe_string()


class OutboxRow(Base, table=True):
    """One thing to do on a platform. ``domain.facts.SendState`` says where it stands.

    The lane of a row is (account, room, class). ``about_*`` name whose message the words answer, for cancelling.
    ``norm`` is the text as the platform will show it, for recognising the echo.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        partial_index("ix_outbox_lane", *_LANE, "id", "not_before", "attempts", where="state = 'waiting'"),
        partial_index("ix_outbox_calling", "account_id", "room_id", "send_class", where="state = 'calling'"),
        partial_index("ix_outbox_doubtful", "account_id", "room_id", "send_class", where="state = 'doubtful'"),
        Index("ix_outbox_called", "room_id", "called_at"),
        Index("ix_outbox_state", "state", "id"),
        Index("ix_outbox_event_id", "event_id"),
        Index("ix_outbox_created_at", "created_at"),
        partial_index("ix_outbox_merge", "room_id", "merge_key", "created_at", where="merge_key IS NOT NULL"),
        _NUMBERED,
    )

    id: int = row_id(autoincrement=True)
    account_id: int = integer()
    room_id: int = integer()
    event_id: int = integer()
    kind: str = string()
    send_class: int = integer()
    state: str = string("waiting")
    text: str = string()
    mentions: str | None = maybe_string()
    norm: str = string()
    member_id: int | None = maybe_integer()
    member_name: str = string()
    reference: str = string()
    until: datetime | None = maybe_instant()
    unasked: bool = flag()
    notice_of: int | None = maybe_integer()
    guard_case: int | None = maybe_integer()
    guard_epoch: int | None = maybe_integer()
    merge_key: str | None = maybe_string()
    parts: str | None = maybe_string()
    about_member: int | None = maybe_integer()
    about_external: str = string()
    created_at: datetime = instant()
    expires_at: datetime | None = maybe_instant()
    not_before: datetime | None = maybe_instant()
    called_at: datetime | None = maybe_instant()
    settled_at: datetime | None = maybe_instant()
    fence: int | None = maybe_integer()
    attempts: int = integer(default=0)
    external_id: str | None = maybe_string()
    echoed: bool = flag()
    reason: str = string()
    again_of: int | None = maybe_integer()


class BudgetRow(Base, table=True):
    """What an account has sent (`domain.budget.BudgetState`); ``day`` is an ISO date."""

    __tablename__ = "budgets"

    account_id: int = row_id()
    last_sent_at: datetime | None = maybe_instant()
    day: str | None = maybe_string()
    sent_on: int = integer(default=0)
    refusals: int = integer(default=0)
    last_refusal_at: datetime | None = maybe_instant()
    paused_until: datetime | None = maybe_instant()


class TimerRow(Base, table=True):
    """Something due. ``room_id`` is 0 for none: NULLs would count as distinct.

    ``state``: waiting, fired, skipped, cancelled.
    """

    __tablename__ = "timers"
    __table_args__ = (
        UniqueConstraint("account_id", "name", "room_id", "due_at", "reference"),
        partial_index("ix_timers_due", "account_id", "due_at", where="state = 'waiting'"),
        Index("ix_timers_due_at", "due_at"),
    )

    id: int = row_id(autoincrement=True)
    account_id: int = integer()
    name: str = string()
    room_id: int = integer(default=0)
    due_at: datetime = instant()
    reference: str = string()
    state: str = string("waiting")
    settled_at: datetime | None = maybe_instant()
    event_id: int | None = maybe_integer()


INBOX = table_of(InboxRow)
MESSAGES = table_of(MessageRow)
FINDINGS = table_of(FindingsRow)
OUTBOX = table_of(OutboxRow)
BUDGETS = table_of(BudgetRow)
TIMERS = table_of(TimerRow)
