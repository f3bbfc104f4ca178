"""From a violation to its consequence: past sanctions read as strikes, the ladder's step, and what the room can do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from domain import ladder as rungs
from domain.actions import Mute, Remove, SanctionKind
from domain.breaker import BreakerRule, breaker
from domain.facts import Facts, Sanction
from domain.ladder import LadderRule, Severity, Step, Strike, Violation, ladder_rule, next_step
from domain.order_actions import RECALLED
from domain.policy import ModerationPolicy
from handlers.degrade import able

LATE = "late"
"""Severity on record of what was said long before it was judged; it counts on the lowest rung."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What is done: ``kind`` as recorded, ``minutes`` of a mute, ``enforced`` whether the channel can do it.

    ``tell_owner``: the room's owner is to hear of it now (once per window). ``first``: nothing stands against the
    member in this room.
    """

    kind: SanctionKind
    severity: str
    minutes: int = 0
    enforced: bool = True
    tell_owner: bool = False
    first: bool = False


def rule_of(policy: ModerationPolicy) -> LadderRule:
    """The ladder that a policy describes."""
    ladder = policy.ladder
    return ladder_rule(
        timedelta(days=ladder.window_days),
        ladder.warnings,
        [timedelta(minutes=minutes) for minutes in ladder.mute_minutes],
        remove=ladder.remove,
        grave_skips_warnings=ladder.severe_starts_at_mute,
        late_after=timedelta(seconds=policy.late),
    )


def consequence(violation: Violation, past: Iterable[Sanction], facts: Facts) -> Consequence:
    """What follows from ``violation`` in this room now, degraded to what its channel can do."""
    policy = facts.policy.moderation
    step = next_step(strikes(past, facts), violation, rule_of(policy), facts.now)
    severity = LATE if step.late else violation.severity.name.lower()
    match step.action:
        case rungs.Warn():
            return Consequence(SanctionKind.WARN, severity, first=step.first)
        case rungs.Mute(duration):
            minutes = int(duration.total_seconds() // 60)
            can = able(facts, Mute)
            return Consequence(SanctionKind.MUTE, severity, minutes, can, tell_owner=not can and not step.owner_told)
        case rungs.Remove() if able(facts, Remove) and _breaker_closed(facts):
            return Consequence(SanctionKind.REMOVE, severity)
    return Consequence(SanctionKind.TELL_OWNER, severity, tell_owner=_owner_waits(step))


def _owner_waits(step: Step) -> bool:
    # With the final warning the owner was told already.
    return not step.owner_told and not step.after_final_warning


def _breaker_closed(facts: Facts) -> bool:
    limit = facts.policy.moderation.ladder.removals_per_minute
    removals = facts.world.removals.get(facts.event.room_id, ())
    return breaker(removals, facts.now, BreakerRule(limit)).allowed


def strikes(past: Iterable[Sanction], facts: Facts) -> tuple[Strike, ...]:
    """Past sanctions as strikes of the ladder. Simulated ones count only while the room still simulates."""
    done = (s for s in past if s.kind is not SanctionKind.TRIAL)
    return tuple(_strike(s) for s in done if facts.policy.simulate or not _was_simulated(s))


def _strike(sanction: Sanction) -> Strike:
    recalled = sanction.severity == RECALLED
    severity = _severity(sanction.severity)
    violation = Violation(sanction.rule, severity, sanction.at, str(sanction.event_id), recalled)
    return Strike(
        violation,
        _action(sanction),
        # What was late counts on the lowest rung; all others took the next one of their kind.
        rung=0 if sanction.severity == LATE else None,
        enforced=sanction.enforced or _was_simulated(sanction),
        reversed=sanction.reversed_at is not None,
    )


def _was_simulated(sanction: Sanction) -> bool:
    """A warning is always possible, and a mute that the channel could not do has an end on record."""
    return not sanction.enforced and (sanction.kind is not SanctionKind.MUTE or sanction.until is None)


def _minutes(sanction: Sanction) -> int:
    return 0 if sanction.until is None else round((sanction.until - sanction.at).total_seconds() / 60)


def _action(sanction: Sanction) -> rungs.Rung:
    match sanction.kind:
        case SanctionKind.WARN | SanctionKind.WHISPER:
            return rungs.Warn()
        case SanctionKind.MUTE:
            return rungs.Mute(timedelta(minutes=max(_minutes(sanction), 1)))
        case SanctionKind.REMOVE:
            return rungs.Remove()
    return rungs.TellOwner()


def _severity(name: str) -> Severity:
    return Severity.__members__.get(name.upper(), Severity.PLAIN)
