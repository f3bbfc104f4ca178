"""What a batch changes beside cases and sends: sanctions, points, draws, rooms, memory, timers, the audit log."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from domain import actions as act
from domain.actions import Inward
from domain.errors import CounterMoved
from domain.events import Event
from domain.facts import DrawFacts, SendState
from domain.ids import NO_ROOM, AccountId
from storage.columns import Moment, clean, dump
from storage.prepared import run_many
from storage.sending import account_of_rooms
from storage.statements import insert_many, insert_missing, is_state, locked, upsert_many
from storage.tables.engagement import CHECKINS, DRAWS, ENTRIES, LEDGER, WINNERS
from storage.tables.order import APPEALS, AUDIT, MARKS, SANCTIONS, SWITCHES
from storage.tables.path import MESSAGES, OUTBOX, TIMERS
from storage.tables.people import ROOM_MEMBERS, ROOMS
from storage.tables.staff import BINDING_CODES, BINDINGS
from storage.world_queries import QUIET

Done = tuple[Event, Inward]


class Effects:
    """The inward actions of a batch by type, in order. ``of(T)`` are the actions, ``with_events(T)`` pairs."""

    def __init__(self, done: Iterable[Done]) -> None:
        self._by_type: dict[type, list[Done]] = {}
        for event, action in done:
            self._by_type.setdefault(type(action), []).append((event, action))

    def of(self, kind: type) -> list[Any]:
        """The actions of one type."""
        return [action for _, action in self._by_type.get(kind, ())]

    def with_events(self, kind: type) -> list[tuple[Event, Any]]:
        """The actions of one type with the events they follow from."""
        return list(self._by_type.get(kind, ()))


def save_effects(
    conn: Connection,
    own: AccountId,
    effects: Effects,
    draws_before: Mapping[int, DrawFacts],
    revision: int,
    now: datetime,
) -> None:
    """Apply everything but cases and sends. Violated keys raise `IntegrityError`: the caller splits the batch.

    Raises `CounterMoved` when a draw or a binding code was used up by somebody else meanwhile.
    """
    _order(conn, effects, revision)
    _points(conn, effects)
    _draws(conn, effects, draws_before)
    _rooms(conn, effects)
    _memory(conn, own, effects)
    _bindings(conn, effects)


# ---- order -----------------------------------------------------------------------------------------------------------


_REVERSED = update(SANCTIONS).where(SANCTIONS.c.number == bindparam("held"))


def _order(conn: Connection, effects: Effects, revision: int) -> None:
    insert_many(conn, SANCTIONS, [_sanction(action, revision) for action in effects.of(act.AddSanction)])
    reversed_ = [
        {"held": action.number, "reversed_at": action.at, "reversed_by": clean(action.by)}
        for action in effects.of(act.ReverseSanction)
    ]
    if reversed_:
        run_many(conn, _REVERSED, reversed_)
    appeals = effects.of(act.AddAppeal)
    insert_many(
        conn,
        APPEALS,
        [{"room_id": a.room_id, "member_id": a.member_id, "sanction": a.sanction, "at": a.at} for a in appeals],
    )


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


# ---- points and draws ------------------------------------------------------------------------------------------------


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


def _draws(conn: Connection, effects: Effects, before: Mapping[int, DrawFacts]) -> None:
    opened, entered, closed = effects.of(act.OpenDraw), effects.of(act.EnterDraw), effects.of(act.CloseDraw)
    if not (opened or entered or closed):
        return
    new = {action.number for action in opened}
    _compare_draws(conn, {a.number for a in (*entered, *closed)} - new, {a.number for a in closed}, before)
    insert_many(conn, DRAWS, [_draw(action) for action in opened])
    entries = [
        {
            "draw_number": a.number,
            "member_id": a.member.id,
            "member_name": clean(a.member.name),
            "entrant": a.entrant,
            "at": a.at,
        }
        for a in entered
    ]
    insert_many(conn, ENTRIES, sorted(entries, key=lambda row: (row["draw_number"], row["member_id"])))
    for action in closed:
        values = {"closed_at": action.at, "receipt": action.receipt}
        conn.execute(update(DRAWS).where(DRAWS.c.number == action.number).values(**values))
    insert_many(conn, WINNERS, [_winner(action.number, one) for action in closed for one in action.winners])


def _compare_draws(conn: Connection, touched: set[int], closing: set[int], before: Mapping[int, DrawFacts]) -> None:
    """Nobody enters a draw that was closed meanwhile, and none is closed on a part of its roster."""
    if not touched:
        return
    query = select(DRAWS.c.number, DRAWS.c.closed_at).where(DRAWS.c.number.in_(touched)).order_by(DRAWS.c.number)
    for row in conn.execute(locked(conn, query)).all():
        facts = before.get(row.number)
        counted = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.draw_number == row.number)
        grown = row.number in closing and facts is not None and conn.scalar(counted) != facts.entrants
        if facts is None or (row.closed_at is not None) != facts.closed or grown:
            raise CounterMoved(f"draw {row.number} was changed by somebody else")


def _draw(action: act.OpenDraw) -> dict[str, Any]:
    return {
        "number": action.number,
        "room_id": action.room_id,
        "title": clean(action.title),
        "prizes": dump([[clean(prize.name), prize.count] for prize in action.prizes]),
        "seed": action.seed,
        "salt": action.salt,
        "commitment": action.commitment,
        "opened_at": action.opened_at,
        "closes_at": action.closes_at,
        "source": clean(action.source),
    }


def _winner(number: int, winner: act.Winner) -> dict[str, Any]:
    return {
        "draw_number": number,
        "rank": winner.rank,
        "member_id": winner.member.id,
        "member_name": clean(winner.member.name),
        "prize": clean(winner.prize),
    }


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


def save_late_effects(conn: Connection, effects: Effects, now: datetime) -> None:
    """What concerns sends and timers of this batch too, and so comes after they are written."""
    for event, action in effects.with_events(act.SetRoomPresence):
        _set_room_presence(conn, event, action, now)
    for event, action in effects.with_events(act.CancelSends):
        _cancel(conn, event, action, now)
    settled = [
        {"held": action.outbox_id, "told": clean(action.external_id), "at": action.at}
        for action in effects.of(act.SettleSend)
    ]
    if settled:
        run_many(conn, _ECHOED, settled)
    for event, action in effects.with_events(act.AnswerDoubtful):
        _answer_doubtful(conn, event, action, now)


def _set_room_presence(conn: Connection, event: Event, action: act.SetRoomPresence, now: datetime) -> None:
    values = {"present": action.present, "changed_at": action.at}
    conn.execute(update(ROOMS).where(ROOMS.c.id == action.room_id).values(**values))
    if action.present:
        return
    unsent = (OUTBOX.c.room_id == action.room_id) & (is_state(OUTBOX.c.state, SendState.WAITING))
    conn.execute(
        update(OUTBOX)
        .where(unsent, OUTBOX.c.event_id <= event.id)
        .values(state=SendState.CANCELLED.value, reason="the account is not in the room any more", settled_at=now)
    )
    waiting = (TIMERS.c.room_id == action.room_id) & (is_state(TIMERS.c.state, "waiting"))
    conn.execute(update(TIMERS).where(waiting).values(state="cancelled", settled_at=now))


def _cancel(conn: Connection, event: Event, action: act.CancelSends, now: datetime) -> None:
    about = [
        is_state(OUTBOX.c.state, SendState.WAITING),
        OUTBOX.c.room_id == action.room_id,
        OUTBOX.c.about_member == action.member_id,
        OUTBOX.c.unasked,
        OUTBOX.c.event_id < event.id,
    ]
    if action.external_id:
        about.append(OUTBOX.c.about_external == clean(action.external_id))
    values = {"state": SendState.CANCELLED.value, "reason": "what it answers is gone", "settled_at": now}
    conn.execute(update(OUTBOX).where(*about).values(**values))


_OPEN = (SendState.CALLING.value, SendState.SENT.value, SendState.DOUBTFUL.value)
_ECHOED = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("held"), or_(*(OUTBOX.c.state == state for state in _OPEN)))
    .values(
        state=SendState.SENT.value,
        echoed=True,
        external_id=func.coalesce(func.nullif(bindparam("told"), ""), OUTBOX.c.external_id),
        settled_at=bindparam("at", type_=Moment),
    )
)


_COPIED = (
    *("account_id", "room_id", "kind", "send_class", "text", "mentions", "norm", "member_id", "member_name"),
    *("reference", "until", "unasked", "notice_of", "about_member", "about_external"),
)


def _answer_doubtful(conn: Connection, event: Event, action: act.AnswerDoubtful, now: datetime) -> None:
    """Once: a row that is not doubtful any more (an echo came, a colleague answered) stays as it is."""
    query = select(OUTBOX).where(OUTBOX.c.id == action.outbox_id, is_state(OUTBOX.c.state, SendState.DOUBTFUL))
    row = conn.execute(locked(conn, query)).one_or_none()
    if row is None:
        return
    if not action.resend:
        values = {"state": SendState.SENT.value, "reason": "settled by staff", "settled_at": now}
    else:
        again = {name: getattr(row, name) for name in _COPIED}
        again |= {"event_id": event.id, "state": SendState.WAITING.value, "created_at": now, "again_of": row.id}
        conn.execute(OUTBOX.insert().values(**again))
        values = {"state": SendState.CANCELLED.value, "reason": "sent again by staff", "settled_at": now}
    conn.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(**values))


# ---- memory ----------------------------------------------------------------------------------------------------------


def _memory(conn: Connection, own: AccountId, effects: Effects) -> None:
    marks = {(a.room_id, a.member_id, a.key): a.at for a in effects.of(act.Remember)}
    rows = [
        {"room_id": room, "member_id": member, "key": clean(key), "at": at} for (room, member, key), at in marks.items()
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
