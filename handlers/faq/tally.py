"""Sums of small numbers for thousands of places at once: a set is a long integer with a bit for each place in it."""

from collections.abc import Iterable, Iterator


class Tally:
    """Gives points to sets of places. Plane ``i`` has bit ``i`` of every sum, so one operation adds to all of them."""

    def __init__(self) -> None:
        self._planes: list[int] = []

    def add(self, members: int, points: int) -> None:
        """Give ``points`` (0 or more) to every member."""
        planes = self._planes
        planes.extend([0] * (points.bit_length() - len(planes)))
        for start in range(points.bit_length()):
            carried, plane = members if points >> start & 1 else 0, start
            while carried:
                if plane == len(planes):
                    planes.append(carried)
                    break
                held = planes[plane]
                planes[plane], carried = held ^ carried, held & carried
                plane += 1

    def at_least(self, points: int, among: int) -> int:
        """Those of ``among`` whose sum is ``points`` or more."""
        if points <= 0:
            return among
        if points >> len(self._planes):
            return 0
        more, equal = 0, among
        for plane in range(len(self._planes) - 1, -1, -1):
            having = equal & self._planes[plane]
            if points >> plane & 1:
                equal = having
            else:
                more, equal = more | having, equal ^ having
        return more | equal


def members_of(members: int) -> Iterator[int]:
    """The places of a set, rising."""
    digits = f"{members:b}"[::-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def set_of(places: Iterable[int]) -> int:
    """The set of these places."""
    members = 0
    for place in places:
        members |= 1 << place
    return members
