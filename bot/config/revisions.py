"""Revisions as files: what differs between two of them, and one of them back in the folder."""

import difflib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.config.files import is_ours
from domain.errors import StewardError

BACKUPS = "backups"
"""Folder inside the config folder; nothing in it is read."""


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file that differs; ``lines`` are those of a unified diff, without the header."""

    name: str
    lines: tuple[str, ...]
    added: int
    removed: int


def files_of(folder: Path) -> dict[str, str]:
    """The text of every file of ours in the folder, also of those with errors; what is no UTF-8 shows as such."""
    return {name: (folder / name).read_bytes().decode("utf-8-sig", "replace") for name in _present(folder)}


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[FileDiff]:
    """The files that are in one only, or not the same in both, by name."""
    found: list[FileDiff] = []
    for name in sorted({*old, *new}):
        before, after = old.get(name, "").splitlines(), new.get(name, "").splitlines()
        lines = tuple(line.rstrip("\n") for line in list(difflib.unified_diff(before, after, n=2))[2:])
        if lines:
            added = sum(line.startswith("+") for line in lines)
            found.append(FileDiff(name, lines, added, sum(line.startswith("-") for line in lines)))
    return found


def write_back(folder: Path, files: Mapping[str, str], now: datetime) -> Path:
    """Make the folder's files those of a revision; returns where the present ones were copied to first.

    Each file is replaced whole. Files that the revision does not have are taken away; what is not ours stays.
    Raises `StewardError` for a revision with names that no folder of ours has, with nothing changed.
    """
    strange = sorted(name for name in files if not is_ours(name))
    if strange:
        raise StewardError(f"the revision holds a file that cannot be written: {strange[0]}")
    present = _present(folder)
    backup = folder / BACKUPS / f"{now:%Y%m%d-%H%M%S-%f}"
    backup.mkdir(parents=True)
    for name in present:
        _place(backup, name)
        shutil.copy2(folder / name, backup / name)
    for name, text in sorted(files.items()):
        _replace(_place(folder, name), text)
    for name in present:
        if name not in files:
            (folder / name).unlink()
    return backup


def _present(folder: Path) -> list[str]:
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return [name for name in names if is_ours(name)]


def _place(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _replace(path: Path, text: str) -> None:
    """Whoever watches the folder sees the old file or the new one, never half of it."""
    if path.is_file() and path.read_bytes() == text.encode():
        return
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(text.encode())
    fresh.replace(path)
