"""Everything a decision may know: `World` holds what was loaded for a batch, `Facts` is one event's view of it."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from domain.actions import CaseState, Prize, SanctionKind
from domain.events import Event, Person
from domain.ids import NO_MEMBER, AccountId, EventId, MemberId, RoomId, UserId
from domain.incoming import MessageKind
from domain.marks import MarkKey, named
from domain.policy import Policy
from domain.rules import RuleFacts
from domain.text import TextFacts


class Ability(StrEnum):
    """What a channel can do. What it cannot is degraded by one pure function (`handlers.degrade`)."""

    RECALL_OTHERS = "recall_others"
    MUTE_MEMBER = "mute_member"
    REMOVE_MEMBER = "remove_member"
    """Removes members (where the account is owner or admin of the room)."""
    REMOVE_AS_ADMIN_ONLY = "remove_as_admin_only"
    MENTION = "mention"
    DIRECT = "direct"
    """Has private chats, perhaps only with those who began one or are contacts."""
    WHISPER = "whisper"
    """May speak privately to any member of a room, asked or not."""
    ACCEPT_INVITE = "accept_invite"
    SEND_FILE = "send_file"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """The account the bot speaks with."""

    id: AccountId
    member_id: MemberId = NO_MEMBER
    name: str = "小管家"
    external_id: str = ""
    channel: str = "memory"
    abilities: frozenset[Ability] = frozenset(Ability)


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room as it stands. Owner and admins are facts from the channel."""

    id: RoomId
    key: str = ""
    """``channel:external id``: how configuration names the room."""
    topic: str = ""
    private: bool = False
    staff: bool = False
    """The agents' own room (set in steward.yaml by key, never by topic)."""
    owner_id: MemberId | None = None
    admin_ids: frozenset[MemberId] = frozenset()
    quiet_until: datetime | None = None
    present: bool = True


@dataclass(frozen=True, slots=True)
class Recent:
    """A message of the last minutes. ``norm`` is its normalised text (cut), for repetition and case notices."""

    event_id: EventId
    at: datetime
    kind: MessageKind
    norm: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Sanction:
    """A past sanction of a member in a room."""

    number: int
    room_id: RoomId
    member: Person
    kind: SanctionKind
    rule: str
    severity: str
    at: datetime
    until: datetime | None
    enforced: bool
    event_id: EventId
    reversed_at: datetime | None = None
    right: bool | None = None
    """What staff said of the verdict behind it, if anything."""
    appealed: bool = False
    """Whether its member finds it wrong; known of those that the batch names."""


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One member in one room."""

    room_id: RoomId
    member_id: MemberId
    joined_at: datetime | None = None
    left_at: datetime | None = None
    messages: int = 0
    recent: tuple[Recent, ...] = ()
    """Own messages of the last 10 minutes, oldest first, at most `RECENT_LIMIT`."""
    sanctions: tuple[Sanction, ...] = ()
    """Those of the last 30 days, oldest first, at most `SANCTIONS_LIMIT`."""


RECENT_LIMIT = 16
RECENT_SECONDS = 600
_RECENT = timedelta(seconds=RECENT_SECONDS)
SANCTIONS_LIMIT = 20
SANCTIONS_DAYS = 30
MARKS_SECONDS = 86_400
"""Marks older than a day are not loaded; no cooldown may be longer."""
SENDS_SECONDS = 120
"""Sends older than this are no candidates for an own echo."""


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """The console user a chat identity is bound to (or who acted in the console)."""

    user_id: UserId
    name: str
    role: str = "agent"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What a member has in all rooms together."""

    member_id: MemberId
    last_checkin: date | None = None
    streak: int = 0
    balance: int = 0
    staff: StaffFacts | None = None
    banned: bool = False
    """Shall be in no room."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case that is open or was resolved lately. ``epoch`` counts takeovers; a guard compares it."""

    number: int
    room_id: RoomId
    member: Person
    state: CaseState
    reason: str
    opened_at: datetime
    epoch: int = 0
    assignee: UserId | None = None
    assignee_name: str = ""
    taken_at: datetime | None = None
    last_word_at: datetime | None = None
    reminders: int = 0
    first_reply_at: datetime | None = None
    resolved_at: datetime | None = None
    asked_at: datetime | None = None
    score: int | None = None

    @property
    def open(self) -> bool:
        """Whether it still waits for an end."""
        return self.state is not CaseState.RESOLVED


