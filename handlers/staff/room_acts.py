"""Acts on rooms: silence and its end, opening and deciding a draw."""

from datetime import datetime, timedelta

from domain.actions import Prize, SetQuiet
from domain.calendar_day import local
from domain.decision import Opinion
from domain.ids import NO_ROOM, RoomId
from domain.staff_words import BeQuiet, FinishDraw, StartDraw
from handlers.engagement.drawing import close_draw, open_draw
from handlers.speech import room_name
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


def _clock(until: datetime, now: datetime, tz: str) -> str:
    here = local(until, tz)
    clock = f"{here.hour}:{here.minute:02d}"
    return clock if here.date() == local(now, tz).date() else f"{here.month}月{here.day}日 {clock}"
