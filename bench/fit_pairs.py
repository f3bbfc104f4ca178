"""Fit handlers/text/data/pairs.json.gz: which characters stand beside each other in ordinary talk.

Run: python -m bench.fit_pairs DATA
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bench import fit_common as common
from bot.config.files import BUILTIN, read_builtin
from bot.config.problems import Problems
from bot.config.words import read_words
from handlers.moderation.evasions import strong_terms
from handlers.text.normalise import normalise
from handlers.text.readings import sounds
from handlers.text.segment import knows

SEEN, COMMON = 2, 30
"""Messages in which a pair must stand to count as ordinary, and as so common that its sound alone says nothing."""
BEYOND_DOUBT = 10
"""Messages that make a pair ordinary although it sounds like a bad word (煞笔 stands in chat too)."""
_RUN = re.compile("[\u4e00-\u9fff]{2,}")


def talk(folder: Path) -> Iterable[str]:
    """Ordinary talk: chat, questions to a service and reviews; no corpus where people argue or hide words."""
    for path in ("clean/lccc.txt", "clean/kdconv.txt", "faq/chitchat.txt"):
        yield from (row[0] for row in common.table(folder / path))
    yield from (text for row in common.table(folder / "faq/pairs.tsv") for text in row[:2])
    yield from (row[2] for row in common.table(folder / "mood/reviews.tsv"))


def counted(texts: Iterable[str]) -> Counter[str]:
    """In how many distinct messages each pair of characters stands."""
    pairs: Counter[str] = Counter()
    for text in {normalise(text) for text in texts}:
        pairs.update({run[at : at + 2] for run in _RUN.findall(text) for at in range(len(run) - 1)})
    return pairs


def suspicious() -> set[str]:
    """The sounds of all adjacent characters in the shipped strong terms."""
    sources = [source for name, source in read_builtin(Problems()).items() if name.startswith(f"{BUILTIN}words/")]
    terms = strong_terms(read_words(sources, [], Problems()))
    return {sounds(form[at : at + 2]) for form in terms for at in range(len(form) - 1)}


def ordinary(pairs: Counter[str]) -> Iterable[str]:
    """The pairs that count as seen: often enough, and not rare spellings of what a bad word sounds like."""
    doubtful = suspicious()
    for pair, count in pairs.items():
        if count >= SEEN and (count >= BEYOND_DOUBT or sounds(pair) not in doubtful or knows(pair)):
            yield pair


def packed(pairs: Iterable[str]) -> str:
    """One line for each first character, followed by all that may come second."""
    lines: dict[str, str] = {}
    for pair in sorted(pairs):
        lines[pair[0]] = lines.get(pair[0], pair[0]) + pair[1]
    return "\n".join(lines.values())


def main() -> None:
    """Count, cut, save."""
    pairs = counted(talk(common.corpora_folder()))
    table = {"seen": packed(ordinary(pairs)), "common": packed(p for p, n in pairs.items() if n >= COMMON)}
    body = gzip.compress(json.dumps(table, ensure_ascii=False).encode(), 9, mtime=0)
    (common.DATA / "pairs.json.gz").write_bytes(body)
    sizes = {name: len(text) - 2 * text.count("\n") - 1 for name, text in table.items()}
    print(f"{len(body):,} bytes, pairs: {sizes}")


if __name__ == "__main__":
    main()
