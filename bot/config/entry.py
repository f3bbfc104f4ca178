"""One FAQ entry of a config folder: where it stands, and what is to be said about it with other values."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.config.attachments import check_attachments
from bot.config.collisions import collisions
from bot.config.editing import Written, find, with_entry, without_entry
from bot.config.files import is_ours
from bot.config.problems import Problems
from bot.faq_tests import run
from console.workshop import EntrySource, Remark, Tried
from domain.book import Book
from domain.errors import Problem, StewardError
from handlers.faq.handler import Faq
from handlers.faq.index import FaqIndex
from handlers.judge import Engine

FOLDER = "faq/"

Check = Callable[[Mapping[str, str]], tuple[Book | None, tuple[Problem, ...]]]
"""Files → their book (none where there is an error) and what is to be said about them."""


def source(files: Mapping[str, str], entry_id: str, file: str = "") -> EntrySource | None:
    """Where an entry stands, looked for in ``file`` first. Raises `StewardError` for YAML that cannot be read."""
    names = sorted((name for name in files if name.startswith(FOLDER)), key=lambda name: (name != file, name))
    for name in names:
        found = find(files[name], entry_id) if entry_id in files[name] else None
        if found is not None:
            return EntrySource(name, found.text, found.mark, found.values)
    return None


def removed(files: Mapping[str, str], file: str, entry_id: str, check: Check) -> Tried:
    """The files without the entry, checked: others may still lead to it. Raises `StewardError` like `tried`."""
    after = {**files, file: without_entry(files.get(file, ""), entry_id)}
    _, found = check(after)
    return Tried(after, tuple(_elsewhere(problem) for problem in found if problem.level == "error"))


def tried(
    folder: Path,
    files: Mapping[str, str],
    file: str,
    entry_id: str,
    values: Mapping[str, Any],
    check: Check,
    running: Engine | None = None,
) -> Tried:
    """The files with the entry holding these values, checked, compared with all others, and its examples run.

    ``running``: the engine in force, whose index is taken over where it is the same (milliseconds instead of seconds).
    Raises `StewardError` where its way of writing cannot be changed by itself, or for a file that no folder has.
    """
    if not file.startswith(FOLDER) or not is_ours(file):
        raise StewardError("文件名写成 faq/名字.yaml")
    after = {**files, file: with_entry(files.get(file, ""), entry_id, values)}
    written = find(after[file], entry_id)
    if written is None:
        return Tried(after, (Remark("id", "error", "id 是空的或有不能用的字符", "只用文字、数字、_ . -"),))
    book, found = check(after)
    remarks = [_remark(problem, file, written) for problem in found if _concerns(problem, file, written)]
    if book is not None:
        problems = Problems()
        check_attachments(book, folder, problems)
        remarks += [_remark(problem, file, written) for problem in problems.found if _concerns(problem, file, written)]
        remarks += [*_collisions(book, entry_id, running), *_examples(book, entry_id, running)]
    return Tried(after, tuple(remarks))


def _concerns(problem: Problem, file: str, written: Written) -> bool:
    """Whether it is this entry's, or keeps the whole set from taking effect."""
    return problem.level == "error" or (problem.file == file and bool(written.key_at(problem.line)))


def _remark(problem: Problem, file: str, written: Written) -> Remark:
    key = _field(problem.message, written.key_at(problem.line)) if problem.file == file else ""
    return Remark(key, problem.level, problem.message, problem.remedy) if key else _elsewhere(problem)


def _elsewhere(problem: Problem) -> Remark:
    return Remark("", problem.level, f"{problem.file}:{problem.line} {problem.message}", problem.remedy)


def _field(message: str, key: str) -> str:
    """What is said of the entry as a whole belongs to its question, or to the field that is missing."""
    missing = next((one for one in ("question", "answer") if f"缺少 {one}" in message), "")
    return missing or ("question" if key == "id" and " id " not in f" {message}" else key)


def _index_of(running: Engine | None) -> FaqIndex | None:
    held = (one for one in running.handlers if isinstance(one, Faq)) if running is not None else ()
    return next((one.scopes.everywhere for one in held), None)


def _collisions(book: Book, entry_id: str, running: Engine | None) -> Iterator[Remark]:
    for text, _, other in collisions(book, entry_id, _index_of(running)):
        message = f"“{text}”，{other.entry.id}（{other.entry.question}）也答得上（{other.score:.2f}）"
        yield Remark("question", "warning", message, "合并成一条，或把两条的问法写得更不一样，再用试题试")


def _examples(book: Book, entry_id: str, running: Engine | None) -> Iterator[Remark]:
    for failure in run(book, only=entry_id, running=running).failures:
        key = "asks" if failure.wanted else "not"
        message = str(failure).partition("error: ")[2]
        yield Remark(key, "warning", message, "改问法或试题" if failure.wanted else "把 similar 写得窄些，或单独写一条")
