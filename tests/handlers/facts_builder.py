"""A small community for handler tests: people, rooms, events with running numbers, and a stage that plays them.

`Stage` runs one handler over events in turn and folds its actions into the world, as the judge would, but alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import count
from typing import TypeVar
from zoneinfo import ZoneInfo

import yaml

from domain.actions import Action, CaseState, Prize, Say
from domain.book import Book, Texts
from domain.decision import Decision, Opinion
from domain.events import Event, MessagePosted, Person, Quote, StaffActed, TimerFired
from domain.evolve import evolve
from domain.facts import (
    AccountFacts,
    BindingFacts,
    CaseFacts,
    DrawFacts,
    Facts,
    MemberFacts,
    PersonFacts,
    RoomFacts,
    StaffFacts,
    World,
)
from domain.ids import NO_ROOM, AccountId, EventId, MemberId, RoomId, UserId
from domain.incoming import MessageKind
from domain.policy import Policy
from domain.text import Readers, TextFacts
from handlers.contract import Handler
from handlers.text.normalise import forms, offsets

TZ = ZoneInfo("Asia/Shanghai")
NOON = datetime(2025, 3, 12, 12, 0, tzinfo=TZ)
"""A Wednesday, on which the agents are at lunch."""
MORNING = datetime(2025, 3, 12, 10, 0, tzinfo=TZ)
"""The same day, agents there."""
NIGHT = datetime(2025, 3, 12, 23, 30, tzinfo=TZ)

BOT = Person(MemberId(1), "小管家")
ANN = Person(MemberId(11), "阿花")
BEN = Person(MemberId(12), "小明")
CARL = Person(MemberId(13), "老王")
OWNER = Person(MemberId(14), "群主")
AGENT = Person(MemberId(21), "小李")
COLLEAGUE = Person(MemberId(22), "小陈")
LOOK_ALIKE = Person(MemberId(23), "小李")
"""Has the agent's name, and nothing else of theirs."""

LI = StaffFacts(UserId(1), "李静")
CHEN = StaffFacts(UserId(2), "陈晨")

ROOM = RoomId(101)
OTHER_ROOM = RoomId(102)
DESK = RoomId(201)
"""The agents' room."""
CHAT = RoomId(301)
"""A private chat."""

ROOMS: dict[RoomId, RoomFacts] = {
    ROOM: RoomFacts(ROOM, "web:demo", "演示群", owner_id=OWNER.id),
    OTHER_ROOM: RoomFacts(OTHER_ROOM, "web:other", "二群"),
    DESK: RoomFacts(DESK, "web:desk", "客服群", staff=True),
    CHAT: RoomFacts(CHAT, "web:chat", private=True),
}

T = TypeVar("T")
_ids = count(1000)


@cache
def default_texts() -> Texts:
    """The texts that ship with the package, first variant only, so that tests know what is said."""
    read = yaml.safe_load((files("handlers") / "defaults" / "texts.yaml").read_text(encoding="utf-8"))
    return Texts({key: (variants[0],) for key, variants in read.items()})


def a_book(policy: Policy = Policy(), **changes: object) -> Book:
    """A book with the default texts."""
    book = Book(policy=policy, texts=default_texts(), staff_rooms=("web:desk",), public_url="https://bot.example")
    return replace(book, **changes)  # type: ignore[arg-type]


def a_world(**changes: object) -> World:
    """Four rooms, two bound agents, nothing else."""
    world = World(
        account=AccountFacts(AccountId(1), BOT.id, BOT.name, channel="web"),
        rooms=ROOMS,
        people={
            AGENT.id: PersonFacts(AGENT.id, staff=LI),
            COLLEAGUE.id: PersonFacts(COLLEAGUE.id, staff=CHEN),
        },
        staff_rooms=(DESK,),
        staff_by_name={LI.name: LI, CHEN.name: CHEN},
    )
    return replace(world, **changes)  # type: ignore[arg-type]


def said(
    text: str,
    by: Person = ANN,
    room: RoomId = ROOM,
    at: datetime = MORNING,
    *,
    kind: MessageKind = MessageKind.TEXT,
    mentions: tuple[Person, ...] = (),
    mentions_bot: bool = False,
    mentions_all: bool = False,
    quote: Quote | None = None,
) -> MessagePosted:
    """A message."""
    number = next(_ids)
    return MessagePosted(
        id=EventId(number),
        at=at,
        room_id=room,
        entropy=number.to_bytes(32, "big"),
        sender=by,
        text=text,
        kind=kind,
        external_id=f"m{number}",
        mentions=mentions,
        mentions_bot=mentions_bot,
        mentions_all=mentions_all,
        quote=quote,
    )


def fired(name: str, reference: str = "", room: RoomId = ROOM, at: datetime = MORNING) -> TimerFired:
    """A timer that fires when it is due."""
    number = next(_ids)
    entropy = number.to_bytes(32, "big")
    return TimerFired(
        id=EventId(number), at=at, room_id=room, entropy=entropy, name=name, due_at=at, reference=reference
    )


