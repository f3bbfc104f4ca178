"""The world after a decision: a pure fold, so that batches of any size judge every event on the same facts.

`evolve(world, event, decision)` must say what storage would load if the decision were committed and the next
event came in a batch of its own. The contract tests compare the two.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar, cast

from domain import actions as act
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
    PersonFacts,
    Recent,
    RoomFacts,
    Sanction,
    SendState,
    StaffFacts,
    World,
)
from domain.ids import NO_ROOM, MemberId, RoomId
from domain.order_actions import RECALLED

K = TypeVar("K")
V = TypeVar("V")

RECENT_TEXT_CHARS = 200
"""How much of a message its `Recent` keeps."""


def evolve(world: World, event: Event, decision: Decision, norm: str = "") -> World:
    """The world that the next event of the batch is judged on. ``norm``: the event's normalised text."""
    if decision.defer_until is not None:
        return world
    if isinstance(event, MessagePosted):
        world = _heard(world, event, norm)
    for action in (*decision.actions, *decision.simulated):
        step = _STEPS.get(type(action))
        if step is not None:
            world = step(world, action)
    return world


def recent_of(event: MessagePosted, norm: str) -> Recent:
    """The short memory of a message."""
    text = event.text[:RECENT_TEXT_CHARS]
    return Recent(event.id, event.at, event.kind, norm[:RECENT_TEXT_CHARS], text, event.external_id)


def _put(mapping: Mapping[K, V], key: K, value: V) -> dict[K, V]:
    return {**mapping, key: value}


def _heard(world: World, event: MessagePosted, norm: str) -> World:
    key = (event.room_id, event.sender.id)
    member = world.members.get(key) or MemberFacts(*key)
    horizon = event.at - timedelta(seconds=RECENT_SECONDS)
    recent = tuple(r for r in member.recent if r.at >= horizon)
    recent = (*recent, recent_of(event, norm))[-RECENT_LIMIT:]
    member = replace(member, recent=recent, messages=member.messages + 1)
    return replace(world, members=_put(world.members, key, member))


def _with_member(world: World, room_id: RoomId, member_id: MemberId, **changes: Any) -> World:
    key = (room_id, member_id)
    member = replace(world.members.get(key) or MemberFacts(*key), **changes)
    return replace(world, members=_put(world.members, key, member))


def _with_person(world: World, member_id: MemberId, **changes: Any) -> World:
    person = replace(world.people.get(member_id) or PersonFacts(member_id), **changes)
    return replace(world, people=_put(world.people, member_id, person))


def _with_case(world: World, number: int, **changes: Any) -> World:
    case = world.cases.get(number)
    if case is None:
        return world
    return replace(world, cases=_put(world.cases, number, replace(case, **changes)))


def _with_draw(world: World, number: int, **changes: Any) -> World:
    draw = world.draws.get(number)
    if draw is None:
        return world
    return replace(world, draws=_put(world.draws, number, replace(draw, **changes)))


def _with_room(world: World, room_id: RoomId, **changes: Any) -> World:
    room = replace(world.rooms.get(room_id) or RoomFacts(room_id), **changes)
    return replace(world, rooms=_put(world.rooms, room_id, room))


def _add_sanction(world: World, a: act.AddSanction) -> World:
    sanction = Sanction(
        a.number, a.room_id, a.member, a.kind, a.rule, a.severity, a.at, a.until, a.enforced, a.event_id
    )
    held = world.members.get((a.room_id, a.member.id)) or MemberFacts(a.room_id, a.member.id)
    world = _with_member(world, a.room_id, a.member.id, sanctions=(*held.sanctions, sanction)[-SANCTIONS_LIMIT:])
    counters = replace(world.counters, sanction=max(world.counters.sanction, a.number))
    return replace(world, sanctions=_put(world.sanctions, a.number, sanction), counters=counters)


def _change_sanction(world: World, number: int, **changes: Any) -> World:
    sanction = world.sanctions.get(number) or next(
        (s for m in world.members.values() for s in m.sanctions if s.number == number), None
    )
    if sanction is None:
        return world
    changed = replace(sanction, **changes)
    key = (sanction.room_id, sanction.member.id)
    held = world.members.get(key)
    if held is not None:
        sanctions = tuple(changed if s.number == number else s for s in held.sanctions)
        world = _with_member(world, *key, sanctions=sanctions)
    return replace(world, sanctions=_put(world.sanctions, number, changed))


def _open_case(world: World, a: act.OpenCase) -> World:
    case = CaseFacts(a.number, a.room_id, a.member, act.CaseState.OPEN, a.reason, a.at)
    counters = replace(world.counters, case=max(world.counters.case, a.number))
    return replace(world, cases=_put(world.cases, a.number, case), counters=counters)


def _take_case(world: World, a: act.TakeCase) -> World:
    return _with_case(
        world,
        a.number,
        state=act.CaseState.ASSIGNED,
        epoch=a.epoch,
        assignee=a.user_id,
        assignee_name=a.user_name,
        taken_at=a.at,
        last_word_at=a.at,
        reminders=0,
    )


