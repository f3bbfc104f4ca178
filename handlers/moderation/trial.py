"""Rules on trial and retired rules: what the former find is recorded for people to review, the latter find nothing."""

from collections.abc import Sequence

from domain.actions import AddSanction, SanctionKind
from domain.book import Book
from domain.decision import Finding
from domain.events import MessagePosted
from domain.facts import Facts
from domain.ladder import Violation
from domain.rules import RuleState
from handlers.moderation.lexicon import Hit

TRIAL = "trial"


def state_of(rule: str, facts: Facts, on_trial: bool = False) -> RuleState:
    """What people decided of a rule; without a decision it is live, unless its list says that it is ``on_trial``."""
    decided = facts.world.rules.get(rule)
    if decided is not None and decided.state is not None:
        return decided.state
    return RuleState.TRIAL if on_trial else RuleState.LIVE


def listed_state(rule: str, facts: Facts, book: Book) -> RuleState:
    """The same for a rule known by its name alone."""
    return state_of(rule, facts, any(words.trial for words in book.words if words.category == rule))


def live(hits: Sequence[Hit], facts: Facts) -> list[Hit]:
    """The hits that count."""
    return [hit for hit in hits if state_of(hit.words.category, facts, hit.words.trial) is RuleState.LIVE]


def not_retired(hits: Sequence[Hit], facts: Facts) -> list[Hit]:
    """The hits that count or would, were their rules off trial."""
    return [hit for hit in hits if state_of(hit.words.category, facts, hit.words.trial) is not RuleState.RETIRED]


def trial_finding(judged: Sequence[Finding], would_be: Sequence[Finding]) -> Finding | None:
    """What rules on trial add: the gravest verdict that would be one of them alone; None when nothing changes."""
    risen = [
        new for old, new in zip(judged, would_be, strict=True) if new.at_least("warn") and not old.at_least(new.level)
    ]
    if not risen:
        return None
    worst = min(risen, key=lambda one: one.level != "remove")
    return Finding(
        TRIAL, worst.score, worst.level, f"试用中的规则：{worst.why}", dict(worst.details) | {"for": worst.rule}
    )


def recorded(event: MessagePosted, facts: Facts, violation: Violation) -> AddSanction:
    """What would have been punished, under a number, for `#判对` and `#误判`."""
    return AddSanction(
        number=facts.world.counters.sanction + 1,
        room_id=event.room_id,
        member=event.sender,
        kind=SanctionKind.TRIAL,
        rule=violation.rule,
        severity=violation.severity.name.lower(),
        at=facts.now,
        until=None,
        enforced=False,
        event_id=event.id,
        why=violation.ref,
    )
