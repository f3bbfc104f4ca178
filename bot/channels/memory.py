"""The in-memory channel: a whole platform in one object, for tests and for scripting a community."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from bot.channels.files import kind_of_file
from bot.channels.memory_community import Community, Posted, Room
from bot.channels.memory_faults import Faults
from bot.channels.mentions import with_mentions
from bot.channels.port import ChannelEvent, Gap, Health, Heard, Login, Order, Outcome, Receipt
from domain.facts import Ability
from domain.incoming import ExternalPerson, ExternalQuote, Incoming, IncomingKind, MessageKind


class Echo(StrEnum):
    """When the account hears its own message: while the call is under way, after it has ended, or never."""

    BEFORE = "before"
    AFTER = "after"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Performed:
    """One call as it ended. ``shown`` is the text with its @names; empty for calls that say nothing."""

    order: Order
    receipt: Receipt
    at: datetime
    shown: str = ""


class MemoryChannel:
    """Implements `bot.channels.port.Channel` over a `Community`.

    ``returns_ids`` false: sends tell no message id. Everything heard is kept until `committed`, and a new `listen`
    begins with what was not, so that a Steward may be stopped and another started on the same channel.
    """

    def __init__(
        self,
        *,
        account_id: str = "bot",
        account_name: str = "小管家",
        name: str = "memory",
        abilities: frozenset[Ability] = frozenset(Ability),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        echo: Echo = Echo.AFTER,
        returns_ids: bool = True,
    ) -> None:
        self.name = name
        self.abilities = abilities
        self.community = Community()
        self.echo = echo
        self.returns_ids = returns_ids
        self.faults = Faults()
        self.began: list[Order] = []
        self.performed: list[Performed] = []
        self._clock = clock
        self._health = Health(Login.ONLINE, account_id=account_id, account_name=account_name, since=clock())
        self._waiting: deque[ChannelEvent] = deque()
        self._uncommitted: dict[str, Heard] = {}
        self._withheld: dict[str, Incoming] = {}
        self._offline_since: datetime | None = None
        self._wake = asyncio.Event()
        self._closed = False

    # ---- the port -------------------------------------------------------------------------------------------------

    @property
    def health(self) -> Health:
        """The present state."""
        return self._health

    async def listen(self) -> AsyncIterator[ChannelEvent]:
        """Health first, then everything that happens, until `close`; see `Channel.listen`."""
        self._closed = False
        yield self._health
        for heard in list(self._uncommitted.values()):
            yield heard
        while not self._closed:
            while self._waiting:
                event = self._waiting.popleft()
                if isinstance(event, Heard):
                    self._uncommitted[event.incoming.key] = event
                yield event
            self._wake.clear()
            await self._wake.wait()

    async def committed(self, heard: Heard, duplicate: bool) -> None:
        """The value need not be told again."""
        self._uncommitted.pop(heard.incoming.key, None)

    @property
    def pending(self) -> int:
        """How much was heard and is not safe in an inbox yet."""
        return len(self._waiting) + len(self._uncommitted)

    async def perform(self, order: Order) -> Receipt:
        """Do one thing, after meeting the faults that a test has put in the way."""
        self.began.append(order)
        receipt = await self.faults.meet(order)
        shown = ""
        if receipt is None or receipt.outcome in (Outcome.SENT, Outcome.DOUBTFUL):
            done, shown = self._do(order)
            receipt = receipt or done
        self.performed.append(Performed(order, receipt, self._clock(), shown))
        return receipt

    async def refetch(self, external_id: str) -> Incoming | None:
        """The message that was said unreadable, once `make_readable` was called for it."""
        incoming = self._withheld.get(external_id)
        return incoming if incoming is not None and incoming.kind is not IncomingKind.UNREADABLE else None

    async def close(self) -> None:
        """End `listen`; what was not committed is told by the next one."""
        self._closed = True
        self._wake.set()

    # ---- what people do -------------------------------------------------------------------------------------------

    def say(
        self,
        room: Room,
        person: ExternalPerson,
        text: str = "",
        *,
        kind: MessageKind = MessageKind.TEXT,
        mentions: Sequence[ExternalPerson] = (),
        to_bot: bool = False,
        to_all: bool = False,
        quote: Posted | None = None,
        at: datetime | None = None,
        unreadable: bool = False,
    ) -> str:
        """Somebody posts; returns the message's id, or an empty one when the platform keeps a muted person silent."""
        at = at or self._clock()
        if room.muted.get(person.external_id, at) > at:
            return ""
        external_id = f"m{self.community.number()}"
        room.messages.append(Posted(external_id, person.external_id, text, at, kind))
        incoming = Incoming(
            IncomingKind.MESSAGE,
            at,
            external_id,
            room.as_external(),
            person,
            mentions=tuple(mentions),
            mentions_bot=to_bot,
            mentions_all=to_all,
            message_kind=kind,
            text=text,
            quote=self._quote(room, quote),
        )
        if unreadable:
            self._withheld[external_id] = replace(incoming, kind=IncomingKind.UNREADABLE)
            incoming = Incoming(IncomingKind.UNREADABLE, at, external_id)
        self.hear(incoming)
        return external_id

    def make_readable(self, external_id: str) -> None:
        """From now on `refetch` finds this message."""
        self._withheld[external_id] = replace(self._withheld[external_id], kind=IncomingKind.MESSAGE)

    def type_on_phone(self, room: Room, text: str, at: datetime | None = None) -> str:
        """The account's owner writes with the account itself."""
        posted = Posted(f"m{self.community.number()}", "", text, at or self._clock())
        room.messages.append(posted)
        self._echo(room, posted)
        return posted.external_id

    def recall(self, room: Room, external_id: str) -> None:
        """The author takes a message back."""
        posted = room.posted(external_id)
        author = room.members.get(posted.author) if posted is not None else None
        room.recalled.add(external_id)
        self._happen(IncomingKind.RECALLED, room, sender=author, reference=external_id)

    def join(self, room: Room, *people: ExternalPerson, inviter: ExternalPerson | None = None) -> None:
        """People come in, perhaps brought by somebody."""
        room.members.update({person.external_id: person for person in people})
        self._happen(IncomingKind.JOINED, room, sender=inviter, people=people)

    def leave(self, room: Room, *people: ExternalPerson, remover: ExternalPerson | None = None) -> None:
        """People go, or somebody removes them."""
        for person in people:
            room.members.pop(person.external_id, None)
        self._happen(IncomingKind.LEFT, room, sender=remover, people=people)

    def invite(self, room: Room, inviter: ExternalPerson) -> str:
        """Somebody invites the account into a room it is not in; returns what accepting needs."""
        room.present = False
        reference = f"invite:{room.external_id}:{self.community.number()}"
        self.hear(
            Incoming(
                IncomingKind.ROOM_INVITED,
                self._clock(),
                reference,
                room.as_external(),
                inviter,
                reference=reference,
            )
        )
        return reference

    def remove_bot(self, room: Room) -> None:
        """The account is taken out of a room."""
        room.present = False
        self._happen(IncomingKind.ROOM_LEFT, room)

    # ---- trouble --------------------------------------------------------------------------------------------------

    def disconnect(self, reason: str = "connection lost") -> None:
        """From now on nothing is heard; what happens meanwhile is lost, as on a platform without history."""
        self._offline_since = self._clock()
        self._set_health(replace(self._health, login=Login.OFFLINE, reason=reason, since=self._offline_since))

    def reconnect(self) -> None:
        """Hear again; the gap is told."""
        since, self._offline_since = self._offline_since, None
        self._set_health(replace(self._health, login=Login.ONLINE, reason="", since=self._clock()))
        if since is not None:
            self._put(Gap(since, self._clock(), "connection lost"))

    def log_in_as(self, account_id: str, account_name: str = "小管家") -> None:
        """Another contact is logged in from now on, on the same stream; an empty id: nobody is."""
        login = Login.ONLINE if account_id else Login.SCANNING
        self._set_health(Health(login, account_id=account_id, account_name=account_name, since=self._clock()))

    def hear(self, incoming: Incoming) -> None:
        """Put anything on the stream, as the platform would."""
        if self._offline_since is None:
            self._put(Heard(incoming, self._clock()))

    # ---- inside ---------------------------------------------------------------------------------------------------

    def _put(self, event: ChannelEvent) -> None:
        self._waiting.append(event)
        self._wake.set()

    def _set_health(self, health: Health) -> None:
        self._health = health
        self._put(health)

    def _happen(
        self,
        kind: IncomingKind,
        room: Room,
        *,
        sender: ExternalPerson | None = None,
        people: Sequence[ExternalPerson] = (),
        reference: str = "",
    ) -> None:
        self.hear(
            Incoming(kind, self._clock(), "", room.as_external(), sender, people=tuple(people), reference=reference)
        )

    def _quote(self, room: Room, quote: Posted | None) -> ExternalQuote | None:
        if quote is None:
            return None
        author = room.members.get(quote.author)
        name = author.shown if author is not None else self._health.account_name
        return ExternalQuote(name, quote.text, quote.external_id)

    def _do(self, order: Order) -> tuple[Receipt, str]:
        room = self.community.find(order.room)
        if order.kind == "accept_invite":
            return self._accept(order.reference), ""
        if room is None or not room.present:
            return Receipt(Outcome.REFUSED, reason="the account is not in this room"), ""
        if order.kind == "say":
            return self._say_own(room, order)
        if order.kind == "send_file" and order.file is not None:
            return self._post_own(
                room, Posted("", "", "", self._clock(), kind_of_file(order.file), order.file.name)
            ), ""
        return self._act(room, order), ""

    def _act(self, room: Room, order: Order) -> Receipt:
        if order.kind == "recall":
            room.recalled.add(order.reference)
        elif order.kind == "mute":
            room.muted[order.member] = order.until or datetime.max.replace(tzinfo=UTC)
        elif order.kind == "unmute":
            room.muted.pop(order.member, None)
        elif order.kind == "remove":
            person = room.members.get(order.member)
            if person is None:
                return Receipt(Outcome.REFUSED, reason="nobody of this name is in the room")
            self.leave(room, person, remover=self._self())
        else:
            return Receipt(Outcome.REFUSED, reason=f"this channel cannot do {order.kind}")
        return Receipt(Outcome.SENT)

    def _say_own(self, room: Room, order: Order) -> tuple[Receipt, str]:
        shown = with_mentions(order.text, tuple(one.name for one in order.mentions))
        return self._post_own(room, Posted("", "", shown, self._clock())), shown

    def _post_own(self, room: Room, made: Posted) -> Receipt:
        posted = replace(made, external_id=f"m{self.community.number()}")
        room.messages.append(posted)
        if self.echo is Echo.BEFORE:
            self._echo(room, posted)
        elif self.echo is Echo.AFTER:
            # The reply of the call is read first, then the echo.
            asyncio.get_running_loop().call_soon(self._echo, room, posted)
        return Receipt(Outcome.SENT, posted.external_id if self.returns_ids else "")

    def _accept(self, reference: str) -> Receipt:
        room = self.community.rooms.get(reference.split(":")[1] if reference.count(":") == 2 else "")
        if room is None:
            return Receipt(Outcome.REFUSED, reason="no such invitation")
        room.present = True
        self._happen(IncomingKind.ROOM_JOINED, room)
        return Receipt(Outcome.SENT)

    def _self(self) -> ExternalPerson:
        return ExternalPerson(self._health.account_id, self._health.account_name)

    def _echo(self, room: Room, posted: Posted) -> None:
        self.hear(
            Incoming(
                IncomingKind.OWN_MESSAGE,
                posted.at,
                posted.external_id,
                room.as_external(),
                self._self(),
                message_kind=posted.kind,
                text=posted.text,
            )
        )
