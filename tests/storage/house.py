"""A small house for storage tests: an account under a lease, people who speak, decisions that are committed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from domain.actions import Action, OpenDraw, Outward, Prize, Say, SendClass
from domain.decision import Decision, Finding, Judged
from domain.events import Event, MessagePosted, Person
from domain.evolve import evolve
from domain.facts import World
from domain.ids import AccountId, MemberId, RoomId
from domain.incoming import ExternalPerson, ExternalRoom, Incoming, IncomingKind
from storage import accounts, commit, inbox, leases, outbox
from storage.database import Database
from storage.leases import Lease
from storage.outbox import Call, Outcome, Settlement, Skipped
from storage.world import load_world

START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
TTL = timedelta(seconds=30)
ROOM = ExternalRoom("room-1", topic="演示群", owner="wx-owner", admins=("wx-admin",))
OTHER_ROOM = ExternalRoom("room-2", topic="二群")
AGENTS = ExternalRoom("agents", topic="客服")
INNOCENT = tuple(Finding(rule, 0.01, "none", "无") for rule in ("abuse", "advert", "complaint", "faq"))


def person(name: str) -> ExternalPerson:
    """Somebody whose external id follows from the name."""
    return ExternalPerson(f"wx-{name}", name)


def message(
    text: str,
    *,
    sender: str = "小李",
    room: ExternalRoom = ROOM,
    at: datetime = START,
    external_id: str = "",
    **more: object,
) -> Incoming:
    """A message as a channel tells it; without ``external_id`` one that follows from the text."""
    made = Incoming(
        IncomingKind.MESSAGE, at, external_id or f"m-{sender}-{text}-{at.timestamp()}", room, person(sender), text=text
    )
    return replace(made, **more)  # type: ignore[arg-type]


@dataclass(slots=True)
class House:
    """An account with its lease, and a clock that tests move."""

    db: Database
    account: AccountId
    lease: Lease
    now: datetime = START
    worlds: list[World] = field(default_factory=list)

    def after(self, seconds: float) -> datetime:
        """Move the clock."""
        self.now += timedelta(seconds=seconds)
        return self.now

    async def hear(self, *incomings: Incoming) -> list[Event]:
        """Receive and take everything that waits."""
        await self.db.write(inbox.receive, self.account, incomings, self.now)
        return await self.take()

    async def take(self, limit: int = 128) -> list[Event]:
        """The events that wait."""
        return await self.db.read(inbox.take, self.account, self.now, limit)

    async def world(self, events: Sequence[Event]) -> World:
        """The world for events, with the agents' room known by its key."""
        return await self.db.read(load_world, self.account, events, self.now, ("test:agents",))

    async def commit(self, judged: Sequence[Judged], before: World, **more: object) -> commit.Committed:
        """Commit at the house's time under revision 1."""
        return await self.db.write(commit.commit, self.lease, judged, before, 1, self.now, **more)  # type: ignore[arg-type]

    async def decide(
        self, event: Event, *actions: Action, simulated: tuple[Outward, ...] = (), findings: tuple[Finding, ...] = ()
    ) -> World:
        """Commit these actions as the decision of one event; the world that `evolve` makes of it."""
        before = await self.world([event])
        decision = Decision(event.id, (*INNOCENT, *findings), actions, simulated)
        norm = event.text if isinstance(event, MessagePosted) else ""
        await self.commit([Judged(event, decision, norm)], before)
        return evolve(before, event, decision, norm)

    async def say(self, *texts: str, room: ExternalRoom = ROOM, change: Callable[[Say], Say] | None = None) -> None:
        """Let the bot say things in a room, each as the decision of a message of its own."""
        for text in texts:
            self.after(0.001)
            (event,) = await self.hear(message(f"for {text}", room=room, at=self.now))
            say = Say(room_id=event.room_id, text=text, send_class=SendClass.ANSWER)
            await self.decide(event, change(say) if change else say)

    async def advance(self, *settlements: Settlement, limit: int = 100) -> list[Call | Skipped]:
        """One turn of the responder."""
        return await self.db.write(outbox.advance, self.lease, settlements, self.now, limit)

    async def send_all(self) -> list[str]:
        """Send everything that may go, successfully; the texts in order."""
        sent: list[str] = []
        settlements: list[Settlement] = []
        while begun := await self.advance(*settlements):
            settlements = [Settlement(one.id, Outcome.SENT) for one in begun if isinstance(one, Call)]
            sent += [one.text for one in begun if isinstance(one, Call)]
        return sent


async def open_house(db: Database, external_id: str = "wx-bot") -> House:
    """An account of the channel ``test``, with its lease."""
    account = await db.write(accounts.ensure_account, "test", external_id, "小管家", START)
    lease = await db.write(leases.acquire, account, "one", START, TTL)
    assert lease is not None
    return House(db, account, lease)


def sender_of(event: Event) -> Person:
    """Who said it."""
    assert isinstance(event, MessagePosted)
    return event.sender


def key_of(event: Event) -> tuple[RoomId, MemberId]:
    """Where and who."""
    return event.room_id, sender_of(event).id


def a_draw(room_id: RoomId, closes_at: datetime) -> OpenDraw:
    """Draw 1, for one prize, opened at `START`."""
    return OpenDraw(
        number=1,
        room_id=room_id,
        title="奶茶",
        prizes=(Prize("奶茶", 1),),
        seed=b"s" * 32,
        salt=b"x",
        commitment="c",
        opened_at=START,
        closes_at=closes_at,
        source="staff:1",
    )
