"""Our own integer ids: an external id may change at re-login, ours never does."""

from typing import NewType

AccountId = NewType("AccountId", int)
RoomId = NewType("RoomId", int)
MemberId = NewType("MemberId", int)
UserId = NewType("UserId", int)
"""A console user (staff), not a chat identity; bindings join the two."""
EventId = NewType("EventId", int)
"""The inbox number of an event: the order of judgement."""

NO_ROOM = RoomId(0)
"""Stands for “no room” in keys that must be unique, where NULLs would count as distinct."""
NO_MEMBER = MemberId(0)
