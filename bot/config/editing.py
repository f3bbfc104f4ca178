"""Writes an entry into the operator's own FAQ file; comments, order and every other line stay as they are.

Only the entry's own lines are taken out, changed by ruamel.yaml's round trip and put back.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.config.nodes import BadYaml, Items, Leaf, Table, as_json, parse
from bot.config.roundtrip import Values, column, offset_of, plain, rewritten, written
from domain.decision import Json
from domain.errors import StewardError

REFUSAL = "这一条的写法没法自动改（用了锚点，或几条写在一行里），请在文件里手动改"


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in a file. ``first`` and ``last`` are the lines (from 1) that are its own."""

    text: str
    first: int
    last: int
    values: Mapping[str, Json]
    keys: Mapping[str, int]
    """Key → its line."""

    @property
    def mark(self) -> str:
        """Tells whether somebody has changed the entry since."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:32]

    def key_at(self, line: int) -> str:
        """The key whose lines a line is among; empty for none of this entry's."""
        if not self.first <= line <= self.last:
            return ""
        return max((at, key) for key, at in self.keys.items() if at <= line)[1]


def find(text: str, entry_id: str) -> Written | None:
    """The entry as it stands in a file's text; None where there is none. Raises `StewardError` for broken YAML."""
    lines, entries, end = _entries(text)
    for number, table in enumerate(entries):
        named = table.get("id")
        if isinstance(named, Leaf) and named.text.strip() == entry_id:
            first = _first(lines, table)
            following = _first(lines, entries[number + 1]) if number + 1 < len(entries) else end
            last = _last(lines, first, following)
            keys = {key.text: key.line for key, _ in table.pairs}
            values = as_json(table)
            assert isinstance(values, dict)
            return Written("".join(lines[first : last + 1]), first + 1, last + 1, values, keys)
    return None


def with_entry(text: str, entry_id: str, values: Values) -> str:
    """The file's text with the entry holding exactly these values; one that is not there yet comes last.

    What comes out is read again and must be the old content with this entry and nothing else; raises `StewardError`
    where the file's way of writing does not allow that.
    """
    unix = text.replace("\r\n", "\n")
    held = find(unix, entry_id)
    wanted = _wanted(unix, entry_id, values)
    ways = _appended(unix, values) if held is None else _replaced(unix, held, values)
    edited = next((way for way in ways if _reads_as(way, wanted)), None)
    if edited is None:
        raise StewardError(REFUSAL)
    return edited.replace("\n", "\r\n") if "\r\n" in text else edited


def without_entry(text: str, entry_id: str) -> str:
    """The file's text without the entry's own lines; raises `StewardError` where that is not all that would change."""
    unix = text.replace("\r\n", "\n")
    held = find(unix, entry_id)
    if held is None:
        raise StewardError("文件里没有这一条了")
    lines = unix.splitlines(keepends=True)
    head, tail = lines[: held.first - 1], lines[held.last :]
    # The blank line that parted it from the next one goes along.
    if head and not head[-1].strip() and (not tail or not tail[0].strip()):
        head.pop()
    root = as_json(parse(unix))
    assert isinstance(root, dict) and isinstance(root["entries"], list)
    left = [one for one in root["entries"] if not (isinstance(one, dict) and str(one.get("id")).strip() == entry_id)]
    ways = ["".join([*head, *tail])] if left else [re.sub(r"(?m)^entries *:", "entries: []", "".join([*head, *tail]))]
    if not _reads_as(ways[0], {**root, "entries": left}):
        raise StewardError(REFUSAL)
    return ways[0].replace("\n", "\r\n") if "\r\n" in text else ways[0]


def _reads_as(text: str, wanted: Json) -> bool:
    try:
        return as_json(parse(text)) == wanted
    except BadYaml:
        return False


# ---- where it stands -------------------------------------------------------------------------------------------------


def _entries(text: str) -> tuple[list[str], list[Table], int]:
    """The lines, the entries, and the line (from 0) after the last line that can be an entry's."""
    try:
        root = parse(text)
    except BadYaml as error:
        raise StewardError(f"文件第 {error.line} 行有误，先改好：{error.message}") from None
    lines = text.splitlines(keepends=True)
    if not isinstance(root, Table):
        raise StewardError(REFUSAL)
    listed = root.get("entries")
    after = (key.line - 1 for key, node in root.pairs if isinstance(listed, Items) and key.line > listed.line)
    tables = [node for node in listed.nodes if isinstance(node, Table)] if isinstance(listed, Items) else []
    return lines, tables, min(after, default=len(lines))


def _first(lines: Sequence[str], table: Table) -> int:
    """The line (from 0) with the entry's dash."""
    line = table.line - 1
    for at in (line, line - 1):
        if at >= 0 and lines[at].lstrip().startswith("-"):
            return at
    raise StewardError(REFUSAL)


def _last(lines: Sequence[str], first: int, following: int) -> int:
    """The entry's last line (from 0): blank lines, and comments no deeper than its dash, belong to what comes next."""
    last, dash = following - 1, column(lines[first])
    while last > first and _is_between(lines[last], dash):
        last -= 1
    return last


def _is_between(line: str, dash: int) -> bool:
    return not line.strip() or (line.lstrip().startswith("#") and column(line) <= dash)


# ---- changing it -----------------------------------------------------------------------------------------------------


def _replaced(text: str, held: Written, values: Values) -> tuple[str, ...]:
    lines = text.splitlines(keepends=True)
    head, tail = "".join(lines[: held.first - 1]), "".join(lines[held.last :])
    return tuple(f"{head}{own}{tail}" for own in rewritten(held.text, held.values, values))


def _appended(text: str, values: Values) -> tuple[str, ...]:
    lines, entries, end = _entries(text)
    if not entries:
        return tuple(_first_of_all(text, made) for made in written(values, 2, 2))
    first = _first(lines, entries[-1])
    at = column(lines[first])
    place = _last(lines, first, end) + 1
    head, tail = "".join(lines[:place]), "".join(lines[place:])
    apart = "" if head.endswith("\n") else "\n"
    if len(entries) > 1 and not lines[first - 1].strip():
        apart += "\n"
    return tuple(f"{head}{apart}{made}{tail}" for made in written(values, at, offset_of(text, at)))


def _first_of_all(text: str, made: str) -> str:
    """Into a file without entries: behind its ``entries:``, or with one."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if re.match(r"entries *:", line):
            lines[number] = re.sub(r": *(?:\[ *\]|~|null)? *(#.*)?$", r": \1", line.rstrip("\n")).rstrip() + "\n"
            lines.insert(number + 1, made)
            return "".join(lines)
    head = text if not text or text.endswith("\n") else f"{text}\n"
    return f"{head}entries:\n{made}"


# ---- comparing -------------------------------------------------------------------------------------------------------


def _wanted(text: str, entry_id: str, values: Values) -> Json:
    """What the file must read as afterwards."""
    root = as_json(parse(text))
    assert isinstance(root, dict)
    listed = root.get("entries")
    entries = list(listed) if isinstance(listed, list) else []
    made = {key: _json(value) for key, value in values.items()}
    for number, one in enumerate(entries):
        if isinstance(one, dict) and str(one.get("id")).strip() == entry_id:
            # What says the same is left as it was written.
            entries[number] = {k: one[k] if k in one and plain(one[k]) == plain(v) else v for k, v in made.items()}
            break
    else:
        entries.append(made)
    return {**root, "entries": entries}


def _json(value: Any) -> Json:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    assert value is None or isinstance(value, str | int | float)
    return value
