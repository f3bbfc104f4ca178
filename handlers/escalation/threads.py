"""What is done with a case, as actions: opened, continued, taken over, answered, resolved; and its notices to staff."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.actions import (
    Action,
    AgentSpoke,
    AppendToCase,
    Author,
    CaseState,
    OpenCase,
    ResolveCase,
    Say,
    SendClass,
    SetTimer,
    TakeCase,
)
from domain.book import Book
from domain.calendar_day import local
from domain.events import MessagePosted
from domain.facts import CaseFacts, Facts, Recent, StaffFacts
from domain.hours import add_service_time
from domain.policy import Policy
from domain.takeover import TakeoverRule, next_check
from handlers.escalation.hours import Desk
from handlers.kinds import shown
from handlers.speech import Voice, policy_in, room_name, to_member

WATCH_TIMER = "case.watch"
LATE_TIMER = "case.late"
FIRST_REPLY = timedelta(minutes=30)
"""How long, in service time, a case may wait for its first answer before the agents are reminded."""
CASE_CHARS = 2000
"""How much of one message a case keeps."""
NOTICE_MESSAGES = 4
"""Earlier messages that a notice shows before the one that opened the case."""


@dataclass(frozen=True, slots=True)
class Threads:
    """The acts on cases that several handlers share, speaking one book's texts."""

    voice: Voice
    desk: Desk

    @classmethod
    def of(cls, book: Book) -> "Threads":
        """For one book. Raises ValueError when a policy's service hours cannot be read."""
        return cls(Voice(book), Desk(book))

    def open(self, event: MessagePosted, facts: Facts, reason: str, bare: bool = False) -> tuple[Action, ...]:
        """A new case of the sender's: its messages, the acknowledgement, the notice, and a look at it when late.

        ``bare``: nothing tells what it is about yet, so the acknowledgement asks, this once.
        """
        number, member, at = facts.world.counters.case + 1, event.sender, event.at
        case = CaseFacts(number, event.room_id, member, CaseState.OPEN, reason, at)
        recent = facts.member(member.id).recent[-NOTICE_MESSAGES:]
        earlier = tuple(
            AppendToCase(
                number=number,
                author=Author.MEMBER,
                name=member.name,
                text=shown(message.kind, message.text),
                at=message.at,
                event_id=message.event_id,
            )
            for message in recent
        )
        return (
            OpenCase(
                number=number,
                room_id=event.room_id,
                member=member,
                reason=reason,
                rule="complaint",
                at=at,
                event_id=event.id,
            ),
            *earlier,
            heard(case, event),
            *self._late_timer(case, facts),
            *self._acknowledged(case, facts, bare),
            *self.voice.to_staff(facts, self._notice(case, event, facts, recent), number),
        )

    def standing(self, case: CaseFacts, facts: Facts) -> str:
        """How an open case stands, for its member."""
        if case.state is CaseState.ASSIGNED:
            return self.voice.text("progress.assigned", facts, case=case.number, agent=case.assignee_name)
        opening = self.desk.opening(facts, case.room_id)
        if opening:
            return self.voice.text("progress.waiting", facts, case=case.number, open_time=opening)
        return self.voice.text("progress.waiting_open", facts, case=case.number)

    def more(self, case: CaseFacts, event: MessagePosted, facts: Facts) -> tuple[Action, ...]:
        """Another message of the member's: kept in the case and passed to the agents' rooms."""
        return (heard(case, event), *self.voice.heard_in_case(facts, case, _own_words(event, limit=200)))

    def take(self, case: CaseFacts, facts: Facts, agent: StaffFacts) -> tuple[Action, ...]:
        """``agent`` holds the case from now on; nothing when they do already."""
        if case.state is CaseState.ASSIGNED and case.assignee == agent.user_id:
            return ()
        at = facts.event.at
        rule = takeover_rule(policy_in(self.voice.book, facts, case.room_id))
        return (
            TakeCase(number=case.number, epoch=case.epoch + 1, user_id=agent.user_id, user_name=agent.name, at=at),
            SetTimer(
                name=WATCH_TIMER,
                room_id=case.room_id,
                due_at=next_check(at, at, 0, rule),
                reference=str(case.number),
            ),
        )

    def answered(self, case: CaseFacts, facts: Facts, agent: StaffFacts, text: str) -> tuple[Action, ...]:
        """The agent's word is in the case; a case that nobody held is theirs by that."""
        taken = self.take(case, facts, agent) if case.state is CaseState.OPEN else ()
        return (
            *taken,
            AgentSpoke(number=case.number, at=facts.event.at),
            self.append(case, facts, Author.AGENT, agent.name, text),
        )

    def to_member(self, case: CaseFacts, facts: Facts, text: str) -> Say:
        """A person's words to the member. They never expire, and no guard voids them: what an agent has said stands,
        also when the case is resolved or passed on right after.
        """
        return Say(
            room_id=case.room_id,
            send_class=SendClass.STAFF,
            text=text,
            mentions=to_member(facts, case.room_id, case.member),
        )

    def resolve(self, case: CaseFacts, facts: Facts, by: str) -> tuple[Action, ...]:
        """Done by staff: the member is told, and asked once how it was where the policy says so."""
        ask = policy_in(self.voice.book, facts, case.room_id).escalation.ask_satisfaction
        key = "case.ask" if ask else "case.resolved"
        epoch = case.epoch + 1
        return (
            ResolveCase(number=case.number, epoch=epoch, at=facts.event.at, by=by, ask=ask),
            self.voice.about_case(facts, key, case, epoch),
        )

    def append(self, case: CaseFacts, facts: Facts, author: Author, name: str, text: str) -> AppendToCase:
        """Words in a case that are not the member's message itself."""
        event = facts.event
        return AppendToCase(
            number=case.number, author=author, name=name, text=text[:CASE_CHARS], at=event.at, event_id=event.id
        )

    def _late_timer(self, case: CaseFacts, facts: Facts) -> tuple[Action, ...]:
        zone = policy_in(self.voice.book, facts, case.room_id).time_zone
        late = add_service_time(self.desk.hours(facts, case.room_id), case.opened_at, FIRST_REPLY, zone)
        if late is None:
            return ()
        return (SetTimer(name=LATE_TIMER, room_id=case.room_id, due_at=late, reference=str(case.number)),)

    def _acknowledged(self, case: CaseFacts, facts: Facts, bare: bool) -> tuple[Action, ...]:
        opening = self.desk.opening(facts, case.room_id)
        if opening is None:
            say = self.voice.about_case(facts, "case.opened", case, case.epoch)
        elif opening:
            say = self.voice.about_case(facts, "case.opened_closed", case, case.epoch, open_time=opening)
        else:
            say = self.voice.about_case(facts, "case.opened_never", case, case.epoch)
        if bare:
            say = replace(say, text=f"{say.text}{self.voice.text('case.what', facts)}")
        return say, self.append(case, facts, Author.BOT, self.voice.book.bot_name, say.text)

    def _notice(self, case: CaseFacts, event: MessagePosted, facts: Facts, recent: Iterable[Recent]) -> str:
        zone = facts.policy.time_zone
        lines = [f"{local(one.at, zone):%H:%M} {shown(one.kind, one.text)}" for one in recent]
        lines.append(f"{local(event.at, zone):%H:%M} {_own_words(event, limit=500)}")
        before = facts.last_resolved(case.member.id)
        again = f"；此前 #{before.number} 已处理过" if before is not None and _lately(before, facts) else ""
        return self.voice.text(
            "notice.opened",
            facts,
            room=room_name(facts, case.room_id),
            name=case.member.name,
            reason=case.reason + again,
            messages="\n".join(lines),
        )


