"""Starts a whole Steward in this process over the in-memory channel, with a clock that tests set."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.account import Seat
from bot.app import Steward
from bot.channels.memory import MemoryChannel
from bot.channels.memory_community import Room
from bot.settings import Settings
from domain.budget import UNLIMITED, SendRule
from domain.ids import AccountId
from domain.incoming import ExternalPerson
from storage import inbox, outbox, staff
from storage.database import Connection

MONDAY_MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""10:00 on a working day in Shanghai: agents are there and it is not night."""
SECONDS = 20.0
"""How long anything may take before a journey fails; generous, because machines are slow at times."""


@dataclass(slots=True)
class SetClock:
    """A clock that stands still until it is moved."""

    now: datetime = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Journey:
    """A running Steward with its community; what a journey does and sees."""

    steward: Steward
    channel: MemoryChannel
    clock: SetClock
    people: dict[str, ExternalPerson] = field(default_factory=dict)

    def person(self, name: str) -> ExternalPerson:
        """The person of this name, made when first named. The id is not the name, as on real platforms."""
        if name not in self.people:
            self.people[name] = self.channel.community.person(name)
        return self.people[name]

    def room(self, topic: str, *names: str, external_id: str = "", owner: str = "") -> Room:
        """A room with these people in it."""
        members = tuple(self.person(name) for name in names)
        return self.channel.community.room(
            topic, external_id, members=members, owner=self.person(owner) if owner else None
        )

    async def say(self, room: Room, name: str, text: str, *, to_bot: bool = False) -> str:
        """Somebody says something, a second after what happened last; everything that follows has happened then."""
        self.clock.now += timedelta(seconds=1)
        message = self.channel.say(room, self.person(name), text, to_bot=to_bot)
        await self.settle()
        return message

    async def ask(self, room: Room, name: str, text: str) -> None:
        """Somebody asks the room something, and nobody else answers for a while (people come first)."""
        await self.say(room, name, text)
        await self.pass_time(seconds=15)

    async def pass_time(self, **length: float) -> None:
        """Let time pass (`timedelta` arguments) with its timers, and wait until everything due has happened."""
        await self.tick()
        self.clock.now += timedelta(**length)
        await self.tick()
        await self.settle()

    async def tick(self) -> None:
        """What the clock does every second, done now."""
        for account in self.steward.accounts:
            await account.tick()

    def heard(self, room: Room) -> list[str]:
        """What the bot has said in a room so far."""
        return [message.text for message in room.messages if message.author == ""]

    async def settle(self, seconds: float = SECONDS) -> None:
        """Wait until nothing is left to hear, to decide, or to send at the present time of the clock."""
        quiet = 0

        async def look() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if await self._idle() else 0
            # Twice, because an echo is heard only after its call has settled.
            return quiet >= 2

        await until(look, seconds)

    async def _idle(self) -> bool:
        if self.channel.pending or len(self.channel.began) > len(self.channel.performed):
            return False
        house = self.steward.house
        for account in self.accounts:
            house.wakes_of(account).decide.set()
            house.wakes_of(account).respond.set()
            if await house.database.read(inbox.waiting, account, self.clock.now):
                return False
            if await house.database.read(outbox.ready, account, self.clock.now):
                return False
        return not any(account.duty is not None and account.duty.responder.busy for account in self.steward.accounts)

    @property
    def accounts(self) -> list[AccountId]:
        """The accounts that are logged in."""
        return [account.duty.account for account in self.steward.accounts if account.duty is not None]


async def until(condition: Callable[[], object], seconds: float = SECONDS) -> None:
    """Wait until a condition (or coroutine function) holds; fails after ``seconds``."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(
    database_url: str,
    folder: Path,
    *,
    channel: MemoryChannel | None = None,
    clock: SetClock | None = None,
    rule: SendRule = UNLIMITED,
) -> AsyncIterator[Journey]:
    """A Steward that is ready, stopped in order at the end. Channel and clock of an earlier run may be given again."""
    clock = clock or SetClock()
    channel = channel or MemoryChannel(clock=clock)
    settings = Settings(database_url=database_url, http_port=0, secret_key="k" * 64)
    steward = Steward(settings, folder, clock=clock, seats=[Seat(channel, rule)])
    await steward.start()
    try:
        await until(lambda: steward.house.vitals.ready)
        yield Journey(steward, channel, clock)
    finally:
        await steward.stop()


def write_config(folder: Path, files: Mapping[str, str]) -> Path:
    """A config folder with these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


async def binding_code(journey: Journey, name: str, role: str = "agent") -> str:
    """A one-time code for a console user of this name, who is made for it."""
    code = f"CODE{secrets.token_hex(4)}".upper()
    hashed = hashlib.sha256(code.encode()).hexdigest()

    def make(conn: Connection) -> None:
        user = staff.user_by_name(conn, name)
        user_id = user.id if user is not None else staff.add_user(conn, name, role, "no password", journey.clock.now)
        staff.make_code(conn, user_id, hashed, journey.clock.now, timedelta(minutes=10))

    await journey.steward.house.database.write(make)
    return code


async def staff_of(journey: Journey, name: str, *rooms: Room, role: str = "agent") -> None:
    """Bind a person to a console user of the same name, by a code in a private chat; rooms are those they are in."""
    code = await binding_code(journey, name, role)
    private = journey.channel.community.private_room(journey.person(name))
    await journey.say(private, name, f"绑定 {code}")
    for room in rooms:
        # The bot knows a room once something was heard in it.
        await journey.say(room, name, "大家好")
