"""Two bots that answer each other for ever: a member whose every message gets a reply is left alone for a while."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.actions import Action, Remember, Say, SendClass
from domain.events import MessagePosted
from domain.facts import Facts
from handlers.asked import command_of

REPLIED = "talk.replied"
"""Marks (room, member) ``talk.replied:3``: the third message in a row that got a reply."""
PAUSED = "talk.paused"


def paused(event: MessagePosted, facts: Facts) -> bool:
    """Whether the sender is left alone. Commands, complaints and order are served all the same."""
    since = facts.mark(PAUSED, event.sender.id)
    return since is not None and event.at - since < timedelta(seconds=facts.policy.talk.loop_pause)


def last_reply(event: MessagePosted, facts: Facts) -> datetime | None:
    """When the sender's latest message with a reply was said, among those counted."""
    times = (facts.mark(f"{REPLIED}:{n}", event.sender.id) for n in range(1, facts.policy.talk.loop_messages + 1))
    return max((at for at in times if at is not None), default=None)


def counted(event: MessagePosted, facts: Facts, actions: Iterable[Action], bot_name: str) -> tuple[Remember, ...]:
    """What to remember when these actions reply to the sender; commands are no talk and do not count."""
    if facts.room.staff or not any(_replies(action, event) for action in actions):
        return ()
    if facts.is_privileged(event.sender.id) or command_of(event, facts, bot_name) is not None:
        return ()
    count = _in_a_row(event, facts) + 1
    marks = [_mark(event, f"{REPLIED}:{count}")]
    if count >= facts.policy.talk.loop_messages:
        marks.append(_mark(event, PAUSED))
    return tuple(marks)


def _replies(action: Action, event: MessagePosted) -> bool:
    talk = isinstance(action, Say) and action.room_id == event.room_id and action.guard is None
    return talk and isinstance(action, Say) and action.send_class is SendClass.ANSWER


def _in_a_row(event: MessagePosted, facts: Facts) -> int:
    """How many messages right before this one, within the window, each got a reply."""
    recent, policy = facts.member(event.sender.id).recent, facts.policy.talk
    first = facts.mark(f"{REPLIED}:1", event.sender.id)
    if not recent or first is None or event.at - first > timedelta(seconds=policy.loop_window):
        return 0
    counts = range(policy.loop_messages - 1, 0, -1)
    return next((n for n in counts if facts.mark(f"{REPLIED}:{n}", event.sender.id) == recent[-1].at), 0)


def _mark(event: MessagePosted, key: str) -> Remember:
    return Remember(room_id=event.room_id, member_id=event.sender.id, key=key, at=event.at)
