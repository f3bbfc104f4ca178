"""What this process knows about its own condition: the troubles that make it not ready, by part, with the reason."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Vitals:
    """Troubles by part (``database``, ``lease web``, ``channel wechaty``); empty means ready."""

    troubles: dict[str, str] = field(default_factory=dict)
    starting: bool = True
    stopping: bool = False

    def trouble(self, part: str, reason: str) -> bool:
        """Something does not work for now; true when this was not known yet (worth a line in the log)."""
        news = part not in self.troubles
        self.troubles[part] = reason
        return news

    def well(self, part: str) -> bool:
        """It works again; true when it was in trouble."""
        return self.troubles.pop(part, None) is not None

    @property
    def ready(self) -> bool:
        """Whether everything works."""
        return not (self.troubles or self.starting or self.stopping)
