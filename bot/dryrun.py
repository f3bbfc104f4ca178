"""Judging without a database: messages of a file become events, and an empty world remembers what follows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from domain.calendar_day import community_day, instant
from domain.decision import Decision
from domain.errors import StewardError
from domain.events import MessagePosted, Person
from domain.facts import AccountFacts, RoomFacts
from domain.ids import AccountId, EventId, MemberId, RoomId
from handlers.judge import Engine
from handlers.rehearsal import Rehearsal

BOT = MemberId(1)
MINUTES_A_DAY = 480
"""Messages without a time are a minute apart from noon on, eight hours a day, so that no night changes the result."""


class BadLine(StewardError):
    """A line of the input is not a message; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message to judge. A missing room or member is one of its own."""

    id: Any
    text: str = field(repr=False)
    room: str | None = None
    member: str | None = None
    name: str = ""
    at: datetime | None = None
    mention: bool = False


def read_line(value: object, number: int) -> Line:
    """A decoded JSON line as a message. Raises `BadLine` with the line's number and the field."""
    if not isinstance(value, dict):
        raise BadLine(f"line {number}: not a JSON object")
    if not isinstance(value.get("text"), str):
        raise BadLine(f"line {number}: text is missing or no string")
    return Line(
        id=value.get("id", number),
        text=value["text"],
        room=_name(value, "room", number),
        member=_name(value, "member", number),
        name=_name(value, "name", number) or "",
        at=_time(value.get("at"), number),
        mention=bool(value.get("mention", False)),
    )


def _name(value: Mapping[str, Any], key: str, number: int) -> str | None:
    found = value.get(key)
    if found is None or found == "":
        return None
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise BadLine(f"line {number}: {key} is no string")
    return str(found)


def _time(value: object, number: int) -> datetime | None:
    """An ISO 8601 time (without a zone: UTC) or seconds since the epoch."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        at = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError) as error:
        raise BadLine(f"line {number}: at is no ISO 8601 time and no number of seconds") from error
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


class DryRun:
    """Judges messages one after the other; nothing leaves it, and it begins with an empty world."""

    def __init__(self, engine: Engine, now: datetime | None = None) -> None:
        tz = engine.book.policy.time_zone
        self._noon = instant(community_day(now or datetime.now(UTC), tz), time(12), tz)
        self._rehearsal = Rehearsal(engine, AccountFacts(AccountId(1), BOT, engine.book.bot_name))
        self._room_ids: dict[str, RoomId] = {}
        self._member_ids: dict[str, MemberId] = {}
        self._undated: dict[RoomId, int] = defaultdict(int)
        self._number = 0

    def judge(self, line: Line) -> Decision:
        """What the bot would do with one message."""
        self._number += 1
        lonely = line.room is None and line.member is None
        room_id, member_id = self._place(line)
        event = self._event(line, room_id, member_id)
        room = RoomFacts(room_id) if lonely else RoomFacts(room_id, key=line.room or "", topic=line.room or "")
        return self._rehearsal.judge(event, room, lonely=lonely)

    def _place(self, line: Line) -> tuple[RoomId, MemberId]:
        room_name = line.room if line.room is not None else f"\0{self._number}"
        member_name = line.member if line.member is not None else f"\0{self._number}"
        if line.room is None and line.member is None:
            return RoomId(self._number + 1_000_000_000), MemberId(self._number + 1_000_000_000)
        room_id = self._room_ids.setdefault(room_name, RoomId(len(self._room_ids) + 1))
        return room_id, self._member_ids.setdefault(member_name, MemberId(len(self._member_ids) + 2))

    def _event(self, line: Line, room_id: RoomId, member_id: MemberId) -> MessagePosted:
        at = line.at
        if at is None:
            place = self._undated[room_id]
            if line.room is not None:
                self._undated[room_id] = place + 1
            at = self._noon + timedelta(days=place // MINUTES_A_DAY, minutes=place % MINUTES_A_DAY)
        seed = f"{self._number}\x1f{line.id}".encode("utf-8", "surrogatepass")
        return MessagePosted(
            id=EventId(self._number),
            at=at,
            room_id=room_id,
            entropy=sha256(seed).digest(),
            sender=Person(member_id, line.name or line.member or "群友"),
            text=line.text,
            external_id=f"line-{self._number}",
            mentions_bot=line.mention,
        )
