"""The account's own messages: settled when they are echoes, awaited while calls are under way, else the owner's."""

from dataclasses import replace
from datetime import timedelta

from domain.actions import CancelSends, Cause, SettleSend
from domain.decision import Opinion
from domain.events import OwnMessage
from domain.facts import Facts, SendFacts, SendState
from domain.ids import NO_MEMBER, EventId
from handlers.echo import LOOK_AGAIN, OwnEcho
from handlers.text.facts import read
from tests.handlers.facts_builder import MORNING, ROOM, a_book, a_world


def heard(text: str, *sends: SendFacts, external_id: str = "e1") -> Opinion:
    """The opinion about an own message while these sends are known."""
    event = OwnMessage(id=EventId(1), at=MORNING, room_id=ROOM, text=text, external_id=external_id)
    world = replace(a_world(), sends={ROOM: sends})
    book = a_book()
    return OwnEcho(book).decide(event, Facts(MORNING, book.policy, world, event, read(text)))


def a_send(norm: str, state: SendState = SendState.SENT, external_id: str | None = None) -> SendFacts:
    """A send of two seconds ago."""
    return SendFacts(7, state, norm, external_id, MORNING - timedelta(seconds=2))


def test_an_echo_of_a_sent_text_settles_it() -> None:
    opinion = heard("您好！", a_send("您好!"))
    assert [a.outbox_id for a in opinion.actions if isinstance(a, SettleSend)] == [7]
    assert opinion.findings[0].level == "echo"


def test_an_echo_waits_while_another_call_of_the_room_is_under_way() -> None:
    opinion = heard("您好", a_send("别的话", SendState.CALLING))
    assert opinion.defer_until == MORNING + LOOK_AGAIN
    assert opinion.actions == ()


def test_words_that_no_send_explains_are_the_owners() -> None:
    opinion = heard("我自己打的", a_send("您好", SendState.EXPIRED))
    assert [(f.rule, f.level) for f in opinion.findings] == [("own", "owner")]
    # Whoever holds the phone has answered: what the bot still meant to answer falls away.
    assert opinion.actions == (CancelSends(room_id=ROOM, member_id=NO_MEMBER, cause=Cause.ANSWERED),)


def test_equal_ids_are_the_same_message_whatever_the_text() -> None:
    opinion = heard("改过的", a_send("您好", external_id="e1"))
    assert [a.outbox_id for a in opinion.actions if isinstance(a, SettleSend)] == [7]
