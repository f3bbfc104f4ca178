"""Answers with variables (who asked, where, on which day; anything else in braces stands) and the files behind them."""

import re

from domain.actions import Say, SendFile
from domain.book import FaqEntry
from domain.calendar_day import local
from domain.events import MessagePosted
from domain.facts import Facts
from handlers.speech import room_name

VARIABLES = frozenset({"member", "room", "date"})
MEMBER = "{member}"
_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def variables(answer: str) -> frozenset[str]:
    """The names between braces that look like variables, known or not."""
    return frozenset(_VARIABLE.findall(answer))


def pieces(answer: str) -> list[str]:
    """The parts of an answer that are the same for everybody, in order."""
    return _VARIABLE.split(answer)[::2]


def filled(answer: str, event: MessagePosted, facts: Facts) -> str:
    """The answer with its variables filled in, in one pass: a nickname with braces is no template."""
    if "{" not in answer:
        return answer
    today = local(event.at, facts.policy.time_zone)
    values = {
        "member": event.sender.name,
        "room": room_name(facts, event.room_id),
        "date": f"{today.month}月{today.day}日",
    }
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), answer)


def files_behind(say: Say, entry: FaqEntry, event: MessagePosted) -> tuple[SendFile, ...]:
    """The entry's images and files, behind its words and under their terms."""
    return tuple(
        SendFile(
            room_id=say.room_id,
            send_class=say.send_class,
            expires_at=say.expires_at,
            file=name,
            to=event.sender,
            unasked=True,
            not_before=say.not_before,
        )
        for name in entry.files
    )
