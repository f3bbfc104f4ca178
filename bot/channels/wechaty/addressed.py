"""Who a message addresses with @: by the platform's ids where it gives them, else by the bot's own names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.channels.mentions import EVERYBODY, find_mentions
from domain.incoming import ExternalPerson

EVERYBODY_IDS = frozenset({"notify@all", "announcement@all"})
"""What some gateways give as the id of @所有人."""

_SOMEBODY = "\0"
_COMMAND = ("#", "＃")
# WeChat ends a chosen name with U+2005; names may hold spaces, so that only this separator can be trusted.
_CHOSEN = re.compile("[@＠]([^@＠\u2005\n]{1,64})\u2005")
_OWN_PREFIX = re.compile("\\A(?:@[^\u2005\n]{1,64}\u2005 ?)+")


@dataclass(frozen=True, slots=True)
class Addressed:
    """Own words without @names, the people addressed (never the bot), whether the bot is, whether all are."""

    text: str
    people: tuple[ExternalPerson, ...] = ()
    bot: bool = False
    everybody: bool = False


def names_of(*people: ExternalPerson) -> dict[str, str]:
    """Shown names and aliases to ids."""
    return {name: one.external_id for one in people for name in (one.alias, one.name) if name}


def by_ids(text: str, ids: Sequence[str], own: ExternalPerson, others: Sequence[ExternalPerson]) -> Addressed:
    """The ids rule: whoever is not among them is not addressed, however the text reads.

    @所有人 lists every member, the bot too, on some gateways; it is addressed then only if it is also named.
    """
    listed = own.external_id in ids
    found = find_mentions(text, names_of(*others, *((own,) if listed else ())))
    everybody = found.everybody or not EVERYBODY_IDS.isdisjoint(ids)
    # Whose name we could not learn: a chosen name is no word of the writer's.
    rest = _CHOSEN.sub(" ", found.text).strip() if len(found.ids) < len(set(ids)) else found.text
    bot = listed and (not everybody or own.external_id in found.ids)
    people = tuple(one for one in others if not everybody or one.external_id in found.ids)
    return Addressed(rest, people, bot, everybody)


def by_names(text: str, own: ExternalPerson, neighbours: Iterable[str]) -> Addressed:
    """Without ids only the bot can be addressed, by one of its names in this room.

    ``neighbours`` are other members' names that begin like the bot's: @小管家二号 is not 小管家. Names that the
    platform has put in (U+2005 behind them) are cut out whoever they are, but not out of a staff command: there a
    name is what the command is about (`#12 转给 @某`).
    """
    mine = names_of(own)
    command = find_mentions(text, mine).text.startswith(_COMMAND)
    chosen = {name for name in _CHOSEN.findall(text) if not command and name not in mine and name not in EVERYBODY}
    others = {name: _SOMEBODY for name in (*chosen, *neighbours) if name not in mine}
    found = find_mentions(text, others | mine)
    return Addressed(found.text, (), own.external_id in found.ids, found.everybody)


def own_words(text: str) -> str:
    """What this account said, without the @names that were put in front: equal to the text that was to be sent."""
    return _OWN_PREFIX.sub("", text)
