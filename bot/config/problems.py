"""Collects everything that is wrong with the configuration, so that an operator sees all of it at once."""

import difflib
from collections.abc import Iterable

from domain.errors import ConfigError, Problem


class Problems:
    """Problems found so far; errors keep the set from taking effect, warnings do not."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def error(self, file: str, line: int, message: str, remedy: str) -> None:
        """Something that keeps this set of files from being used."""
        self.found.append(Problem(file, line, message, remedy))

    def warning(self, file: str, line: int, message: str, remedy: str) -> None:
        """Something suspicious that may be meant."""
        self.found.append(Problem(file, line, message, remedy, "warning"))

    @property
    def failed(self) -> bool:
        """Whether there is an error among them."""
        return any(problem.level == "error" for problem in self.found)

    def sorted(self) -> tuple[Problem, ...]:
        """All of them by file and line."""
        return tuple(sorted(self.found, key=lambda problem: (problem.file, problem.line)))

    def raise_errors(self) -> None:
        """Raise `ConfigError` with every error if there is one."""
        errors = tuple(problem for problem in self.sorted() if problem.level == "error")
        if errors:
            raise ConfigError(errors)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The remedy for an unknown word: the nearest known one, or all of them."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"是不是 {near[0]}？"
    return f"可用的有：{'、'.join(words[:40])}"
