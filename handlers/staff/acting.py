"""Who acts and where the answer goes: an agent in a chat room, or a console user."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.actions import Action, Audit, Say, SendClass
from domain.decision import Finding, Opinion
from domain.events import MessagePosted, StaffActed
from domain.facts import Facts, StaffFacts
from handlers.speech import Voice


@dataclass(frozen=True, slots=True)
class Acting:
    """One staff act: who, the event it came by, and the voice that answers."""

    event: MessagePosted | StaffActed
    facts: Facts
    voice: Voice
    agent: StaffFacts
    by: str
    """The actor as the audit names them: ``user:ID``, or ``member:ID`` for a room's owner."""

    @property
    def from_console(self) -> bool:
        """Whether it was done in the console, where the page itself shows what came of it."""
        return isinstance(self.event, StaffActed)

    def reply(self, key: str, **values: object) -> tuple[Say, ...]:
        """The answer to the one who acted, in the room where they did; the console needs none."""
        if self.from_console:
            return ()
        text = self.voice.text(key, self.facts, **values)
        return (Say(room_id=self.event.room_id, send_class=SendClass.STAFF, text=text),)

    def tell(self, key: str, **values: object) -> tuple[Say, ...]:
        """What all agents should know: in the room of the act, or in every agents' room when done elsewhere."""
        if not self.from_console and self.event.room_id in self.facts.world.staff_rooms:
            return self.reply(key, **values)
        return self.voice.to_staff(self.facts, self.voice.text(key, self.facts, **values))

    def audit(self, act: str, target: str, outcome: str = "done") -> Audit:
        """The record of the act."""
        return Audit(actor=self.by, act=act, target=target, outcome=outcome, at=self.event.at)

    def done(self, act: str, target: str, why: str, actions: Iterable[Action]) -> Opinion:
        """Carried out."""
        finding = Finding("staff", 1.0, "done", f"{self.agent.name}：{why}")
        return Opinion((finding,), (*actions, self.audit(act, target)), final=True)

    def hint(self, why: str, key: str, **values: object) -> Opinion:
        """Not to be carried out as typed; nothing changes."""
        finding = Finding("staff", 1.0, "hint", f"{self.agent.name}：{why}")
        return Opinion((finding,), self.reply(key, **values), final=True)


def refused(event: MessagePosted, act: str, target: str, says: Iterable[Say] = ()) -> Opinion:
    """Somebody without the right tried; recorded, and at most a short word."""
    audit = Audit(actor=f"member:{event.sender.id}", act=act, target=target, outcome="refused", at=event.at)
    return Opinion((Finding("staff", 1.0, "refused", "没有绑定的同事身份"),), (*says, audit), final=True)
