"""Own echo: is a message of our own account one that we sent, or was it typed by the account's owner on the phone?

Time windows (`EchoRule`), all measured against the echo's own timestamp ``at``, not against when it was read:

- no row whose call began more than ``skew`` (5 s) after ``at`` can be its cause; platforms round to whole seconds;
- a row in flight or sent fits when its call began at most ``sent_within`` (120 s) before ``at``;
- a doubtful row fits by text only when its call began at most ``doubtful_within`` (30 s) before ``at``;
- a returned id needs no window: equal ids are the same message.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

State = Literal["calling", "sent", "doubtful"]


@dataclass(frozen=True, slots=True)
class EchoRule:
    """The windows of the module's first page."""

    skew: timedelta = timedelta(seconds=5)
    sent_within: timedelta = timedelta(seconds=120)
    doubtful_within: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An outbox row of the echo's room; ``state`` is ``calling``, ``sent`` or ``doubtful``.

    ``external_id`` is what the send returned, None while or when it told none. ``text`` is normalised the same way as
    the echo's. ``matched``: an earlier echo was found to be this row.
    """

    outbox_id: int
    text: str
    state: State
    external_id: str | None
    called_at: datetime
    matched: bool = False


@dataclass(frozen=True, slots=True)
class Echo:
    """A message of our own account as the channel read it. ``at`` is the platform's timestamp."""

    external_id: str | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Matched:
    """The echo is this row: it was sent for certain. The row's next echo of equal text is somebody else's."""

    outbox_id: int
    by: Literal["id", "text"]


@dataclass(frozen=True, slots=True)
class Wait:
    """Not decidable yet: these calls of the room are under way and may return the echo's id."""

    outbox_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TypedByOwner:
    """No send of ours explains the message: a person typed it into the account."""


Verdict = Matched | Wait | TypedByOwner


def plain(text: str) -> str:
    """The form in which sent and heard texts are compared: one width, without any whitespace.

    Platforms change blanks (U+2005 behind a mention becomes a space), line ends and full-width signs on the way.
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def alike(sent: str, heard: str) -> bool:
    """Whether two `plain` texts are one message: equal, or one lacks the @mentions in front that the other shows."""
    if sent == heard:
        # Neither has words: an image or a file.
        return True
    longer, shorter = (sent, heard) if len(sent) > len(heard) else (heard, sent)
    return bool(shorter) and longer.startswith("@") and longer.endswith(shorter)


def match(echo: Echo, candidates: Iterable[Candidate], rule: EchoRule = EchoRule()) -> Verdict:
    """Find the row that an echo belongs to.

    By id first; hearing the same id twice gives the same row. Else by equal text (`alike`) among rows that no echo
    has been matched to and whose id cannot be compared (either side has none): the oldest in flight or sent, and only
    then the oldest doubtful one, because a sent row certainly has an echo. Else wait while calls are under way.
    """
    rows = sorted(candidates, key=lambda row: (row.called_at, row.outbox_id))
    if echo.external_id is not None:
        for row in rows:
            if row.external_id == echo.external_id:
                return Matched(row.outbox_id, "id")
    open_rows = [row for row in rows if not row.matched and _comparable(row, echo) and _fits(row, echo, rule)]
    same = [row for row in open_rows if alike(row.text, echo.text)]
    if same:
        return Matched(min(same, key=lambda row: row.state == "doubtful").outbox_id, "text")
    calling = tuple(row.outbox_id for row in open_rows if row.state == "calling")
    return Wait(calling) if calling else TypedByOwner()


def _comparable(row: Candidate, echo: Echo) -> bool:
    # Two different ids are two different messages, whatever their texts.
    return row.external_id is None or echo.external_id is None


def _fits(row: Candidate, echo: Echo, rule: EchoRule) -> bool:
    longest = rule.doubtful_within if row.state == "doubtful" else rule.sent_within
    return -rule.skew <= echo.at - row.called_at <= longest
