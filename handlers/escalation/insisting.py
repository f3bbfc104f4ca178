"""Who brings up the same thing for the third time within minutes, and nobody turned to them: plain words, but look."""

from datetime import timedelta
from itertools import pairwise

from domain.events import MessagePosted
from domain.facts import Facts
from domain.incoming import MessageKind
from domain.text import TextFacts
from handlers.addressing import speaks_to_others
from handlers.talk import last_turned_to

TIMES = 3
WITHIN = timedelta(minutes=10)
APART = timedelta(seconds=15)
"""Faster is a flood, or the same words sent twice by a bad connection."""
SHORTEST, LONGEST = 4, 60
ALIKE, COMMON = 0.5, 2
"""Pairs of neighbouring characters in common, of the shorter one's: 货还没到吗 and 我的货怎么还没到."""
UNEASY = 0.35
"""Probability of a complaint or a bad mood; who asks thrice whether anybody comes along is not waiting for us."""


def insists(event: MessagePosted, facts: Facts) -> bool:
    """Whether this is the third time, uneasy, with no word from the bot or anybody else in between."""
    text = facts.text
    if text is None or event.kind is not MessageKind.TEXT or text.is_list or speaks_to_others(event):
        return False
    recent = facts.member(event.sender.id).recent
    if len(recent) + 1 < TIMES or not SHORTEST <= len(text.compact) <= LONGEST or not _uneasy(text):
        return False
    answered, asked, later, times = last_turned_to(event, facts), _pairs(text.compact), event.at, 1
    for one in reversed(recent):
        if event.at - one.at > WITHIN or (answered is not None and one.at <= answered):
            break
        alike = one.kind is MessageKind.TEXT and _alike(asked, _pairs("".join(filter(str.isalnum, one.norm))))
        if alike and later - one.at >= APART:
            times, later = times + 1, one.at
    return times >= TIMES


def _uneasy(text: TextFacts) -> bool:
    pressed = "!!" in text.norm or "??" in text.norm or "?!" in text.norm or "!?" in text.norm
    return pressed or max(text.grievance, text.mood) >= UNEASY


def _pairs(compact: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(compact)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    return common >= COMMON and common >= ALIKE * min(len(one), len(other))
