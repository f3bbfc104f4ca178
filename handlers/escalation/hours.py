"""When the agents are there, read once per book from every room's policy."""

import re
from datetime import date

from domain.book import Book
from domain.facts import Facts
from domain.hours import ServiceHours, is_open, opening_phrase
from domain.ids import RoomId
from domain.policy import HoursPolicy
from handlers.speech import policy_in

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANGE = re.compile(r"([a-z]{3})(?:\s*-\s*([a-z]{3}))?")


def service_hours(policy: HoursPolicy) -> ServiceHours:
    """The weekly table of a policy; days that it does not name are closed.

    Raises ValueError, with what to write instead, for unknown days, unreadable times and impossible dates.
    """
    week = dict.fromkeys(_DAYS, "")
    for days, intervals in policy.open.items():
        for day in _named(days):
            week[day] = ", ".join(intervals)
    mon, tue, wed, thu, fri, sat, sun = week.values()
    closed = tuple(date.fromisoformat(day) for day in policy.closed_dates)
    return ServiceHours(mon, tue, wed, thu, fri, sat, sun, closed)


def _named(days: str) -> tuple[str, ...]:
    found = _RANGE.fullmatch(days.strip().lower())
    first, last = (found[1], found[2] or found[1]) if found else ("", "")
    if first not in _DAYS or last not in _DAYS or _DAYS.index(first) > _DAYS.index(last):
        raise ValueError(f"cannot read the days {days!r}; write mon, or mon-fri")
    return _DAYS[_DAYS.index(first) : _DAYS.index(last) + 1]


class Desk:
    """The agents' hours of every room of a book."""

    def __init__(self, book: Book) -> None:
        """Raises ValueError as `service_hours` does."""
        self._book = book
        self._default = service_hours(book.policy.escalation.hours)
        self._rooms = {key: service_hours(policy.escalation.hours) for key, policy in book.rooms.items()}

    def hours(self, facts: Facts, room_id: RoomId) -> ServiceHours:
        """The hours that hold for a room's members."""
        room = facts.world.rooms.get(room_id)
        return self._rooms.get(room.key, self._default) if room is not None else self._default

    def opening(self, facts: Facts, room_id: RoomId) -> str | None:
        """When the agents are next there, for a sentence; empty when never, None when they are there now."""
        hours, zone = self.hours(facts, room_id), policy_in(self._book, facts, room_id).time_zone
        if is_open(hours, facts.event.at, zone):
            return None
        return opening_phrase(hours, facts.event.at, zone)
