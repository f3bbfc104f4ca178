"""参加 enters a draw, once per person; when its time is up the roster is frozen and the winners are told."""

from domain.actions import Action, EnterDraw
from domain.book import Book
from domain.decision import NOTHING, Finding, Opinion
from domain.draw import entrant_id
from domain.events import Event, MessagePosted, TimerFired
from domain.facts import DrawFacts, Facts
from domain.member_command import CommandKind
from handlers.asked import command_of
from handlers.engagement.drawing import CLOSE_TIMER, close_draw
from handlers.speech import Voice


class Draws:
    """Entries, and the closing of draws whose timer fires."""

    name = "draws"
    listens: tuple[type, ...] = (MessagePosted, TimerFired)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Enter, list one's entries, or close."""
        if isinstance(event, TimerFired):
            return self._time_up(event, facts) if event.name == CLOSE_TIMER else NOTHING
        assert isinstance(event, MessagePosted)
        command = command_of(event, facts, self._voice.book.bot_name)
        if command is None or not facts.policy.engagement.enabled:
            return NOTHING
        if command.kind is CommandKind.JOIN_DRAW:
            return self._join(event, facts, command.argument)
        if command.kind is CommandKind.MY_ENTRIES:
            return self._mine(event, facts)
        return NOTHING

    def _join(self, event: MessagePosted, facts: Facts, number: int | None) -> Opinion:
        draws = facts.open_draws()
        if number is not None:
            draws = tuple(draw for draw in draws if draw.number == number)
            if not draws:
                return _said("unknown", self._voice.answer(facts, "draw.unknown", event.sender, number=number))
        if not draws:
            return _said("none", self._voice.merged(facts, "draw.none", "draw.none", event.sender))
        if len(draws) > 1:
            return _said("which", self._voice.answer(facts, "draw.which", event.sender, list=_listed(draws)))
        return self._enter(event, facts, draws[0])

    def _enter(self, event: MessagePosted, facts: Facts, draw: DrawFacts) -> Opinion:
        member = event.sender
        if event.at >= draw.closes_at:
            about = f"draw.closed:{draw.number}"
            return _said("closed", self._voice.merged(facts, "draw.closed_already", about, member))
        if member.id in draw.entered:
            about = f"draw.already:{draw.number}"
            return _said("already", self._voice.merged(facts, "draw.already", about, member, title=draw.title))
        entry = EnterDraw(number=draw.number, member=member, entrant=entrant_id(draw.salt, member.id), at=event.at)
        say = self._voice.merged(facts, "draw.entered", f"draw.entered:{draw.number}", member, title=draw.title)
        return Opinion((Finding("draw", 1.0, "entered", f"参加第{draw.number}场抽奖"),), (entry, say), final=True)

    def _mine(self, event: MessagePosted, facts: Facts) -> Opinion:
        mine = tuple(draw for draw in facts.open_draws() if event.sender.id in draw.entered)
        if not mine:
            return _said("mine", self._voice.answer(facts, "draw.mine_none", event.sender))
        return _said("mine", self._voice.answer(facts, "draw.mine", event.sender, list=_listed(mine)))

    def _time_up(self, event: TimerFired, facts: Facts) -> Opinion:
        number = int(event.reference) if event.reference.isdecimal() else 0
        draw = facts.world.draws.get(number)
        if draw is None or draw.closed:
            return Opinion((Finding("draw", 1.0, "closed", "抽奖已经开过"),))
        actions = close_draw(self._voice, facts, draw)
        return Opinion((Finding("draw", 1.0, "decided", f"第{number}场抽奖开奖"),), actions)


def _said(level: str, *actions: Action) -> Opinion:
    return Opinion((Finding("draw", 1.0, level, "抽奖"),), actions, final=True)


def _listed(draws: tuple[DrawFacts, ...]) -> str:
    return "、".join(f"{draw.number}（{draw.title}）" for draw in draws)
