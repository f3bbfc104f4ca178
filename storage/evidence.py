"""What of a message a verdict was about: its text in pieces, those that were matched apart from the others."""

from collections.abc import Iterable, Sequence
from typing import Any

LONGEST = 160
"""Characters shown of one message."""
BEFORE = 40
"""Of these in front of the first match."""

Piece = tuple[str, bool]
"""Some of the text, and whether it was matched."""


def spans_of(findings: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    """The places in the text that findings with a consequence name, in order, overlapping ones joined."""
    spans = {tuple(span) for one in findings if one.get("level") in ("warn", "remove") for span in one.get("spans", ())}
    found: list[tuple[int, int]] = []
    for start, end in sorted((int(start), int(end)) for start, end in spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """The text around the first match, cut to `LONGEST`; … stands for what is left out. Empty without a text."""
    first = max(0, spans[0][0] - BEFORE) if spans else 0
    last = min(len(text), first + LONGEST)
    found: list[Piece] = [("…", False)] if first else []
    at = first
    for start, end in spans:
        if start >= last:
            break
        found += [(text[at:start], False), (text[start : min(end, last)], True)]
        at = min(end, last)
    found.append((text[at:last] + ("…" if last < len(text) else ""), False))
    return tuple(piece for piece in found if piece[0])
