"""Manners: people first. What the bot meant to say falls away when somebody has answered, or the talk has gone on."""

from collections.abc import Iterator
from datetime import timedelta

from domain.actions import Action, CancelSends, Cause, Remember
from domain.book import Book
from domain.decision import NOTHING, Opinion
from domain.events import Event, MessagePosted
from domain.facts import Facts
from domain.ids import NO_MEMBER, MemberId
from domain.incoming import MessageKind
from handlers.addressing import is_addressed
from handlers.asked import command_of
from handlers.company import pending
from handlers.moderation.flood import is_ritual
from handlers.openings import is_here, opening_of
from handlers.talk import SPOKEN_TO, turned_to

_NO_ANSWER = frozenset({MessageKind.STICKER, MessageKind.SYSTEM, MessageKind.RED_PACKET, MessageKind.GROUP_NOTE})


class Manners:
    """Listens to who speaks to whom; says nothing itself."""

    name = "manners"
    listens: tuple[type, ...] = (MessagePosted,)

    def __init__(self, book: Book) -> None:
        self._bot_name = book.bot_name

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Which words that still wait need not be said, and whose run of messages is broken."""
        assert isinstance(event, MessagePosted)
        if facts.room.staff:
            return NOTHING
        turned = turned_to(event, facts)
        gone = _gone_on(event, facts, turned)
        actions = (*gone, *self._people_first(event, facts, turned), *_broken(event, facts, turned))
        return Opinion(actions=actions) if actions else NOTHING

    def _people_first(self, event: MessagePosted, facts: Facts, turned: tuple[MemberId, ...]) -> Iterator[Action]:
        """Words of staff, the owner or an admin answer those whom they turn to, or else all who wait."""
        if facts.room.private or not facts.is_privileged(event.sender.id) or not self._says_something(event, facts):
            return
        for member in turned or (NO_MEMBER,):
            yield CancelSends(room_id=event.room_id, member_id=member, cause=Cause.ANSWERED)

    def _says_something(self, event: MessagePosted, facts: Facts) -> bool:
        if event.kind in _NO_ANSWER or is_addressed(event, facts):
            return False
        if facts.text is None:
            return True
        command = command_of(event, facts, self._bot_name)
        return command is None and not is_ritual(facts.text.norm) and opening_of(facts.text.compact) is None


def _gone_on(event: MessagePosted, facts: Facts, turned: tuple[MemberId, ...]) -> Iterator[Action]:
    """在的 is not said to one who has said more, nor to one to whom somebody spoke."""
    sender, text = event.sender.id, facts.text
    said_more = text is None or opening_of(text.compact) is None
    all_others = not turned and text is not None and is_here(text.compact)
    whose = None if all_others else (sender, *turned) if said_more else turned
    for member, external_id in pending(event, facts, whose):
        if member != sender or said_more:
            yield CancelSends(room_id=event.room_id, member_id=member, external_id=external_id, cause=Cause.GONE_ON)


def _broken(event: MessagePosted, facts: Facts, turned: tuple[MemberId, ...]) -> Iterator[Action]:
    """Others' replies break a member's run of short messages."""
    since = event.at - timedelta(seconds=facts.policy.talk.join_window)
    for member in turned:
        recent = facts.member(member).recent
        if recent and recent[-1].at >= since:
            yield Remember(room_id=event.room_id, member_id=member, key=SPOKEN_TO, at=event.at)
