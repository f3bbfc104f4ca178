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


NOISY = 1.5
"""Characters for each letter, from which a text is one with signs between its letters."""

HEARD_AT = 0.85
"""What a text means by its sound alone must be plain."""


def insulting(norm: str, compact: str, meant: str = "") -> float:
    """`insult_probability` of a text in the form that tells most: as it stands, without its signs, as it is meant."""
    plain = insult_probability(compact if len(norm) > NOISY * len(compact) else norm)
    heard = insult_probability(meant)
    return heard if heard >= HEARD_AT else plain


@remembering
def insult_probability(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text insults somebody; 0 for an empty one."""
    return _model().score(norm)
