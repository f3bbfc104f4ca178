"""How likely a message insults somebody to their face: our fitted model, see data/README.md for sources and figures."""

from handlers.text.tone import tone

NOISY = 1.5
"""Characters for each letter, from which a text is one with signs between its letters."""

HEARD_AT = 0.85
"""What a text means by its sound alone must be plain."""


def insulting(norm: str, compact: str, meant: str = "") -> float:
    """`insult_probability` of a text in the form that tells most: as it stands, without its signs, as it is meant."""
    plain = insult_probability(compact if len(norm) > NOISY * len(compact) else norm)
    heard = insult_probability(meant) if meant else 0.0
    return heard if heard >= HEARD_AT else plain


def insult_probability(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text insults somebody; 0 for an empty one."""
    return tone(norm).insult
