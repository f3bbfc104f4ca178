"""One FAQ entry through ruamel.yaml's round trip: what changes is changed, comments and ways of writing stay."""

import io
import re
from collections.abc import Mapping
from copy import deepcopy
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.config.faq import KEYS
from domain.decision import Json

Values = Mapping[str, Any]
"""An entry as plain values: texts, numbers, truth values, dates, lists and tables of these."""
_WIDE = 100_000
"""Characters in a line: never broken by us."""
_INDENT = re.compile(r" *")


def rewritten(own: str, held: Mapping[str, Json], values: Values) -> tuple[str, ...]:
    """An entry's own lines with other values, in ways of which the caller takes the first that reads right.

    First with every comment line of the entry, then with those only that the round trip kept, in case one of the
    others was no comment; then both with all quotes. Nothing for what ruamel.yaml cannot read by itself (an alias).
    """
    at = column(own)
    offset = offset_of(own, at)
    try:
        listed = _yaml(offset).load(_shifted(own, offset - at))
    except YAMLError:
        return ()
    if not isinstance(listed, CommentedSeq) or len(listed) != 1 or not isinstance(listed[0], CommentedMap):
        return ()
    found: list[str] = []
    for quoted in (False, True):
        copied = deepcopy(listed)
        _change(copied[0], held, values, quoted)
        made = _shifted(_dumped(copied, offset), at - offset)
        found += [_with_comments(own, made), made]
    return tuple(dict.fromkeys(found))


def written(values: Values, at: int, offset: int) -> tuple[str, ...]:
    """A new entry, its dash in column ``at``, the dashes of its lists ``offset`` columns in behind their keys.

    In ways of which the caller takes the first that reads right: with few quotes, and with all.
    """
    found: list[str] = []
    for quoted in (False, True):
        made = CommentedMap()
        _change(made, {}, values, quoted)
        found.append(_shifted(_dumped(CommentedSeq([made]), offset), at - offset))
    return tuple(found)


def _with_comments(before: str, after: str) -> str:
    """Comment lines that went with what they stood beside, put in front of the next line that is still there."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for number, line in enumerate(old):
        if line.lstrip().startswith("#") and line not in new:
            following = (new.index(other) for other in old[number + 1 :] if other.strip() and other in new)
            new.insert(next(following, len(new)), line)
    return "".join(new)


def _change(entry: CommentedMap, held: Mapping[str, Json], values: Values, quoted: bool) -> None:
    for key in [key for key in entry if str(key) not in values]:
        del entry[key]
    for key, value in sorted(values.items(), key=lambda one: _place(one[0])):
        if key in entry and plain(held.get(key)) == plain(value):
            continue
        if key in entry and isinstance(entry[key], CommentedSeq) and isinstance(value, list | tuple):
            _change_items(entry[key], list(value), quoted)
        elif key in entry:
            entry[key] = _made(value, quoted)
        else:
            before = sum(_place(str(other)) < _place(key) for other in entry)
            entry.insert(before, key, _made(value, quoted))


def _change_items(items: CommentedSeq, wanted: list[Any], quoted: bool) -> None:
    """Take out what is gone and put in what is new, so that comments beside the others stay."""
    held = [repr(plain([item])) for item in items]
    steps = SequenceMatcher(None, held, [repr(plain([item])) for item in wanted], autojunk=False).get_opcodes()
    for kind, first, last, begin, end in reversed(steps):
        if kind == "equal":
            continue
        for place in reversed(range(first, last)):
            del items[place]
        for item in reversed(wanted[begin:end]):
            items.insert(first, _made(item, quoted))


def _made(value: Any, quoted: bool) -> Any:
    """The value as it shall be written: texts of several lines as blocks."""
    if isinstance(value, str):
        return LiteralScalarString(value) if "\n" in value else DoubleQuotedScalarString(value) if quoted else value
    if isinstance(value, Mapping):
        return CommentedMap((key, _made(one, quoted)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return CommentedSeq(_made(one, quoted) for one in value)
    return value


def _place(key: str) -> int:
    return KEYS.index(key) if key in KEYS else len(KEYS)


def plain(value: Any) -> Any:
    """A form in which what means the same is equal: a text and a list of it alone, a day and its text."""
    if isinstance(value, list | tuple):
        items = [plain(item) for item in value]
        return [item[0] if isinstance(item, list) and len(item) == 1 else item for item in items]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if value is None or isinstance(value, bool):
        return value
    return [str(value).strip()]


def _yaml(offset: int) -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    return yaml


def _dumped(listed: CommentedSeq, offset: int) -> str:
    out = io.StringIO()
    _yaml(offset).dump(listed, out)
    return out.getvalue()


def column(text: str) -> int:
    match = _INDENT.match(text)
    return 0 if match is None else match.end()


def offset_of(text: str, at: int) -> int:
    """How far the dashes of lists stand in behind their key, by the first list inside an entry, else by the entries."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for before, line in pairwise(lines):
        key = re.match(r"(?: *- +| +)(?=\w+ *:\s*(?:#.*)?$)", before)
        if key is not None and key.end() > at and line.lstrip().startswith("- "):
            return min(max(column(line) - key.end(), 0), 4)
    return min(at, 4)


def _shifted(text: str, by: int) -> str:
    """Every line moved right, or left where it has room."""
    if by >= 0:
        return "".join(" " * by + line if line.strip() else line for line in text.splitlines(keepends=True))
    return "".join(line[min(-by, column(line)) :] for line in text.splitlines(keepends=True))
