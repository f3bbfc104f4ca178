"""All opinions about one event become one decision; `judge_all` judges a batch, each event on the last one's world."""

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.actions import Action, AddSanction, CaseState, Outward, Say, SendClass, SendFile, SetQuiet
from domain.book import Book
from domain.course import Course
from domain.decision import LEVELS, NOTHING, OUTWARD, Decision, Finding, Judged, Opinion
from domain.events import Event, MessagePosted, OwnMessage
from domain.evolve import follow
from domain.facts import Facts, World
from domain.ids import MemberId, RoomId
from domain.incoming import MessageKind
from domain.text import TextFacts
from handlers.contract import Handler
from handlers.degrade import degrade
from handlers.loops import counted

SPARED: dict[str, frozenset[str]] = {"moderation": frozenset({"takeover", "escalation"})}
"""Whose actions a handler's ``final`` does not drop: an insulting complaint is sanctioned and reaches people too."""

_RULES = list(LEVELS)
_Heard = tuple[list[tuple[str, Opinion]], dict[str, str]]
"""Opinions and tracebacks by the handlers' names."""

WORDED = (MessageKind.TEXT, MessageKind.GROUP_NOTE)
"""Kinds whose text is the member's own words."""
_SPOKEN = (MessagePosted, OwnMessage)


@dataclass(frozen=True, slots=True)
class Engine:
    """One revision of the book, ready to judge: its handlers in order, and how a text is read."""

    book: Book
    handlers: tuple[Handler, ...]
    read: Callable[[str], TextFacts]
    listening: Mapping[type, tuple[Handler, ...]] = field(init=False, repr=False)
    """The handlers that want a kind of event, in order."""

    def __post_init__(self) -> None:
        kinds = {kind for handler in self.handlers for kind in handler.listens}
        listening = {kind: tuple(one for one in self.handlers if kind in one.listens) for kind in kinds}
        object.__setattr__(self, "listening", listening)


def judge_all(engine: Engine, world: World, events: Sequence[Event], now: datetime) -> tuple[list[Judged], World]:
    """Judge ``events`` in order at ``now`` (aware); returns each with its decision, and the world after the last."""
    judged: list[Judged] = []
    course = Course(world)
    for event in events:
        facts = facts_of(engine, course.world, event, now)
        decision = judge(engine, event, facts)
        norm = facts.text.norm if facts.text is not None else ""
        follow(course, event, decision, norm)
        judged.append(Judged(event, decision, norm))
    return judged, course.world


def facts_of(engine: Engine, world: World, event: Event, now: datetime) -> Facts:
    """One event's view of the world, with the room's policy and its words read."""
    room = world.rooms.get(event.room_id)
    policy = engine.book.policy_of(room.key) if room is not None else engine.book.policy
    text = engine.read(event.text) if isinstance(event, _SPOKEN) and event.kind in WORDED else None
    return Facts(now, policy, world, event, text)


def judge(engine: Engine, event: Event, facts: Facts) -> Decision:
    """Merge every handler's opinion about ``event`` into one decision; pure, and never raises for a handler's sake.

    Findings of abuse, advert, complaint and faq are there for every message, also when innocent, and also when the
    handler that owed one raised (then its traceback is in ``errors``).
    """
    own = isinstance(event, MessagePosted) and event.sender.id == facts.account.member_id
    opinions, errors = (
        _listen((), event, facts) if own else _listen(engine.listening.get(type(event), ()), event, facts)
    )
    told: list[Finding] = []
    idle = True
    for _, opinion in opinions:
        told += opinion.findings
        idle = idle and not opinion.actions and opinion.defer_until is None
    findings = _complete(told, errors, own) if isinstance(event, MessagePosted) else tuple(told)
    traces = tuple(errors.values())
    if idle:
        return Decision(event.id, findings, (), (), traces)
    defer = next((opinion.defer_until for _, opinion in opinions if opinion.defer_until is not None), None)
    if defer is not None:
        return Decision(event.id, findings, errors=traces, defer_until=defer)
    wanted = _spoken(_not_overruled(opinions), event, facts)
    if isinstance(event, MessagePosted):
        wanted += counted(event, facts, wanted, engine.book.bot_name)
    allowed = degrade(wanted, facts)
    actions, simulated = _simulated(allowed, engine.book, facts)
    return Decision(event.id, findings, actions, simulated, traces)


