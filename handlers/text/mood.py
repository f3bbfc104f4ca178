"""How angry or disappointed a message sounds, and how much like a complaint: fitted models, see data/README.md."""

from handlers.text.tone import tone


def negative_mood(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text is negative in mood; 0 for an empty one."""
    return tone(norm).mood


def grievance(norm: str) -> float:
    """Calibrated probability 0..1 that a normalised text complains to whoever should mend it; 0 for an empty one."""
    return tone(norm).grievance
