"""A message that its author takes back after it was answered for: the strike stays, one rung lower."""

from datetime import datetime, timedelta

from domain.actions import Action, Audit, EaseSanction, Mute, SanctionKind, SendClass, Unmute
from domain.decision import Finding, Opinion
from domain.events import MessageRecalled
from domain.facts import Facts, Sanction
from domain.order_actions import RECALLED
from handlers.moderation.sanctions import LATE


def eased(event: MessageRecalled, facts: Facts) -> Opinion:
    """Ease the sanction that the recalled message brought; nothing when it brought none."""
    sanction = _brought_by(event, facts)
    if sanction is None:
        return Opinion()
    until, actions = _mute_below(sanction, event, facts)
    ease = EaseSanction(number=sanction.number, until=until, at=facts.now)
    target, number = f"member:{sanction.member.id}", str(sanction.number)
    audit = Audit(actor="bot", act="sanction:eased", target=target, outcome=number, at=facts.now)
    return Opinion((Finding("recalled", 1.0, "eased", f"编号{number}的话已由本人撤回"),), (*actions, ease, audit))


def _brought_by(event: MessageRecalled, facts: Facts) -> Sanction | None:
    if event.sender is None or not event.reference:
        return None
    member = facts.member(event.sender.id)
    said = next((recent.event_id for recent in member.recent if recent.external_id == event.reference), None)
    return next((s for s in member.sanctions if s.event_id == said and _can_be_eased(s)), None) if said else None


def _can_be_eased(sanction: Sanction) -> bool:
    # What was late stands on the lowest rung already.
    done = sanction.reversed_at is None and sanction.kind is not SanctionKind.TRIAL
    return done and sanction.severity not in (RECALLED, LATE)


def _mute_below(sanction: Sanction, event: MessageRecalled, facts: Facts) -> tuple[datetime | None, tuple[Action, ...]]:
    """When a mute in force now ends, as the rung below would have it, and what makes it so."""
    running = sanction.kind is SanctionKind.MUTE and sanction.enforced
    if not running or sanction.until is None or sanction.until <= facts.now:
        return sanction.until, ()
    minutes = round((sanction.until - sanction.at) / timedelta(minutes=1))
    shorter = [m for m in facts.policy.moderation.ladder.mute_minutes if m < minutes]
    until = sanction.at + timedelta(minutes=max(shorter, default=0))
    room, member = event.room_id, sanction.member
    if until <= facts.now:
        return facts.now, (Unmute(room_id=room, send_class=SendClass.MODERATION, member=member),)
    mute = Mute(room_id=room, send_class=SendClass.MODERATION, member=member, until=until, expires_at=until)
    return until, (mute,)
