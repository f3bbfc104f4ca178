"""The account's own message: the echo of a send that it settles, or words its owner typed on the phone."""

from collections.abc import Iterable
from datetime import timedelta
from typing import get_args

from domain.actions import CancelSends, Cause, SettleSend
from domain.book import Book
from domain.decision import Finding, Opinion
from domain.echo import Candidate, Echo, Matched, State, Wait, match, plain
from domain.events import Event, OwnMessage
from domain.facts import Facts, SendFacts
from domain.ids import NO_MEMBER
from domain.incoming import MessageKind

LOOK_AGAIN = timedelta(milliseconds=400)
"""How soon an echo that may belong to a call under way is judged again; every call settles or becomes doubtful."""


class OwnEcho:
    """Finds the outbox row that a message of our own account is the echo of."""

    name = "echo"
    listens: tuple[type, ...] = (OwnMessage,)

    def __init__(self, book: Book) -> None:
        """Needs nothing of the book."""

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Settle the send, wait while calls are under way, or note that a person typed it."""
        assert isinstance(event, OwnMessage)
        # What stands in an image's text differs from platform to platform; its row has none.
        words = plain(event.text) if event.kind is MessageKind.TEXT else ""
        echo = Echo(event.external_id or None, words, event.at)
        verdict = match(echo, _candidates(facts.world.sends.get(event.room_id, ())))
        if isinstance(verdict, Wait):
            return Opinion(defer_until=facts.now + LOOK_AGAIN)
        if isinstance(verdict, Matched):
            why = "与发送编号一致" if verdict.by == "id" else "与刚发出的文字一致"
            finding = Finding("own", 1.0, "echo", why, {"outbox": verdict.outbox_id})
            settled = SettleSend(outbox_id=verdict.outbox_id, external_id=event.external_id, at=facts.now)
            return Opinion((finding,), (settled,), final=True)
        # A person speaks with the account's own voice: what the bot meant to answer is answered.
        answered = CancelSends(room_id=event.room_id, member_id=NO_MEMBER, cause=Cause.ANSWERED)
        return Opinion((Finding("own", 1.0, "owner", "账号主人在手机上发的"),), (answered,), final=True)


def _candidates(sends: Iterable[SendFacts]) -> list[Candidate]:
    states: dict[str, State] = {state: state for state in get_args(State)}
    return [
        Candidate(send.outbox_id, send.norm, state, send.external_id, send.called_at, send.echoed)
        for send in sends
        if (state := states.get(send.state.value)) is not None
    ]
