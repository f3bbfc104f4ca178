"""What follows for the next event, so that batches of any size judge every event on the same facts.

`evolve(world, event, decision)` must say what storage would load if the decision were committed and the next
event came in a batch of its own. The contract tests compare the two.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from domain import actions as act
from domain.course import Course
from domain.decision import Decision
from domain.events import Event, MessagePosted
from domain.facts import (
    RECENT_LIMIT,
    RECENT_SECONDS,
    SANCTIONS_LIMIT,
    CaseFacts,
    DrawFacts,
    Entrant,
    MemberFacts,
    Recent,
    Sanction,
    SendState,
    StaffFacts,
    World,
)
from domain.ids import NO_ROOM
from domain.order_actions import RECALLED
from domain.rules import RuleFacts

RECENT_TEXT_CHARS = 200
"""How much of a message its `Recent` keeps."""
_RECENT = timedelta(seconds=RECENT_SECONDS)


def evolve(world: World, event: Event, decision: Decision, norm: str = "") -> World:
    """The world that the next event is judged on; ``world`` stays as it is. ``norm``: the event's normalised text."""
    course = Course(world)
    follow(course, event, decision, norm)
    return course.world


def follow(course: Course, event: Event, decision: Decision, norm: str = "") -> None:
    """The same in place, for many events in a row."""
    if decision.defer_until is not None:
        return
    if isinstance(event, MessagePosted):
        _heard(course, event, norm)
    for action in (*decision.actions, *decision.simulated):
        step = _STEPS.get(type(action))
        if step is not None:
            step(course, action)


def recent_of(event: MessagePosted, norm: str) -> Recent:
    """The short memory of a message."""
    text = event.text[:RECENT_TEXT_CHARS]
    return Recent(event.id, event.at, event.kind, norm[:RECENT_TEXT_CHARS], text, event.external_id)


def heard(member: MemberFacts, event: MessagePosted, norm: str) -> MemberFacts:
    """The member with one message more."""
    horizon = event.at - _RECENT
    kept = [one for one in member.recent if one.at >= horizon] if member.recent else ()
    # Made by hand for every message: to replace a field takes twice as long.
    return MemberFacts(
        member.room_id,
        member.member_id,
        member.joined_at,
        member.left_at,
        member.messages + 1,
        (*kept, recent_of(event, norm))[-RECENT_LIMIT:],
        member.sanctions,
    )


def _heard(course: Course, event: MessagePosted, norm: str) -> None:
    member = course.member(event.room_id, event.sender.id)
    course.members[event.room_id, event.sender.id] = heard(member, event, norm)


def _add_sanction(course: Course, a: act.AddSanction) -> None:
    sanction = Sanction(
        a.number, a.room_id, a.member, a.kind, a.rule, a.severity, a.at, a.until, a.enforced, a.event_id
    )
    held = course.member(a.room_id, a.member.id).sanctions
    course.change_member(a.room_id, a.member.id, sanctions=(*held, sanction)[-SANCTIONS_LIMIT:])
    course.sanctions[a.number] = sanction
    course.count(sanction=a.number)
    if a.kind is act.SanctionKind.REMOVE and a.enforced:
        course.removals[a.room_id] = (*course.removals.get(a.room_id, ()), a.at)


def _change_sanction(course: Course, number: int, **changes: Any) -> None:
    sanction = course.sanctions.get(number) or next(
        (s for m in course.members.values() for s in m.sanctions if s.number == number), None
    )
    if sanction is None:
        return
    changed = replace(sanction, **changes)
    held = course.members.get((sanction.room_id, sanction.member.id))
    if held is not None:
        sanctions = tuple(changed if s.number == number else s for s in held.sanctions)
        course.change_member(sanction.room_id, sanction.member.id, sanctions=sanctions)
    course.sanctions[number] = changed


def _judge_sanction(course: Course, a: act.JudgeSanction) -> None:
    _change_sanction(course, a.number, right=a.right)
    course.rules[a.rule] = course.rules.get(a.rule, RuleFacts()).judged(a.right, a.before)


def _add_appeal(course: Course, a: act.AddAppeal) -> None:
    if a.sanction is not None:
        _change_sanction(course, a.sanction, appealed=True)


def _set_rule(course: Course, a: act.SetRule) -> None:
    course.rules[a.rule] = replace(course.rules.get(a.rule, RuleFacts()), state=a.state)


def _open_case(course: Course, a: act.OpenCase) -> None:
    course.cases[a.number] = CaseFacts(a.number, a.room_id, a.member, act.CaseState.OPEN, a.reason, a.at)
    course.count(case=a.number)


def _take_case(course: Course, a: act.TakeCase) -> None:
    course.change_case(
        a.number,
        state=act.CaseState.ASSIGNED,
        epoch=a.epoch,
        assignee=a.user_id,
        assignee_name=a.user_name,
        taken_at=a.at,
        last_word_at=a.at,
        reminders=0,
    )


