"""Commit a batch: everything that follows from its decisions becomes true in one transaction, or nothing does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Update, bindparam, update

from domain import actions as act
from domain.decision import Judged
from domain.errors import CounterMoved
from domain.events import Event, MessagePosted, OwnMessage
from domain.evolve import RECENT_TEXT_CHARS
from domain.facts import Counters, World
from domain.ids import AccountId
from storage.case_changes import save_cases
from storage.columns import clean
from storage.done import Effects
from storage.effects import save_effects
from storage.findings import save_findings
from storage.given import many, one_of
from storage.leases import Lease, check
from storage.prepared import run, run_many
from storage.send_changes import runs, save_send_changes
from storage.sending import Saved, save_outgoing
from storage.statements import insert_into, insert_many, insert_of, is_postgresql, is_state
from storage.tables.order import COUNTERS
from storage.tables.path import INBOX, MESSAGES
from storage.tables.people import ROOM_MEMBERS
from storage.whispers import private_rooms

MERGE_HOLD = timedelta(seconds=1)
"""How long an acknowledgement waits for others to join it."""
MERGE_WINDOW = timedelta(seconds=10)
"""How long others may join it while it waits."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What came of a batch. ``accounts``: those whose outboxes got rows (the agents' room may be elsewhere).

    ``held``: whether any of these rows waits for its time.
    """

    decided: int
    deferred: int
    outgoing: int
    accounts: frozenset[AccountId]
    held: bool = False


def commit(
    conn: Connection,
    lease: Lease,
    judged: Sequence[Judged],
    before: World,
    revision: int,
    now: datetime,
    merge_hold: timedelta = MERGE_HOLD,
    merge_window: timedelta = MERGE_WINDOW,
) -> Committed:
    """Apply the decisions of a batch. ``before`` is the world that was loaded for it.

    Raises `LeaseLost` when the fencing number is stale, `CounterMoved` when numbers, a case's holder or a draw were
    changed by somebody else since the world was loaded (load and judge again), `IntegrityError` and `ValueError` for
    data errors (split the batch). In every case nothing was done.
    """
    check(conn, lease)
    whispers = private_rooms(conn, lease.account, judged, now)
    settled = [one for one in judged if one.decision.defer_until is None]
    deferred = [one for one in judged if one.decision.defer_until is not None]
    _settle_inbox(conn, settled, deferred, now)
    acting = [one for one in settled if one.decision.actions or one.decision.simulated]
    done = [(one.event, action) for one in acting for action in one.decision.inward]
    effects = Effects(done)
    _advance_counters(conn, effects, before.counters)
    _save_messages(conn, settled, before)
    save_findings(conn, lease.account, settled, revision, now)
    save_cases(conn, done, before.cases)
    save_effects(conn, lease.account, effects, before.draws, revision)
    said: list[Saved] = []
    for some in runs(acting):
        said.append(save_outgoing(conn, lease.account, some, whispers, now, merge_hold, merge_window))
        save_send_changes(conn, Effects([(one.event, action) for one in some for action in one.decision.inward]), now)
    return Committed(
        len(settled),
        len(deferred),
        sum(one.rows for one in said),
        frozenset[AccountId]().union(*(one.accounts for one in said)),
        any(one.held for one in said),
    )


# ---- inbox and counters ----------------------------------------------------------------------------------------------


@cache
def _decided(postgresql: bool) -> Update:
    waiting = one_of(postgresql, INBOX.c.id, "numbers") & (is_state(INBOX.c.state, "waiting"))
    return update(INBOX).where(waiting).values(state="decided", decided_at=bindparam("now"), not_before=None)


_DEFERRED = update(INBOX).where(INBOX.c.id == bindparam("held"), is_state(INBOX.c.state, "waiting"))


def _settle_inbox(conn: Connection, settled: Sequence[Judged], deferred: Sequence[Judged], now: datetime) -> None:
    if settled:
        numbers = [one.event.id for one in settled]
        changed = run(conn, _decided(is_postgresql(conn)), {"numbers": many(conn, numbers), "now": now})
        if changed != len(numbers):
            raise CounterMoved("some of these events were decided already")
    if deferred:
        rows = [{"held": one.event.id, "not_before": one.decision.defer_until} for one in deferred]
        run_many(conn, _DEFERRED, rows)


def _advance_counters(conn: Connection, effects: Effects, before: Counters) -> None:
    used = {
        "case": (before.case, effects.of(act.OpenCase)),
        "draw": (before.draw, effects.of(act.OpenDraw)),
        "sanction": (before.sanction, effects.of(act.AddSanction)),
    }
    for name, (last, actions) in used.items():
        if actions:
            _advance(conn, name, last, max(action.number for action in actions))


_ADVANCED = update(COUNTERS).where(COUNTERS.c.name == bindparam("counter"), COUNTERS.c.value == bindparam("last"))


def _advance(conn: Connection, name: str, last: int, reached: int) -> None:
    if last == 0:
        conn.execute(insert_into(conn, COUNTERS).values(name=name, value=0).on_conflict_do_nothing())
    if run(conn, _ADVANCED, {"counter": name, "last": last, "value": reached}) != 1:
        raise CounterMoved(f"another account took the next {name} number first")


# ---- messages --------------------------------------------------------------------------------------------------------


def _save_messages(conn: Connection, settled: Sequence[Judged], before: World) -> None:
    posted = [(one.event, one.norm) for one in settled if isinstance(one.event, MessagePosted)]
    rows = [_message(event, norm) for event, norm in posted]
    rows += [_typed_by_owner(one.event, one.norm, before) for one in settled if _is_own_word(one)]
    insert_many(conn, MESSAGES, rows)
    _count_messages(conn, [event for event, _ in posted])


def _message(event: MessagePosted, norm: str) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "room_id": event.room_id,
        "member_id": event.sender.id,
        "name": event.sender.name,
        "at": event.at,
        "kind": event.kind.value,
        "text": event.text,
        "norm": clean(norm[:RECENT_TEXT_CHARS]),
        "external_id": event.external_id,
        "own": False,
    }


def _is_own_word(one: Judged) -> bool:
    """An own message that is no echo: its owner typed it, and history would lack it otherwise."""
    if not isinstance(one.event, OwnMessage):
        return False
    return not any(isinstance(action, act.SettleSend) for action in one.decision.actions)


def _typed_by_owner(event: Event, norm: str, before: World) -> dict[str, Any]:
    assert isinstance(event, OwnMessage)
    return {
        "event_id": event.id,
        "room_id": event.room_id,
        "member_id": before.account.member_id,
        "name": clean(before.account.name),
        "at": event.at,
        "kind": event.kind.value,
        "text": event.text,
        "norm": clean(norm[:RECENT_TEXT_CHARS]),
        "external_id": event.external_id,
        "own": True,
    }


def _count_messages(conn: Connection, posted: Sequence[MessagePosted]) -> None:
    """One upsert per (room, member): the count grows, the last sender's time and shown name are kept."""
    if not posted:
        return
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for event in posted:
        key = (event.room_id, event.sender.id)
        row = rows.setdefault(key, {"room_id": key[0], "member_id": key[1], "messages": 0})
        row["messages"] += 1
        row["spoke_at"] = event.at
        row["name"] = event.sender.name
    run_many(conn, _counted(is_postgresql(conn)), [rows[key] for key in sorted(rows)])


@cache
def _counted(postgresql: bool) -> Insert:
    statement = insert_of(postgresql, ROOM_MEMBERS)
    given = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["room_id", "member_id"],
        set_={
            "messages": ROOM_MEMBERS.c.messages + given.messages,
            "spoke_at": given.spoke_at,
            "name": given.name,
        },
    )
