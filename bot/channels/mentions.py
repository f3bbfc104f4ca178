"""Which @names a text holds, and the text without them: own words only are judged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

EVERYBODY = ("所有人", "全体成员", "all", "everyone")
_SEPARATORS = "\u2005\u2004\u2009\u00a0 \t\n"
_TIDY = re.compile(r"[ \t\u2004\u2005\u2009\u00a0]{2,}")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What was found: own words, the ids of those addressed, and whether everybody was."""

    text: str
    ids: tuple[str, ...]
    everybody: bool


def find_mentions(text: str, names: Mapping[str, str]) -> Mentions:
    """Cut every ``@name`` out of ``text``. ``names`` maps a shown name or room alias to an id.

    The longest known name wins (小管家二号 is not 小管家); a name may stand at any place, with or without the
    platform's separator (U+2005) behind it. Unknown @words stay in the text.
    """
    if "@" not in text and "＠" not in text:
        return Mentions(text, (), False)
    known = sorted((name for name in {*names, *EVERYBODY} if name), key=len, reverse=True)
    ids: list[str] = []
    own: list[str] = []
    everybody = False
    place = 0
    while place < len(text):
        name = _name_at(text, place, known)
        if name is None:
            own.append(text[place])
            place += 1
            continue
        if name in names:
            ids.append(names[name])
        else:
            everybody = True
        own.append(" ")
        place += 1 + len(name)
        if place < len(text) and text[place] in _SEPARATORS:
            place += 1
    return Mentions(_TIDY.sub(" ", "".join(own)).strip(), tuple(dict.fromkeys(ids)), everybody)


def _name_at(text: str, place: int, known: list[str]) -> str | None:
    """The longest known name behind an @ at this place; a Latin name ends at a word's end."""
    if text[place] not in "@＠":
        return None
    for name in known:
        end = place + 1 + len(name)
        if not text.startswith(name, place + 1):
            continue
        cut_word = end < len(text) and name[-1].isascii() and name[-1].isalnum() and text[end].isascii()
        if not (cut_word and text[end].isalnum()):
            return name
    return None


def with_mentions(text: str, names: tuple[str, ...], separator: str = " ") -> str:
    """The text with ``@name`` for each known name in front."""
    return "".join(f"@{name}{separator}" for name in names if name) + text
