"""While an agent holds a thread: the member's words go to the agents, silence is noticed, and the thread comes back."""

from datetime import timedelta

from domain.actions import Action, Author, CaseState, ReleaseCase, RemindedAgent, SetTimer
from domain.book import Book
from domain.decision import NOTHING, Finding, Opinion
from domain.events import Event, MessagePosted, TimerFired
from domain.facts import CaseFacts, Facts, StaffFacts
from domain.incoming import MessageKind
from domain.member_command import CommandKind
from domain.takeover import Reminder, due_reminder, lapsed, next_check
from handlers.asked import command_of
from handlers.escalation.threads import WATCH_TIMER, Threads, takeover_rule
from handlers.kinds import shown
from handlers.speech import policy_in

_PART_OF_THE_TALK = (CommandKind.HUMAN, CommandKind.SATISFACTION)
"""Commands that may as well be words to the agent (a bare 3)."""


class Takeover:
    """Keeps a held thread together: the member's messages, the agent's words in the room, reminders and lapse."""

    name = "takeover"
    listens: tuple[type, ...] = (MessagePosted, TimerFired)

    def __init__(self, book: Book) -> None:
        self._threads = Threads.of(book)
        self._voice = self._threads.voice

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """Pass on, count as takeover, remind, or give back."""
        if isinstance(event, TimerFired):
            return self._watched(event, facts) if event.name == WATCH_TIMER else NOTHING
        assert isinstance(event, MessagePosted)
        if facts.room.staff:
            return NOTHING
        agent = facts.person(event.sender.id).staff
        if agent is not None:
            return self._agent_spoke(event, facts, agent)
        case = facts.open_case(event.sender.id)
        if case is None or case.state is not CaseState.ASSIGNED or self._is_command(event, facts):
            return NOTHING
        finding = Finding("takeover", 1.0, "passed_on", f"编号{case.number}由{case.assignee_name}跟进")
        return Opinion((finding,), self._threads.more(case, event, facts))

    def _is_command(self, event: MessagePosted, facts: Facts) -> bool:
        command = command_of(event, facts, self._voice.book.bot_name)
        return command is not None and command.kind not in _PART_OF_THE_TALK

    def _agent_spoke(self, event: MessagePosted, facts: Facts, agent: StaffFacts) -> Opinion:
        """An agent who turns to a member with an open case, by @ or by quoting them, holds that case."""
        cases = _turned_to(event, facts)
        if not cases:
            return NOTHING
        words = shown(event.kind, event.text) if event.kind is not MessageKind.TEXT else event.text
        actions: list[Action] = []
        for case in cases:
            actions += self._threads.answered(case, facts, agent, words)
            if case.state is CaseState.OPEN:
                took = self._voice.text("staff.took", facts, case=case.number, agent=agent.name)
                actions += self._voice.to_staff(facts, took)
        numbers = "、".join(str(case.number) for case in cases)
        # Nothing of the bot's own comes between the agent and the member.
        return Opinion(
            (Finding("takeover", 1.0, "agent", f"{agent.name}在群里回复编号{numbers}"),), tuple(actions), True
        )

    def _watched(self, event: TimerFired, facts: Facts) -> Opinion:
        number = int(event.reference) if event.reference.isdecimal() else 0
        case = facts.world.cases.get(number)
        if case is None or case.state is not CaseState.ASSIGNED or case.taken_at is None:
            return NOTHING
        rule = takeover_rule(policy_in(self._voice.book, facts, case.room_id))
        if lapsed(event.at, case.taken_at, case.last_word_at, rule):
            finding = Finding("takeover", 1.0, "lapsed", f"编号{number}的接手已过期")
            return Opinion((finding,), self._lapse(case, facts, rule.lapse))
        reminder = due_reminder(event.at, case.taken_at, case.last_word_at, case.reminders, rule)
        count = reminder.number if reminder is not None else case.reminders
        again = SetTimer(
            name=WATCH_TIMER,
            room_id=case.room_id,
            due_at=next_check(case.taken_at, case.last_word_at, count, rule),
            reference=event.reference,
        )
        if reminder is None:
            return Opinion(actions=(again,))
        finding = Finding("takeover", 1.0, "reminded", f"编号{number}第{count}次提醒")
        return Opinion((finding,), (*self._remind(case, facts, event, reminder), again))

    def _remind(self, case: CaseFacts, facts: Facts, event: TimerFired, reminder: Reminder) -> tuple[Action, ...]:
        text = self._voice.text(
            "notice.reminder",
            facts,
            agent=case.assignee_name,
            minutes=_minutes(reminder.silent),
            left=_minutes(reminder.lapses_at - event.at),
        )
        return RemindedAgent(number=case.number, count=reminder.number), *self._voice.to_staff(facts, text, case.number)

    def _lapse(self, case: CaseFacts, facts: Facts, after: timedelta) -> tuple[Action, ...]:
        epoch = case.epoch + 1
        text = self._voice.text("notice.lapsed", facts, agent=case.assignee_name, minutes=_minutes(after))
        to_member = self._voice.about_case(facts, "case.lapsed", case, epoch)
        return (
            ReleaseCase(number=case.number, epoch=epoch, at=facts.event.at),
            self._threads.append(case, facts, Author.NOTE, self._voice.book.bot_name, text),
            to_member,
            *self._voice.to_staff(facts, text, case.number),
        )


def _turned_to(event: MessagePosted, facts: Facts) -> list[CaseFacts]:
    """The open cases of the members an agent's message is for (a quoted name was made a member when it was heard)."""
    members = [person.id for person in event.mentions]
    if event.quote is not None and event.quote.member_id is not None:
        members.append(event.quote.member_id)
    cases = (facts.open_case(member) for member in dict.fromkeys(members))
    return [case for case in cases if case is not None]


def _minutes(length: timedelta) -> int:
    return max(round(length / timedelta(minutes=1)), 1)
