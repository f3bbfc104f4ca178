"""Complaints, and lines that look like them, of our own writing: made of the templates of bench/devsets."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.abuse_texts import FOLDER

_NAMED = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*)\)(\??)")
_LIST = re.compile(r"([a-z]+): (.*)")
LISTS = ("complaint_templates", "complaint_sarcasm_templates", "complaint_innocent_templates")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The templates of one file by kind, and the lists that their names stand for."""

    templates: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, tuple[str, ...]]

    def sentences(self, count: int, rng: random.Random) -> Iterator[str]:
        """So many sentences; every kind comes as often as it has templates."""
        templates = [template for kind in self.templates.values() for template in kind]
        for _ in range(count):
            yield self._sentence(rng.choice(templates), rng)

    def _sentence(self, template: str, rng: random.Random) -> str:
        text = template
        while _NAMED.search(text):
            text = _NAMED.sub(lambda match: rng.choice(self.lists[match[1]]), text)
        # Inner choices first. One followed by ? may be left out.
        while _CHOICE.search(text):
            text = _CHOICE.sub(lambda match: "" if match[2] and rng.random() < 0.5 else _one(match[1], rng), text)
        return text.strip("，")


def grammar(name: str) -> Grammar:
    """The templates of a file, with the lists of all three files."""
    lists: dict[str, tuple[str, ...]] = {}
    templates: dict[str, list[str]] = {}
    for file in LISTS:
        kind = ""
        for line in (FOLDER / f"{file}.txt").read_text(encoding="utf-8").splitlines():
            if found := _LIST.fullmatch(line):
                lists[found[1]] = tuple(found[2].split("|"))
            elif line.startswith("## "):
                kind = line[3:]
            elif file == name and line and not line.startswith("#"):
                templates.setdefault(kind, []).append(line)
    return Grammar({kind: tuple(group) for kind, group in templates.items()}, lists)


def _one(choices: str, rng: random.Random) -> str:
    return rng.choice(choices.split("|"))
