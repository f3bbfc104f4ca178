"""A clear question to the bot that no entry is near: it says so, once in a while, and how to reach a person."""

import re
from datetime import timedelta

from domain.actions import Remember
from domain.events import MessagePosted
from domain.facts import Facts
from domain.text import TextFacts
from handlers.addressing import asks_what_it_is, is_addressed
from handlers.faq.learning import is_question
from handlers.faq.phrase import strip
from handlers.text.insult_model import insulting

ADMITTED = "faq.unknown"
"""The member's mark of the last time they were told so in a room."""
_ABOUT_THE_BOT = re.compile(r"(?<![问跟和给请让帮])[你您](?![们家这那店司])|机器人|管家|助手")
_TEASING = 0.3
"""From this probability of an insult on nothing is said: who teases gets no second reply."""


def is_due(event: MessagePosted, facts: Facts) -> bool:
    """Whether the sender asks the bot something clear, by an @ or in private, and was not told lately that it is lost.

    Not who asks on in a quote, has a case open, or asks about the bot itself.
    """
    policy = facts.policy.faq
    if not policy.admit or facts.text is None or not is_addressed(event, facts):
        return False
    if (event.quote is not None and not event.mentions_bot) or facts.open_case(event.sender.id) is not None:
        return False
    last = facts.mark(ADMITTED, event.sender.id)
    if last is not None and event.at - last < timedelta(seconds=policy.admit_every):
        return False
    return is_question(event.text) and not _teases(facts.text)


def mark(event: MessagePosted) -> Remember:
    """Remember that the sender was told."""
    return Remember(room_id=event.room_id, member_id=event.sender.id, key=ADMITTED, at=event.at)


def _teases(text: TextFacts) -> bool:
    if asks_what_it_is(text) or _ABOUT_THE_BOT.search(strip(text.norm)):
        return True
    return insulting(text.norm, text.compact) >= _TEASING
