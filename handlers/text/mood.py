"""How angry or disappointed a message sounds: our fitted model, see data/README.md for its sources and figures."""

from handlers.text.tone import tone

NOTICEABLE = 0.73
"""From here 1 % of everyday chat and almost no FAQ question is met (data/README.md has the table)."""


def negative_mood(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text is negative in mood; 0 for an empty one."""
    return tone(norm).mood
