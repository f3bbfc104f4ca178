"""What a batch does to cases: each case is written once, after comparing it with the state it was judged on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, func, literal, select, update
from sqlalchemy.sql import ColumnElement

from domain import case_actions as act
from domain.case_actions import Author, CaseState
from domain.errors import CounterMoved
from domain.events import Event
from domain.facts import CaseFacts
from storage.columns import clean
from storage.done import Done
from storage.statements import insert_many, locked
from storage.tables.order import CASE_MESSAGES, CASES


@dataclass(slots=True)
class Changes:
    """New cases and changed columns, by number."""

    opened: dict[int, dict[str, Any]] = field(default_factory=dict)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    judged_on: set[int] = field(default_factory=set)
    """Cases whose holder changes: nobody else may have changed it meanwhile."""
    said: list[dict[str, Any]] = field(default_factory=list)

    def put(self, number: int, **values: Any) -> None:
        """Overwrite columns of a case."""
        target = self.opened if number in self.opened else self.changed
        target.setdefault(number, {}).update(values)


def save_cases(conn: Connection, done: Iterable[Done], before: Mapping[int, CaseFacts]) -> None:
    """Apply all case actions. Raises `CounterMoved` when somebody else changed a case's holder meanwhile."""
    changes = Changes()
    for event, action in done:
        step = _STEPS.get(type(action))
        if step is not None:
            step(changes, event, action)
    _compare(conn, sorted(changes.judged_on - changes.opened.keys()), before)
    for number in sorted(changes.changed):
        conn.execute(update(CASES).where(CASES.c.number == number).values(**_settled(changes.changed[number])))
    insert_many(conn, CASES, list(changes.opened.values()))
    insert_many(conn, CASE_MESSAGES, changes.said)


def _compare(conn: Connection, numbers: list[int], before: Mapping[int, CaseFacts]) -> None:
    if not numbers:
        return
    query = select(CASES.c.number, CASES.c.epoch, CASES.c.state, CASES.c.assignee_id)
    rows = conn.execute(locked(conn, query.where(CASES.c.number.in_(numbers)).order_by(CASES.c.number)))
    held = {row.number: (row.epoch, row.state, row.assignee_id) for row in rows}
    for number in numbers:
        case = before.get(number)
        if case is None or held.get(number) != (case.epoch, case.state.value, case.assignee):
            raise CounterMoved(f"case {number} was changed by somebody else")


def _settled(values: dict[str, Any]) -> dict[str, Any]:
    """First times stay: they are only written where there is none yet."""
    kept = dict(values)
    if "first_reply_at" in kept:
        kept["first_reply_at"] = _first(CASES.c.first_reply_at, kept["first_reply_at"])
    if "waits_from" in kept:
        since = kept.pop("waits_from")
        kept["waiting_since"] = since if "waiting_since" in kept else _first(CASES.c.waiting_since, since)
    return kept


def _first(column: Column[Any], value: datetime) -> ColumnElement[Any]:
    # Inside a function the value does not take the column's type by itself.
    return func.coalesce(column, literal(value, column.type))


# ---- steps -----------------------------------------------------------------------------------------------------------


def _open(changes: Changes, event: Event, a: act.OpenCase) -> None:
    changes.opened[a.number] = {
        "number": a.number,
        "room_id": a.room_id,
        "member_id": a.member.id,
        "member_name": clean(a.member.name),
        "state": CaseState.OPEN.value,
        "reason": clean(a.reason),
        "rule": a.rule,
        "event_id": a.event_id,
        "opened_at": a.at,
        "waiting_since": a.at,
        "epoch": 0,
        "assignee_id": None,
        "assignee_name": "",
        "taken_at": None,
        "last_word_at": None,
        "reminders": 0,
        "first_reply_at": None,
        "resolved_at": None,
        "resolved_by": "",
        "asked_at": None,
        "score": None,
        "scored_at": None,
    }


def _append(changes: Changes, event: Event, a: act.AppendToCase) -> None:
    changes.said.append(
        {
            "case_number": a.number,
            "author": a.author.value,
            "name": clean(a.name),
            "text": clean(a.text),
            "at": a.at,
            "event_id": a.event_id,
        }
    )
    if a.author is Author.MEMBER:
        _waits(changes, a)
    elif a.author is Author.AGENT:
        _answered(changes, a.number)


def _waits(changes: Changes, a: act.AppendToCase) -> None:
    opened = changes.opened.get(a.number)
    if opened is not None:
        opened["waiting_since"] = opened["waiting_since"] or a.at
    elif "waits_from" not in changes.changed.get(a.number, {}):
        changes.put(a.number, waits_from=a.at)


def _answered(changes: Changes, number: int) -> None:
    changes.put(number, waiting_since=None)
    changes.changed.get(number, {}).pop("waits_from", None)


def _take(changes: Changes, event: Event, a: act.TakeCase) -> None:
    changes.judged_on.add(a.number)
    changes.put(
        a.number,
        state=CaseState.ASSIGNED.value,
        epoch=a.epoch,
        assignee_id=a.user_id,
        assignee_name=clean(a.user_name),
        taken_at=a.at,
        last_word_at=a.at,
        reminders=0,
    )


def _spoke(changes: Changes, event: Event, a: act.AgentSpoke) -> None:
    held = changes.opened.get(a.number) or changes.changed.get(a.number, {})
    changes.put(a.number, last_word_at=a.at, first_reply_at=held.get("first_reply_at") or a.at, reminders=0)
    _answered(changes, a.number)


def _release(changes: Changes, event: Event, a: act.ReleaseCase) -> None:
    changes.judged_on.add(a.number)
    changes.put(
        a.number,
        state=CaseState.OPEN.value,
        epoch=a.epoch,
        assignee_id=None,
        assignee_name="",
        taken_at=None,
        last_word_at=None,
        reminders=0,
    )


def _remind(changes: Changes, event: Event, a: act.RemindedAgent) -> None:
    changes.put(a.number, reminders=a.count)


def _resolve(changes: Changes, event: Event, a: act.ResolveCase) -> None:
    changes.judged_on.add(a.number)
    changes.put(
        a.number,
        state=CaseState.RESOLVED.value,
        epoch=a.epoch,
        resolved_at=a.at,
        resolved_by=clean(a.by),
        asked_at=a.at if a.ask else None,
    )
    _answered(changes, a.number)


def _rate(changes: Changes, event: Event, a: act.RateCase) -> None:
    changes.put(a.number, score=a.score, scored_at=a.at)


_STEPS: dict[type, Any] = {
    act.OpenCase: _open,
    act.AppendToCase: _append,
    act.TakeCase: _take,
    act.AgentSpoke: _spoke,
    act.ReleaseCase: _release,
    act.RemindedAgent: _remind,
    act.ResolveCase: _resolve,
    act.RateCase: _rate,
}
