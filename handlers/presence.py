"""Who is here: people and the account itself coming, leaving and being renamed, and messages taken back."""

from domain.actions import (
    Action,
    Author,
    CancelSends,
    Cause,
    MarkRecalled,
    RenameRoom,
    SetPresence,
    SetRoomPresence,
)
from domain.book import Book
from domain.decision import NOTHING, Opinion
from domain.events import (
    Event,
    MemberJoined,
    MemberLeft,
    MessageRecalled,
    Person,
    RoomJoined,
    RoomLeft,
    RoomRenamed,
)
from domain.facts import Facts
from domain.ids import NO_MEMBER
from handlers.escalation.threads import Threads
from handlers.speech import room_name


class Presence:
    """Keeps the record straight, and drops answers that nobody waits for any more. Leaving is never announced."""

    name = "presence"
    listens: tuple[type, ...] = (MemberJoined, MemberLeft, RoomJoined, RoomLeft, RoomRenamed, MessageRecalled)

    def __init__(self, book: Book) -> None:
        self._threads = Threads.of(book)
        self._voice = self._threads.voice

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """The actions that follow from one of the events it listens to."""
        match event:
            case MemberJoined():
                return Opinion(actions=tuple(_present(event, person, True) for person in event.people))
            case MemberLeft():
                left = (action for person in event.people for action in self._left(event, person, facts))
                return Opinion(actions=tuple(left))
            case RoomJoined():
                return Opinion(actions=(SetRoomPresence(room_id=event.room_id, present=True, at=event.at),))
            case RoomLeft():
                return self._room_left(event, facts)
            case RoomRenamed():
                return Opinion(actions=(RenameRoom(room_id=event.room_id, topic=event.topic),))
            case MessageRecalled():
                return Opinion(actions=_recalled(event))
        return NOTHING

    def _left(self, event: MemberLeft, person: Person, facts: Facts) -> tuple[Action, ...]:
        gone = (
            _present(event, person, False),
            CancelSends(room_id=event.room_id, member_id=person.id, cause=Cause.LEFT),
        )
        case = facts.open_case(person.id)
        if case is None:
            return gone
        text = self._voice.text("notice.left", facts, name=person.name, room=room_name(facts, event.room_id))
        note = self._threads.append(case, facts, Author.NOTE, self._voice.book.bot_name, "已退群")
        return (*gone, note, *self._voice.to_staff(facts, text, case.number))

    def _room_left(self, event: RoomLeft, facts: Facts) -> Opinion:
        gone = SetRoomPresence(room_id=event.room_id, present=False, at=event.at)
        if facts.room.private:
            return Opinion(actions=(gone,))
        told = self._voice.text("notice.room_left", facts, room=room_name(facts, event.room_id))
        says = self._voice.to_staff(facts, told)
        return Opinion(actions=(gone, *(say for say in says if say.room_id != event.room_id)))


def _present(event: MemberJoined | MemberLeft, person: Person, present: bool) -> SetPresence:
    return SetPresence(room_id=event.room_id, member=person, present=present, at=event.at)


def _recalled(event: MessageRecalled) -> tuple[Action, ...]:
    author = event.sender.id if event.sender is not None else NO_MEMBER
    return (
        MarkRecalled(room_id=event.room_id, external_id=event.reference, at=event.at),
        CancelSends(room_id=event.room_id, member_id=author, external_id=event.reference),
    )
