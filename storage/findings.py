"""What was thought about each event and what followed, kept as JSON under the revision that was in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from domain import actions as act
from domain.decision import LEVELS, Decision, Judged
from domain.events import Event, MessagePosted
from domain.ids import AccountId
from storage.columns import dump
from storage.sending import KINDS
from storage.statements import insert_many
from storage.tables.path import FINDINGS

_WEIGHTS = {(rule, level): weight for rule, scale in LEVELS.items() for weight, level in enumerate(scale)}


def save_findings(
    conn: Connection, account: AccountId, settled: Sequence[Judged], revision: int, now: datetime
) -> None:
    """One row per event of which anything was found, or from which anything followed."""
    rows = []
    for one in settled:
        decision = one.decision
        if not (decision.findings or decision.actions or decision.simulated or decision.errors):
            continue
        rows.append(_finding_row(account, one.event, decision) | {"revision": revision, "decided_at": now})
    insert_many(conn, FINDINGS, rows)


def _finding_row(account: AccountId, event: Event, decision: Decision) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "account_id": account,
        "room_id": event.room_id,
        "member_id": event.sender.id if isinstance(event, MessagePosted) else None,
        "kind": _snake(type(event)),
        "at": event.at,
        "top": _top(decision),
        "findings": dump([finding.as_json() for finding in decision.findings]),
        "actions": dump(_told(decision)),
        "errors": dump(decision.errors) if decision.errors else None,
    }


def _top(decision: Decision) -> str:
    """The strongest verdict, as ``rule:level``; empty when all is innocent."""
    heaviest, named = 0, ""
    for finding in decision.findings:
        weight = _WEIGHTS.get((finding.rule, finding.level), 0)
        if weight > heaviest:
            heaviest, named = weight, f"{finding.rule}:{finding.level}"
    return named


def _told(decision: Decision) -> list[dict[str, Any]]:
    if not (decision.actions or decision.simulated):
        return []
    told = [_brief(action) for action in decision.actions]
    return [*told, *({**_brief(action), "simulated": True} for action in decision.simulated)]


def _brief(action: act.Action) -> dict[str, Any]:
    """An action for the log of decisions: its type and what it is about, never words."""
    brief: dict[str, Any] = {"type": KINDS.get(type(action)) or _snake(type(action))}
    for name in ("number", "room_id", "kind", "amount", "name", "reference", "file"):
        value = getattr(action, name, None)
        if value not in (None, ""):
            brief[name] = value
    return brief


_NAMES: dict[type, str] = {}


def _snake(kind: type) -> str:
    """``AddSanction`` → ``add_sanction``."""
    name = _NAMES.get(kind)
    if name is None:
        name = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")
        _NAMES[kind] = name
    return name
