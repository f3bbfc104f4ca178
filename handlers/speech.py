"""How handlers speak: texts of the book as `Say` actions with the right class, expiry and merging."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.actions import Guard, Merge, Say, SendClass
from domain.book import Book
from domain.events import MessagePosted, Person
from domain.facts import CaseFacts, Facts
from domain.ids import RoomId
from domain.merge import render
from domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks the texts of one book. Expiries count from the event's own time, so a backlog says nothing stale."""

    book: Book

    def text(self, key: str, facts: Facts, **values: object) -> str:
        """A text with its variables filled in, the variant chosen by the event's entropy."""
        return self.book.texts.say(key, facts.event.entropy, **({"bot": self.book.bot_name} | values))

    def answer(self, facts: Facts, key: str, to: Person | None = None, **values: object) -> Say:
        """An answer to what was just said, in the same room; expires as answers do."""
        return self.words(facts, self.text(key, facts, **values), to)

    def words(self, facts: Facts, text: str, to: Person | None = None) -> Say:
        """The same with words that are made already."""
        return Say(
            room_id=facts.event.room_id,
            send_class=SendClass.ANSWER,
            expires_at=after(facts, facts.policy.expiry.answer),
            text=text,
            mentions=_to(facts, to),
        )

    def merged(
        self,
        facts: Facts,
        key: str,
        about: str,
        who: Person,
        detail: str = "",
        send_class: SendClass = SendClass.EVENT,
        **values: object,
    ) -> Say:
        """An acknowledgement that joins others of the room under ``about``; the names stand in the text itself."""
        frame = self.text(key, facts, names="{names}", details="{details}", **values)
        event = facts.event
        message = event.external_id if isinstance(event, MessagePosted) else ""
        merge = Merge(about, frame, who.name, detail, who.id, message)
        greeting = send_class is SendClass.GREETING
        expiry = facts.policy.expiry
        return Say(
            room_id=facts.event.room_id,
            send_class=send_class,
            expires_at=after(facts, expiry.greeting if greeting else expiry.acknowledgement),
            text=render((merge,)),
            merge=merge,
            unasked=greeting,
        )

    def announce(self, facts: Facts, text: str, mentions: tuple[Person, ...] = ()) -> Say:
        """Something for the whole room that follows from its events: a draw opens or is decided."""
        return Say(
            room_id=facts.event.room_id,
            send_class=SendClass.EVENT,
            expires_at=after(facts, facts.policy.expiry.acknowledgement),
            text=text,
            mentions=mentions,
        )

    def about_case(self, facts: Facts, key: str, thread: CaseFacts, epoch: int, **values: object) -> Say:
        """The bot's word to a case's member; void once somebody takes or gives back the case."""
        return Say(
            room_id=thread.room_id,
            send_class=SendClass.ANSWER,
            expires_at=after(facts, policy_in(self.book, facts, thread.room_id).expiry.acknowledgement),
            text=self.text(key, facts, case=thread.number, **values),
            mentions=to_member(facts, thread.room_id, thread.member),
            guard=Guard(thread.number, epoch),
        )

    def to_staff(self, facts: Facts, text: str, case: int | None = None) -> tuple[Say, ...]:
        """Words for every agents' room; with ``case`` a notice that can be quoted. They never expire."""
        marked = text if case is None else f"{notice_mark(case)}{text}"
        return tuple(
            Say(room_id=room_id, send_class=SendClass.STAFF, text=marked, notice_of=case)
            for room_id in facts.world.staff_rooms
        )

    def heard_in_case(self, facts: Facts, case: CaseFacts, words: str) -> tuple[Say, ...]:
        """What a case's member said, for every agents' room; several in a row become one notice, none is lost."""
        # A nickname is no part of the template, whatever braces it has.
        name = case.member.name.replace("{", "(").replace("}", ")")
        frame = notice_mark(case.number) + self.text("notice.more", facts, name=name, text="{details}")
        merge = Merge(f"case:{case.number}", frame, name, words)
        return tuple(
            Say(
                room_id=room_id,
                send_class=SendClass.STAFF,
                text=render((merge,)),
                merge=merge,
                notice_of=case.number,
            )
            for room_id in facts.world.staff_rooms
        )


def notice_mark(case: int) -> str:
    """How a notice begins, so that quoting it names the case."""
    return f"【#{case}】"


def after(facts: Facts, seconds: int) -> datetime:
    """The expiry of words that stay true this long after the event."""
    return facts.event.at + timedelta(seconds=seconds)


def policy_in(book: Book, facts: Facts, room_id: RoomId) -> Policy:
    """The policy of a room that need not be the event's."""
    if room_id == facts.event.room_id:
        return facts.policy
    room = facts.world.rooms.get(room_id)
    return book.policy_of(room.key) if room is not None else book.policy


def room_name(facts: Facts, room_id: RoomId) -> str:
    """How people know a room."""
    room = facts.world.rooms.get(room_id)
    if room is None:
        return f"{room_id}"
    return room.topic or ("私聊" if room.private else room.key)


def to_member(facts: Facts, room_id: RoomId, person: Person) -> tuple[Person, ...]:
    """The @ in front: none in a private chat."""
    room = facts.world.rooms.get(room_id)
    return () if room is not None and room.private else (person,)


def _to(facts: Facts, person: Person | None) -> tuple[Person, ...]:
    return () if person is None else to_member(facts, facts.event.room_id, person)
