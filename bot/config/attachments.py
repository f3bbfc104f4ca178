"""The images and files that answers send: they lie in the config folder and nowhere else."""

import os
import re
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


_LOOKS: dict[str, tuple[tuple[int, bytes], ...]] = {
    ".jpg": ((0, b"\xff\xd8\xff"),),
    ".jpeg": ((0, b"\xff\xd8\xff"),),
    ".png": ((0, b"\x89PNG\r\n\x1a\n"),),
    ".gif": ((0, b"GIF87a"), (0, b"GIF89a")),
    ".webp": ((8, b"WEBP"),),
    ".pdf": ((0, b"%PDF-"),),
    ".mp4": ((4, b"ftyp"),),
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".zip"), ((0, b"PK\x03\x04"),)),
}
"""By what stands at which place a kind of file is known; a ``.txt`` by being text."""
_NAME = re.compile(r"[^\w.-]+")
LONGEST_NAME = 80


def stored(folder: Path, name: str, data: bytes) -> str:
    """Keep an uploaded file in the folder; its name for an entry. Never over another file of that name.

    Raises ValueError, saying why, for one that answers must not send, and OSError where it cannot be written.
    """
    bare = _NAME.sub("_", PurePosixPath(name.replace("\\", "/")).name).lstrip("._")
    suffix = PurePosixPath(bare).suffix.lower()
    if suffix not in SUFFIXES or not PurePosixPath(bare).stem:
        raise ValueError(f"不能发这种文件：{name[:LONGEST_NAME]}。能发的有 {'、'.join(one[1:] for one in SUFFIXES)}")
    if not 0 < len(data) <= MOST_BYTES:
        raise ValueError(f"文件大于 {MOST_BYTES // 1024 // 1024} MB" if data else "文件是空的")
    if not _looks_like(suffix, data):
        raise ValueError(f"这个文件的内容不像 {suffix[1:]}：{bare}")
    if sum(1 for _ in (folder / FOLDER).rglob("*")) >= MOST_LISTED:
        raise ValueError(f"{FOLDER}/ 里已经有 {MOST_LISTED} 个文件，先清理一些")
    bare = f"{bare[: -len(suffix)][:LONGEST_NAME]}{suffix}"
    path = folder / FOLDER / bare
    path.parent.mkdir(exist_ok=True)
    if path.is_file() and path.read_bytes() == data:
        return f"{FOLDER}/{bare}"
    if path.exists():
        raise ValueError(f"已经有一个不一样的 {FOLDER}/{bare}，换个名字再传")
    fresh = path.with_name(f".{bare}.new")
    fresh.write_bytes(data)
    fresh.replace(path)
    return f"{FOLDER}/{bare}"


def _looks_like(suffix: str, data: bytes) -> bool:
    if suffix != ".txt":
        return any(data[at : at + len(sign)] == sign for at, sign in _LOOKS[suffix])
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False
