"""Question pairs made into FAQs and messages to try a matcher on: what is fitted on and what is kept for measuring."""

import random
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.text.normalise import folded

HELD_OUT = 5
"""One cluster of questions in so many is kept out of fitting, chosen by its own hash."""
_LOANS = ("花呗", "借呗", "网商", "蚂蚁")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, whether people say that they mean the same, and where they come from."""

    entry: str
    asked: str
    same: bool
    finance: bool
    """Of the two corpora about two loan products, whose questions all resemble each other; else of the general one."""
    held_out: bool


@dataclass(frozen=True, slots=True)
class Corpora:
    """All pairs, chit-chat in a fixed random order, and for each folded question its cluster of equal meanings."""

    pairs: tuple[Pair, ...]
    chat: tuple[str, ...]
    """Of which every fifth is for measuring."""
    other_chat: tuple[str, ...]
    cluster: dict[str, str]
    everything: bool = False
    """Whether all of it is for fitting."""

    def some(self, same: bool, finance: bool, held_out: bool) -> list[Pair]:
        """The pairs of one kind."""
        return [p for p in self.pairs if (p.same, p.finance, p.held_out) == (same, finance, held_out)]

    def of(self, text: str) -> str:
        """The cluster of a question."""
        form = folded(text)
        return self.cluster.get(form, form)

    def talk(self, held_out: bool) -> list[str]:
        """Chit-chat for measuring, or for fitting."""
        return [text for text in self.chat if (kept_out(folded(text)) and not self.everything) == held_out]


@dataclass(frozen=True, slots=True)
class Community:
    """A FAQ and what is asked: (text, number of the right entry or None)."""

    entries: tuple[str, ...]
    asked: tuple[tuple[str, int | None], ...]


def kept_out(key: str) -> bool:
    """Whether a cluster or a line of chat is for measuring."""
    return zlib.crc32(key.encode()) % HELD_OUT == 0


def load(folder: Path, everything: bool = False) -> Corpora:
    """Read the shared corpora; ``everything``: keep nothing for measuring."""
    rows = [line.split("\t") for line in (folder / "faq/pairs.tsv").read_text(encoding="utf-8").splitlines()]
    cluster = _clusters([(folded(a), folded(b)) for a, b, label in rows if label == "1"])
    begins = next(n for n, _ in enumerate(rows) if all(about_loans(rows[n + k][0]) for k in range(20)))
    pairs = []
    for number, (a, b, label) in enumerate(rows):
        keys = {cluster.get(folded(text), folded(text)) for text in (a, b)}
        pairs.append(Pair(a, b, label == "1", number >= begins, not everything and any(map(kept_out, keys))))
    chat = (folder / "faq/chitchat.txt").read_text(encoding="utf-8").splitlines()
    other = [
        line for name in ("lccc", "kdconv") for line in (folder / f"clean/{name}.txt").read_text("utf-8").splitlines()
    ]
    random.Random(7).shuffle(chat)
    random.Random(8).shuffle(other)
    return Corpora(tuple(pairs), tuple(chat), tuple(other), cluster, everything)


def community(
    corpora: Corpora, pairs: Sequence[Pair], size: int, chance: random.Random, fill: Iterable[str] = ()
) -> Community:
    """A FAQ of ``size`` entries with one phrasing each, no two of one meaning; ``fill`` brings what pairs cannot."""
    entries: dict[str, str] = {}
    asked: list[tuple[str, str]] = []
    for pair in chance.sample(pairs, len(pairs)):
        key = corpora.of(pair.entry)
        if len(entries) < size and key not in entries and folded(pair.entry) != folded(pair.asked):
            entries[key] = pair.entry
            asked.append((pair.asked, key if pair.same else ""))
    for text in fill:
        if len(entries) < size:
            entries.setdefault(corpora.of(text), text)
    numbers = {key: number for number, key in enumerate(entries)}
    right = [(text, numbers[key] if key else numbers.get(corpora.of(text))) for text, key in asked]
    return Community(tuple(entries.values()), tuple(right))


def about_loans(text: str) -> bool:
    """Whether a question names one of the loan products."""
    return any(word in text for word in _LOANS)


def _clusters(same: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each text the smallest of all that are linked with it by pairs of one meaning."""
    links: dict[str, set[str]] = defaultdict(set)
    for one, other in same:
        links[one].add(other)
        links[other].add(one)
    found: dict[str, str] = {}
    for start in sorted(links):
        waiting = [start] if start not in found else []
        while waiting:
            text = waiting.pop()
            if text not in found:
                found[text] = start
                waiting.extend(links[text])
    return found