def _listen(handlers: Iterable[Handler], event: Event, facts: Facts) -> _Heard:
    """What the handlers say, in order, and the tracebacks of those that raise."""
    opinions: list[tuple[str, Opinion]] = []
    errors: dict[str, str] = {}
    for handler in handlers:
        try:
            opinion = handler.decide(event, facts)
        except Exception:
            # One faulty handler must not silence the others; its traceback is kept with the decision.
            errors[handler.name] = f"{handler.name}: {traceback.format_exc()}"
        else:
            if opinion is not NOTHING:
                opinions.append((handler.name, opinion))
    return opinions, errors


def _complete(findings: Sequence[Finding], errors: dict[str, str], own: bool) -> tuple[Finding, ...]:
    """The four rules first and each exactly once, then what else was found."""
    if [finding.rule for finding in findings] == _RULES:
        return tuple(findings)
    found = {finding.rule: finding for finding in reversed(findings)}
    why = "本账号自己的消息" if own else f"处理出错：{'、'.join(errors)}" if errors else "无"
    four = (found.get(rule) or Finding(rule, 0.0, "none", why) for rule in LEVELS)
    return (*four, *(finding for finding in findings if finding.rule not in LEVELS))


def _not_overruled(opinions: Iterable[tuple[str, Opinion]]) -> list[Action]:
    """The wanted actions, less those of handlers after a final one that it does not spare."""
    actions: list[Action] = []
    final_by: str | None = None
    for name, opinion in opinions:
        if final_by is None or name in SPARED.get(final_by, frozenset()):
            actions.extend(opinion.actions)
        if opinion.final and final_by is None:
            final_by = name
    return actions


def _spoken(actions: Sequence[Action], event: Event, facts: Facts) -> list[Action]:
    """Drop what a takeover or the off switch forbids to say or do."""
    # The answer to the command that switches is itself neither early nor late.
    switching = any(isinstance(action, SetQuiet) for action in actions)
    return [
        action
        for action in actions
        if not _taken_over(action, event, facts) and (switching or not _silenced(action, facts))
    ]


def _taken_over(action: Action, event: Event, facts: Facts) -> bool:
    """Whether this is unasked speech to a member whose thread an agent holds."""
    if not (isinstance(action, Say | SendFile) and action.unasked and action.room_id == event.room_id):
        return False
    if isinstance(event, MessagePosted):
        return _held(event.sender.id, facts)
    people = (action.to,) if isinstance(action, SendFile) else action.mentions
    return bool(people) and all(_held(person.id, facts) for person in people)


def _held(member_id: MemberId, facts: Facts) -> bool:
    case = facts.open_case(member_id)
    return case is not None and case.state is CaseState.ASSIGNED


def _silenced(action: Action, facts: Facts) -> bool:
    """The off switch drops outward actions and their strikes; people's own words and staff rooms are spared."""
    if isinstance(action, AddSanction):
        return _quiet_in(action.room_id, facts)
    if not isinstance(action, OUTWARD) or action.send_class is SendClass.STAFF:
        return False
    return _quiet_in(action.room_id, facts)


def _quiet_in(room_id: RoomId, facts: Facts) -> bool:
    room = facts.world.rooms.get(room_id)
    if room_id in facts.world.staff_rooms or (room is not None and room.staff):
        return False
    untils = (room.quiet_until if room is not None else None, facts.world.quiet_until)
    return any(until is not None and until > facts.now for until in untils)


def _simulated(actions: Iterable[Action], book: Book, facts: Facts) -> tuple[tuple[Action, ...], tuple[Outward, ...]]:
    """Where a room only simulates, nothing goes out and no sanction counts as done."""
    real: list[Action] = []
    simulated: list[Outward] = []
    for action in actions:
        if isinstance(action, OUTWARD) and _simulates(action.room_id, book, facts):
            simulated.append(action)
        elif isinstance(action, AddSanction) and _simulates(action.room_id, book, facts):
            # Without an end it is told apart from a mute that the channel could not do.
            real.append(replace(action, enforced=False, until=None))
        else:
            real.append(action)
    return tuple(real), tuple(simulated)


def _simulates(room_id: RoomId, book: Book, facts: Facts) -> bool:
    if room_id == facts.event.room_id:
        return facts.policy.simulate
    room = facts.world.rooms.get(room_id)
    return book.policy_of(room.key).simulate if room is not None else book.policy.simulate
