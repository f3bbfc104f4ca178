"""Acts on verdicts and rules: undo, right or wrong, trial and retirement, and the list of those banned everywhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from domain.actions import (
    Action,
    Ban,
    JudgeSanction,
    LiftBan,
    Merge,
    Remove,
    ReverseSanction,
    SanctionKind,
    Say,
    SendClass,
    SetRule,
    Unmute,
)
from domain.decision import Opinion
from domain.facts import Facts, RoomFacts, Sanction
from domain.ids import MemberId, RoomId
from domain.rules import TITLES, RuleFacts, RuleState, distrusted
from domain.staff_words import BanMember, ChangeRule, Review, Undo
from handlers.degrade import able_in, may_whisper
from handlers.moderation.trial import listed_state
from handlers.speech import after, policy_in, room_name, to_member
from handlers.staff.acting import Acting

_MAY_CHANGE_RULES = ("lead", "operator", "admin")
_STATES = {RuleState.LIVE: "启用", RuleState.TRIAL: "试用", RuleState.RETIRED: "停用"}


def undo(acting: Acting, command: Undo) -> Opinion:
    """Take a sanction back: strike and mute are gone, and the member gets an apology where they can hear it."""
    sanction = acting.facts.world.sanctions.get(command.number)
    if sanction is None:
        return acting.hint("没有这个处置", "staff.no_sanction", number=command.number)
    if sanction.reversed_at is not None:
        return acting.hint("已经撤销过", "staff.undone_already", number=command.number)
    if sanction.kind is SanctionKind.TRIAL:
        return acting.hint("试用中的记录", "staff.on_trial", number=command.number)
    actions: list[Action] = [*_taken_back(acting, sanction), *_told_undone(acting, sanction)]
    return acting.done("sanction.undo", f"sanction:{sanction.number}", f"撤销{sanction.number}号处置", actions)


def review(acting: Acting, command: Review) -> Opinion:
    """Whether a verdict was right. A wrong one is taken back, and too many of them put the rule on trial again."""
    facts = acting.facts
    sanction = facts.world.sanctions.get(command.number)
    if sanction is None:
        return acting.hint("没有这个处置", "staff.no_sanction", number=command.number)
    if sanction.right is command.right:
        return acting.hint("已经这样判过", "staff.reviewed_already", number=command.number)
    said = JudgeSanction(
        number=sanction.number, rule=sanction.rule, right=command.right, before=sanction.right, at=acting.event.at
    )
    actions: list[Action] = [said]
    if command.right:
        actions += acting.reply("staff.review_right", number=sanction.number)
        if sanction.appealed and sanction.reversed_at is None:
            actions.append(_to_member(acting, sanction, "appeal.kept", may_whisper(facts), number=sanction.number))
    else:
        if sanction.reversed_at is None:
            actions += _taken_back(acting, sanction)
        actions += acting.tell("staff.review_wrong", number=sanction.number, rule=sanction.rule)
        actions += _told_undone(acting, sanction) if _gone(acting, sanction) else ()
        actions += _back_on_trial(acting, sanction, command.right)
    word = "判对" if command.right else "误判"
    return acting.done("sanction.review", f"sanction:{sanction.number}", f"{sanction.number}号{word}", actions)


def change_rule(acting: Acting, command: ChangeRule) -> Opinion:
    """Put a rule live, on trial, or into retirement; the last takes back all it ever did."""
    facts, rule = acting.facts, command.rule
    if not acting.from_console and acting.agent.role not in _MAY_CHANGE_RULES:
        return acting.hint("规则要组长以上来改", "staff.rule_refused")
    known = (*dict.fromkeys(words.category for words in acting.voice.book.words), *TITLES)
    if rule not in known and rule not in facts.world.rules:
        return acting.hint("没有这条规则", "staff.rule_unknown", rule=rule, list="、".join(known))
    set_rule = SetRule(rule=rule, state=command.state, at=acting.event.at, by=acting.by)
    actions: list[Action] = [set_rule]
    if command.state is RuleState.RETIRED:
        standing = [s for s in facts.world.sanctions.values() if s.rule == rule and s.reversed_at is None]
        back = list(_all_taken_back(acting, standing))
        actions += back
        actions += _told_retired(acting, rule, standing, back)
    else:
        actions += acting.tell("staff.rule_changed", rule=rule, state=_STATES[command.state])
    return acting.done("rule.change", f"rule:{rule}", f"{_STATES[command.state]}规则“{rule}”", actions)


def ban(acting: Acting, command: BanMember) -> Opinion:
    """Nobody's room any more, or back again: the member whom a sanction was given to."""
    facts = acting.facts
    sanction = facts.world.sanctions.get(command.number)
    if sanction is None:
        return acting.hint("没有这个处置", "staff.no_sanction", number=command.number)
    member = sanction.member
    if command.lift:
        lifted: list[Action] = [LiftBan(member_id=member.id), *_told_lifted(acting, sanction)]
        return acting.done("ban.lift", f"member:{member.id}", f"解除拉黑{member.name}", lifted)
    places = list(_places(facts, member.id))
    if facts.person(member.id).staff is not None or any(_leads(room, member.id) for room in places):
        return acting.hint("群主、管理员和同事不能拉黑", "staff.ban_refused", name=member.name)
    able_there = [room for room in places if able_in(facts, Remove, room)]
    unable = [room_name(facts, room.id) for room in places if room not in able_there]
    removals = [
        Remove(room_id=room.id, send_class=SendClass.MODERATION, member=member, expires_at=after(facts, 600))
        for room in able_there
    ]
    banned = Ban(member=member, number=sanction.number, at=acting.event.at, by=acting.by)
    key = "staff.banned_elsewhere" if unable else "staff.banned"
    told = acting.tell(key, name=member.name, count=len(removals), list="、".join(unable), number=sanction.number)
    actions: list[Action] = [banned, *removals, *told]
    return acting.done("ban.set", f"member:{member.id}", f"拉黑{member.name}", actions)


