"""One question in several short messages: how much of what one line finds is found, and what else is answered."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.dryrun import DryRun, Line
from domain.book import Book, FaqEntry
from handlers.catalog import build

DEVSETS = Path(__file__).parent / "devsets"
THREADS, TALK, OWN = DEVSETS / "faq_threads.txt", DEVSETS / "grouptalk.txt", DEVSETS / "faq_own.txt"
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
_ROOMS = count()
PAUSE = timedelta(seconds=4)
RUN = 3
"""Messages of ordinary talk that one member says in a row."""


def entries_of_our_own() -> list[str]:
    """The questions that threads and dialect lines are about."""
    threads = [line.split("\t")[0] for line in _lines(THREADS)]
    return list(dict.fromkeys([*(line.split("\t")[1] for line in _lines(OWN)), *threads]))


def threads() -> str:
    """Figures of all threads, and of talk in runs beside the same talk said singly."""
    entries = entries_of_our_own()
    book = Book(faq=tuple(FaqEntry(str(number), text, ("答。",)) for number, text in enumerate(entries)))
    dry_run = DryRun(build(book), NOON)
    found = [line.split("\t") for line in _lines(THREADS)]
    numbers = {text: str(number) for number, text in enumerate(entries)}
    split = [_answered(dry_run, pieces.split("|")) for _, pieces in found]
    whole = [_answered(dry_run, ["，".join(pieces.split("|"))]) for _, pieces in found]
    right = [sum(numbers[entry] in got for (entry, _), got in zip(found, all_, strict=True)) for all_ in (split, whole)]
    wrong = [
        sum(bool(got - {numbers[entry]}) for (entry, _), got in zip(found, all_, strict=True))
        for all_ in (split, whole)
    ]
    talk = _lines(TALK)
    runs = sum(len(_answered(dry_run, talk[at : at + RUN])) for at in range(0, len(talk), RUN))
    single = sum(len(_answered(dry_run, [text])) for text in talk)
    share = [count_ / len(found) for count_ in right]
    return (
        f"  threads n={len(found)}: right in pieces {share[0]:.3f}, in one line {share[1]:.3f} "
        f"({share[0] / max(share[1], 1e-9):.3f} of it); wrong {wrong[0]} and {wrong[1]}; "
        f"answers to {len(talk)} lines of talk in runs {runs}, singly {single}"
    )


def _answered(dry_run: DryRun, texts: Sequence[str]) -> set[str]:
    """The entries that answer, when one member says these in a room of their own."""
    room = f"room {next(_ROOMS)}"
    found: set[str] = set()
    for place, text in enumerate(texts):
        line = Line(str(place), text, room=room, member=room, at=NOON + place * PAUSE)
        for finding in dry_run.judge(line).findings:
            if finding.rule in ("faq", "joined") and finding.level == "answer":
                found.add(str(finding.details["entry"]))
    return found


def _lines(path: Path) -> list[str]:
    """The lines of a file that are no comments; of tables the last column of talk."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [line.split("\t")[-1] for line in lines] if path == TALK else lines
