"""Runs the examples that stand beside FAQ entries: what must be answered by an entry, and what must not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from bot.dryrun import DryRun, Line
from domain.book import Book, Example, FaqEntry
from domain.calendar_day import community_day, instant
from domain.decision import Finding
from handlers.catalog import build
from handlers.judge import Engine


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not come out: found was ``level`` with the entry that is nearest and its probability."""

    example: Example
    entry: str
    wanted: bool
    """Whether the entry was to answer, or was not to."""
    addressed: bool
    level: str
    nearest: str
    score: float

    def __str__(self) -> str:
        manner = "@ 了" if self.addressed else "没有 @"
        wanted = f"应该由 {self.entry} 回答" if self.wanted else f"不该由 {self.entry} 回答"
        return f"{self.example.where}: error: “{self.example.text}”（{manner}）{wanted}，实际{self._found()}"

    def _found(self) -> str:
        if not self.nearest:
            return "没有相近的问答"
        score = f"{self.nearest} {self.score:.2f}"
        named = {"answer": f"由 {score} 回答", "suggest": f"没有把握回答，最像 {score}"}
        return named.get(self.level, f"不回答，最像 {score}")


@dataclass(frozen=True, slots=True)
class Tested:
    """How many judgements were made (each example twice) and which of them failed."""

    examples: int
    entries: int
    failures: tuple[Failure, ...]


def run(book: Book, now: datetime | None = None, only: str = "", running: Engine | None = None) -> Tested:
    """Judge every example of the enabled entries, ambient and addressed, on a day on which its entry holds.

    ``only``: the examples of this one entry. ``running``: an engine of nearly the same book.
    """
    wanted = (entry for entry in book.faq if entry.enabled and only in ("", entry.id))
    entries = [entry for entry in wanted if entry.asks or entry.refuses]
    if not entries:
        return Tested(0, 0, ())
    dry_run = DryRun(build(book, running), now)
    today = community_day(now or datetime.now(UTC), book.policy.time_zone)
    failures = [failure for entry in entries for failure in _failures(dry_run, book, entry, today)]
    return Tested(sum(len(entry.asks) + len(entry.refuses) for entry in entries), len(entries), tuple(failures))


def _failures(dry_run: DryRun, book: Book, entry: FaqEntry, today: date) -> Iterator[Failure]:
    noon = instant(_day(entry, today), time(12), book.policy.time_zone)
    room = entry.rooms[0] if entry.rooms else None
    wishes = [(example, True) for example in entry.asks] + [(example, False) for example in entry.refuses]
    for example, wanted in wishes:
        for addressed in (False, True):
            line = Line(example.where, example.text, room=room, at=noon, mention=addressed)
            finding = next(one for one in dry_run.judge(line).findings if one.rule == "faq")
            if (finding.level == "answer" and finding.details.get("entry") == entry.id) != wanted:
                yield _failure(example, entry, finding, wanted, addressed)


def _failure(example: Example, entry: FaqEntry, finding: Finding, wanted: bool, addressed: bool) -> Failure:
    nearest = str(finding.details.get("entry", ""))
    return Failure(example, entry.id, wanted, addressed, finding.level, nearest, finding.score)


def _day(entry: FaqEntry, today: date) -> date:
    """Today, or the day nearest to it on which the entry answers."""
    if entry.until is not None and entry.until < today:
        return entry.until
    return max(entry.since, today) if entry.since is not None else today
