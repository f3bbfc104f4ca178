"""Which member command a message is, if any: its whole text, in a place where commands count."""

from functools import lru_cache

from domain.events import MessagePosted
from domain.facts import Facts
from domain.incoming import MessageKind
from domain.member_command import MemberCommand, parse_member_command
from handlers.addressing import speaks_to_others
from handlers.once import once
from handlers.repeats import KEPT


@once
def command_of(event: MessagePosted, facts: Facts, bot_name: str) -> MemberCommand | None:
    """The command of this message. None for 接龙, pictures, words to others (``@小王 签到``) and everything else."""
    if event.kind is not MessageKind.TEXT or speaks_to_others(event):
        return None
    if facts.text is not None and facts.text.is_list:
        return None
    return _parsed(event.text, (bot_name, facts.account.name))


_parsed = lru_cache(maxsize=KEPT)(parse_member_command)
