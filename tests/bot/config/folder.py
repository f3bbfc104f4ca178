"""Makes small configuration folders for tests."""

from collections.abc import Mapping
from pathlib import Path

from bot.config import check
from domain.errors import Problem

ENTRY = "entries:\n  - id: a\n    question: 几点开门？\n    answer: 九点。\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files below ``folder``."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def problems(folder: Path, files: Mapping[str, str | bytes]) -> tuple[Problem, ...]:
    """What is wrong with a folder of these files."""
    return check(write(folder, files))


def lines(found: tuple[Problem, ...], level: str = "error") -> list[tuple[str, int]]:
    """Where the problems of a level are."""
    return [(problem.file, problem.line) for problem in found if problem.level == level]
