"""What decisions do to sends that are already in the outbox: cancelled, settled by an echo, answered by staff."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, bindparam, func, or_, select, tuple_, update

from domain import actions as act
from domain.decision import Judged
from domain.events import Event
from domain.facts import SendState
from domain.ids import NO_MEMBER, MemberId
from domain.merge import CALM
from domain.outward import SendClass
from storage.columns import Moment, clean
from storage.done import Effects
from storage.merging import REASONS, cancel_shares
from storage.prepared import run, run_many
from storage.statements import is_state, locked
from storage.tables.order import CASES, SANCTIONS
from storage.tables.path import MESSAGES, OUTBOX, TIMERS
from storage.tables.people import ROOMS

_OF_ONE_ROOM = (act.CancelSends, act.SetRoomPresence)
_ANYWHERE = (act.TakeCase, act.AnswerDoubtful)


def runs(judged: Sequence[Judged]) -> Iterator[Sequence[Judged]]:
    """Cut a batch so that no run says anything in a room after having changed what waits there.

    Within a run all sends are written first and then changed; across runs the order of events holds, so that a later
    word does not join a message that an earlier event took back.
    """
    start, changed, everywhere = 0, set[int](), False
    for place, one in enumerate(judged):
        said = {int(action.room_id) for action in one.decision.outward}
        if said and (everywhere or said & changed):
            yield judged[start:place]
            start, changed, everywhere = place, set(), False
        for action in one.decision.actions:
            if isinstance(action, _OF_ONE_ROOM):
                changed.add(int(action.room_id))
            everywhere = everywhere or isinstance(action, _ANYWHERE)
    yield judged[start:]


def save_send_changes(conn: Connection, effects: Effects, now: datetime) -> None:
    """What concerns sends and timers of this run too, and so comes after they are written."""
    for event, action in effects.with_events(act.TakeCase):
        _drop_unasked(conn, action.number, event, now)
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
    for reversal in effects.of(act.ReverseSanction):
        _spare(conn, _of_sanction(reversal.number), now)
    for lift in effects.of(act.LiftBan):
        _spare(conn, _of_ban(lift.member_id), now)


def _spare(conn: Connection, whose: ColumnElement[bool], now: datetime) -> None:
    """What was to be done to somebody and still waits is not done after it was taken back."""
    deeds = is_state(OUTBOX.c.state, SendState.WAITING) & OUTBOX.c.kind.in_(("mute", "remove"))
    ended = {"state": SendState.CANCELLED.value, "reason": "it was taken back before it was done", "settled_at": now}
    conn.execute(update(OUTBOX).where(deeds, whose).values(**ended))


def _of_sanction(number: int) -> ColumnElement[bool]:
    given = select(SANCTIONS.c.event_id, SANCTIONS.c.member_id).where(SANCTIONS.c.number == number)
    return tuple_(OUTBOX.c.event_id, OUTBOX.c.member_id).in_(given)


def _of_ban(member: MemberId) -> ColumnElement[bool]:
    """A sanction of theirs that also removes stands on its own."""
    own = select(SANCTIONS.c.event_id).where(SANCTIONS.c.member_id == member)
    return (OUTBOX.c.kind == "remove") & (OUTBOX.c.member_id == member) & OUTBOX.c.event_id.not_in(own)


def _drop_unasked(conn: Connection, number: int, event: Event, now: datetime) -> None:
    """An agent holds the thread: what the bot would have said to the member unasked falls away."""
    case = select(CASES.c.room_id, CASES.c.member_id).where(CASES.c.number == number).subquery()
    conn.execute(
        update(OUTBOX)
        .where(
            is_state(OUTBOX.c.state, SendState.WAITING),
            OUTBOX.c.room_id == select(case.c.room_id).scalar_subquery(),
            OUTBOX.c.about_member == select(case.c.member_id).scalar_subquery(),
            OUTBOX.c.unasked,
            OUTBOX.c.event_id < event.id,
        )
        .values(state=SendState.CANCELLED.value, reason="an agent took over", settled_at=now)
    )


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
    everybody = action.member_id == NO_MEMBER
    given: dict[str, Any] = {"room": action.room_id, "before": event.id, "now": now}
    given |= {"heard_at": event.at} if everybody else {"member": action.member_id}
    if action.external_id:
        given["message"] = clean(action.external_id)
    run(conn, _cancelled(action.cause, everybody, bool(action.external_id)), given)
    if not everybody:
        cancel_shares(conn, action, event.id, now)


_ANSWERS_MESSAGE = OUTBOX.c.event_id.in_(
    select(MESSAGES.c.event_id).where(
        MESSAGES.c.room_id == bindparam("room"), MESSAGES.c.external_id == bindparam("message")
    )
)


@cache
def _cancelled(cause: act.Cause, everybody: bool, one_message: bool) -> Update:
    about = [
        is_state(OUTBOX.c.state, SendState.WAITING),
        # A warning may wait in its member's private chat: it is known by the message that brought it.
        _ANSWERS_MESSAGE if one_message and cause is act.Cause.CALMED else OUTBOX.c.room_id == bindparam("room"),
        or_(OUTBOX.c.kind == "say", OUTBOX.c.kind == "send_file"),
        OUTBOX.c.event_id < bindparam("before"),
        _words_of(cause),
    ]
    if everybody:
        about.append(OUTBOX.c.not_before > bindparam("heard_at", type_=Moment))
    else:
        about.append(OUTBOX.c.about_member == bindparam("member"))
    if one_message:
        about.append(OUTBOX.c.about_external == bindparam("message"))
    ended = {"state": SendState.CANCELLED.value, "reason": REASONS[cause], "settled_at": bindparam("now", type_=Moment)}
    return update(OUTBOX).where(*about).values(**ended)


def _words_of(cause: act.Cause) -> ColumnElement[bool]:
    """Which of the bot's words fall away. A notice to staff never does, nor what staff wrote themselves."""
    answers = OUTBOX.c.send_class == int(SendClass.ANSWER)
    match cause:
        case act.Cause.RECALLED:
            return or_(OUTBOX.c.unasked, answers & OUTBOX.c.guard_case.is_(None))
        case act.Cause.LEFT:
            return or_(OUTBOX.c.unasked, OUTBOX.c.guard_case.is_not(None), OUTBOX.c.send_class >= int(SendClass.ANSWER))
        case act.Cause.CALMED:
            warning = OUTBOX.c.merge_key.is_(None) | (OUTBOX.c.merge_key != CALM)
            return warning & (OUTBOX.c.send_class == int(SendClass.MODERATION))
        case _:
            return OUTBOX.c.unasked & answers


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
