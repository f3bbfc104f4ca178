"""Carries out a recipe of docs/recipes in a copy of the house: its file, its line, and then a run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import ROOT, Fence, fences

PACKAGES = ("domain", "handlers", "storage", "scheduler", "console", "bot")


class Recipe:
    """One recipe, cooked in ``house``: a copy of the packages with what the page says added to it."""

    def __init__(self, name: str, house: Path) -> None:
        self.house = house
        self.blocks = fences(ROOT / "docs" / "recipes" / f"{name}.md")
        for package in (*PACKAGES, "tests/journeys"):
            # With what was compiled of it, which is most of a start.
            shutil.copytree(ROOT / package, house / package)
        (house / "tests" / "__init__.py").touch()
        for block in self.code():
            self._put(block)

    def code(self) -> list[Fence]:
        """The blocks that name the file they belong to."""
        return [block for block in self.blocks if block.language == "python" and block.title]

    def sample(self, name: str) -> Path:
        """A data file that the page shows, written into the copy."""
        text = next(block.text for block in self.blocks if block.title == name)
        path = self.house / name
        path.write_text(text, encoding="utf-8")
        return path

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Run Python in the copy; the house that runs there is the copy's."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.house,
            env={**os.environ, "PYTHONPATH": str(self.house), "PYTHONUTF8": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        """Run Python in the copy to its end and return what it printed."""
        with self.start(*arguments) as process:
            printed, errors = process.communicate(timeout=100)
        assert process.returncode == 0, errors
        return printed

    def _put(self, block: Fence) -> None:
        path = self.house / block.title
        if not path.exists():
            path.write_text(block.text, encoding="utf-8")
            return
        lines = block.text.splitlines(keepends=True)
        imports = [line for line in lines if line.startswith(("from ", "import "))]
        entries = [line for line in lines if line not in imports]
        assert len(entries) == 1, f"{block.where}: one line is to be added, not {len(entries)}"
        path.write_text(_with_line(path.read_text(encoding="utf-8"), imports, entries[0]), encoding="utf-8")


def _with_line(module: str, imports: list[str], entry: str) -> str:
    """The module with the imports behind its others and the entry as the last of its list."""
    lines = module.splitlines(keepends=True)
    # The list is the last tuple that is spread over lines.
    end = max(index for index, line in enumerate(lines) if line == ")\n")
    lines.insert(end, entry)
    last_import = max(index for index, line in enumerate(lines) if line.startswith(("from ", "import ")))
    lines[last_import + 1 : last_import + 1] = imports
    return "".join(lines)
