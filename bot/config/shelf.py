"""Remembers the books of the last sets of files that were read: the same set is asked for several times in a row."""

from collections.abc import Mapping
from threading import Lock

from bot.config.load import check_texts
from domain.book import Book
from domain.errors import ConfigError, Problem

KEPT = 3
"""The set in force, the one that is being tried, and the one that was tried before it; they share their entries."""

_Read = tuple[Book | None, tuple[Problem, ...]]


class Shelf:
    """Reads sets of files; may be asked from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: list[tuple[Mapping[str, str], _Read]] = []

    def check(self, files: Mapping[str, str]) -> _Read:
        """Like `bot.config.load.check_texts`."""
        with self._lock:
            found = next((one for one in self._held if one[0] == files), None)
            if found is None:
                found = (dict(files), check_texts(files))
            # The one that was asked for last is forgotten last.
            self._held = [found, *(one for one in self._held if one[0] != files)][:KEPT]
            return found[1]

    def load(self, files: Mapping[str, str]) -> Book:
        """The book of a set of files. Raises `ConfigError`."""
        book, problems = self.check(files)
        if book is None:
            raise ConfigError(tuple(problem for problem in problems if problem.level == "error"))
        return book
