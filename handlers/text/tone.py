"""How a message sounds: all fitted models in one look at its characters; data/README.md has sources and figures."""

from functools import cache, lru_cache
from typing import NamedTuple

from handlers.text.linear import Together, packaged
from handlers.text.packing import unpacked

MODELS = ("abuse", "mood", "grievance", "insult", "advert")
"""In the order of `Tone`; bench/pack_tone.py puts them together."""
LAST = 4
"""Texts that are kept: all models are asked for the same one after the other."""


class Tone(NamedTuple):
    """Calibrated probabilities 0..1."""

    abuse: float
    """That somebody or a group is attacked."""
    mood: float
    """That the mood is negative."""
    grievance: float
    """That somebody complains to whoever should mend something."""
    insult: float
    """That somebody is insulted to their face."""
    advert: float
    """That it is worded as an advert; of a text as `advert_model.worded` gives it."""


@cache
def _models() -> Together:
    return unpacked(packaged("tone.gz"))


def load() -> None:
    """Read the weights now rather than with the first message."""
    _models()


@lru_cache(maxsize=LAST)
def tone(norm: str) -> Tone:
    """The tone of a normalised text; none in an empty one."""
    return Tone(*_models().scores(norm))
