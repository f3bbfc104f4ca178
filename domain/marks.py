"""Marks by their name: `company:12:m-7` is one of many named ``company``, and nobody looks through all marks for it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from domain.ids import MemberId, RoomId

MarkKey = tuple[RoomId, MemberId, str]
_Place = tuple[RoomId, MemberId]


class Marks(dict[MarkKey, datetime]):
    """A world's marks; those of a name are sorted by place when they are first asked for."""

    __slots__ = ("_sorted",)

    def __init__(self, marks: Mapping[MarkKey, datetime]) -> None:
        super().__init__(marks)
        self._sorted: dict[str, dict[_Place, dict[str, datetime]]] = {}

    def __setitem__(self, mark: MarkKey, at: datetime) -> None:
        super().__setitem__(mark, at)
        if self._sorted:
            room, member, key = mark
            name, more, rest = key.partition(":")
            if more and name in self._sorted:
                self._sorted[name].setdefault((room, member), {})[rest] = at

    def named(self, name: str, room: RoomId, member: MemberId) -> Mapping[str, datetime]:
        """What follows ``name:`` in the keys of one place, in the order in which the marks were first made."""
        places = self._sorted.get(name)
        if places is None:
            places = self._sorted[name] = self._by_place(f"{name}:")
        return places.get((room, member), {})

    def _by_place(self, prefix: str) -> dict[_Place, dict[str, datetime]]:
        places: dict[_Place, dict[str, datetime]] = {}
        for (room, member, key), at in [mark for mark in self.items() if mark[0][2].startswith(prefix)]:
            places.setdefault((room, member), {})[key[len(prefix) :]] = at
        return places


def named(
    marks: Mapping[MarkKey, datetime], name: str, room: RoomId, member: MemberId
) -> Iterable[tuple[str, datetime]]:
    """The marks of one name and place, as `Marks.named` has them; any mapping will do."""
    if isinstance(marks, Marks):
        return marks.named(name, room, member).items()
    prefix = f"{name}:"
    return [
        (key[len(prefix) :], at)
        for (place, whose, key), at in marks.items()
        if place == room and whose == member and key.startswith(prefix)
    ]
