"""How likely a message attacks a person or a group: our fitted model, see data/README.md for sources and figures."""

from functools import cache

from handlers.repeats import remembering
from handlers.text.linear import LinearModel, read_model


@cache
def _model() -> LinearModel:
    return read_model("abuse")


def load() -> None:
    """Read the weights now rather than with the first message."""
    _model()


@remembering
def abuse_probability(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text is offensive; 0 for an empty one."""
    return _model().score(norm)
