"""Quick reading and writing of `wechaty_grpc` messages: their own definitions, without betterproto's slow objects.

betterproto 1.2 took a third of the time that a message costs. Only what the messages used here consist of is known:
texts, lists of texts, numbers, flags and wrapped texts. Tests hold it against betterproto.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

Message = TypeVar("Message")

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_NUMBERS = frozenset({"enum", "uint32", "uint64", "int32", "int64"})


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: str
    many: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    fields: Mapping[int, _Field]
    numbers: Mapping[str, int]
    texts: Mapping[int, str]
    """How a field of one text begins → its name."""
    defaults: Mapping[str, Any]
    lists: tuple[str, ...]


_shapes: dict[type, _Shape] = {}


class WireError(ValueError):
    """These bytes are no message of this kind."""


def read(message: type[Message], raw: bytes) -> Message:
    """A message from its bytes; unknown fields are skipped. Raises ValueError: `WireError` or UnicodeDecodeError."""
    shape = _shape(message)
    values = dict(shape.defaults)
    for listed in shape.lists:
        values[listed] = []
    place, end = 0, len(raw)
    while place < end:
        tag, place = raw[place], place + 1
        if tag >= 0x80:
            tag, place = _varint(raw, place - 1, end)
        wire = tag & 7
        if wire == _BYTES:
            size, place = _varint(raw, place, end)
            stop = place + size
            if stop > end:
                raise WireError("cut off")
            name = shape.texts.get(tag)
            if name is not None:
                # Most of every message.
                values[name] = raw[place:stop].decode()
            elif (field := shape.fields.get(tag >> 3)) is not None:
                _take(field, values, raw[place:stop])
            place = stop
            continue
        field = shape.fields.get(tag >> 3)
        if wire == _VARINT:
            number, place = _varint(raw, place, end)
            if field is not None:
                values[field.name] = _number(field, number)
        elif wire in (_FIXED64, _FIXED32) and field is None:
            place += 8 if wire == _FIXED64 else 4
        else:
            raise WireError("unexpected wire type")
    made = object.__new__(message)
    # What betterproto's own constructor would set, one attribute at a time.
    made.__dict__.update(values, _serialized_on_wire=True, _unknown_fields=b"", _group_map={})
    return made


def write(message: type, **texts: str | list[str]) -> bytes:
    """The bytes of a message with these text fields; empty ones are left out, as the protocol wants."""
    numbers = _shape(message).numbers
    parts: list[bytes] = []
    for name, value in texts.items():
        head = _written(numbers[name] << 3 | _BYTES)
        for text in (value,) if isinstance(value, str) else value:
            if text or not isinstance(value, str):
                chunk = text.encode("utf-8", "ignore")
                parts += (head, _written(len(chunk)), chunk)
    return b"".join(parts)


def _shape(message: type) -> _Shape:
    shape = _shapes.get(message)
    if shape is None:
        shape = _shapes[message] = _learn(message)
    return shape


def _learn(message: type) -> _Shape:
    blank = message()
    known: dict[int, _Field] = {}
    defaults: dict[str, Any] = {}
    lists: list[str] = []
    for one in fields(message):
        meta = one.metadata["betterproto"]
        default = getattr(blank, one.name)
        many = isinstance(default, list)
        kind = "wrapped" if meta.wraps == "string" else meta.proto_type
        if kind not in ("string", "bool", "wrapped") and kind not in _NUMBERS:
            raise TypeError(f"{message.__name__}.{one.name} is a {kind}, which is not read here")
        known[meta.number] = _Field(one.name, kind, many)
        if many:
            lists.append(one.name)
        else:
            defaults[one.name] = default
    numbers = {one.name: number for number, one in known.items()}
    texts = {number << 3 | _BYTES: one.name for number, one in known.items() if one.kind == "string" and not one.many}
    return _Shape(known, numbers, texts, defaults, tuple(lists))


def _take(field: _Field, values: dict[str, Any], chunk: bytes) -> None:
    if field.kind == "string":
        if field.many:
            values[field.name].append(chunk.decode())
        else:
            values[field.name] = chunk.decode()
    elif field.kind == "wrapped":
        values[field.name] = _unwrapped(chunk)
    else:
        raise WireError("a number was expected")


def _unwrapped(chunk: bytes) -> str:
    """google.protobuf.StringValue: one text in field 1."""
    if not chunk:
        return ""
    tag, place = _varint(chunk, 0, len(chunk))
    size, place = _varint(chunk, place, len(chunk))
    if tag != (1 << 3 | _BYTES) or place + size != len(chunk):
        raise WireError("no wrapped text")
    return chunk[place:].decode()


def _number(field: _Field, number: int) -> int | bool:
    if field.kind == "bool":
        return number > 0
    if field.kind not in _NUMBERS:
        raise WireError("a text was expected")
    # Negative numbers travel as 64 bits of two's complement.
    return number - (1 << 64) if number >= 1 << 63 and field.kind != "uint64" else number


def _varint(raw: bytes, place: int, end: int) -> tuple[int, int]:
    if place >= end:
        raise WireError("cut off")
    byte = raw[place]
    if byte < 0x80:
        return byte, place + 1
    value, shift = byte & 0x7F, 7
    for at in range(place + 1, min(end, place + 10)):
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at + 1
        shift += 7
    raise WireError("cut off")


def _written(number: int) -> bytes:
    if number < 0x80:
        return bytes((number,))
    parts = bytearray()
    while number >= 0x80:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)
