"""How much a message reads like an advert: our fitted model, see data/README.md for sources and figures."""

import re

from handlers.text.tone import tone

SHORTEST = 10
"""Characters; of a shorter text the model knows too little to accuse anybody, and most chat is spared the look."""
FEWEST = 5
"""The same of what is left when numbers and names are one sign each: 参加 900000014 says nothing but 参加."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_.:/?=&%#-]{4,}")
_COUNTING = re.compile("一二三四[五六七八九十]*")
_PICTURE = re.compile(r"(?<=[一-鿿])[^\w\s,.!?:;()\"'~+%/，-]+(?=[一-鿿])")


def worded(norm: str) -> str:
    """A normalised text as the model reads it: names and long numbers are one 0; no pictures in words, no counting."""
    return _COUNTING.sub("", _PICTURE.sub("", _NAME.sub("0", norm)))


def advert_probability(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text is an advert, from its wording alone; 0 for a short one."""
    said = worded(norm) if len(norm) >= SHORTEST else ""
    return tone(said).advert if len(said) >= FEWEST else 0.0
