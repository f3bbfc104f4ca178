"""The documentation as the tests read it: its pages, their fenced code and their links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^()\s]+)\)")
_INLINE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block: its language, what stands behind the language (a path, mostly), and the text."""

    language: str
    title: str
    text: str
    where: str


def pages() -> list[Path]:
    """Every page that people read."""
    return [ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")] + sorted(
        (ROOT / "docs").rglob("*.md")
    )


def name(page: Path) -> str:
    """How a page is called in messages."""
    return page.relative_to(ROOT).as_posix()


def fences(page: Path) -> list[Fence]:
    """The fenced blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, _, title = match["info"].strip().partition(" ")
        line = text.count("\n", 0, match.start()) + 1
        found.append(Fence(language, title, match["text"], f"{name(page)}:{line}"))
    return found


def links(page: Path) -> list[str]:
    """The targets of a page's links and pictures."""
    return [match["target"] for match in _LINK.finditer(_prose(page))]


def code(page: Path) -> Iterator[str]:
    """Everything typeset as a command: the lines of shell blocks and the inline code."""
    for fence in fences(page):
        if fence.language in ("sh", "console", "bash", "cron"):
            yield from (line.removeprefix("$ ").strip() for line in fence.text.splitlines())
    yield from _INLINE.findall(_prose(page))


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual renderers make them."""
    found = re.findall(r"^#{1,6} (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in found}


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))
