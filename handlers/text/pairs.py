"""Which characters stand beside each other in ordinary talk; what stands otherwise may be written to evade.

The table is fitted by bench/fit_pairs.py; data/README.md names its sources.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise

from handlers.text.readings import sounds


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    data = json.loads(gzip.decompress((files("handlers.text") / "data" / "pairs.json.gz").read_bytes()))
    return {name: {line[0]: line[1:] for line in text.split("\n")} for name, text in data.items()}


def load() -> None:
    """Read the table now rather than with the first message."""
    _table()


def unseen(text: str) -> int:
    """How many of the adjacent pairs in ``text`` ordinary talk does not know."""
    get, count = _table()["seen"].get, 0
    for first, second in pairwise(text):
        if second not in get(first, ""):
            count += 1
    return count


@cache
def common_sounds() -> Mapping[str, frozenset[str]]:
    """Everyday pairs of characters by their sounds (see `readings.sounds`)."""
    found: dict[str, set[str]] = defaultdict(set)
    for first, line in _table()["common"].items():
        for second in line:
            found[sounds(first + second)].add(first + second)
    return {sound: frozenset(pairs) for sound, pairs in found.items()}
