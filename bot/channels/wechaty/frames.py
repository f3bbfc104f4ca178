"""HTTP/2 on the wire (RFC 9113): frames, and headers (RFC 7541) without a table that both sides would have to keep."""

import logging
import struct
from collections.abc import Iterable

from hpack import Decoder, HPACKError

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITISED = 0x1, 0x1, 0x4, 0x8, 0x20
MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE = 3, 4
CANCEL = 8
LARGEST_FRAME = 16_384
"""Bytes in one frame; neither side may send more unless the other has allowed it, and nobody does here."""
FIRST_WINDOW = 65_535
"""Bytes that may be under way before either side has said otherwise."""
HEAD_BYTES = 9
HEAD = struct.Struct(">HBBBL")
"""Length (two parts), kind, flags, stream."""

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_HEADER_TABLE_SIZE, _ENABLE_PUSH = 1, 2
_SETTING = struct.Struct(">HL")
_NUMBER = struct.Struct(">L")
_MOST_BLOCKS = 512
"""Remembered blocks of headers. A gateway sends few, but with the second in them."""
# Places in the static table of RFC 7541, appendix A.
_AUTHORITY, _PATH, _AUTHORIZATION = 1, 4, 23
_POST, _HTTP, _HTTPS = b"\x83", b"\x86", b"\x87"

# At DEBUG it writes every header; gateways that refuse a token send it back in them.
logging.getLogger("hpack").setLevel(logging.WARNING)


class Broken(ValueError):
    """The other side does not speak HTTP/2 as it should."""


def frame(kind: int, flags: int, stream: int, body: bytes = b"") -> bytes:
    """One frame."""
    size = len(body)
    return HEAD.pack(size >> 8, size & 0xFF, kind, flags, stream) + body


def hello(window: int, connection_window: int) -> bytes:
    """What a client says first: no pushes, no header table, and how much it takes on a stream and in all."""
    settings = ((_HEADER_TABLE_SIZE, 0), (_ENABLE_PUSH, 0), (INITIAL_WINDOW_SIZE, window))
    first = frame(SETTINGS, 0, 0, b"".join(_SETTING.pack(*one) for one in settings))
    return _PREFACE + first + window_update(0, connection_window - FIRST_WINDOW)


def window_update(stream: int, size: int) -> bytes:
    """So many bytes more may come."""
    return frame(WINDOW_UPDATE, 0, stream, _NUMBER.pack(size))


def reset(stream: int, code: int) -> bytes:
    """The end of one stream from our side."""
    return frame(RST_STREAM, 0, stream, _NUMBER.pack(code))


def number_of(body: bytes) -> int:
    """The number that WINDOW_UPDATE, RST_STREAM or the beginning of GOAWAY holds."""
    if len(body) < _NUMBER.size:
        raise Broken("cut off")
    return int(_NUMBER.unpack_from(body)[0])


def settings_of(body: bytes) -> Iterable[tuple[int, int]]:
    """What the other side wishes: name and value."""
    if len(body) % _SETTING.size:
        raise Broken("cut off")
    return _SETTING.iter_unpack(body)


def content(flags: int, body: bytes) -> bytes:
    """A body without its padding and its place in an order that nobody heeds (DATA and HEADERS)."""
    start, end = 0, len(body)
    if flags & PADDED:
        if not body:
            raise Broken("cut off")
        start, end = 1, end - body[0]
    if flags & PRIORITISED:
        start += 5
    if start > end:
        raise Broken("more padding than frame")
    return body[start:end]


def request_head(path: str, authority: str, authorization: str, *, encrypted: bool) -> bytes:
    """The headers of a gRPC call. Nothing in them depends on what went before, so they are written once."""
    return b"".join(
        (
            _POST,
            _HTTPS if encrypted else _HTTP,
            _indexed(_PATH, path),
            _indexed(_AUTHORITY, authority),
            _named("te", "trailers"),
            _named("content-type", "application/grpc"),
            _named("user-agent", "steward"),
            # “Never indexed”: no relay may keep the token in a table either.
            _integer(_AUTHORIZATION, 4, 0x10) + _text(authorization),
        )
    )


class HeaderReader:
    """Reads the headers of answers.

    We have told the other side to use no table, so equal bytes mean equal headers: most are had without decoding.
    """

    def __init__(self) -> None:
        self._decoder = Decoder()
        self._decoder.max_allowed_table_size = 0
        self._decoder.header_table_size = 0
        self._known: dict[bytes, dict[str, str]] = {}

    def read(self, block: bytes) -> dict[str, str]:
        """Names and values; of a name told twice the last. Raises `Broken`."""
        known = self._known.get(block)
        if known is None:
            if len(self._known) >= _MOST_BLOCKS:
                self._known.clear()
            known = self._known[block] = self._decode(block)
        return known

    def _decode(self, block: bytes) -> dict[str, str]:
        try:
            fields = self._decoder.decode(block, raw=True)
        except HPACKError as error:
            raise Broken("unreadable headers") from error
        return {_plain(name): _plain(value) for name, value, *_ in fields}


def _plain(text: str | bytes) -> str:
    return text if isinstance(text, str) else bytes(text).decode("utf-8", "replace")


def _indexed(name: int, value: str) -> bytes:
    return _integer(name, 4, 0) + _text(value)


def _named(name: str, value: str) -> bytes:
    return b"\x00" + _text(name) + _text(value)


def _text(text: str) -> bytes:
    raw = text.encode()
    return _integer(len(raw), 7, 0) + raw


def _integer(number: int, bits: int, flags: int) -> bytes:
    """RFC 7541, 5.1."""
    most = (1 << bits) - 1
    if number < most:
        return bytes((flags | number,))
    parts = bytearray((flags | most,))
    number -= most
    while number >= 0x80:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)
