"""Questions that nobody answered, and those that an agent did in a case: what a FAQ can learn from."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was asked. ``answer`` is what an agent replied in ``case``, if one did."""

    event_id: int
    at: datetime
    room: str
    text: str = field(repr=False)
    addressed: bool = False
    answer: str = field(default="", repr=False)
    case: int | None = None
