"""The documentation's links lead somewhere, its commands exist, and what it shows as output is what is printed."""

import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from bot.cli import COMMANDS
from tests.docs.pages import ROOT, Fence, code, fences, headings, links, name, pages

PAGES = pages()
_PATH = re.compile(r"(?:domain|handlers|storage|scheduler|console|bot|docs|tests|bench|config)/[\w./-]*")
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
SHOWN = [fence for page in PAGES for fence in fences(page) if fence.language == "console"]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for target in links(page):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists() or (anchor and anchor not in headings(there)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = [words for words in code(page) if _PATH.fullmatch(words)]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_steward_command_exists(page: Path) -> None:
    unknown = [line for line in code(page) if (words := _words(line, "steward")) and not _known(words)]
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    unknown = [line for line in code(page) if (words := _words(line, "make")) and words[0] not in targets]
    assert unknown == []


def test_every_steward_command_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [command for command in COMMANDS if f"steward {command}" not in readme] == []


@pytest.mark.parametrize("fence", SHOWN, ids=lambda fence: fence.where)
def test_shown_output_is_what_is_printed(fence: Fence) -> None:
    command, _, expected = fence.text.partition("\n")
    assert command.startswith("$ "), "a console block begins with the command"
    printed = _run(command.removeprefix("$ "))
    pattern = "\n".join(".*" if line == "…" else re.escape(line).replace("…", ".*") for line in expected.splitlines())
    assert re.fullmatch(pattern, printed.strip(), re.DOTALL), printed


def _run(command: str) -> str:
    # The documents say `steward`; that is the one beside the Python that runs the tests.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
    )
    return done.stdout


def _words(line: str, program: str) -> list[str]:
    """The words after the program's name, up to a comment or a pipe; empty when the line calls something else."""
    match = re.match(rf"(?:[A-Z_]+=\S+ )*(?:exec )?(?:\S*/)?{program} (?P<rest>.+)", line)
    if match is None:
        return []
    words = shlex.split(match["rest"], comments=True)
    return words[: next((index for index, word in enumerate(words) if word in ("|", ">", "<", "&&", ";")), len(words))]


def _known(words: list[str]) -> bool:
    """Whether the command line names a command and options that it has."""
    if words[0] in ("--help", "-h", "--version"):
        return True
    if words[0] not in COMMANDS:
        return False
    command: click.Command = getattr(import_module(COMMANDS[words[0]][0]), words[0])
    rest = words[1:]
    while isinstance(command, click.Group) and rest:
        inner = command.commands.get(rest[0])
        if inner is None:
            return False
        command, rest = inner, rest[1:]
    options = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    return all(word.partition("=")[0] in options for word in rest if word.startswith("-") and word != "-")
