"""From outward actions to outbox rows: classes, lanes, what they are about, and merging of acknowledgements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from domain.decision import Judged
from domain.echo import plain
from domain.events import Event, MessagePosted
from domain.facts import SendState
from domain.ids import NO_ROOM, AccountId, MemberId, RoomId
from domain.outward import AcceptInvite, Merge, Mute, Outward, Recall, Remove, Say, SendClass, SendFile, Unmute
from storage.columns import clean, dump
from storage.given import many, one_of
from storage.merging import LOOK_BACK, Lately, MergeKey, change_merged, lately, merged_values, parts_of, parts_text
from storage.prepared import fetch
from storage.statements import insert_many, is_postgresql
from storage.tables.path import OUTBOX
from storage.tables.people import ROOMS

KINDS: dict[type, str] = {
    Say: "say",
    SendFile: "send_file",
    Recall: "recall",
    Mute: "mute",
    Unmute: "unmute",
    Remove: "remove",
    AcceptInvite: "accept_invite",
}

_CROWDS = (SendClass.MODERATION, SendClass.EVENT, SendClass.GREETING)
"""Classes in which many people do the same at once, and nobody waits for the words of the second message."""

Whispers = Mapping[tuple[RoomId, MemberId], RoomId]
"""(The room that private words are about, whom they are for) → the private room they go to."""

_NO_WAY = "no private chat with this member is known"

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
    "settled_at": None,
    "reason": "",
}


@dataclass(slots=True)
class Outgoing:
    """The rows to insert and the merged rows to change, gathered over a batch."""

    now: datetime
    hold: timedelta
    window: timedelta
    accounts: Mapping[int, AccountId]
    whispers: Whispers
    lately: Mapping[MergeKey, Lately]
    rows: list[dict[str, Any]] = field(default_factory=list)
    merged: dict[int, list[Merge]] = field(default_factory=dict)
    """Parts of rows that waited already, by number."""
    sooner: dict[int, datetime] = field(default_factory=dict)
    """When those rows may go now, because one share waits no longer."""
    until: dict[int, datetime | None] = field(default_factory=dict)
    """When those rows expire now, because one share stays true for longer."""
    fresh: dict[MergeKey, tuple[dict[str, Any], list[Merge]]] = field(default_factory=dict)
    """Rows of this batch that others may join, with their parts."""


class Saved(NamedTuple):
    """How many rows were written, to whose accounts' outboxes, and whether any of them waits for its time."""

    rows: int
    accounts: frozenset[AccountId]
    held: bool


def save_outgoing(
    conn: Connection,
    own: AccountId,
    judged: Sequence[Judged],
    whispers: Whispers,
    now: datetime,
    hold: timedelta,
    window: timedelta,
) -> Saved:
    """Write one row per outward action.

    Raises ValueError for a room that is unknown.
    """
    actions = [action for one in judged for action in (*one.decision.outward, *one.decision.simulated)]
    if not actions:
        return Saved(0, frozenset(), False)
    accounts = account_of_rooms(conn, own, {action.room_id for action in actions})
    merging = [a for a in actions if isinstance(a, Say) and a.merge is not None]
    out = Outgoing(now, hold, window, accounts, whispers, lately(conn, merging, now - LOOK_BACK * window))
    told: set[AccountId] = set()
    for one in judged:
        shared = one.decision.send_class
        for action in one.decision.outward:
            _add(out, one.event, action, shared)
            told.add(accounts[action.room_id])
        for action in one.decision.simulated:
            out.rows.append(_row(out, one.event, action, action.send_class, SendState.SIMULATED))
    for row, parts in out.fresh.values():
        if len(parts) > 1:
            row.update(merged_values(parts))
    insert_many(conn, OUTBOX, out.rows)
    change_merged(conn, [merged_values(parts) | _when(out, number) for number, parts in out.merged.items()])
    held = bool(out.merged) or any(row["not_before"] is not None for row in out.rows)
    return Saved(len(out.rows), frozenset(told), held)


@cache
def _owners(postgresql: bool) -> Select[Any]:
    return select(ROOMS.c.id, ROOMS.c.account_id).where(one_of(postgresql, ROOMS.c.id, "rooms"))


