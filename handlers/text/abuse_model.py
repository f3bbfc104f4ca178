"""How likely a message attacks a person or a group: our fitted model, see data/README.md for sources and figures."""

from handlers.text.tone import tone


def abuse_probability(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text is offensive; 0 for an empty one."""
    return tone(norm).abuse
