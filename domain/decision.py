"""What handlers think (`Finding`, `Opinion`) and what follows from all of them together (`Decision`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.actions import AcceptInvite, Action, Inward, Mute, Outward, Recall, Remove, Say, SendClass, SendFile, Unmute
from domain.events import Event
from domain.ids import EventId

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

OUTWARD = (Say, SendFile, Recall, Mute, Unmute, Remove, AcceptInvite)

LEVELS: Mapping[str, tuple[str, ...]] = {
    "abuse": ("none", "review", "warn", "remove"),
    "advert": ("none", "review", "warn", "remove"),
    "complaint": ("none", "watch", "escalate"),
    "faq": ("none", "suggest", "answer"),
}
"""The levels of the four rules that every message is judged by, mildest first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A named verdict, kept even when innocent. ``score`` is a probability, ``why`` says it in words for staff.

    ``details`` are JSON values: entry and candidates of an FAQ finding, evidence spans of a moderation finding.
    Never the message's own words.
    """

    rule: str
    score: float
    level: str
    why: str
    details: Mapping[str, Json] = field(default_factory=dict)

    def at_least(self, level: str) -> bool:
        """Whether the level reaches ``level`` on its rule's scale."""
        scale = LEVELS[self.rule]
        return self.level == level or scale.index(self.level) >= scale.index(level)

    def as_json(self) -> dict[str, Json]:
        """The outside form (`steward judge`, the findings column)."""
        return {
            "rule": self.rule,
            "score": round(self.score, 4),
            "level": self.level,
            "why": self.why,
            **self.details,
        }


@dataclass(frozen=True, slots=True)
class Opinion:
    """One handler's view: findings, wanted actions, and whether later handlers' actions shall be dropped."""

    findings: tuple[Finding, ...] = ()
    actions: tuple[Action, ...] = ()
    final: bool = False
    defer_until: datetime | None = None
    """Judge this event again then, with nothing done now (an own echo whose calls have not settled)."""


NOTHING = Opinion()
"""What a handler thinks of most events."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that follows from one event. ``simulated`` outward actions are recorded but never sent."""

    event_id: EventId
    findings: tuple[Finding, ...] = ()
    actions: tuple[Action, ...] = ()
    simulated: tuple[Outward, ...] = ()
    errors: tuple[str, ...] = ()
    """Tracebacks of handlers that raised; the rest went on."""
    defer_until: datetime | None = None

    @property
    def outward(self) -> tuple[Outward, ...]:
        """What goes to the outbox, in order."""
        return tuple([action for action in self.actions if isinstance(action, OUTWARD)]) if self.actions else ()

    @property
    def inward(self) -> tuple[Inward, ...]:
        """What changes our own state, in order."""
        return tuple([action for action in self.actions if not isinstance(action, OUTWARD)]) if self.actions else ()

    @property
    def send_class(self) -> SendClass:
        """The most urgent class among the outward actions: they share it so that their order holds."""
        return min([action.send_class for action in self.outward], default=SendClass.GREETING)


@dataclass(frozen=True, slots=True)
class Judged:
    """An event with its decision and the normalised text it was judged on: what storage commits."""

    event: Event
    decision: Decision
    norm: str = field(default="", repr=False)