def account_of_rooms(conn: Connection, own: AccountId, rooms: Collection[int]) -> dict[int, AccountId]:
    """Whose rooms these are (the agents' room may be on another channel); NO_ROOM is the deciding account's."""
    found = {int(NO_ROOM): own}
    wanted = sorted(set(rooms) - {NO_ROOM})
    if wanted:
        rows = fetch(conn, _owners(is_postgresql(conn)), {"rooms": many(conn, wanted)})
        found |= {row.id: AccountId(row.account_id) for row in rows}
    unknown = set(wanted) - found.keys()
    if unknown:
        raise ValueError(f"unknown rooms: {sorted(unknown)}")
    return found


def whispered(action: Outward) -> tuple[RoomId, MemberId] | None:
    """Under what a private word's room is found in `Whispers`; None for whatever is said or done in public."""
    if not isinstance(action, Say) or action.whisper_to is None:
        return None
    return action.room_id, action.whisper_to.id


# ---- rows ------------------------------------------------------------------------------------------------------------


def _add(out: Outgoing, event: Event, action: Outward, shared: SendClass) -> None:
    # What waits for people to speak first keeps its own class: it must not hold up a decision's urgent words.
    on_hold = isinstance(action, Say | SendFile) and action.not_before is not None
    send_class = action.send_class if on_hold else shared
    if not (isinstance(action, Say) and action.merge is not None and action.guard is None) or _over(out, action):
        out.rows.append(_row(out, event, action, send_class, SendState.WAITING))
        return
    key = (int(action.room_id), clean(action.merge.key), int(send_class))
    held = out.lately.get(key)
    if held is not None and held.joinable(out.now - out.window):
        out.merged.setdefault(held.id, parts_of(held.parts)).append(action.merge)
        waits = out.sooner.get(held.id, held.not_before) or out.now
        out.sooner[held.id] = min(waits, action.not_before or waits)
        out.until[held.id] = _later(out.until.get(held.id, held.expires_at), action.expires_at)
    elif key in out.fresh:
        row, parts = out.fresh[key]
        parts.append(action.merge)
        row["not_before"] = min(row["not_before"], action.not_before or row["not_before"])
        row["expires_at"] = _later(row["expires_at"], action.expires_at)
    elif not (action.merge.once and held is not None and held.said):
        row = _row(out, event, action, send_class, SendState.WAITING)
        row |= {"merge_key": key[1], "parts": parts_text([action.merge]), "not_before": _due(out, action, held)}
        out.fresh[key] = (row, [action.merge])
        out.rows.append(row)


def _over(out: Outgoing, action: Outward) -> bool:
    """Whether its time is over already (a backlog): nobody's fresh share shall expire together with it."""
    return action.expires_at is not None and action.expires_at <= out.now


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """When the later of two shares expires; None is never."""
    return None if one is None or other is None else max(one, other)


def _due(out: Outgoing, action: Say, held: Lately | None) -> datetime:
    """When a message that others may join goes: after its hold, and in a crowd a window after the one before it."""
    due = action.not_before or out.now + out.hold
    before = held.goes_at if held is not None and action.send_class in _CROWDS else None
    return due if before is None else max(due, before + out.window)


def _when(out: Outgoing, number: int) -> dict[str, Any]:
    return {"held": number, "not_before": out.sooner[number], "expires_at": out.until[number]}


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
    return row | _about(event, action) | _content(action) | _alone(out, action)


def _alone(out: Outgoing, action: Outward) -> dict[str, Any]:
    """Where private words go. Without a way to their reader they are on record as refused, and never public."""
    to = whispered(action)
    if to is None:
        return {}
    room = out.whispers.get(to)
    if room is None:
        return {"state": SendState.REFUSED.value, "reason": _NO_WAY, "settled_at": out.now}
    return {"room_id": room}


def _about(event: Event, action: Outward) -> dict[str, Any]:
    """Whose message the words answer: when it is recalled or its author leaves, they may be dropped."""
    if not isinstance(action, Say | SendFile):
        return {}
    if isinstance(event, MessagePosted) and event.room_id == action.room_id:
        return {"about_member": event.sender.id, "about_external": event.external_id}
    if isinstance(action, SendFile):
        return {"about_member": action.to.id}
    to = action.mentions if action.whisper_to is None else (action.whisper_to,)
    return {"about_member": to[0].id} if len(to) == 1 else {}


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
                "not_before": action.not_before,
            }
        case SendFile():
            # Its name stands as words for staff; no echo has them.
            name = clean(action.file)
            return {"text": name, "reference": name, "unasked": action.unasked, "not_before": action.not_before}
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
