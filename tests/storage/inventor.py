"""Decisions out of thin air, valid on their world: every type of inward action, in any order."""

import random
from collections.abc import Callable
from datetime import date, timedelta

from domain import actions as act
from domain.actions import Action
from domain.decision import Decision
from domain.events import Event, MessagePosted
from domain.facts import CaseFacts, World
from domain.ids import NO_ROOM, MemberId, RoomId, UserId
from domain.rules import RuleState
from tests.storage.house import INNOCENT

Maker = Callable[[random.Random, World, MessagePosted], list[Action]]


def invent(rng: random.Random, world: World, event: Event) -> Decision:
    """Up to three actions about the event's sender, each valid after nothing but the world."""
    assert isinstance(event, MessagePosted)
    makers = rng.sample(_MAKERS, rng.choice((0, 1, 1, 2)))
    actions = [action for make in makers for action in make(rng, world, event)]
    return Decision(event.id, INNOCENT, tuple(actions))


def _case_of(world: World, room: RoomId, member: MemberId) -> CaseFacts | None:
    cases = (c for c in world.cases.values() if c.open and c.room_id == room and c.member.id == member)
    return next(cases, None)


def _sanction(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    kind = rng.choice(list(act.SanctionKind))
    return [
        act.AddSanction(
            number=world.counters.sanction + 1,
            room_id=event.room_id,
            member=event.sender,
            kind=kind,
            rule="abuse",
            severity="warn",
            at=event.at,
            until=event.at + timedelta(minutes=10) if kind is act.SanctionKind.MUTE else None,
            enforced=rng.random() < 0.5,
            event_id=event.id,
            why="辱骂他人",
        )
    ]


def _reverse(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    held = world.members.get((event.room_id, event.sender.id))
    standing = [one for one in held.sanctions if one.reversed_at is None] if held else []
    return [act.ReverseSanction(number=standing[-1].number, at=event.at, by="小陈")] if standing else []


def _review(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    held = world.members.get((event.room_id, event.sender.id))
    if not held or not held.sanctions:
        return []
    last, right = held.sanctions[-1], rng.random() < 0.5
    said = act.JudgeSanction(number=last.number, rule=last.rule, right=right, before=last.right, at=event.at)
    return [said, act.SetRule(rule=last.rule, state=rng.choice(list(RuleState)), at=event.at, by="user:1")]


def _ban(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    lift = act.LiftBan(member_id=event.sender.id)
    ban = act.Ban(member=event.sender, number=1, at=event.at, by="user:1")
    both: list[Action] = [ban, lift]
    return rng.sample(both, rng.choice((1, 2)))


def _ease(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    held = world.members.get((event.room_id, event.sender.id))
    until = rng.choice((None, event.at))
    return (
        [act.EaseSanction(number=held.sanctions[-1].number, until=until, at=event.at)]
        if held and held.sanctions
        else []
    )


def _case(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    case = _case_of(world, event.room_id, event.sender.id)
    if case is None:
        return _new_case(world, event)
    return rng.choice((_said, _taken, _spoken, _released, _reminded, _resolved))(case, event)


def _new_case(world: World, event: MessagePosted) -> list[Action]:
    number = world.counters.case + 1
    opened = act.OpenCase(
        number=number,
        room_id=event.room_id,
        member=event.sender,
        reason="complaint",
        rule="complaint",
        at=event.at,
        event_id=event.id,
    )
    return [opened, _words(number, act.Author.MEMBER, event)]


def _words(number: int, author: act.Author, event: MessagePosted) -> act.AppendToCase:
    return act.AppendToCase(
        number=number, author=author, name=event.sender.name, text="话", at=event.at, event_id=event.id
    )


def _said(case: CaseFacts, event: MessagePosted) -> list[Action]:
    return [_words(case.number, act.Author.MEMBER, event), _words(case.number, act.Author.NOTE, event)]


def _taken(case: CaseFacts, event: MessagePosted) -> list[Action]:
    return [act.TakeCase(number=case.number, epoch=case.epoch + 1, user_id=UserId(7), user_name="小陈", at=event.at)]


def _spoken(case: CaseFacts, event: MessagePosted) -> list[Action]:
    return [act.AgentSpoke(number=case.number, at=event.at), _words(case.number, act.Author.AGENT, event)]


def _released(case: CaseFacts, event: MessagePosted) -> list[Action]:
    return [act.ReleaseCase(number=case.number, epoch=case.epoch + 1, at=event.at)]


def _reminded(case: CaseFacts, event: MessagePosted) -> list[Action]:
    return [act.RemindedAgent(number=case.number, count=case.reminders + 1)]


def _resolved(case: CaseFacts, event: MessagePosted) -> list[Action]:
    done = act.ResolveCase(number=case.number, epoch=case.epoch + 1, at=event.at, by="小陈", ask=True)
    return [done, act.RateCase(number=case.number, score=5, at=event.at)]


def _check_in(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    person = world.people.get(event.sender.id)
    last = person.last_checkin if person else None
    day = date(2025, 3, 3) if last is None else last + timedelta(days=1)
    streak = (person.streak if person else 0) + 1
    points = act.CreditPoints(
        member_id=event.sender.id, amount=5 + streak, cause="checkin", key=f"{event.sender.id}:{day}", at=event.at
    )
    return [act.CheckIn(member=event.sender, room_id=event.room_id, day=day, streak=streak, at=event.at), points]


def _draw(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    opened = [one for one in world.draws.values() if one.room_id == event.room_id and not one.closed]
    if not opened or rng.random() < 0.3:
        return [_new_draw(world.counters.draw + 1, event)]
    draw = rng.choice(opened)
    if event.sender.id not in draw.entered:
        return [act.EnterDraw(number=draw.number, member=event.sender, entrant=f"e{event.sender.id}", at=event.at)]
    winners = (act.Winner(event.sender, "奶茶", 0),)
    return [act.CloseDraw(number=draw.number, at=event.at, receipt='{"a":1}', winners=winners)]


def _new_draw(number: int, event: MessagePosted) -> act.OpenDraw:
    return act.OpenDraw(
        number=number,
        room_id=event.room_id,
        title="午后奶茶",
        prizes=(act.Prize("奶茶", 3), act.Prize("红包", 1)),
        seed=b"s" * 32,
        salt=b"salt",
        commitment="c" * 64,
        opened_at=event.at,
        closes_at=event.at + timedelta(minutes=10),
        source="campaign:tea",
    )


def _memory(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    room, member = rng.choice(((event.room_id, event.sender.id), (event.room_id, MemberId(0)), (NO_ROOM, MemberId(0))))
    mark = act.Remember(room_id=room, member_id=member, key=rng.choice("abc"), at=event.at)
    timer = act.SetTimer(name="case.watch", room_id=room, due_at=event.at, reference=rng.choice("12"))
    note = act.Audit(actor="小陈", act="undo", target="#7", outcome="done", at=event.at)
    return [mark, timer, note]


def _room(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    until = rng.choice((None, event.at + timedelta(hours=2)))
    quiet = act.SetQuiet(room_id=rng.choice((event.room_id, NO_ROOM)), until=until)
    present = act.SetRoomPresence(room_id=event.room_id, present=rng.random() < 0.7, at=event.at)
    renamed = act.RenameRoom(room_id=event.room_id, topic=rng.choice(("演示群", "新名字")))
    return rng.sample([quiet, present, renamed], 2)


def _presence(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    here = rng.random() < 0.5
    return [act.SetPresence(room_id=event.room_id, member=event.sender, present=here, at=event.at)]


def _smaller(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    appeal = act.AddAppeal(room_id=event.room_id, member_id=event.sender.id, sanction=None, at=event.at)
    gone = act.MarkRecalled(room_id=event.room_id, external_id=event.external_id, at=event.at)
    dropped = act.CancelSends(room_id=event.room_id, member_id=event.sender.id)
    doubt = act.AnswerDoubtful(outbox_id=99_999, resend=True, at=event.at)
    return [appeal, gone, dropped, doubt]


def _outward(rng: random.Random, world: World, event: MessagePosted) -> list[Action]:
    shared = act.Merge("checkin", "{names} 签到成功！{details}", event.sender.name, "3天")
    say = act.Say(room_id=event.room_id, text="好", mentions=(event.sender,), merge=rng.choice((None, shared)))
    mute = act.Mute(room_id=event.room_id, member=event.sender, until=event.at + timedelta(minutes=10))
    return [say, mute]


_MAKERS: list[Maker] = [
    *(
        _sanction,
        _reverse,
        _ease,
        _review,
        _ban,
        _case,
        _case,
        _check_in,
        _draw,
        _memory,
        _room,
        _presence,
        _smaller,
        _outward,
    ),
]