# ---- taking back -----------------------------------------------------------------------------------------------------


def _taken_back(acting: Acting, sanction: Sanction) -> Iterator[Action]:
    yield ReverseSanction(number=sanction.number, at=acting.event.at, by=acting.by)
    if sanction.kind is SanctionKind.TRIAL:
        return
    yield from _freed(acting, sanction)
    if _hears(acting, sanction):
        yield _apology(acting, sanction)


def _all_taken_back(acting: Acting, standing: Sequence[Sanction]) -> Iterator[Action]:
    """Everything a rule did; one apology per member and room, and those of a room become one message.

    Who was warned in public hears it there, whatever was said to them alone before.
    """
    sorry: set[tuple[RoomId, MemberId]] = set()
    for sanction in sorted(standing, key=lambda one: (one.kind is SanctionKind.WHISPER, one.number)):
        yield ReverseSanction(number=sanction.number, at=acting.event.at, by=acting.by)
        if sanction.kind is SanctionKind.TRIAL:
            continue
        yield from _freed(acting, sanction)
        if (sanction.room_id, sanction.member.id) not in sorry and _hears(acting, sanction):
            sorry.add((sanction.room_id, sanction.member.id))
            yield _joined(_apology(acting, sanction), sanction)


def _joined(apology: Say, sanction: Sanction) -> Say:
    if apology.whisper_to is not None:
        return apology
    share = Merge("undo.apology", apology.text, sanction.member.name, member=sanction.member.id, addressed=True)
    return replace(apology, merge=share)


def _told_undone(acting: Acting, sanction: Sanction) -> tuple[Say, ...]:
    key = "staff.undone"
    if _gone(acting, sanction):
        key = "staff.undone_removed" if _hears(acting, sanction) else "staff.undone_gone"
    return acting.tell(key, number=sanction.number, name=sanction.member.name)


def _told_lifted(acting: Acting, sanction: Sanction) -> tuple[Say, ...]:
    if sanction.reversed_at is None and _gone(acting, sanction):
        # The removal keeps them out of its room on its own.
        return acting.tell("staff.ban_lifted_removed", name=sanction.member.name, number=sanction.number)
    return acting.tell("staff.ban_lifted", name=sanction.member.name)


