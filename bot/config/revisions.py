"""The config folder as files: what is in it now, and a revision written back into it."""

import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.config.files import FOLDERS, is_ours
from domain.errors import StewardError

BACKUPS = "backups"
"""Folder inside the config folder; nothing in it is read."""


def files_of(folder: Path) -> dict[str, str]:
    """The text of every file of ours in the folder, also of those with errors; what is no UTF-8 shows as such."""
    return {name: (folder / name).read_bytes().decode("utf-8-sig", "replace") for name in _present(folder)}


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


def unwritable(folder: Path) -> str:
    """Why nothing can be written into the folder or those of ours in it; empty where it can. Leaves no trace."""
    for place in (folder, *(folder / name for name in FOLDERS)):
        try:
            if place.is_dir():
                # A file without a name: whoever watches the folder does not see it.
                tempfile.TemporaryFile(dir=place).close()
        except OSError as error:
            return error.strerror or str(error)
    return "" if folder.is_dir() else "没有这个文件夹"


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
    if path.exists():
        shutil.copymode(path, fresh)
    fresh.replace(path)
