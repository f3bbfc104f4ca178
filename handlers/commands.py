"""What members ask the bot about itself and about them: 帮助, 隐私, 积分, 进度, 我的警告, 申诉."""

from collections.abc import Callable
from datetime import timedelta

from domain.actions import Action, AddAppeal, CaseState, Remember, SanctionKind
from domain.book import Book
from domain.calendar_day import ONE_DAY, community_day
from domain.decision import NOTHING, Finding, Opinion
from domain.events import Event, MessagePosted
from domain.facts import CaseFacts, Facts, Sanction
from domain.ids import NO_ROOM
from domain.member_command import CommandKind
from domain.rules import named
from handlers.asked import command_of
from handlers.escalation.hours import Desk
from handlers.speech import Voice, room_name

RESOLVED_SHOWN = timedelta(days=1)
WARNINGS_SHOWN = 5


class MemberCommands:
    """Answers commands that are the whole message; they work during a takeover too."""

    name = "commands"
    listens: tuple[type, ...] = (MessagePosted,)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)
        self._desk = Desk(book)
        self._titles = {words.category: words.title for words in book.words if words.title}
        self._answers: dict[CommandKind, Callable[[MessagePosted, Facts], tuple[Action, ...]]] = {
            CommandKind.HELP: self._help,
            CommandKind.PRIVACY: self._privacy,
            CommandKind.POINTS: self._points,
            CommandKind.PROGRESS: self._progress,
            CommandKind.MY_WARNINGS: self._warnings,
            CommandKind.APPEAL: self._appeal,
        }

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """The answer to one of the commands above."""
        assert isinstance(event, MessagePosted)
        command = command_of(event, facts, self._voice.book.bot_name)
        answer = self._answers.get(command.kind) if command is not None else None
        if command is None or answer is None:
            return NOTHING
        finding = Finding("command", 1.0, command.kind.value, "成员指令")
        return Opinion((finding,), answer(event, facts), final=True)

    def _help(self, event: MessagePosted, facts: Facts) -> tuple[Action, ...]:
        return (self._voice.answer(facts, "help.staff" if facts.room.staff else "help.member"),)

    def _privacy(self, event: MessagePosted, facts: Facts) -> tuple[Action, ...]:
        kept = facts.policy.retention
        link = privacy_link(self._voice.book)
        values = {"messages": _days(kept.messages), "cases": _days(kept.cases), "link": link}
        return (self._voice.answer(facts, "privacy.notice", event.sender, **values),)

    def _points(self, event: MessagePosted, facts: Facts) -> tuple[Action, ...]:
        person = facts.person(event.sender.id)
        today = community_day(event.at, facts.policy.time_zone)
        # A streak that ended the day before yesterday is history.
        alive = person.last_checkin is not None and person.last_checkin >= today - ONE_DAY
        streak = person.streak if alive else 0
        return (self._voice.answer(facts, "points.balance", event.sender, points=person.balance, streak=streak),)

    def _progress(self, event: MessagePosted, facts: Facts) -> tuple[Action, ...]:
        case = facts.open_case(event.sender.id)
        if case is None:
            case = facts.last_resolved(event.sender.id)
            if case is None or case.resolved_at is None or event.at - case.resolved_at > RESOLVED_SHOWN:
                return (self._voice.answer(facts, "progress.none", event.sender),)
            return (self._voice.answer(facts, "progress.resolved", event.sender, case=case.number),)
        return (self._voice.words(facts, self._standing(case, facts), event.sender),)

    def _standing(self, case: CaseFacts, facts: Facts) -> str:
        if case.state is CaseState.ASSIGNED:
            return self._voice.text("progress.assigned", facts, case=case.number, agent=case.assignee_name)
        opening = self._desk.opening(facts, case.room_id)
        if opening:
            return self._voice.text("progress.waiting", facts, case=case.number, open_time=opening)
        return self._voice.text("progress.waiting_open", facts, case=case.number)

    def _warnings(self, event: MessagePosted, facts: Facts) -> tuple[Action, ...]:
        sanctions = self._standing_sanctions(event, facts)
        if not sanctions:
            return (self._voice.answer(facts, "warnings.none", event.sender),)
        shown = "、".join(f"{s.number}号（{self._title(s)}）" for s in sanctions[-WARNINGS_SHOWN:])
        return (self._voice.answer(facts, "warnings.list", event.sender, count=len(sanctions), list=shown),)

    def _appeal(self, event: MessagePosted, facts: Facts) -> tuple[Action, ...]:
        sanctions = self._standing_sanctions(event, facts)
        if not sanctions:
            return (self._voice.answer(facts, "appeal.none", event.sender),)
        latest = sanctions[-1]
        mark = f"appeal:{latest.number}"
        if facts.mark(mark, event.sender.id, NO_ROOM) is not None:
            return (self._voice.answer(facts, "appeal.again", event.sender, number=latest.number),)
        if latest.right:
            return (self._voice.answer(facts, "appeal.kept", event.sender, number=latest.number),)
        notice = self._voice.text(
            "appeal.staff",
            facts,
            room=room_name(facts, latest.room_id),
            name=event.sender.name,
            number=latest.number,
            rule=self._title(latest),
        )
        member = event.sender.id
        return (
            AddAppeal(room_id=latest.room_id, member_id=member, sanction=latest.number, at=event.at),
            Remember(room_id=NO_ROOM, member_id=member, key=mark, at=event.at),
            self._voice.answer(facts, "appeal.taken", event.sender, number=latest.number),
            *self._voice.to_staff(facts, notice),
        )

    def _standing_sanctions(self, event: MessagePosted, facts: Facts) -> tuple[Sanction, ...]:
        found = (s for s in facts.sanctions_of(event.sender.id) if s.reversed_at is None)
        return tuple(s for s in found if s.kind is not SanctionKind.TRIAL)

    def _title(self, sanction: Sanction) -> str:
        return named(self._titles, sanction.rule)


def privacy_link(book: Book) -> str:
    """The public privacy notice."""
    return f"{book.public_url.rstrip('/')}/privacy"


def _days(days: int) -> str:
    return f"{days} 天" if days else "长期"
