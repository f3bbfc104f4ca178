"""How angry or disappointed a message sounds: our fitted model, see data/README.md for its sources and figures."""

from functools import cache

from handlers.text.linear import LinearModel, read_model

NOTICEABLE = 0.73
"""From here 1 % of everyday chat and almost no FAQ question is met (data/README.md has the table)."""


@cache
def _model() -> LinearModel:
    return read_model("mood")


def load() -> None:
    """Read the weights now rather than with the first message."""
    _model()


def negative_mood(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text is negative in mood; 0 for an empty one."""
    return _model().score(norm)