@dataclass(frozen=True, slots=True)
class Entrant:
    """A member in a draw, with the salted id and the time of entering that the receipt shows."""

    member: Person
    entrant: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """An open draw. ``entered`` holds those of the batch's members that take part; ``roster`` all, when loaded."""

    number: int
    room_id: RoomId
    title: str
    prizes: tuple[Prize, ...]
    salt: bytes
    commitment: str
    opened_at: datetime
    closes_at: datetime
    source: str
    seed: bytes = field(default=b"", repr=False)
    entered: frozenset[MemberId] = frozenset()
    entrants: int = 0
    roster: tuple[Entrant, ...] | None = None
    closed: bool = False


class SendState(StrEnum):
    """Where an outbox row stands."""

    WAITING = "waiting"
    CALLING = "calling"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    EXPIRED = "expired"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class SendFacts:
    """A send that an own message may be the echo of. ``norm`` is its text normalised like a message's."""

    outbox_id: int
    state: SendState
    norm: str = field(repr=False)
    external_id: str | None
    called_at: datetime
    echoed: bool = False


@dataclass(frozen=True, slots=True)
class BindingFacts:
    """A one-time code that is still valid, by its hash."""

    code_hash: str
    user_id: UserId
    user_name: str
    role: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Counters:
    """The last numbers given to cases, sanctions and draws; the next one is one higher."""

    case: int = 0
    sanction: int = 0
    draw: int = 0


unknown_member = lru_cache(maxsize=256)(MemberFacts)
"""A member of a room whom nobody has seen yet."""
unknown_person = lru_cache(maxsize=256)(PersonFacts)
"""The same over all rooms."""

MemberKey = tuple[RoomId, MemberId]


@dataclass(frozen=True, slots=True)
class World:
    """The state that a batch of events is judged on; `domain.evolve.evolve` makes the next one.

    All mappings are treated as immutable. What is not in them does not exist (a member nobody has seen yet).
    """

    account: AccountFacts = field(default_factory=lambda: AccountFacts(AccountId(1)))
    rooms: Mapping[RoomId, RoomFacts] = field(default_factory=dict)
    members: Mapping[MemberKey, MemberFacts] = field(default_factory=dict)
    people: Mapping[MemberId, PersonFacts] = field(default_factory=dict)
    cases: Mapping[int, CaseFacts] = field(default_factory=dict)
    sanctions: Mapping[int, Sanction] = field(default_factory=dict)
    """Sanctions named by number in the batch (`#undo 12`)."""
    draws: Mapping[int, DrawFacts] = field(default_factory=dict)
    marks: Mapping[MarkKey, datetime] = field(default_factory=dict)
    sends: Mapping[RoomId, tuple[SendFacts, ...]] = field(default_factory=dict)
    bindings: Mapping[str, BindingFacts] = field(default_factory=dict)
    removals: Mapping[RoomId, tuple[datetime, ...]] = field(default_factory=dict)
    """Removals without a person in the last minute, for the breaker."""
    staff_rooms: tuple[RoomId, ...] = ()
    staff_by_name: Mapping[str, StaffFacts] = field(default_factory=dict)
    """Console users by name, for transfers (staff only address staff)."""
    quiet_until: datetime | None = None
    rules: Mapping[str, RuleFacts] = field(default_factory=dict)
    """What people decided of the rules of order, by the name that sanctions bear."""
    stays: Mapping[MemberId, frozenset[RoomId]] = field(default_factory=dict)
    """The rooms that somebody was in before the batch, for members whom it may ban."""
    counters: Counters = Counters()