def _gone(acting: Acting, sanction: Sanction) -> bool:
    """Whether the member was removed and is not back: words in that room would not reach them."""
    if sanction.kind is not SanctionKind.REMOVE or not sanction.enforced:
        return False
    known = acting.facts.world.members.get((sanction.room_id, sanction.member.id))
    if known is not None:
        return known.left_at is not None
    return sanction.room_id not in acting.facts.world.stays.get(sanction.member.id, frozenset())


def _hears(acting: Acting, sanction: Sanction) -> bool:
    """Whether an apology reaches the member: in the room, or alone where the account can speak to anybody."""
    if not _gone(acting, sanction):
        return True
    room = acting.facts.world.rooms.get(sanction.room_id)
    # What this event's account can do says nothing about another channel's.
    here = room is None or room.key.partition(":")[0] == acting.facts.account.channel
    return here and may_whisper(acting.facts)


def _freed(acting: Acting, sanction: Sanction) -> tuple[Action, ...]:
    muted = sanction.kind is SanctionKind.MUTE and sanction.enforced
    if not muted or sanction.until is None or sanction.until <= acting.event.at:
        return ()
    free = Unmute(
        room_id=sanction.room_id, send_class=SendClass.MODERATION, member=sanction.member, expires_at=sanction.until
    )
    return (free,)


def _apology(acting: Acting, sanction: Sanction) -> Say:
    alone = sanction.kind is SanctionKind.WHISPER or _gone(acting, sanction)
    return _to_member(acting, sanction, "undo.apology", alone)


def _to_member(acting: Acting, sanction: Sanction, key: str, alone: bool, **values: object) -> Say:
    """Words to whom a sanction was given to: alone, or where it was given."""
    facts = acting.facts
    policy = policy_in(acting.voice.book, facts, sanction.room_id)
    return Say(
        room_id=sanction.room_id,
        send_class=SendClass.MODERATION,
        expires_at=after(facts, policy.expiry.acknowledgement),
        text=acting.voice.text(key, facts, **values),
        mentions=() if alone else to_member(facts, sanction.room_id, sanction.member),
        whisper_to=sanction.member if alone else None,
    )


def _told_retired(acting: Acting, rule: str, standing: Iterable[Sanction], back: Iterable[Action]) -> tuple[Say, ...]:
    done = [one for one in standing if one.kind is not SanctionKind.TRIAL]
    gone = {one.member.id for one in done if _gone(acting, one)}
    says = [action for action in back if isinstance(action, Say)]
    heard = {say.whisper_to.id if say.whisper_to is not None else say.merge and say.merge.member for say in says}
    counts = {"count": len(done), "members": len(heard)}
    if gone:
        return acting.tell("staff.rule_retired_gone", rule=rule, **counts, removed=len(gone))
    return acting.tell("staff.rule_retired", rule=rule, **counts)


# ---- rules and rooms -------------------------------------------------------------------------------------------------


def _back_on_trial(acting: Acting, sanction: Sanction, right: bool) -> Iterator[Action]:
    facts, rule = acting.facts, sanction.rule
    known = facts.world.rules.get(rule, RuleFacts()).judged(right, sanction.right)
    if listed_state(rule, facts, acting.voice.book) is RuleState.LIVE and distrusted(known):
        yield SetRule(rule=rule, state=RuleState.TRIAL, at=acting.event.at, by="bot")
        yield from acting.tell("staff.rule_back", rule=rule, wrong=known.wrong, total=known.wrong + known.right)


def _places(facts: Facts, member: MemberId) -> Iterator[RoomFacts]:
    # What the batch itself has changed stands with the members; the stays were loaded before it.
    known = {room: one for (room, whose), one in facts.world.members.items() if whose == member}
    elsewhere = facts.world.stays.get(member, frozenset()) - known.keys()
    here = {room_id for room_id, one in known.items() if one.left_at is None}
    for room_id in sorted(elsewhere | here):
        room = facts.world.rooms.get(room_id)
        if room is not None and not room.private and not room.staff and room.present:
            yield room


def _leads(room: RoomFacts, member: MemberId) -> bool:
    return member == room.owner_id or member in room.admin_ids
