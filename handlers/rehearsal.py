"""Judging outside of time: messages are played to an engine, and what would follow is remembered for the next ones."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from domain.decision import Decision
from domain.events import MessagePosted
from domain.evolve import evolve, heard
from domain.facts import (
    AccountFacts,
    CaseFacts,
    Counters,
    DrawFacts,
    MemberFacts,
    PersonFacts,
    RoomFacts,
    World,
)
from domain.ids import NO_MEMBER, NO_ROOM, MemberId, RoomId
from domain.marks import MarkKey
from handlers.judge import Engine, facts_of, judge


@dataclass(slots=True)
class _Memory:
    """Everything that has followed so far, cut so that a message's world holds only what it can depend on."""

    rooms: dict[RoomId, RoomFacts] = field(default_factory=dict)
    members: dict[tuple[RoomId, MemberId], MemberFacts] = field(default_factory=dict)
    people: dict[MemberId, PersonFacts] = field(default_factory=dict)
    cases: dict[RoomId, dict[int, CaseFacts]] = field(default_factory=lambda: defaultdict(dict))
    draws: dict[RoomId, dict[int, DrawFacts]] = field(default_factory=lambda: defaultdict(dict))
    marks: dict[tuple[RoomId, MemberId], dict[MarkKey, datetime]] = field(default_factory=lambda: defaultdict(dict))
    removals: dict[RoomId, tuple[datetime, ...]] = field(default_factory=dict)


class Rehearsal:
    """One account's messages, judged one after the other at their own times; it begins with an empty world."""

    def __init__(self, engine: Engine, account: AccountFacts, people: Iterable[PersonFacts] = ()) -> None:
        self._engine = engine
        self._account = account
        self._counters = Counters()
        self._memory = _Memory(people={person.member_id: person for person in people})

    def judge(self, event: MessagePosted, room: RoomFacts, *, lonely: bool = False) -> Decision:
        """What would follow from one message. ``lonely``: nobody else is ever there, and nothing is remembered."""
        if lonely:
            world = World(account=self._account, rooms={room.id: room}, counters=self._counters)
        else:
            world = self._world(event, room)
        facts = facts_of(self._engine, world, event, event.at)
        decision = judge(self._engine, event, facts)
        norm = facts.text.norm if facts.text is not None else ""
        if decision.actions or decision.simulated:
            after = evolve(world, event, decision, norm)
            self._counters = after.counters
            if not lonely:
                self._remember(after)
        elif not lonely:
            key = (room.id, event.sender.id)
            self._memory.members[key] = heard(facts.member(event.sender.id), event, norm)
        return decision

    def _world(self, event: MessagePosted, room: RoomFacts) -> World:
        memory, member_id, room_id = self._memory, event.sender.id, room.id
        key = (room_id, member_id)
        marks: dict[MarkKey, datetime] = {}
        for place in (key, (room_id, NO_MEMBER), (NO_ROOM, member_id), (NO_ROOM, NO_MEMBER)):
            if place in memory.marks:
                marks |= memory.marks[place]
        return World(
            account=self._account,
            rooms={room_id: memory.rooms.get(room_id) or room},
            members={key: memory.members[key]} if key in memory.members else {},
            people={member_id: memory.people[member_id]} if member_id in memory.people else {},
            cases=memory.cases.get(room_id, {}),
            draws=memory.draws.get(room_id, {}),
            marks=marks,
            removals={room_id: memory.removals[room_id]} if room_id in memory.removals else {},
            counters=self._counters,
        )

    def _remember(self, world: World) -> None:
        memory = self._memory
        memory.rooms.update(world.rooms)
        memory.members.update(world.members)
        memory.people.update(world.people)
        memory.removals.update(world.removals)
        for case in world.cases.values():
            memory.cases[case.room_id][case.number] = case
        for draw in world.draws.values():
            memory.draws[draw.room_id][draw.number] = draw
        for mark, at in world.marks.items():
            memory.marks[mark[:2]][mark] = at
