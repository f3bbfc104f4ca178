"""What a change of the book would change: the same messages judged by two engines, and what differs, grouped."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.actions import AddSanction, OpenCase, SanctionKind, Say, SendClass
from domain.decision import Decision
from domain.events import MessagePosted
from domain.facts import AccountFacts, PersonFacts, RoomFacts
from handlers.judge import Engine
from handlers.rehearsal import Rehearsal

EXAMPLES = 5
"""Messages kept of each group."""
LONGEST_EXAMPLE = 120
_ANSWERING = {"follow_up": "answer", "joined": "answer", "choice": "taken", "faq": "answer"}
"""Rules whose finding names the entry that is said, the narrowest first, with the level that says it."""


MADE_UP = ("wrong", "rephrased")
"""Feedback to which the bot says no answer, but that it is sorry."""


class Effect(StrEnum):
    """What would be otherwise about a message."""

    ANSWERED = "answered"
    CHANGED = "changed"
    SILENCED = "silenced"
    BLOCKED = "blocked"
    RELEASED = "released"
    ESCALATED = "escalated"
    KEPT = "kept"
    """No case would be opened any more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a message, as far as it is compared; empty texts: nothing of the kind."""

    entry: str = ""
    answer: str = field(default="", repr=False)
    sanction: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One message that would fare otherwise. ``before`` and ``after`` name entries, rules or reasons."""

    effect: Effect
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Instance:
    """A message as an example of a change."""

    event: int
    room: str
    text: str = field(repr=False)
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)


@dataclass(slots=True)
class Group:
    """All messages with the same change."""

    change: Change
    count: int = 0
    examples: list[Instance] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What would change. ``left_out`` older messages were beyond the bound; ``stopped``: the time was."""

    messages: int
    changed: int
    groups: tuple[Group, ...]
    left_out: int
    seconds: float
    stopped: bool = False


def outcome(decision: Decision) -> Outcome:
    """The comparable part of a decision; where a room only simulates, what would have been said counts."""
    acts = (*decision.actions, *decision.simulated)
    sanction = next((a.rule for a in acts if isinstance(a, AddSanction) and a.kind is not SanctionKind.TRIAL), "")
    case = next((a.rule for a in acts if isinstance(a, OpenCase)), "")
    said = next((a.text for a in acts if isinstance(a, Say) and a.unasked and a.send_class is SendClass.ANSWER), "")
    entry = _entry(decision) if said else ""
    return Outcome(entry, said if entry else "", sanction, case)


def _entry(decision: Decision) -> str:
    found = {one.rule: one for one in decision.findings if _ANSWERING.get(one.rule) == one.level}
    if any(one.rule == "feedback" and one.level in MADE_UP for one in decision.findings):
        return ""
    return next((str(found[rule].details.get("entry", "")) for rule in _ANSWERING if rule in found), "")


def compare(before: Outcome, after: Outcome) -> list[Change]:
    """What differs, the gravest first."""
    found: list[Change] = []
    if before.sanction != after.sanction:
        effect = Effect.BLOCKED if after.sanction else Effect.RELEASED
        found.append(Change(effect, before.sanction, after.sanction))
    if bool(before.case) != bool(after.case):
        found.append(Change(Effect.ESCALATED if after.case else Effect.KEPT, before.case, after.case))
    if (before.entry, before.answer) != (after.entry, after.answer):
        effect = Effect.CHANGED if before.entry and after.entry else Effect.ANSWERED
        found.append(Change(effect if after.entry else Effect.SILENCED, before.entry, after.entry))
    return found


class Replay:
    """Plays one stream of messages to two engines; `groups` tells what differs so far."""

    def __init__(self, before: Engine, after: Engine, people: Iterable[PersonFacts] = ()) -> None:
        self.messages = 0
        self.changed = 0
        self._engines = (before, after)
        self._people = tuple(people)
        self._stages: dict[int, tuple[Rehearsal, Rehearsal]] = {}
        self._groups: dict[Change, Group] = {}
        self._reworded: dict[str, str] = {}
        """What the bot said → what it would have said instead."""

    def play(self, account: AccountFacts, event: MessagePosted, room: RoomFacts) -> None:
        """Judge one message twice; messages come in their order."""
        self.messages += 1
        if event.sender.id == account.member_id:
            return
        before, after = (
            outcome(stage.judge(heard, replace(room, staff=room.key in engine.book.staff_rooms, quiet_until=None)))
            for stage, engine, heard in zip(
                self._stage(account), self._engines, (event, self._as_quoted(event)), strict=True
            )
        )
        if before.answer and after.answer and before.answer != after.answer:
            self._reworded[before.answer] = after.answer
        changes = compare(before, after)
        self.changed += bool(changes)
        for change in changes:
            self._note(change, event, room, before, after)

    def groups(self) -> list[Group]:
        """By effect, the most frequent change first."""
        order = list(Effect)
        return sorted(self._groups.values(), key=lambda one: (order.index(one.change.effect), -one.count))

    def _as_quoted(self, event: MessagePosted) -> MessagePosted:
        """The message with the words that its sender would have quoted, had the bot said them."""
        quote = event.quote
        if quote is None or not self._reworded:
            return event
        words = next((new for old, new in self._reworded.items() if old in quote.text), None)
        return event if words is None else replace(event, quote=replace(quote, text=words))

    def _stage(self, account: AccountFacts) -> tuple[Rehearsal, Rehearsal]:
        if account.id not in self._stages:
            before, after = (Rehearsal(engine, account, self._people) for engine in self._engines)
            self._stages[account.id] = (before, after)
        return self._stages[account.id]

    def _note(self, change: Change, event: MessagePosted, room: RoomFacts, before: Outcome, after: Outcome) -> None:
        group = self._groups.setdefault(change, Group(change))
        group.count += 1
        if len(group.examples) < EXAMPLES:
            named = room.topic or ("私聊" if room.private else room.key)
            words = event.text[:LONGEST_EXAMPLE]
            answers = (before.answer[:LONGEST_EXAMPLE], after.answer[:LONGEST_EXAMPLE])
            group.examples.append(Instance(event.id, named, words, *answers))