@dataclass(frozen=True, slots=True)
class Facts:
    """One event's view of the world: what a handler is given beside the event itself.

    ``now`` is the clock of deciding (aware). ``text`` is None where the event carries no own words.
    """

    now: datetime
    policy: Policy
    world: World
    event: Event
    text: TextFacts | None = None
    room: RoomFacts = field(init=False, repr=False, compare=False)
    """The event's room; an empty one where nothing is known."""
    found: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What pure functions made of these facts already: a dozen handlers ask the same (`handlers.once`)."""

    def __post_init__(self) -> None:
        room = self.world.rooms.get(self.event.room_id) or RoomFacts(self.event.room_id)
        object.__setattr__(self, "room", room)

    @property
    def account(self) -> AccountFacts:
        """The account this event came to."""
        return self.world.account

    def member(self, member_id: MemberId) -> MemberFacts:
        """A member in the event's room, with the messages of the ten minutes before the event."""
        room = self.event.room_id
        held = self.world.members.get((room, member_id)) or unknown_member(room, member_id)
        if not held.recent or self.event.at - held.recent[0].at <= _RECENT:
            return held
        fresh: MemberFacts | None = self.found.get(("member", member_id))
        if fresh is None:
            horizon = self.event.at - _RECENT
            fresh = replace(held, recent=tuple(one for one in held.recent if one.at >= horizon))
            self.found["member", member_id] = fresh
        return fresh

    def sanctions_of(self, member_id: MemberId) -> tuple[Sanction, ...]:
        """A member's sanctions of the last 30 days, oldest first: in the event's room, in a private chat anywhere."""
        if not self.room.private:
            return self.member(member_id).sanctions
        since = self.now - timedelta(days=SANCTIONS_DAYS)
        own = (s for s in self.world.sanctions.values() if s.member.id == member_id and s.at >= since)
        return tuple(sorted(own, key=lambda s: s.number))

    def person(self, member_id: MemberId) -> PersonFacts:
        """A member over all rooms."""
        return self.world.people.get(member_id) or unknown_person(member_id)

    def open_case(self, member_id: MemberId, room_id: RoomId | None = None) -> CaseFacts | None:
        """The open case of a member in a room (default: the event's)."""
        if not self.world.cases:
            return None
        key = ("open case", member_id, self.event.room_id if room_id is None else room_id)
        if key not in self.found:
            self.found[key] = self._open_case(*key[1:])
        case: CaseFacts | None = self.found[key]
        return case

    def _open_case(self, member_id: MemberId, room: RoomId) -> CaseFacts | None:
        cases = (c for c in self.world.cases.values() if c.room_id == room and c.member.id == member_id and c.open)
        return next(cases, None)

    def last_resolved(self, member_id: MemberId) -> CaseFacts | None:
        """The member's latest resolved case in the event's room among those loaded."""
        found = [
            c
            for c in self.world.cases.values()
            if not c.open and c.room_id == self.event.room_id and c.member.id == member_id
        ]
        return max(found, key=lambda c: c.number, default=None)

    def open_draws(self) -> tuple[DrawFacts, ...]:
        """The room's open draws, oldest first."""
        draws = (d for d in self.world.draws.values() if d.room_id == self.event.room_id and not d.closed)
        return tuple(sorted(draws, key=lambda d: d.number))

    def mark(self, key: str, member_id: MemberId = NO_MEMBER, room_id: RoomId | None = None) -> datetime | None:
        """When `Remember` was last done under this key."""
        room = self.event.room_id if room_id is None else room_id
        return self.world.marks.get((room, member_id, key))

    def marks_named(
        self, name: str, member_id: MemberId = NO_MEMBER, room_id: RoomId | None = None
    ) -> Iterable[tuple[str, datetime]]:
        """What follows ``name:`` in the keys of one place (default: the event's room), with the times of the marks."""
        return named(self.world.marks, name, self.event.room_id if room_id is None else room_id, member_id)

    @property
    def quiet(self) -> bool:
        """Whether the off switch holds here now."""
        untils = (self.room.quiet_until, self.world.quiet_until)
        return any(until is not None and until > self.now for until in untils)

    def is_privileged(self, member_id: MemberId) -> bool:
        """Owners and admins (facts from the channel) and bound staff: never publicly warned."""
        room = self.room
        staff = self.person(member_id).staff is not None
        return staff or member_id == room.owner_id or member_id in room.admin_ids
