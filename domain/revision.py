"""What differs between two sets of files, line by line."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

AROUND = 2
"""Unchanged lines shown on either side of a change."""


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file that differs; ``lines`` are those of a unified diff, without the header."""

    name: str
    lines: tuple[str, ...]
    added: int
    removed: int


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[FileDiff]:
    """The files that are in one only, or not the same in both, by name."""
    found: list[FileDiff] = []
    for name in sorted({*old, *new}):
        before, after = old.get(name, "").splitlines(), new.get(name, "").splitlines()
        lines = tuple(line.rstrip("\n") for line in list(difflib.unified_diff(before, after, n=AROUND))[2:])
        if lines:
            added = sum(line.startswith("+") for line in lines)
            found.append(FileDiff(name, lines, added, sum(line.startswith("-") for line in lines)))
    return found
