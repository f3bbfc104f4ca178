"""What a bench says: rows of one table, with the machine and the day on which they were measured."""

import os
import platform
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, how, the value with its unit, and what it must reach (empty: nothing promised)."""

    figure: str
    how: str
    value: str
    reach: str = ""


def table(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table whose columns line up in a terminal too."""
    cells = [("figure", "how", "measured", "reach"), *((row.figure, row.how, row.value, row.reach) for row in rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(4)]
    lines = [_line(row, widths) for row in cells]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def machine() -> str:
    """The machine, what else it was doing, and the day, for a line above the table."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}, {datetime.now(UTC):%Y-%m-%d}"
    )


class Stolen:
    """What a virtual machine's host takes of its processors' time for others: no run is better than that allows."""

    def __init__(self) -> None:
        self._before = _ticks()

    def share(self) -> float:
        """The share since then, 0..1; 0 where the system does not tell."""
        stolen, every = (now - before for now, before in zip(_ticks(), self._before, strict=True))
        return stolen / every if every else 0.0


def _ticks() -> tuple[int, int]:
    """Ticks of all processors since the start: stolen ones, and all."""
    try:
        told = [int(one) for one in Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return 0, 0
    return told[7], sum(told)


def say(progress: str) -> None:
    """A sign of progress, apart from the table."""
    print(f"  {progress}", file=sys.stderr, flush=True)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
    return "| " + " | ".join(padded) + " |"


def _width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
