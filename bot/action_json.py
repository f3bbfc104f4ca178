"""Actions in the outside form of `steward judge`: a JSON object with ``type`` and the action's own fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache

from domain.actions import Action
from domain.decision import Json

SECRET = frozenset({"seed", "salt", "entropy"})
"""Never shown: they would give a draw away."""


@cache
def type_name(kind: type) -> str:
    """``OpenCase`` → ``open_case``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def as_json(action: Action) -> dict[str, Json]:
    """One action. Empty fields are left out; people are ``{"id", "name"}``, times ISO 8601."""
    kind: type = type(action)
    values = {name: _value(getattr(action, name)) for name in _names(kind)}
    return {"type": type_name(kind), **{name: value for name, value in values.items() if value is not None}}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in SECRET)


def _value(value: object) -> Json:
    if isinstance(value, Enum):
        return str(value.value) if isinstance(value.value, str) else value.name.lower()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if is_dataclass(value):
        return {name: _value(getattr(value, name)) for name in _names(value.__class__)}
    if isinstance(value, Mapping):
        return {str(key): _value(one) for key, one in value.items()}
    if isinstance(value, Sequence | frozenset | set):
        return [_value(one) for one in value]
    return str(value)
