"""Merging: acknowledgements and answers of one room become one message, and a share can be taken out again."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from domain.echo import plain
from domain.facts import SendState
from domain.merge import CALM, addressed, render
from domain.outward import Merge, Say, SendClass
from domain.room_actions import CancelSends, Cause
from storage.columns import Moment, clean, dump, load
from storage.given import many, one_of
from storage.prepared import fetch, run, run_many
from storage.statements import is_postgresql, is_state
from storage.tables.path import OUTBOX

MergeKey = tuple[int, str, int]
"""Room, merge key and class: what one merged message is about."""

REASONS: dict[Cause, str] = {
    Cause.RECALLED: "what it answers is gone",
    Cause.LEFT: "what it answers is gone",
    Cause.ANSWERED: "people have answered",
    Cause.GONE_ON: "the talk has gone on",
    Cause.CALMED: "both sides were spoken to",
}
TOGETHER = "said in one message with others"
"""Why a row was cancelled whose words another row took along (`storage.together`)."""
LOOK_BACK = 3
"""Merge windows. A message that waited one window for others may wait longer for its turn."""
_SAID = (SendState.WAITING, SendState.CALLING, SendState.SENT, SendState.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Lately:
    """The newest row of a merge key in the last `LOOK_BACK` windows."""

    id: int
    state: str
    attempts: int
    created_at: datetime
    not_before: datetime | None
    called_at: datetime | None
    expires_at: datetime | None
    reason: str
    parts: str

    def joinable(self, since: datetime) -> bool:
        """Whether its words are still to be said for the first time, and were not made up before ``since``."""
        return self.state == SendState.WAITING and self.attempts == 0 and self.created_at >= since

    @property
    def goes_at(self) -> datetime | None:
        """When it was said or is to be said; None for what never will be."""
        return (self.called_at or self.not_before or self.created_at) if self.state in _SAID else None

    @property
    def said(self) -> bool:
        """Whether these words need not be said again: they were, perhaps with others, or people said it."""
        return self.state in _SAID or self.reason in (REASONS[Cause.ANSWERED], TOGETHER)


@cache
def _newest(postgresql: bool) -> Select[Any]:
    names = ("id", "state", "attempts", "created_at", "not_before", "called_at", "expires_at", "reason", "parts")
    columns = [OUTBOX.c[name] for name in ("room_id", "merge_key", "send_class", *names)]
    query = select(*columns).where(
        one_of(postgresql, OUTBOX.c.room_id, "rooms"),
        one_of(postgresql, OUTBOX.c.merge_key, "keys"),
        OUTBOX.c.created_at >= bindparam("since", type_=Moment),
    )
    query = query.order_by(OUTBOX.c.id)
    return query.with_for_update() if postgresql else query


def lately(conn: Connection, merging: Collection[Say], since: datetime) -> dict[MergeKey, Lately]:
    """What was said or is to be said under the keys of a batch's actions since then."""
    keys = {clean(action.merge.key) for action in merging if action.merge is not None}
    if not keys:
        return {}
    given = {"rooms": many(conn, {action.room_id for action in merging}), "keys": many(conn, keys), "since": since}
    rows = fetch(conn, _newest(is_postgresql(conn)), given)
    return {(room, key, send_class): Lately(*row) for room, key, send_class, *row in rows}


def parts_of(text: str) -> list[Merge]:
    """The shares of a row."""
    return [Merge(*part) for part in load(text)]


def parts_text(parts: Iterable[Merge]) -> str:
    """The shares as they are kept."""
    return dump(
        [
            [clean(p.key), clean(p.frame), clean(p.name), clean(p.detail), p.member, clean(p.external_id), p.addressed]
            for p in parts
        ]
    )


def merged_values(parts: Sequence[Merge]) -> dict[str, Any]:
    """What a row says for all its shares."""
    text = clean(render(parts))
    people = [[member, clean(name)] for member, name in addressed(parts)]
    return {
        "text": text,
        "norm": plain("".join(f"@{name} " for _, name in people) + text),
        "parts": parts_text(parts),
        "mentions": dump(people) if people else None,
        # It answers several people now: one who leaves takes their own share along, not the others'.
        "about_member": None,
        "about_external": "",
    }


_CHANGED = update(OUTBOX).where(OUTBOX.c.id == bindparam("held"))


def change_merged(conn: Connection, rows: Collection[dict[str, Any]]) -> None:
    """Rewrite waiting rows; each has its number under ``held``, and all have the same keys."""
    if rows:
        run_many(conn, _CHANGED, sorted(rows, key=lambda row: int(row["held"])))


@cache
def _shared(postgresql: bool, warnings: bool) -> Select[Any]:
    urgent = int(SendClass.MODERATION)
    query = select(OUTBOX.c.id, OUTBOX.c.parts, OUTBOX.c.send_class).where(
        is_state(OUTBOX.c.state, SendState.WAITING),
        OUTBOX.c.room_id == bindparam("room"),
        OUTBOX.c.merge_key != CALM if warnings else OUTBOX.c.merge_key.is_not(None),
        OUTBOX.c.about_member.is_(None),
        OUTBOX.c.send_class == urgent if warnings else OUTBOX.c.send_class > urgent,
        OUTBOX.c.attempts == 0,
        OUTBOX.c.event_id < bindparam("before"),
    )
    query = query.order_by(OUTBOX.c.id)
    return query.with_for_update() if postgresql else query


def cancel_shares(conn: Connection, action: CancelSends, before: int, now: datetime) -> None:
    """Take a member's shares out of the messages for several that still wait; one without shares is cancelled.

    Where people have answered one of those who asked, they have answered all. ``before``: only sends of earlier events.
    """
    query = _shared(is_postgresql(conn), action.cause is Cause.CALMED)
    changed = []
    for row in fetch(conn, query, {"room": action.room_id, "before": before}):
        parts = parts_of(row.parts)
        left = [part for part in parts if not _is_about(part, action)]
        if len(left) == len(parts):
            continue
        if not left or action.cause is Cause.ANSWERED:
            _cancel(conn, row.id, action.cause, now)
        else:
            changed.append(merged_values(left) | {"held": row.id})
    change_merged(conn, changed)


def _is_about(part: Merge, action: CancelSends) -> bool:
    if action.cause is Cause.ANSWERED and not part.addressed:
        return False
    return part.member == action.member_id and action.external_id in ("", part.external_id)


def _cancel(conn: Connection, outbox_id: int, cause: Cause, now: datetime) -> None:
    ended = {"state": SendState.CANCELLED.value, "reason": REASONS[cause], "settled_at": now}
    run(conn, _CHANGED, {"held": outbox_id} | ended)