def heard(case: CaseFacts, event: MessagePosted) -> AppendToCase:
    """The member's message in their case."""
    return AppendToCase(
        number=case.number,
        author=Author.MEMBER,
        name=event.sender.name,
        text=_own_words(event, CASE_CHARS),
        at=event.at,
        event_id=event.id,
    )


def takeover_rule(policy: Policy) -> TakeoverRule:
    """The policy's takeover; reminders that would not come before the lapse are left out."""
    lapse = timedelta(minutes=policy.escalation.takeover_minutes)
    marks = sorted({timedelta(minutes=minutes) for minutes in policy.escalation.reminder_minutes})
    return TakeoverRule(lapse, tuple(mark for mark in marks if timedelta(0) < mark < lapse))


def left_room(case: CaseFacts, facts: Facts) -> bool:
    """Whether the case's member is known to have left."""
    member = facts.world.members.get((case.room_id, case.member.id))
    return member is not None and member.left_at is not None


def _own_words(event: MessagePosted, limit: int) -> str:
    words = shown(event.kind, event.text, limit)
    if event.quote is None:
        return words
    return f"{words}（引用 {event.quote.name}：{shown(event.kind.TEXT, event.quote.text, 60)}）"


def _lately(case: CaseFacts, facts: Facts) -> bool:
    if case.resolved_at is None:
        return False
    return facts.event.at - case.resolved_at <= timedelta(hours=facts.policy.escalation.same_case_hours)
