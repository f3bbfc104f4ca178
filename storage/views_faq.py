"""How each FAQ entry fares: answers, offers taken, and what people did in the minutes after an answer."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from storage.columns import load
from storage.tables.path import FINDINGS, MESSAGES
from storage.tables.people import ROOMS
from storage.tables.staff import BINDINGS

AFTER = timedelta(minutes=10)
"""What happens within this after an answer has to do with it."""
MOST = 20_000
"""Messages that are looked through."""
_ANSWERING = {"choice": "taken", "follow_up": "answer", "joined": "answer", "faq": "answer"}
"""Rules whose finding names the entry that was said, the narrowest first, with the level that says it."""

_MADE_UP = ("wrong", "rephrased")
"""Feedback to which the bot says that it is sorry, or offers a person."""
ROTTEN_FROM, ROTTEN_SHARE = 3, 0.3
"""An entry is worth a look when so many of its answers, at least, and this share of them, were of no help."""


@dataclass(slots=True)
class EntryStat:
    """One entry in a span of time."""

    entry: str
    hits: int = 0
    """Answers that were said."""
    taken: int = 0
    """Of these by the number of a suggestion."""
    nearly: int = 0
    """Messages that it was likeliest for, but not sure enough."""
    asked_again: int = 0
    refused: int = 0
    complained: int = 0
    corrected: int = 0
    last_at: datetime | None = None

    @property
    def trouble(self) -> int:
        """How often people let on that the answer did not help."""
        return self.asked_again + self.refused + self.complained + self.corrected

    @property
    def rotten(self) -> bool:
        """Whether it often does not help."""
        return self.trouble >= ROTTEN_FROM and self.trouble >= ROTTEN_SHARE * self.hits


@dataclass(slots=True)
class _Answered:
    """An answer whose minutes are not over."""

    stat: EntryStat
    at: datetime
    room: int
    member: int
    corrected: bool = False


@dataclass(slots=True)
class _Count:
    stats: dict[str, EntryStat] = field(default_factory=dict)
    lately: list[_Answered] = field(default_factory=list)

    def of(self, entry: str) -> EntryStat:
        return self.stats.setdefault(entry, EntryStat(entry))

    def staff_spoke(self, row: Any) -> None:
        for one in self._open(row)[-1:]:
            one.stat.corrected += not one.corrected
            one.corrected = True

    def member_spoke(self, row: Any) -> None:
        findings = {one["rule"]: one for one in load(row.findings) or ()}
        acts = {action.get("type") for action in load(row.actions) or ()}
        said, faq = _said(findings) if "say" in acts else "", findings.get("faq", {})
        near = str(faq.get("entry", "")) if faq.get("level") in ("answer", "suggest") else ""
        own = [one for one in self._open(row) if one.member == row.member_id]
        # Asked again once, however often it was answered before.
        for stat in {one.stat.entry: one.stat for one in own}.values():
            stat.asked_again += stat.entry in (said, near)
        if own and "open_case" in acts:
            own[-1].stat.complained += 1
        feedback = findings.get("feedback", {})
        if feedback.get("entry") and feedback.get("level") == "wrong":
            self.of(str(feedback["entry"])).refused += 1
        if said:
            stat = self.of(said)
            stat.hits, stat.taken, stat.last_at = stat.hits + 1, stat.taken + ("choice" in findings), row.at
            self.lately.append(_Answered(stat, row.at, row.room_id, row.member_id))
        elif faq.get("level") == "suggest":
            self.of(near).nearly += 1

    def _open(self, row: Any) -> list[_Answered]:
        self.lately = [one for one in self.lately if row.at - one.at <= AFTER]
        return [one for one in self.lately if one.room == row.room_id]


def statistics(
    conn: Connection, since: datetime, staff_rooms: Collection[str]
) -> tuple[list[EntryStat], datetime | None]:
    """The entries that did anything since then, most used first; with the time from which on messages were counted,
    where there were too many.
    """
    staff = set(conn.execute(select(BINDINGS.c.member_id)).scalars())
    rows = conn.execute(_query(since, staff_rooms)).all()
    count = _Count()
    for row in reversed(rows):
        led = row.member_id == row.owner_id or row.member_id in load(row.admins)
        if row.own or row.member_id in staff or led:
            if not row.own or '"owner"' in (row.findings or ""):
                count.staff_spoke(row)
        else:
            count.member_spoke(row)
    found = sorted(count.stats.values(), key=lambda one: (-one.hits, -one.nearly, one.entry))
    return found, rows[-1].at if len(rows) == MOST else None


def _said(findings: dict[str, Any]) -> str:
    """The entry that was answered with; empty where the bot said something else."""
    if findings.get("feedback", {}).get("level") in _MADE_UP:
        return ""
    for rule, level in _ANSWERING.items():
        if findings.get(rule, {}).get("level") == level:
            return str(findings[rule].get("entry", ""))
    return ""


def _query(since: datetime, staff_rooms: Collection[str]) -> Any:
    message = (MESSAGES.c.room_id, MESSAGES.c.member_id, MESSAGES.c.at, MESSAGES.c.own, MESSAGES.c.norm)
    return (
        select(*message, FINDINGS.c.findings, FINDINGS.c.actions, ROOMS.c.owner_id, ROOMS.c.admins)
        .join(FINDINGS, FINDINGS.c.event_id == MESSAGES.c.event_id, isouter=True)
        .join(ROOMS, ROOMS.c.id == MESSAGES.c.room_id)
        .where(MESSAGES.c.at >= since, ROOMS.c.key.not_in(list(staff_rooms)))
        .order_by(MESSAGES.c.event_id.desc())
        .limit(MOST)
    )
