"""The hub's memory of its rooms: who is in, who is silenced, and which connections watch."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.incoming import direct_person
from storage.web import Stay

OUTGOING_LIMIT = 256
"""Frames a connection may lag behind before it is cut (the page reconnects and reads the history)."""


@dataclass(frozen=True, slots=True)
class WebRoom:
    """A room of the embedded channel; staff rooms open only to people bound to a console user."""

    id: str
    topic: str
    staff: bool = False


class Watcher:
    """One open page: frames wait in a bounded queue, so that a slow page cannot hold the others up."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.room = ""
        self.frames: asyncio.Queue[str | None] = asyncio.Queue(OUTGOING_LIMIT)

    def send(self, frame: Mapping[str, object]) -> None:
        """Queue a frame; a page that lags too far is told to close."""
        self.push(json.dumps(frame, ensure_ascii=False))

    def push(self, text: str) -> None:
        """Queue a frame that is already text."""
        if self.frames.full():
            while not self.frames.empty():
                self.frames.get_nowait()
            self.frames.put_nowait(None)
        else:
            self.frames.put_nowait(text)


@dataclass(slots=True)
class LiveRoom:
    """A room with its people and watchers."""

    room: WebRoom
    people: dict[str, Stay] = field(default_factory=dict)
    watchers: set[Watcher] = field(default_factory=set)

    @property
    def private_of(self) -> str:
        """The person whose private chat with the bot this is, or empty."""
        return direct_person(self.room.id)

    def present(self, person: str) -> bool:
        """Whether a person is in the room."""
        stay = self.people.get(person)
        return stay is not None and not stay.left

    def names(self) -> dict[str, str]:
        """Shown name → person id of those present."""
        return {stay.name: person for person, stay in self.people.items() if not stay.left}

    def broadcast(self, frame: Mapping[str, object]) -> None:
        """Send a frame to every watcher, encoded once."""
        text = json.dumps(frame, ensure_ascii=False)
        for watcher in tuple(self.watchers):
            watcher.push(text)

    def members_frame(self, bot_name: str) -> dict[str, object]:
        """Who is here, for the page's member list and @ completion."""
        people = [{"id": p, "name": s.name} for p, s in self.people.items() if not s.left]
        return {"type": "members", "room": self.room.id, "people": [{"id": "", "name": bot_name}, *people]}
