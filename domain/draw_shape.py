"""The shape of a draw's receipt: which fields it has and what each may hold, so that the checks can trust it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import cast

from domain.draw import canonical
from domain.draw_receipt import FORMAT, VERSION

_HASH = re.compile(r"[0-9a-f]{64}")
_ENTRANT = re.compile(r"[0-9a-f]{32}")
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= 10**9


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_entrant(value: object) -> bool:
    return isinstance(value, str) and _ENTRANT.fullmatch(value) is not None


def _is_stamp(value: object) -> bool:
    if not isinstance(value, str) or _STAMP.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _or_null(test: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or test(value)


_TERMS = {
    "draw_id": _is_text,
    "title": _is_text,
    "prizes": [{"name": _is_text, "count": _is_count}],
    "opened_at": _is_stamp,
    "closes_at": _or_null(_is_stamp),
    "rules": _is_text,
}
_ROSTER = {
    "draw_id": _is_text,
    "entrants": [{"id": _is_entrant, "name": _is_text, "at": _is_stamp}],
    "exclusions": [{"id": _is_entrant, "reason": _is_text}],
}
_RECEIPT = {
    "format": lambda value: value == FORMAT,
    "version": lambda value: type(value) is int and value == VERSION,
    "terms": _TERMS,
    "rules_hash": _is_hash,
    "commitment": _is_hash,
    "closed_at": _is_stamp,
    "roster": _ROSTER,
    "roster_hash": _is_hash,
    "seed": _is_hash,  # 32 bytes, as many as a hash
    "winners": [{"slot": _is_count, "prize": _is_text, "id": _is_entrant, "name": _is_text, "rank": _is_count}],
    "redraws": [
        {"slot": _is_count, "id": _is_entrant, "reason": _is_text, "at": _is_stamp, "successor": _or_null(_is_entrant)}
    ],
}


def misshapen(receipt: object) -> str | None:
    """The path of the first thing in a JSON value that is no receipt's, None when it has the shape of one."""
    path = next(_misfits(receipt, _RECEIPT, ""), None)
    if path is not None:
        return path or "top level"
    try:
        canonical(receipt).encode()
    except UnicodeEncodeError:
        return "text that has no UTF-8 form"
    return None


def _misfits(value: object, shape: object, path: str) -> Iterator[str]:
    if isinstance(shape, dict):
        if not isinstance(value, dict) or value.keys() != shape.keys():
            yield path
            return
        for name, inner in shape.items():
            yield from _misfits(value[name], inner, f"{path}.{name}" if path else name)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield path
            return
        for index, item in enumerate(value):
            yield from _misfits(item, shape[0], f"{path}[{index}]")
    elif not cast(Callable[[object], bool], shape)(value):
        yield path
