"""Acts on rooms: silence and its end, undoing a sanction, opening and deciding a draw."""

from datetime import datetime, timedelta

from domain.actions import Action, Prize, ReverseSanction, SanctionKind, Say, SendClass, SetQuiet, Unmute
from domain.calendar_day import local
from domain.decision import Opinion
from domain.facts import Sanction
from domain.ids import NO_ROOM, RoomId
from domain.staff_words import BeQuiet, FinishDraw, StartDraw, Undo
from handlers.engagement.drawing import close_draw, open_draw
from handlers.speech import after, policy_in, room_name, to_member
from handlers.staff.acting import Acting

DEFAULT_QUIET = timedelta(hours=2)
"""For `#安静` without a length."""


def be_quiet(acting: Acting, command: BeQuiet) -> Opinion:
    """Silence in the room of the act; from the console without a room, or from an agents' room, in all rooms."""
    facts, room_id = acting.facts, _scope(acting)
    until = acting.event.at + (command.duration or DEFAULT_QUIET)
    clock = _clock(until, acting.event.at, facts.policy.time_zone)
    name = acting.agent.name
    silence = SetQuiet(room_id=room_id, until=until)
    if room_id == NO_ROOM:
        said = acting.tell("staff.quiet_all", until=clock, agent=name)
    elif acting.from_console:
        said = acting.tell("staff.quiet_room", until=clock, agent=name, room=room_name(facts, room_id))
    else:
        said = acting.reply("staff.quiet", until=clock)
    return acting.done("quiet.on", _target(room_id), f"安静到{clock}", (silence, *said))


def resume(acting: Acting) -> Opinion:
    """The end of silence, in the same scope. A silence of all rooms is not ended in one of them."""
    room_id = _scope(acting)
    everywhere = acting.facts.world.quiet_until
    if room_id != NO_ROOM and everywhere is not None and everywhere > acting.event.at:
        clock = _clock(everywhere, acting.event.at, acting.facts.policy.time_zone)
        return acting.hint("所有群都在安静", "staff.quiet_elsewhere", until=clock)
    if room_id == NO_ROOM or acting.from_console:
        said = acting.tell("staff.resumed_all", agent=acting.agent.name)
    else:
        said = acting.reply("staff.resumed")
    return acting.done("quiet.off", _target(room_id), "恢复", (SetQuiet(room_id=room_id, until=None), *said))


def undo(acting: Acting, command: Undo) -> Opinion:
    """Take a sanction back: strike and mute are gone, and the member gets an apology where it was said."""
    sanction = acting.facts.world.sanctions.get(command.number)
    if sanction is None:
        return acting.hint("没有这个处分", "staff.no_sanction", number=command.number)
    if sanction.reversed_at is not None:
        return acting.hint("已经撤销过", "staff.undone_already", number=command.number)
    removed = sanction.kind is SanctionKind.REMOVE and sanction.enforced
    key = "staff.undone_removed" if removed else "staff.undone"
    told = acting.tell(key, number=sanction.number, name=sanction.member.name)
    actions = (
        ReverseSanction(number=sanction.number, at=acting.event.at, by=acting.by),
        *_freed(acting, sanction),
        _apology(acting, sanction),
        *told,
    )
    return acting.done("sanction.undo", f"sanction:{sanction.number}", f"撤销{sanction.number}号处分", actions)


def start_draw(acting: Acting, command: StartDraw) -> Opinion:
    """Open a draw in the room of the act."""
    facts, room_id = acting.facts, acting.event.room_id
    if room_id == NO_ROOM or facts.room.staff or facts.room.private:
        return acting.hint("不能在这里抽奖", "staff.draw_room")
    prizes = tuple(Prize(name, count) for name, count in command.prizes)
    source = f"staff:{acting.agent.user_id}"
    actions = open_draw(acting.voice, facts, room_id, command.title, prizes, command.duration, source)
    return acting.done("draw.open", _target(room_id), f"开始抽奖“{command.title}”", actions)


def finish_draw(acting: Acting, command: FinishDraw) -> Opinion:
    """Decide a draw of the room whose announced end has come (its timer may be late).

    Before that it is refused: the end is part of the hashed terms, and a draw closed early would not verify.
    """
    draws = acting.facts.open_draws()
    if command.number is not None:
        draws = tuple(draw for draw in draws if draw.number == command.number)
    if not draws:
        return acting.hint("没有进行中的抽奖", "staff.draw_none")
    if len(draws) > 1:
        listed = "、".join(f"{draw.number}（{draw.title}）" for draw in draws)
        return acting.hint("有几场抽奖", "staff.draw_which", list=listed)
    if acting.event.at < draws[0].closes_at:
        end = local(draws[0].closes_at, acting.facts.policy.time_zone).strftime("%H:%M")
        return acting.hint("还没到公布的开奖时间", "staff.draw_early", end=end)
    actions = close_draw(acting.voice, acting.facts, draws[0])
    return acting.done("draw.close", f"draw:{draws[0].number}", f"第{draws[0].number}场开奖", actions)


def _scope(acting: Acting) -> RoomId:
    """An agents' room speaks for all rooms: there is nobody in it to be spared."""
    return NO_ROOM if acting.facts.room.staff else acting.event.room_id


def _target(room_id: RoomId) -> str:
    return "rooms" if room_id == NO_ROOM else f"room:{room_id}"


def _freed(acting: Acting, sanction: Sanction) -> tuple[Action, ...]:
    muted = sanction.kind is SanctionKind.MUTE and sanction.enforced
    if not muted or sanction.until is None or sanction.until <= acting.event.at:
        return ()
    free = Unmute(
        room_id=sanction.room_id, send_class=SendClass.MODERATION, member=sanction.member, expires_at=sanction.until
    )
    return (free,)


def _apology(acting: Acting, sanction: Sanction) -> Say:
    facts = acting.facts
    policy = policy_in(acting.voice.book, facts, sanction.room_id)
    return Say(
        room_id=sanction.room_id,
        send_class=SendClass.MODERATION,
        expires_at=after(facts, policy.expiry.acknowledgement),
        text=acting.voice.text("undo.apology", facts),
        mentions=to_member(facts, sanction.room_id, sanction.member),
    )


def _clock(until: datetime, now: datetime, tz: str) -> str:
    here = local(until, tz)
    clock = f"{here.hour}:{here.minute:02d}"
    return clock if here.date() == local(now, tz).date() else f"{here.month}月{here.day}日 {clock}"
