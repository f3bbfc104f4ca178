"""The course of events: a world of its own that changes in place, because to copy mappings for every event is dear."""

from dataclasses import replace
from typing import Any

from domain.facts import (
    CaseFacts,
    DrawFacts,
    MemberFacts,
    PersonFacts,
    RoomFacts,
    World,
    unknown_member,
    unknown_person,
)
from domain.ids import MemberId, RoomId
from domain.marks import Marks


class Course:
    """Begins with copies of a world's mappings. ``world`` shows the present state.

    Whoever holds the course judges and lets follow in turns; nobody else keeps ``world`` from one event to the next.
    """

    def __init__(self, world: World) -> None:
        self.rooms = dict(world.rooms)
        self.members = dict(world.members)
        self.people = dict(world.people)
        self.cases = dict(world.cases)
        self.sanctions = dict(world.sanctions)
        self.draws = dict(world.draws)
        self.marks = Marks(world.marks)
        self.sends = dict(world.sends)
        self.bindings = dict(world.bindings)
        self.removals = dict(world.removals)
        self.rules = dict(world.rules)
        self.world = replace(
            world,
            rooms=self.rooms,
            members=self.members,
            people=self.people,
            cases=self.cases,
            sanctions=self.sanctions,
            draws=self.draws,
            marks=self.marks,
            sends=self.sends,
            bindings=self.bindings,
            removals=self.removals,
            rules=self.rules,
        )

    def member(self, room_id: RoomId, member_id: MemberId) -> MemberFacts:
        """A member in a room; one that nobody has seen yet where nothing is known."""
        return self.members.get((room_id, member_id)) or unknown_member(room_id, member_id)

    def person(self, member_id: MemberId) -> PersonFacts:
        """A member over all rooms."""
        return self.people.get(member_id) or unknown_person(member_id)

    def change(self, **changes: Any) -> None:
        """Change what the world has beside its mappings."""
        self.world = replace(self.world, **changes)

    def count(self, **numbers: int) -> None:
        """A number was given: the counter stands there at least."""
        counters = self.world.counters
        highest = {name: max(getattr(counters, name), number) for name, number in numbers.items()}
        self.change(counters=replace(counters, **highest))

    def change_room(self, room_id: RoomId, **changes: Any) -> None:
        """Change a room."""
        self.rooms[room_id] = replace(self.rooms.get(room_id) or RoomFacts(room_id), **changes)

    def change_member(self, room_id: RoomId, member_id: MemberId, **changes: Any) -> None:
        """Change a member in a room."""
        self.members[room_id, member_id] = replace(self.member(room_id, member_id), **changes)

    def change_person(self, member_id: MemberId, **changes: Any) -> None:
        """Change a member over all rooms."""
        self.people[member_id] = replace(self.person(member_id), **changes)

    def change_case(self, number: int, **changes: Any) -> None:
        """Change a case, if it is known."""
        case: CaseFacts | None = self.cases.get(number)
        if case is not None:
            self.cases[number] = replace(case, **changes)

    def change_draw(self, number: int, **changes: Any) -> None:
        """Change a draw, if it is known."""
        draw: DrawFacts | None = self.draws.get(number)
        if draw is not None:
            self.draws[number] = replace(draw, **changes)
