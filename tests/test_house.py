"""The budgets and manners of the house, kept for every file in it."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("domain", "handlers", "storage", "scheduler", "console", "bot")
NOT_OURS = {".git", ".venv", ".wechaty", "node_modules", "__pycache__"}
NOT_OURS_AT_THE_TOP = {"data", "logs", "build", "dist", "test-results"}
TEXT_SUFFIXES = {
    *(".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".json", ".mako"),
    *(".html", ".js", ".mjs", ".cjs", ".css"),
}
TEXT_NAMES = {"Makefile", "Dockerfile", "run", ".gitignore", ".dockerignore", ".npmrc", ".env.example"}
FILE_LINES = 400
FUNCTION_LINES = 60
# Put together here, so that this file passes its own rule.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("npmmirror", "com"),
        ("yarnpkg", "com"),
        ("tsinghua", "edu", "cn"),
        ("aliyun", "com"),
    )
)
UNFINISHED = ("TO" + "DO", "FIX" + "ME")
# What would let a value read the clock, the disk, the network or chance.
IMPURE = {"asyncio", "io", "logging", "os", "pathlib", "random", "secrets", "socket", "sqlite3", "subprocess", "time"}


@cache
def _files() -> tuple[Path, ...]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        skipped = NOT_OURS | NOT_OURS_AT_THE_TOP if Path(folder) == ROOT else NOT_OURS
        folders[:] = [name for name in folders if name not in skipped and not name.endswith("_cache")]
        found += [Path(folder, name) for name in names]
    return tuple(sorted(found))


def _text_files() -> Iterator[tuple[str, str]]:
    for path in _files():
        if path.suffix in TEXT_SUFFIXES or path.name in TEXT_NAMES:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def _modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in _files():
        relative = path.relative_to(ROOT)
        if path.suffix == ".py" and relative.parts[0] in folders:
            yield str(relative), ast.parse(path.read_text(encoding="utf-8"), filename=str(relative))


def _imports(tree: ast.Module) -> Iterator[str]:
    """Top-level names of the modules a module imports; relative imports stay inside their package and are left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def test_no_python_file_is_longer_than_its_budget() -> None:
    lengths = {name: len(text.splitlines()) for name, text in _text_files() if name.endswith(".py")}
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_its_budget() -> None:
    too_long = []
    for name, tree in _modules(*PACKAGES, "tests", "bench"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    too_long.append(f"{name}:{node.lineno} {node.name} has {lines} lines")
    assert too_long == []


def test_every_module_opens_with_its_purpose() -> None:
    silent = [name for name, tree in _modules(*PACKAGES, "tests", "bench") if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_no_file_names_a_package_registry() -> None:
    named = [f"{name}: {host}" for name, text in _text_files() for host in REGISTRY_HOSTS if host in text]
    assert named == []


@pytest.mark.parametrize("word", UNFINISHED)
def test_no_file_puts_work_off(word: str) -> None:
    assert [name for name, text in _text_files() if word in text] == []


def test_the_domain_imports_nothing_of_ours() -> None:
    ours = {"tests", "bench", *PACKAGES} - {"domain"}
    found = [f"{name}: {used}" for name, tree in _modules("domain") for used in _imports(tree) if used in ours]
    assert found == []


def test_the_domain_reads_neither_clock_nor_chance_nor_disk() -> None:
    found = [f"{name}: {used}" for name, tree in _modules("domain") for used in _imports(tree) if used in IMPURE]
    assert found == []


def test_judgement_never_waits() -> None:
    waits = ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith
    found = [
        f"{name}:{node.lineno}"
        for name, tree in _modules("domain", "handlers")
        for node in ast.walk(tree)
        if isinstance(node, waits)
    ]
    assert found == []


def test_only_the_packages_of_the_design_ship() -> None:
    shipped = {path.relative_to(ROOT).parts[0] for path in _files() if path.name == "__init__.py"}
    assert shipped - {"tests", "bench"} == set(PACKAGES)
