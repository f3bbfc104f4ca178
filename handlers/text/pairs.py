"""Which characters stand beside each other in ordinary talk; what stands otherwise may be written to evade.

The table is fitted by bench/fit_pairs.py; data/README.md names its sources.
"""

import gzip
import json
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import repeat
from operator import contains

from handlers.text.readings import said_as

_NONE = repeat("")


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    data = json.loads(gzip.decompress((files("handlers.text") / "data" / "pairs.json.gz").read_bytes()))
    return {name: {line[0]: line[1:] for line in text.split("\n")} for name, text in data.items()}


def load() -> None:
    """Read the table now rather than with the first message."""
    _table()


def unseen(text: str) -> int:
    """How many of the adjacent pairs in ``text`` ordinary talk does not know."""
    known = map(contains, map(_table()["seen"].get, text, _NONE), text[1:])
    return max(len(text) - 1, 0) - sum(known)


@lru_cache(maxsize=4096)
def everyday(heard: str) -> frozenset[str]:
    """Everyday pairs of characters that sound like this (see `readings.sounds`); none of what is no pair."""
    if len(heard) != 2:
        return frozenset()
    common, seconds = _table()["common"], said_as(heard[1])
    return frozenset(one + other for one in said_as(heard[0]) for other in common.get(one, "") if other in seconds)
