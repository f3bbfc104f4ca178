"""What a batch changes beside cases and sends: sanctions, points, draws, rooms, memory, timers, the audit log."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, or_, update

from domain import actions as act
from domain.errors import CounterMoved
from domain.events import Event
from domain.facts import DrawFacts
from domain.ids import NO_ROOM, AccountId
from domain.order_actions import RECALLED
from domain.rules import RuleFacts
from storage.columns import clean
from storage.done import Effects
from storage.draw_changes import save_draws
from storage.prepared import run_many
from storage.sending import account_of_rooms
from storage.statements import insert_many, insert_missing, upsert_many
from storage.tables.engagement import CHECKINS, LEDGER
from storage.tables.order import APPEALS, AUDIT, BANS, MARKS, RULES, SANCTIONS, SWITCHES
from storage.tables.path import MESSAGES, TIMERS
from storage.tables.people import ROOM_MEMBERS, ROOMS
from storage.tables.staff import BINDING_CODES, BINDINGS
from storage.world_queries import QUIET


def save_effects(
    conn: Connection,
    own: AccountId,
    effects: Effects,
    draws_before: Mapping[int, DrawFacts],
    revision: int,
) -> None:
    """Apply everything but cases and sends. Violated keys raise `IntegrityError`: the caller splits the batch.

    Raises `CounterMoved` when a draw or a binding code was used up by somebody else meanwhile.
    """
    _order(conn, effects, revision)
    _points(conn, effects)
    save_draws(conn, effects, draws_before)
    _rooms(conn, effects)
    _memory(conn, own, effects)
    _bindings(conn, effects)


# ---- order -----------------------------------------------------------------------------------------------------------


_EASED = update(SANCTIONS).where(SANCTIONS.c.number == bindparam("held"))
_REVERSED = update(SANCTIONS).where(SANCTIONS.c.number == bindparam("held"))


def _order(conn: Connection, effects: Effects, revision: int) -> None:
    insert_many(conn, SANCTIONS, [_sanction(action, revision) for action in effects.of(act.AddSanction)])
    reversed_ = [
        {"held": action.number, "reversed_at": action.at, "reversed_by": clean(action.by)}
        for action in effects.of(act.ReverseSanction)
    ]
    if reversed_:
        run_many(conn, _REVERSED, reversed_)
    eased = [{"held": a.number, "severity": RECALLED, "until": a.until} for a in effects.of(act.EaseSanction)]
    if eased:
        run_many(conn, _EASED, eased)
    _rules(conn, effects)
    _bans(conn, effects)
    appeals = effects.of(act.AddAppeal)
    insert_many(
        conn,
        APPEALS,
        [{"room_id": a.room_id, "member_id": a.member_id, "sanction": a.sanction, "at": a.at} for a in appeals],
    )


def _rules(conn: Connection, effects: Effects) -> None:
    """Reviews of verdicts, counted for their rule, and what becomes of rules."""
    reviews = effects.of(act.JudgeSanction)
    changes = effects.of(act.SetRule)
    if not reviews and not changes:
        return
    insert_missing(conn, RULES, [{"rule": name} for name in sorted({clean(a.rule) for a in (*reviews, *changes)})])
    for a in reviews:
        conn.execute(update(SANCTIONS).where(SANCTIONS.c.number == a.number).values(right=a.right))
        counted = RuleFacts().judged(a.right, a.before)
        moved = {"right": RULES.c.right + counted.right, "wrong": RULES.c.wrong + counted.wrong}
        conn.execute(update(RULES).where(RULES.c.rule == clean(a.rule)).values(**moved))
    for change in changes:
        values = {"state": change.state.value, "changed_at": change.at, "changed_by": clean(change.by)}
        conn.execute(update(RULES).where(RULES.c.rule == clean(change.rule)).values(**values))


def _bans(conn: Connection, effects: Effects) -> None:
    last: dict[int, act.Ban | None] = {}
    for action in effects.in_order(act.Ban, act.LiftBan):
        if isinstance(action, act.Ban):
            last[action.member.id] = action
        else:
            last[action.member_id] = None
    lifted = sorted(member for member, ban in last.items() if ban is None)
    if lifted:
        conn.execute(delete(BANS).where(BANS.c.member_id.in_(lifted)))
    upsert_many(conn, BANS, ["member_id"], [_banned(ban) for ban in last.values() if ban is not None])


def _banned(ban: act.Ban) -> dict[str, Any]:
    return {
        "member_id": ban.member.id,
        "member_name": clean(ban.member.name),
        "sanction": ban.number,
        "at": ban.at,
        "by": clean(ban.by),
    }


def _sanction(action: act.AddSanction, revision: int) -> dict[str, Any]:
    return {
        "number": action.number,
        "room_id": action.room_id,
        "member_id": action.member.id,
        "member_name": clean(action.member.name),
        "kind": action.kind.value,
        "rule": action.rule,
        "severity": action.severity,
        "at": action.at,
        "until": action.until,
        "enforced": action.enforced,
        "event_id": action.event_id,
        "why": clean(action.why),
        "revision": revision,
    }


# ---- points ---------------------------------------------------------------------------------------------------------


def _points(conn: Connection, effects: Effects) -> None:
    checkins = [
        {"member_id": a.member.id, "day": a.day, "room_id": a.room_id, "streak": a.streak, "at": a.at}
        for a in effects.of(act.CheckIn)
    ]
    insert_many(conn, CHECKINS, sorted(checkins, key=lambda row: (row["member_id"], row["day"])))
    credits = [
        {"member_id": a.member_id, "amount": a.amount, "cause": a.cause, "key": clean(a.key), "at": a.at}
        for a in effects.of(act.CreditPoints)
    ]
    # In one order for all writers: two that insert the same keys crosswise would wait for each other.
    insert_many(conn, LEDGER, sorted(credits, key=lambda row: row["key"]))


# ---- rooms and members -----------------------------------------------------------------------------------------------


_RECALLED = update(MESSAGES).where(
    MESSAGES.c.room_id == bindparam("place"), MESSAGES.c.external_id == bindparam("message")
)


def _rooms(conn: Connection, effects: Effects) -> None:
    for action in effects.of(act.SetQuiet):
        _set_quiet(conn, action)
    _set_presence(conn, effects.of(act.SetPresence))
    for action in effects.of(act.RenameRoom):
        conn.execute(update(ROOMS).where(ROOMS.c.id == action.room_id).values(topic=clean(action.topic)))
    recalled = [
        {"place": a.room_id, "message": clean(a.external_id), "recalled_at": a.at}
        for a in effects.of(act.MarkRecalled)
        if a.external_id
    ]
    if recalled:
        run_many(conn, _RECALLED, recalled)


def _set_quiet(conn: Connection, action: act.SetQuiet) -> None:
    if action.room_id == NO_ROOM:
        upsert_many(conn, SWITCHES, ["name"], [{"name": QUIET, "until": action.until}])
    else:
        conn.execute(update(ROOMS).where(ROOMS.c.id == action.room_id).values(quiet_until=action.until))


def _set_presence(conn: Connection, actions: Sequence[act.SetPresence]) -> None:
    came: dict[tuple[int, int], dict[str, Any]] = {}
    left: dict[tuple[int, int], dict[str, Any]] = {}
    for a in actions:
        key = (a.room_id, a.member.id)
        row = {"room_id": a.room_id, "member_id": a.member.id, "name": clean(a.member.name)}
        if a.present:
            came[key] = row | {"joined_at": a.at, "left_at": None}
            left.pop(key, None)
        elif key in came:
            came[key]["left_at"] = a.at
        else:
            left[key] = row | {"left_at": a.at}
    upsert_many(conn, ROOM_MEMBERS, ["room_id", "member_id"], list(came.values()))
    upsert_many(conn, ROOM_MEMBERS, ["room_id", "member_id"], list(left.values()))


# ---- memory ----------------------------------------------------------------------------------------------------------


def _memory(conn: Connection, own: AccountId, effects: Effects) -> None:
    marks = {(a.room_id, a.member_id, clean(a.key)): a for a in effects.of(act.Remember)}
    rows = [
        {"room_id": room, "member_id": member, "key": key, "at": a.at, "until": a.until}
        for (room, member, key), a in marks.items()
    ]
    upsert_many(conn, MARKS, ["room_id", "member_id", "key"], rows)
    timers = effects.of(act.SetTimer)
    if timers:
        accounts = account_of_rooms(conn, own, {action.room_id for action in timers})
        insert_missing(conn, TIMERS, [_timer(accounts[action.room_id], action) for action in timers])
    audit = effects.with_events(act.Audit)
    insert_many(conn, AUDIT, [_audited(event, action) for event, action in audit])


def _timer(account: AccountId, action: act.SetTimer) -> dict[str, Any]:
    return {
        "account_id": account,
        "name": action.name,
        "room_id": action.room_id,
        "due_at": action.due_at,
        "reference": action.reference,
        "state": "waiting",
    }


def _audited(event: Event, action: act.Audit) -> dict[str, Any]:
    return {
        "at": action.at,
        "actor": clean(action.actor),
        "act": clean(action.act),
        "target": clean(action.target),
        "outcome": clean(action.outcome),
        "event_id": event.id,
        "room_id": event.room_id,
    }


def _bindings(conn: Connection, effects: Effects) -> None:
    for action in effects.of(act.BindStaff):
        unused = or_(BINDING_CODES.c.used_at.is_(None), BINDING_CODES.c.used_by == action.member_id)
        used = conn.execute(
            update(BINDING_CODES)
            .where(BINDING_CODES.c.code_hash == action.code_hash, unused)
            .values(used_at=action.at, used_by=action.member_id)
        )
        if used.rowcount != 1:
            raise CounterMoved("the binding code was used by somebody else")
        row = {"member_id": action.member_id, "user_id": action.user_id, "at": action.at}
        upsert_many(conn, BINDINGS, ["member_id"], [row])
    for action in effects.of(act.VoidCode):
        void = update(BINDING_CODES).where(
            BINDING_CODES.c.code_hash == action.code_hash, BINDING_CODES.c.used_at.is_(None)
        )
        conn.execute(void.values(used_at=action.at))
