"""Adds phrasings to an entry in the operator's own file; comments, order and every other line stay as they are."""

import json
from collections.abc import Sequence

from bot.config.nodes import BadYaml, Items, Leaf, Table, as_json, parse
from domain.decision import Json
from domain.errors import StewardError

_REFUSAL = "这一条的写法没法自动改，请在文件里手动加到 similar"


def with_similar(text: str, entry_id: str, phrases: Sequence[str]) -> str:
    """The text of an FAQ file with ``phrases`` in the entry's ``similar``.

    What comes out is read again and must be the old content with these phrases and nothing else; raises
    `StewardError` where the file's way of writing does not allow that.
    """
    try:
        return _checked(text, _edited(text, entry_id, phrases), entry_id, phrases)
    except (BadYaml, LookupError, ValueError):
        raise StewardError(_REFUSAL) from None


def _edited(text: str, entry_id: str, phrases: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    table = _entry(text, entry_id)
    added = [json.dumps(phrase, ensure_ascii=False) for phrase in phrases]
    similar = table.get("similar")
    if similar is None:
        # Before the second key: the first one may stand behind the dash.
        place = table.pairs[1][0].line - 1
        lines.insert(place, f"{_indent(lines[place])}similar: [{', '.join(added)}]\n")
    elif not isinstance(similar, Items):
        raise ValueError
    elif similar.nodes and lines[similar.nodes[-1].line - 1].lstrip().startswith("- "):
        place = similar.nodes[-1].line
        indent = _indent(lines[place - 1])
        lines[place - 1] = lines[place - 1].rstrip("\r\n") + "\n"
        lines[place:place] = [f"{indent}- {phrase}\n" for phrase in added]
    else:
        place = similar.nodes[-1].line - 1 if similar.nodes else similar.line - 1
        while "]" not in lines[place]:
            place += 1
        head, _, tail = lines[place].rpartition("]")
        comma = ", " if similar.nodes else ""
        lines[place] = f"{head.rstrip()}{comma}{', '.join(added)}]{tail}"
    return "".join(lines)


def _checked(text: str, edited: str, entry_id: str, phrases: Sequence[str]) -> str:
    wanted = as_json(parse(text))
    for entry in _entries(wanted):
        if str(entry.get("id")) == entry_id:
            held = entry.get("similar")
            entry["similar"] = [*(held if isinstance(held, list) else ()), *phrases]
    if as_json(parse(edited)) != wanted:
        raise ValueError
    return edited


def _entries(read: Json) -> list[dict[str, Json]]:
    listed = read.get("entries") if isinstance(read, dict) else None
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _entry(text: str, entry_id: str) -> Table:
    root = parse(text)
    listed = root.get("entries") if isinstance(root, Table) else None
    for node in listed.nodes if isinstance(listed, Items) else ():
        named = node.get("id") if isinstance(node, Table) else None
        if isinstance(node, Table) and isinstance(named, Leaf) and named.text == entry_id:
            return node
    raise LookupError(entry_id)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
