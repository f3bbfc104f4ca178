"""Errors that carry their own explanation: the docstring of each class is its message's first sentence."""


class StewardError(Exception):
    """Something Steward knows how to explain to a person."""


class ConfigError(StewardError):
    """A configuration file cannot be used; the running set stays in force.

    ``problems`` holds one `Problem` per finding, all of them, not only the first.
    """

    def __init__(self, problems: "tuple[Problem, ...]") -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Problem:
    """One thing wrong with a configuration file: where, what, and what to do about it."""

    __slots__ = ("file", "level", "line", "message", "remedy")

    def __init__(self, file: str, line: int, message: str, remedy: str, level: str = "error") -> None:
        self.file = file
        self.line = line
        self.message = message
        self.remedy = remedy
        self.level = level

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level}: {self.message} -> {self.remedy}"

    def __repr__(self) -> str:
        return f"Problem({self!s})"


class LeaseLost(StewardError):
    """Another process holds the account now; nothing of this batch was committed."""


class CounterMoved(StewardError):
    """Another account took the same case or sanction number first; the batch is tried again from the start."""


class Temporary(StewardError):
    """Lock, serialization, disk or connection trouble: the same work is tried again, nothing is marked failed."""
