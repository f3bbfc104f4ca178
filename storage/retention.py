"""Retention: what the policy's days are over for is deleted, a bounded number of rows at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.sql import ColumnElement

from domain.facts import MARKS_SECONDS, SendState
from domain.policy import RetentionPolicy
from storage.columns import micros
from storage.tables.order import APPEALS, AUDIT, CASES, MARKS
from storage.tables.path import FINDINGS, INBOX, MESSAGES, OUTBOX, TIMERS
from storage.tables.staff import ATTEMPTS, BINDING_CODES, GAPS, SESSIONS
from storage.tables.web import WEB_MESSAGES

KEPT_SHORTLY = timedelta(days=7)
"""Settled timers, sign-in attempts, ended sessions and codes."""
MARKS_KEPT = timedelta(seconds=2 * MARKS_SECONDS)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows went, by table. ``done``: nothing more is due."""

    deleted: dict[str, int]
    done: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    table: Table
    over: ColumnElement[bool]
    oldest_first: ColumnElement[object]


def sweep(conn: Connection, policy: RetentionPolicy, now: datetime, limit: int = 5000) -> Swept:
    """Delete at most ``limit`` rows of each table; call it again until ``done``, other work goes between."""
    deleted: dict[str, int] = {}
    done = True
    for rule in _rules(policy, now):
        key = list(rule.table.primary_key.columns)
        oldest = select(*key).where(rule.over).order_by(rule.oldest_first).limit(limit)
        rows = conn.execute(oldest).all()
        if not rows:
            continue
        if len(key) == 1:
            conn.execute(delete(rule.table).where(key[0].in_([row[0] for row in rows])))
        else:
            conn.execute(delete(rule.table).where(rule.over))
        deleted[rule.table.name] = deleted.get(rule.table.name, 0) + len(rows)
        done = done and len(rows) < limit
    return Swept(deleted, done)


def _rules(policy: RetentionPolicy, now: datetime) -> Iterator[_Rule]:
    """Zero days keep a kind of thing for good."""
    if policy.messages:
        yield from _words(now - timedelta(days=policy.messages))
    if policy.findings:
        horizon = now - timedelta(days=policy.findings)
        yield _Rule(FINDINGS, FINDINGS.c.decided_at < horizon, FINDINGS.c.decided_at)
    if policy.cases:
        horizon = now - timedelta(days=policy.cases)
        # Their messages go with them; an open case is never too old.
        yield _Rule(CASES, CASES.c.resolved_at < horizon, CASES.c.resolved_at)
        yield _Rule(APPEALS, APPEALS.c.at < horizon, APPEALS.c.at)
    if policy.audit:
        horizon = now - timedelta(days=policy.audit)
        yield _Rule(AUDIT, AUDIT.c.at < horizon, AUDIT.c.at)
        yield _Rule(GAPS, GAPS.c.started_at < horizon, GAPS.c.started_at)
    yield from _leftovers(now - KEPT_SHORTLY)
    yield _Rule(MARKS, MARKS.c.at < now - MARKS_KEPT, MARKS.c.at)


def _words(horizon: datetime) -> Iterator[_Rule]:
    """Whatever holds people's words: history, the inbox's copies, and what the bot said."""
    settled = INBOX.c.state.in_(("decided", "failed", "unreadable"))
    ended = OUTBOX.c.state.not_in((SendState.WAITING.value, SendState.CALLING.value, SendState.DOUBTFUL.value))
    yield _Rule(MESSAGES, MESSAGES.c.at < horizon, MESSAGES.c.at)
    yield _Rule(INBOX, (INBOX.c.received_at < horizon) & settled, INBOX.c.received_at)
    yield _Rule(OUTBOX, (OUTBOX.c.created_at < horizon) & ended, OUTBOX.c.created_at)
    yield _Rule(WEB_MESSAGES, WEB_MESSAGES.c.at_ms < micros(horizon) // 1000, WEB_MESSAGES.c.seq)


def _leftovers(horizon: datetime) -> Iterator[_Rule]:
    yield _Rule(TIMERS, (TIMERS.c.due_at < horizon) & (TIMERS.c.state != "waiting"), TIMERS.c.due_at)
    yield _Rule(ATTEMPTS, ATTEMPTS.c.at < horizon, ATTEMPTS.c.at)
    yield _Rule(SESSIONS, SESSIONS.c.expires_at < horizon, SESSIONS.c.expires_at)
    yield _Rule(BINDING_CODES, BINDING_CODES.c.expires_at < horizon, BINDING_CODES.c.expires_at)
