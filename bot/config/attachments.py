"""The images and files that answers send: they lie in the config folder and nowhere else."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from bot.config.problems import Problems, did_you_mean
from domain.book import Book

MOST_BYTES = 10 * 1024 * 1024
"""Of one file; what is bigger takes a group too long to load."""
MOST_FILES = 5
"""In one answer."""
FOLDER = "files"
"""Below the config folder."""
SUFFIXES = (
    *(".jpg", ".jpeg", ".png", ".gif", ".webp"),
    *(".pdf", ".docx", ".xlsx", ".pptx", ".txt", ".zip", ".mp4"),
)
MOST_LISTED = 500


def attachment(folder: Path, name: str) -> Path:
    """The path of a file that an answer sends. Raises ValueError, saying why, for what must not be sent."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or path.parts[:1] != (FOLDER,) or len(path.parts) < 2:
        raise ValueError(f"文件要放在配置文件夹的 {FOLDER}/ 里：{name}")
    if any(part.startswith(".") for part in path.parts) or path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"不能发这种文件：{name}")
    found = folder / path
    root = Path(os.path.realpath(folder / FOLDER))
    if not found.is_file():
        raise ValueError(f"没有这个文件：{name}")
    # A link inside the folder may lead out of it.
    if root not in Path(os.path.realpath(found)).parents:
        raise ValueError(f"文件不在 {FOLDER}/ 里，是指向别处的链接：{name}")
    size = found.stat().st_size
    if not 0 < size <= MOST_BYTES:
        raise ValueError(f"文件是空的：{name}" if not size else f"文件大于 {MOST_BYTES // 1024 // 1024} MB：{name}")
    return found


def check_attachments(book: Book, folder: Path, problems: Problems) -> None:
    """Report every file of an entry that cannot be sent."""
    present: list[str] | None = None
    for entry in book.faq:
        for name, where in zip(entry.files, entry.files_at, strict=True):
            try:
                attachment(folder, name)
            except ValueError as error:
                present = list(listed(folder)) if present is None else present
                file, _, line = where.rpartition(":")
                remedy = did_you_mean(name, present) if present else f"把文件放进 {FOLDER}/，写成 {FOLDER}/名字.png"
                problems.error(file, int(line), str(error), remedy)


def listed(folder: Path) -> Iterator[str]:
    """The files that answers may send, by name."""
    found = sorted((folder / FOLDER).rglob("*"))[:MOST_LISTED] if (folder / FOLDER).is_dir() else ()
    for path in found:
        name = path.relative_to(folder).as_posix()
        try:
            attachment(folder, name)
        except ValueError:
            continue
        yield name
