"""How likely a message insults somebody to their face: our fitted model, see data/README.md for sources and figures."""

from functools import cache

from handlers.repeats import remembering
from handlers.text.linear import LinearModel, read_model


@cache
def _model() -> LinearModel:
    return read_model("insult")


def load() -> None:
    """Read the weights now rather than with the first message."""
    _model()


@remembering
def insult_probability(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text insults somebody; 0 for an empty one."""
    return _model().score(norm)
