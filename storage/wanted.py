"""What a batch of events names: rooms, members, numbers in commands and quotes, binding codes. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain import events as ev
from domain.events import Event, Person
from domain.facts import MemberKey
from domain.ids import NO_MEMBER, NO_ROOM, MemberId, RoomId

_COMMAND = re.compile(r"[#＃﹟]")
_NUMBER = re.compile(r"(?<!\d)\d{1,9}(?!\d)")
_NUMBERED = re.compile(r"(?:[#＃﹟]|编号)\s*(\d{1,9})(?!\d)")
_CODE = re.compile(r"(?:绑定|綁定)[\s:：]*([A-Za-z0-9][A-Za-z0-9_-]{3,63})")
_RULE = re.compile(r"#\s*停用\s+(\S.{0,60})")
NUMBERS_READ = 12
"""So many numbers of one text are looked up; no command has more."""
COMMAND_CHARS = 400
"""Numbers of a command stand at its beginning; what follows is talk."""


def code_hash(code: str) -> str:
    """How a binding code is kept: SHA-256 (hex) of its upper-case form."""
    return hashlib.sha256(code.upper().encode()).hexdigest()


@dataclass(slots=True)
class Wanted:
    """What must be loaded. Numbers are candidates: what does not exist under them is simply not found."""

    rooms: set[RoomId] = field(default_factory=set)
    pairs: set[MemberKey] = field(default_factory=set)
    members: set[MemberId] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    rosters: set[int] = field(default_factory=set)
    roster_rooms: set[RoomId] = field(default_factory=set)
    own: dict[RoomId, datetime] = field(default_factory=dict)
    """Rooms in which the account itself was heard, with the earliest time of it."""
    own_ids: set[str] = field(default_factory=set)
    """The ids of what it was heard to say."""
    rules: set[str] = field(default_factory=set)
    """Rules that a command may retire, with all that they did."""
    bans: bool = False
    """Whether a command may ban or free somebody."""
    codes: set[str] = field(default_factory=set)
    commands: bool = False
    """Whether anything may be a staff command or a binding: only these name console users."""


def wanted_by(events: Sequence[Event]) -> Wanted:
    """Everything that the batch names."""
    wanted = Wanted()
    for event in events:
        if event.room_id != NO_ROOM:
            wanted.rooms.add(event.room_id)
        for member in _members_of(event):
            wanted.members.add(member)
            wanted.pairs.add((event.room_id, member))
        _read(event, wanted)
    return wanted


def _members_of(event: Event) -> Iterable[MemberId]:
    for person in _people_of(event):
        if person is not None and person.id != NO_MEMBER:
            yield person.id
    if isinstance(event, ev.MessagePosted) and event.quote is not None and event.quote.member_id is not None:
        yield event.quote.member_id


def _people_of(event: Event) -> tuple[Person | None, ...]:
    match event:
        case ev.MessagePosted():
            return (event.sender, *event.mentions)
        case ev.MessageRecalled():
            return (event.sender,)
        case ev.MemberJoined():
            return (event.inviter, *event.people)
        case ev.MemberLeft():
            return (event.remover, *event.people)
        case ev.RoomInvited() | ev.RoomJoined():
            return (event.inviter,)
        case _:
            return ()


def _read(event: Event, wanted: Wanted) -> None:
    match event:
        case ev.MessagePosted():
            _read_command(event.text, event.room_id, wanted)
            if event.quote is not None:
                wanted.numbers.update(_first(_NUMBERED.findall(event.quote.text[:COMMAND_CHARS])))
        case ev.StaffActed():
            wanted.commands = True
            _read_command(event.command, event.room_id, wanted)
        case ev.TimerFired() if event.reference.isdecimal() and len(event.reference) < 10:
            wanted.numbers.add(int(event.reference))
            if event.name.startswith("draw"):
                wanted.rosters.add(int(event.reference))
        case ev.OwnMessage():
            wanted.own[event.room_id] = min(event.at, wanted.own.get(event.room_id, event.at))
            wanted.own_ids.add(event.external_id)
        case _:
            pass


def _read_command(text: str, room_id: RoomId, wanted: Wanted) -> None:
    head = text[:COMMAND_CHARS]
    if "绑定" in head or "綁定" in head:
        wanted.commands = True
        wanted.codes.update(code_hash(code) for code in _CODE.findall(unicodedata.normalize("NFKC", head)))
    if _COMMAND.search(head) is None:
        return
    wanted.commands = True
    wanted.rules.update(rule.strip() for rule in _RULE.findall(unicodedata.normalize("NFKC", head)))
    wanted.bans = wanted.bans or "拉黑" in head
    numbers = _first(_NUMBER.findall(head))
    wanted.numbers.update(numbers)
    if "奖" in head or "獎" in head or "抽" in head:
        wanted.rosters.update(numbers)
        wanted.roster_rooms.add(room_id)


def _first(found: list[str]) -> list[int]:
    return [int(number) for number in found[:NUMBERS_READ]]