def _agent_spoke(course: Course, a: act.AgentSpoke) -> None:
    case = course.cases.get(a.number)
    first = a.at if case is None or case.first_reply_at is None else case.first_reply_at
    course.change_case(a.number, last_word_at=a.at, first_reply_at=first, reminders=0)


def _release_case(course: Course, a: act.ReleaseCase) -> None:
    course.change_case(
        a.number,
        state=act.CaseState.OPEN,
        epoch=a.epoch,
        assignee=None,
        assignee_name="",
        taken_at=None,
        last_word_at=None,
        reminders=0,
    )


def _resolve_case(course: Course, a: act.ResolveCase) -> None:
    asked = a.at if a.ask else None
    course.change_case(a.number, state=act.CaseState.RESOLVED, epoch=a.epoch, resolved_at=a.at, asked_at=asked)


def _open_draw(course: Course, a: act.OpenDraw) -> None:
    course.draws[a.number] = DrawFacts(
        number=a.number,
        room_id=a.room_id,
        title=a.title,
        prizes=a.prizes,
        salt=a.salt,
        commitment=a.commitment,
        opened_at=a.opened_at,
        closes_at=a.closes_at,
        source=a.source,
        seed=a.seed,
        roster=(),
    )
    course.count(draw=a.number)


def _enter_draw(course: Course, a: act.EnterDraw) -> None:
    draw = course.draws.get(a.number)
    if draw is None or a.member.id in draw.entered:
        return
    roster = None if draw.roster is None else (*draw.roster, Entrant(a.member, a.entrant, a.at))
    course.change_draw(a.number, entered=draw.entered | {a.member.id}, entrants=draw.entrants + 1, roster=roster)


def _settle_send(course: Course, a: act.SettleSend) -> None:
    for room, row in course.sends.items():
        for place, one in enumerate(row):
            if one.outbox_id == a.outbox_id:
                told = replace(one, state=SendState.SENT, external_id=a.external_id or one.external_id, echoed=True)
                course.sends[room] = (*row[:place], told, *row[place + 1 :])
                return


def _set_quiet(course: Course, a: act.SetQuiet) -> None:
    if a.room_id == NO_ROOM:
        course.change(quiet_until=a.until)
    else:
        course.change_room(a.room_id, quiet_until=a.until)


def _set_presence(course: Course, a: act.SetPresence) -> None:
    if a.present:
        course.change_member(a.room_id, a.member.id, joined_at=a.at, left_at=None)
    else:
        course.change_member(a.room_id, a.member.id, left_at=a.at)


def _bind_staff(course: Course, a: act.BindStaff) -> None:
    code = course.bindings.pop(a.code_hash, None)
    if code is not None:
        course.change_person(a.member_id, staff=StaffFacts(code.user_id, code.user_name, code.role))


def _void_code(course: Course, a: act.VoidCode) -> None:
    course.bindings.pop(a.code_hash, None)


def _check_in(course: Course, a: act.CheckIn) -> None:
    course.change_person(a.member.id, last_checkin=a.day, streak=a.streak)


def _credit(course: Course, a: act.CreditPoints) -> None:
    course.change_person(a.member_id, balance=course.person(a.member_id).balance + a.amount)


def _remember(course: Course, a: act.Remember) -> None:
    course.marks[a.room_id, a.member_id, a.key] = a.at


_STEPS: dict[type, Callable[[Course, Any], None]] = cast(
    dict[type, Callable[[Course, Any], None]],
    {
        act.AddSanction: _add_sanction,
        act.ReverseSanction: lambda course, a: _change_sanction(course, a.number, reversed_at=a.at),
        act.EaseSanction: lambda course, a: _change_sanction(course, a.number, severity=RECALLED, until=a.until),
        act.JudgeSanction: _judge_sanction,
        act.AddAppeal: _add_appeal,
        act.SetRule: _set_rule,
        act.Ban: lambda course, a: course.change_person(a.member.id, banned=True),
        act.LiftBan: lambda course, a: course.change_person(a.member_id, banned=False),
        act.OpenCase: _open_case,
        act.TakeCase: _take_case,
        act.AgentSpoke: _agent_spoke,
        act.ReleaseCase: _release_case,
        act.RemindedAgent: lambda course, a: course.change_case(a.number, reminders=a.count),
        act.ResolveCase: _resolve_case,
        act.RateCase: lambda course, a: course.change_case(a.number, score=a.score),
        act.CheckIn: _check_in,
        act.CreditPoints: _credit,
        act.OpenDraw: _open_draw,
        act.EnterDraw: _enter_draw,
        act.CloseDraw: lambda course, a: course.change_draw(a.number, closed=True),
        act.SetQuiet: _set_quiet,
        act.Remember: _remember,
        act.SetPresence: _set_presence,
        act.SetRoomPresence: lambda course, a: course.change_room(a.room_id, present=a.present),
        act.RenameRoom: lambda course, a: course.change_room(a.room_id, topic=a.topic),
        act.BindStaff: _bind_staff,
        act.VoidCode: _void_code,
        act.SettleSend: _settle_send,
    },
)
