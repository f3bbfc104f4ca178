"""From outward actions to outbox rows: classes, lanes, what they are about, and merging of acknowledgements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from domain.decision import Judged
from domain.echo import plain
from domain.events import Event, MessagePosted
from domain.facts import SendState
from domain.ids import NO_ROOM, AccountId
from domain.merge import render
from domain.outward import AcceptInvite, Merge, Mute, Outward, Recall, Remove, Say, SendClass, Unmute
from storage.columns import clean, dump, load
from storage.given import many, one_of
from storage.prepared import run_many
from storage.statements import insert_many, is_postgresql, is_state, locked
from storage.tables.path import OUTBOX
from storage.tables.people import ROOMS

MergeKey = tuple[int, str, int]
"""Room, merge key and class: what one merged message is about."""

KINDS: dict[type, str] = {
    Say: "say",
    Recall: "recall",
    Mute: "mute",
    Unmute: "unmute",
    Remove: "remove",
    AcceptInvite: "accept_invite",
}

_EMPTY: dict[str, Any] = {
    "text": "",
    "mentions": None,
    "norm": "",
    "member_id": None,
    "member_name": "",
    "reference": "",
    "until": None,
    "unasked": False,
    "notice_of": None,
    "merge_key": None,
    "parts": None,
    "about_member": None,
    "about_external": "",
    "not_before": None,
}


@dataclass(slots=True)
class Outgoing:
    """The rows to insert and the merged rows to change, gathered over a batch."""

    now: datetime
    hold: timedelta
    accounts: Mapping[int, AccountId]
    waiting: Mapping[MergeKey, Any]
    rows: list[dict[str, Any]] = field(default_factory=list)
    merged: dict[int, list[Merge]] = field(default_factory=dict)
    """Parts of rows that waited already, by number."""
    fresh: dict[MergeKey, tuple[dict[str, Any], list[Merge]]] = field(default_factory=dict)
    """Rows of this batch that others may join, with their parts."""


def save_outgoing(
    conn: Connection,
    own: AccountId,
    judged: Sequence[Judged],
    now: datetime,
    hold: timedelta,
    window: timedelta,
) -> tuple[int, frozenset[AccountId]]:
    """Write one row per outward action; how many, and whose accounts' outboxes they went to.

    Raises ValueError for a room that is unknown.
    """
    actions = [action for one in judged for action in (*one.decision.outward, *one.decision.simulated)]
    if not actions:
        return 0, frozenset()
    accounts = account_of_rooms(conn, own, {action.room_id for action in actions})
    merging = [a for a in actions if isinstance(a, Say) and a.merge is not None]
    out = Outgoing(now, hold, accounts, _waiting(conn, merging, now - window))
    for one in judged:
        for action in one.decision.outward:
            _add(out, one.event, action, one.decision.send_class)
        for action in one.decision.simulated:
            out.rows.append(_row(out, one.event, action, action.send_class, SendState.SIMULATED))
    for row, parts in out.fresh.values():
        if len(parts) > 1:
            row.update(_merged_text(parts))
    insert_many(conn, OUTBOX, out.rows)
    _change_merged(conn, out)
    told = frozenset(accounts[action.room_id] for one in judged for action in one.decision.outward)
    return len(out.rows), told


@cache
def _owners(postgresql: bool) -> Select[Any]:
    return select(ROOMS.c.id, ROOMS.c.account_id).where(one_of(postgresql, ROOMS.c.id, "rooms"))


def account_of_rooms(conn: Connection, own: AccountId, rooms: Collection[int]) -> dict[int, AccountId]:
    """Whose rooms these are (the agents' room may be on another channel); NO_ROOM is the deciding account's."""
    found = {int(NO_ROOM): own}
    wanted = sorted(set(rooms) - {NO_ROOM})
    if wanted:
        rows = conn.execute(_owners(is_postgresql(conn)), {"rooms": many(conn, wanted)})
        found |= {row.id: AccountId(row.account_id) for row in rows}
    unknown = set(wanted) - found.keys()
    if unknown:
        raise ValueError(f"unknown rooms: {sorted(unknown)}")
    return found


# ---- rows ------------------------------------------------------------------------------------------------------------


def _add(out: Outgoing, event: Event, action: Outward, send_class: SendClass) -> None:
    if not (isinstance(action, Say) and action.merge is not None and action.guard is None):
        out.rows.append(_row(out, event, action, send_class, SendState.WAITING))
        return
    key = (int(action.room_id), action.merge.key, int(send_class))
    held = out.waiting.get(key)
    if held is not None:
        parts = out.merged.setdefault(held.id, [Merge(*part) for part in load(held.parts)])
        parts.append(action.merge)
    elif key in out.fresh:
        out.fresh[key][1].append(action.merge)
    else:
        row = _row(out, event, action, send_class, SendState.WAITING)
        row |= {"merge_key": action.merge.key, "parts": _parts([action.merge]), "not_before": out.now + out.hold}
        out.fresh[key] = (row, [action.merge])
        out.rows.append(row)


def _row(out: Outgoing, event: Event, action: Outward, send_class: SendClass, state: SendState) -> dict[str, Any]:
    guard = action.guard
    row = _EMPTY | {
        "account_id": out.accounts[action.room_id],
        "room_id": action.room_id,
        "event_id": event.id,
        "kind": KINDS[type(action)],
        "send_class": int(send_class),
        "state": state.value,
        "guard_case": guard.case if guard else None,
        "guard_epoch": guard.epoch if guard else None,
        "created_at": out.now,
        "expires_at": action.expires_at,
    }
    return row | _about(event, action) | _content(action)


def _about(event: Event, action: Outward) -> dict[str, Any]:
    """Whose message the words answer: when it is recalled or its author leaves, they may be dropped."""
    if not isinstance(action, Say):
        return {}
    if isinstance(event, MessagePosted) and event.room_id == action.room_id:
        return {"about_member": event.sender.id, "about_external": event.external_id}
    return {"about_member": action.mentions[0].id} if len(action.mentions) == 1 else {}


def _content(action: Outward) -> dict[str, Any]:
    match action:
        case Say():
            names = [[person.id, clean(person.name)] for person in action.mentions]
            text = clean(action.text)
            return {
                "text": text,
                "mentions": dump(names) if names else None,
                "norm": plain("".join(f"@{name} " for _, name in names) + text),
                "unasked": action.unasked,
                "notice_of": action.notice_of,
            }
        case Recall():
            return {"reference": clean(action.external_id), **_target(action.member.id, action.member.name)}
        case Mute():
            return {"until": action.until, **_target(action.member.id, action.member.name)}
        case Unmute() | Remove():
            return _target(action.member.id, action.member.name)
        case AcceptInvite():
            return {"reference": clean(action.reference)}


def _target(member_id: int, name: str) -> dict[str, Any]:
    return {"member_id": member_id, "member_name": clean(name)}


# ---- merging ---------------------------------------------------------------------------------------------------------


def _waiting(conn: Connection, merging: Collection[Say], since: datetime) -> dict[MergeKey, Any]:
    """Rows that acknowledgements of this batch may join: not begun, and not older than the merge window."""
    if not merging:
        return {}
    keys = {action.merge.key for action in merging if action.merge is not None}
    query = (
        select(OUTBOX.c.id, OUTBOX.c.room_id, OUTBOX.c.merge_key, OUTBOX.c.send_class, OUTBOX.c.parts)
        .where(
            is_state(OUTBOX.c.state, SendState.WAITING),
            OUTBOX.c.room_id.in_({action.room_id for action in merging}),
            OUTBOX.c.merge_key.in_(keys),
            OUTBOX.c.created_at >= since,
            OUTBOX.c.attempts == 0,
        )
        .order_by(OUTBOX.c.id)
    )
    return {(row.room_id, row.merge_key, row.send_class): row for row in conn.execute(locked(conn, query))}


def _parts(parts: Iterable[Merge]) -> str:
    return dump([[clean(value) for value in (part.key, part.frame, part.name, part.detail)] for part in parts])


def _merged_text(parts: Sequence[Merge]) -> dict[str, Any]:
    text = clean(render(parts))
    return {
        "text": text,
        "norm": plain(text),
        "parts": _parts(parts),
        "mentions": None,
        # It answers several people now: one who leaves does not take the others' answer along.
        "about_member": None,
        "about_external": "",
    }


_CHANGED = update(OUTBOX).where(OUTBOX.c.id == bindparam("held"))


def _change_merged(conn: Connection, out: Outgoing) -> None:
    if not out.merged:
        return
    rows = [_merged_text(parts) | {"held": number} for number, parts in sorted(out.merged.items())]
    run_many(conn, _CHANGED, rows)