def acted(command: str, room: RoomId = NO_ROOM, by: StaffFacts = LI, at: datetime = MORNING) -> StaffActed:
    """Something done in the console."""
    number = next(_ids)
    return StaffActed(
        id=EventId(number),
        at=at,
        room_id=room,
        entropy=number.to_bytes(32, "big"),
        user_id=by.user_id,
        user_name=by.name,
        command=command,
    )


def a_case(number: int = 12, **changes: object) -> CaseFacts:
    """阿花's case in the demo room, waiting for an agent."""
    case = CaseFacts(number, ROOM, ANN, CaseState.OPEN, "投诉", MORNING - timedelta(minutes=5))
    return replace(case, **changes)  # type: ignore[arg-type]


def held(case: CaseFacts, by: StaffFacts = LI, at: datetime = MORNING) -> CaseFacts:
    """The case in an agent's hands since ``at``."""
    return replace(
        case,
        state=CaseState.ASSIGNED,
        epoch=case.epoch + 1,
        assignee=by.user_id,
        assignee_name=by.name,
        taken_at=at,
        last_word_at=at,
    )


def a_draw(number: int = 3, **changes: object) -> DrawFacts:
    """An open draw in the demo room with its roster loaded."""
    seed = bytes(range(32))
    draw = DrawFacts(
        number=number,
        room_id=ROOM,
        title="周三抽奖",
        prizes=(Prize("奶茶", 1), Prize("贴纸", 2)),
        salt=b"s" * 32,
        commitment="",
        opened_at=MORNING - timedelta(minutes=5),
        closes_at=MORNING + timedelta(minutes=5),
        source="staff:1",
        seed=seed,
        roster=(),
    )
    return replace(draw, **changes)  # type: ignore[arg-type]


def a_code(code_hash: str, expires_at: datetime = MORNING + timedelta(minutes=10)) -> BindingFacts:
    """A binding code of 李静's."""
    return BindingFacts(code_hash, LI.user_id, LI.name, LI.role, expires_at)


def read(text: str, mood: float = 0.1, grievance: float = 0.3) -> TextFacts:
    """The text as handlers see it, with a given mood and wording, and without segmentation."""
    readers = Readers(
        words=lambda _: (), mood=lambda _: mood, grievance=lambda _: grievance, asks=_asks, offsets=offsets
    )
    return TextFacts(text, *forms(text), False, readers)


def _asks(norm: str) -> bool:
    return re.search(r"[?？]|吗|怎么|如何|多少|什么|哪", norm) is not None


def facts_for(event: Event, world: World, book: Book, now: datetime | None = None, mood: float = 0.1) -> Facts:
    """What a handler would be given for this event."""
    room = world.rooms.get(event.room_id)
    policy = book.policy_of(room.key) if room else book.policy
    worded = isinstance(event, MessagePosted) and event.kind in (MessageKind.TEXT, MessageKind.GROUP_NOTE)
    text = read(event.text, mood) if worded and isinstance(event, MessagePosted) else None
    return Facts(now or event.at, policy, world, event, text)


@dataclass
class Stage:
    """One handler and a world that its actions change."""

    handler: Handler
    book: Book = field(default_factory=a_book)
    world: World = field(default_factory=a_world)

    def play(self, event: Event, mood: float = 0.1) -> Opinion:
        """The handler's opinion; afterwards the world is what the next event finds."""
        facts = facts_for(event, self.world, self.book, mood=mood)
        listens = type(event) in self.handler.listens
        opinion = self.handler.decide(event, facts) if listens else Opinion()
        norm = facts.text.norm if facts.text else ""
        self.world = evolve(self.world, event, Decision(event.id, actions=opinion.actions), norm)
        return opinion

    def with_cases(self, *cases: CaseFacts) -> "Stage":
        """Put cases into the world."""
        self.world = replace(self.world, cases={**self.world.cases, **{case.number: case for case in cases}})
        return self

    def with_draws(self, *draws: DrawFacts) -> "Stage":
        """Put draws into the world."""
        self.world = replace(self.world, draws={**self.world.draws, **{draw.number: draw for draw in draws}})
        return self

    def with_members(self, *members: MemberFacts) -> "Stage":
        """Put members of rooms into the world."""
        found: Mapping[tuple[RoomId, MemberId], MemberFacts] = {(m.room_id, m.member_id): m for m in members}
        self.world = replace(self.world, members={**self.world.members, **found})
        return self


def of_type(opinion: Opinion, kind: type[T]) -> list[T]:
    """The wanted actions of one type, in order."""
    return [action for action in opinion.actions if isinstance(action, kind)]


def words(opinion: Opinion, room: RoomId | None = None) -> list[str]:
    """What would be said (in one room, for all to read), in order."""
    public = (say for say in of_type(opinion, Say) if room is None or say.whisper_to is None)
    return [say.text for say in public if room is None or say.room_id == room]


def whispers(opinion: Opinion) -> list[tuple[Person, str]]:
    """What would be said to somebody alone, in order."""
    return [(say.whisper_to, say.text) for say in of_type(opinion, Say) if say.whisper_to is not None]


def kinds(actions: Iterable[Action]) -> list[str]:
    """The names of the actions' types, in order."""
    return [type(action).__name__ for action in actions]
