"""What a channel cannot do is left out or recorded as not done; the bot never claims otherwise."""

from collections.abc import Sequence
from dataclasses import replace

from domain.actions import (
    AcceptInvite,
    Action,
    AddSanction,
    Mute,
    Outward,
    Recall,
    Remove,
    SanctionKind,
    Say,
    SendFile,
    Unmute,
)
from domain.decision import OUTWARD
from domain.facts import Ability, Facts, RoomFacts

_NEEDED: dict[type, Ability] = {
    Recall: Ability.RECALL_OTHERS,
    Mute: Ability.MUTE_MEMBER,
    Unmute: Ability.MUTE_MEMBER,
    Remove: Ability.REMOVE_MEMBER,
    AcceptInvite: Ability.ACCEPT_INVITE,
    SendFile: Ability.SEND_FILE,
}
_DONE_BY: dict[SanctionKind, type] = {SanctionKind.MUTE: Mute, SanctionKind.REMOVE: Remove}


def able(facts: Facts, action: type) -> bool:
    """Whether the event's account can do this kind of outward action in the event's room now.

    Removal may need the account to be owner or admin there, as in WeChat.
    """
    return able_in(facts, action, facts.room)


def able_in(facts: Facts, action: type, room: RoomFacts) -> bool:
    """The same for another room of the account."""
    abilities = facts.account.abilities
    needed = _NEEDED.get(action)
    if needed is not None and needed not in abilities:
        return False
    if action is Remove and Ability.REMOVE_AS_ADMIN_ONLY in abilities:
        return facts.account.member_id == room.owner_id or facts.account.member_id in room.admin_ids
    return True


def may_whisper(facts: Facts) -> bool:
    """Whether the event's account can speak to any member privately."""
    return Ability.WHISPER in facts.account.abilities


def degrade(actions: Sequence[Action], facts: Facts) -> tuple[Action, ...]:
    """Leave out what the channel cannot do in the event's room, and mark its sanctions ``enforced=False``.

    Words that replace them (a final warning for a mute) are chosen by the handler, which asks `able` first; this is
    the net below it. Actions in other rooms, perhaps of other accounts, pass: their channel answers for itself.
    """
    kept: list[Action] = []
    for action in actions:
        if getattr(action, "room_id", None) != facts.event.room_id:
            kept.append(action)
        elif isinstance(action, AddSanction):
            kept.append(_recorded(action, facts))
        elif not isinstance(action, OUTWARD) or (able(facts, type(action)) and not _too_private(action, facts)):
            kept.append(action)
    return tuple(kept)


def _too_private(action: Outward, facts: Facts) -> bool:
    """Words for one member alone, where the channel has no way to them: never said in public instead."""
    return isinstance(action, Say) and action.whisper_to is not None and not may_whisper(facts)


def _recorded(sanction: AddSanction, facts: Facts) -> AddSanction:
    done_by = _DONE_BY.get(sanction.kind)
    if done_by is None or able(facts, done_by):
        return sanction
    return replace(sanction, enforced=False)
