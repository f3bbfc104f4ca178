"""Sentences of our own writing for fitting and measuring abuse: read from bench/devsets, or made of templates."""

import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.config.files import BUILTIN, read_builtin
from bot.config.problems import Problems
from bot.config.words import read_words
from domain.book import WordList
from handlers.moderation.frames import parts_of

FOLDER = Path(__file__).with_name("devsets")
_CHOICE = re.compile(r"\(([^()]*)\)")
_BEFORE = (
    "",
    "",
    "",
    "",
    "你",
    "你就是",
    "真是个",
    "就你",
    "我说你",
    "行了吧，",
    "呵呵，",
    "笑死，",
    "你个",
    "楼上的",
    "喂，",
    "说真的，",
)
_AFTER = ("", "", "", "", "吧", "啊", "，滚", "。", "！", "，别说话", "，丢人", "，服了", "你", "，懂吗")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a development set: its kind, and whether the lists were written without looking at it."""

    kind: str
    text: str
    held_out: bool


def sentences(name: str) -> list[Sentence]:
    """A development set; one half, by the text's own hash, is kept from whoever writes lists."""
    found: list[Sentence] = []
    kind = ""
    for line in _lines(name, kinds=True):
        if line.startswith("## "):
            kind = line[3:]
        else:
            found.append(Sentence(kind, line, zlib.crc32(line.encode()) % 2 == 1))
    return found


def sections(name: str) -> dict[str, list[str]]:
    """The lines of a set by the kind they belong to."""
    found: dict[str, list[str]] = {}
    for one in sentences(name):
        found.setdefault(one.kind, []).append(one.text)
    return found


def templated(name: str, count: int, rng: random.Random) -> Iterator[str]:
    """Sentences made of the templates of a set, with groups put in."""
    groups = " ".join(_lines("groups")).split()
    templates = list(_lines(name))
    for _ in range(count):
        one, other = rng.sample(groups, 2)
        yield chosen(rng.choice(templates), rng).replace("X", one).replace("Y", other)


def framed(count: int, rng: random.Random) -> Iterator[str]:
    """Insults made of the frames and names of the built-in lists."""
    lists = [words for words in shipped_lists() if words.rule == "abuse" and words.to_somebody]
    frames = [frame for words in shipped_lists() for frame in words.frames]
    names = [term for words in lists if words.severity == "review" for term in words.terms]
    for _ in range(count):
        if rng.random() < 0.75:
            text = "".join(rng.choice(part) for part in parts_of(rng.choice(frames)))
        else:
            text = rng.choice(names)
        before = rng.choice(_BEFORE) if rng.random() < 0.3 else ""
        yield before + text + (rng.choice(_AFTER) if rng.random() < 0.4 else "")


def shipped_lists() -> tuple[WordList, ...]:
    """The built-in word lists."""
    problems = Problems()
    sources = [source for name, source in read_builtin(problems).items() if name.startswith(f"{BUILTIN}words/")]
    return read_words(sources, [], problems)


def chosen(template: str, rng: random.Random) -> str:
    """A template with one of each choice in brackets taken."""
    return _CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), template)


def _lines(name: str, kinds: bool = False) -> Iterator[str]:
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and (not line.startswith("#") or (kinds and line.startswith("## "))):
            yield line