def _agent_spoke(world: World, a: act.AgentSpoke) -> World:
    case = world.cases.get(a.number)
    first = a.at if case is None or case.first_reply_at is None else case.first_reply_at
    return _with_case(world, a.number, last_word_at=a.at, first_reply_at=first, reminders=0)


def _release_case(world: World, a: act.ReleaseCase) -> World:
    return _with_case(
        world,
        a.number,
        state=act.CaseState.OPEN,
        epoch=a.epoch,
        assignee=None,
        assignee_name="",
        taken_at=None,
        last_word_at=None,
        reminders=0,
    )


def _resolve_case(world: World, a: act.ResolveCase) -> World:
    asked = a.at if a.ask else None
    return _with_case(world, a.number, state=act.CaseState.RESOLVED, epoch=a.epoch, resolved_at=a.at, asked_at=asked)


def _open_draw(world: World, a: act.OpenDraw) -> World:
    draw = DrawFacts(
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
    counters = replace(world.counters, draw=max(world.counters.draw, a.number))
    return replace(world, draws=_put(world.draws, a.number, draw), counters=counters)


def _enter_draw(world: World, a: act.EnterDraw) -> World:
    draw = world.draws.get(a.number)
    if draw is None or a.member.id in draw.entered:
        return world
    roster = None if draw.roster is None else (*draw.roster, Entrant(a.member, a.entrant, a.at))
    return _with_draw(world, a.number, entered=draw.entered | {a.member.id}, entrants=draw.entrants + 1, roster=roster)


def _settle_send(world: World, a: act.SettleSend) -> World:
    sends = {
        room: tuple(
            replace(s, state=SendState.SENT, external_id=a.external_id or s.external_id, echoed=True)
            if s.outbox_id == a.outbox_id
            else s
            for s in row
        )
        for room, row in world.sends.items()
    }
    return replace(world, sends=sends)


def _set_quiet(world: World, a: act.SetQuiet) -> World:
    if a.room_id == NO_ROOM:
        return replace(world, quiet_until=a.until)
    return _with_room(world, a.room_id, quiet_until=a.until)


def _set_presence(world: World, a: act.SetPresence) -> World:
    if a.present:
        return _with_member(world, a.room_id, a.member.id, joined_at=a.at, left_at=None)
    return _with_member(world, a.room_id, a.member.id, left_at=a.at)


def _bind_staff(world: World, a: act.BindStaff) -> World:
    code = world.bindings.get(a.code_hash)
    if code is None:
        return world
    staff = StaffFacts(code.user_id, code.user_name, code.role)
    left = {key: value for key, value in world.bindings.items() if key != a.code_hash}
    return _with_person(replace(world, bindings=left), a.member_id, staff=staff)


def _void_code(world: World, a: act.VoidCode) -> World:
    return replace(world, bindings={key: value for key, value in world.bindings.items() if key != a.code_hash})


def _credit(world: World, a: act.CreditPoints) -> World:
    person = world.people.get(a.member_id) or PersonFacts(a.member_id)
    return _with_person(world, a.member_id, balance=person.balance + a.amount)


def _count_removal(world: World, a: act.AddSanction) -> World:
    world = _add_sanction(world, a)
    if a.kind is not act.SanctionKind.REMOVE or not a.enforced:
        return world
    removals = (*world.removals.get(a.room_id, ()), a.at)
    return replace(world, removals=_put(world.removals, a.room_id, removals))


_STEPS: dict[type, Callable[[World, Any], World]] = cast(
    dict[type, Callable[[World, Any], World]],
    {
        act.AddSanction: _count_removal,
        act.ReverseSanction: lambda world, a: _change_sanction(world, a.number, reversed_at=a.at),
        act.EaseSanction: lambda world, a: _change_sanction(world, a.number, severity=RECALLED, until=a.until),
        act.OpenCase: _open_case,
        act.TakeCase: _take_case,
        act.AgentSpoke: _agent_spoke,
        act.ReleaseCase: _release_case,
        act.RemindedAgent: lambda world, a: _with_case(world, a.number, reminders=a.count),
        act.ResolveCase: _resolve_case,
        act.RateCase: lambda world, a: _with_case(world, a.number, score=a.score),
        act.CheckIn: lambda world, a: _with_person(world, a.member.id, last_checkin=a.day, streak=a.streak),
        act.CreditPoints: _credit,
        act.OpenDraw: _open_draw,
        act.EnterDraw: _enter_draw,
        act.CloseDraw: lambda world, a: _with_draw(world, a.number, closed=True),
        act.SetQuiet: _set_quiet,
        act.Remember: lambda world, a: replace(world, marks=_put(world.marks, (a.room_id, a.member_id, a.key), a.at)),
        act.SetPresence: _set_presence,
        act.SetRoomPresence: lambda world, a: _with_room(world, a.room_id, present=a.present),
        act.RenameRoom: lambda world, a: _with_room(world, a.room_id, topic=a.topic),
        act.BindStaff: _bind_staff,
        act.VoidCode: _void_code,
        act.SettleSend: _settle_send,
    },
)
