"""How calls end: gRPC's codes, and what HTTP/2 says where gRPC says nothing; errors without their details."""

import re
from types import MappingProxyType
from urllib.parse import unquote

OK = 0
CODES = (
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
)
"""By number, as gRPC's statuscodes.md lists them."""

_HTTP = MappingProxyType(
    {
        "400": "INTERNAL",
        "401": "UNAUTHENTICATED",
        "403": "PERMISSION_DENIED",
        "404": "UNIMPLEMENTED",
        "429": "UNAVAILABLE",
        "502": "UNAVAILABLE",
        "503": "UNAVAILABLE",
        "504": "UNAVAILABLE",
    }
)
"""What a proxy's answer means (gRPC's http-grpc-status-mapping.md)."""

_REFUSED_STREAM = 7
_RESETS = MappingProxyType(
    {
        _REFUSED_STREAM: "UNAVAILABLE",
        8: "CANCELLED",
        11: "RESOURCE_EXHAUSTED",
        12: "PERMISSION_DENIED",
    }
)
"""What HTTP/2's own end of a stream means; every other number is INTERNAL (gRPC's PROTOCOL-HTTP2.md, errors)."""


class CallError(Exception):
    """A call failed. Its text is the status alone: details may hold the token, a member's words or a stack.

    ``left`` is false when it is certain that the gateway never took up the request.
    """

    def __init__(self, code: str, details: str = "", *, left: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.left = left
        self._details = details

    def says(self, words: re.Pattern[str]) -> bool:
        """Whether the details hold such words."""
        return words.search(self._details) is not None


def of_reset(number: int) -> CallError:
    """Of a stream that the gateway has ended by RST_STREAM."""
    return CallError(_RESETS.get(number, "INTERNAL"), left=number != _REFUSED_STREAM)


def of_trailers(fields: dict[str, str], http: str) -> CallError | None:
    """Of the last headers of a call, and the HTTP status of its first ones; None for a call that went well."""
    status = fields.get("grpc-status")
    if status is None:
        return CallError(_HTTP.get(http, "UNKNOWN") if http != "200" else "UNKNOWN")
    number = int(status) if status.isascii() and status.isdigit() else 2
    if number == OK:
        return None
    name = CODES[number] if number < len(CODES) else "UNKNOWN"
    return CallError(name, unquote(fields.get("grpc-message", ""), errors="replace"))
