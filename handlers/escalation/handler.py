"""Opens a case for who complains or asks for a person, keeps it together, and takes the member's last word on it."""

import re
from datetime import timedelta

from domain.actions import Action, AppendToCase, Author, CaseState, RateCase, Remember, ResolveCase, Say
from domain.book import Book
from domain.decision import NOTHING, Finding, Opinion
from domain.events import Event, MessagePosted, TimerFired
from domain.facts import CaseFacts, Facts
from domain.incoming import MessageKind
from domain.member_command import CommandKind, MemberCommand
from handlers.addressing import speaks_to_others
from handlers.asked import command_of
from handlers.escalation.complaint import ACCEPTED, CALL, INSISTING, Complaint, has_grievance, level, weigh
from handlers.escalation.insisting import insists
from handlers.escalation.threads import LATE_TIMER, Threads, heard
from handlers.faq.reactions import wants_person
from handlers.numbers import awaiting_score, chosen
from handlers.once import of_words
from handlers.openings import opening_of
from handlers.talk import joined

FOLLOW_UP = timedelta(minutes=5)
"""What a member says this soon after their case opened belongs to it."""
ACKNOWLEDGED_EVERY = timedelta(minutes=10)
GOOD_SCORE = 4
LONGEST_CALL, TELLING = 8, 4
"""Characters: what is no longer says nothing but the call; what is shorter tells nothing."""
_ACK = "case.ack"
_NO_NEED = re.compile(
    r"(?:好的?|算了|行了?|那)?(?:不用了|不需要了|没事了|没事儿了|(?:已经|已)?(?:解决了|搞定了|处理好了)|不用管了|不用麻烦了|不投诉了|撤销投诉)"
    r"(?:谢谢|谢了|多谢|感谢|啦|哈|吧|你们?|您|大家)*"
)


class Escalation:
    """A `complaint` finding for every message; a case for those at level ``escalate``, one per room and member."""

    name = "escalation"
    listens: tuple[type, ...] = (MessagePosted, TimerFired)

    def __init__(self, book: Book) -> None:
        self._threads = Threads.of(book)
        self._voice = self._threads.voice

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """The finding, and what follows from it for this member here."""
        if isinstance(event, TimerFired):
            return self._late(event, facts) if event.name == LATE_TIMER else NOTHING
        assert isinstance(event, MessagePosted)
        policy = facts.policy.escalation
        command = command_of(event, facts, self._voice.book.bot_name)
        complaint = _weighed(event, facts, command)
        finding = Finding("complaint", complaint.score, level(complaint.score, policy), complaint.why)
        if not policy.enabled or facts.room.staff or facts.person(event.sender.id).staff is not None:
            return Opinion((finding,))
        case, reached = facts.open_case(event.sender.id), finding.level
        findings: tuple[Finding, ...] = (finding,)
        if case is None and not complaint.calls and reached != "escalate":
            together = self._together(event, facts)
            if together is not None:
                complaint, reached = together, level(together.score, policy)
                findings = (finding, Finding("joined", together.score, reached, together.why))
        actions = self._last_word(event, facts, command, case) or self._follow(
            event, facts, case, complaint, reached, is_command=command is not None
        )
        if not actions:
            return Opinion(findings)
        # A case that only grows quietly leaves room for an answer.
        return Opinion(findings, actions, final=any(not _quiet(action) for action in actions))

    def _together(self, event: MessagePosted, facts: Facts) -> Complaint | None:
        """The complaint that a message, none alone, becomes with the sender's last ones."""
        if wants_person(event, facts):
            return ACCEPTED
        if insists(event, facts):
            return INSISTING
        text = joined(event, facts)
        if text is None or not has_grievance(text):
            return None
        found = weigh(text, event.mentions_bot, facts.policy.escalation.keywords)
        if not found.calls and level(found.score, facts.policy.escalation) != "escalate":
            return None
        return Complaint(found.score, f"和前几条连起来，{found.why}", found.calls)

    def _follow(
        self,
        event: MessagePosted,
        facts: Facts,
        case: CaseFacts | None,
        complaint: Complaint,
        reached: str,
        *,
        is_command: bool,
    ) -> tuple[Action, ...]:
        if case is None:
            if not complaint.calls and reached != "escalate":
                return ()
            return self._threads.open(event, facts, complaint.why, complaint.calls and _says_no_more(event, facts))
        if complaint.calls:
            say = self._voice.words(facts, self._threads.standing(case, facts), event.sender)
            # While an agent holds the case, the takeover handler has passed these words on already.
            return (*self._threads.more(case, event, facts), say) if case.state is CaseState.OPEN else (say,)
        if case.state is CaseState.ASSIGNED:
            return ()
        if reached == "escalate":
            return (*self._threads.more(case, event, facts), *self._added(case, event, facts))
        soon = event.at - case.opened_at <= FOLLOW_UP and not speaks_to_others(event)
        if soon and not is_command:
            return self._threads.more(case, event, facts)
        return ()

    def _added(self, case: CaseFacts, event: MessagePosted, facts: Facts) -> tuple[Action, ...]:
        last = facts.mark(_ACK, event.sender.id) or case.opened_at
        if event.at - last < ACKNOWLEDGED_EVERY:
            return ()
        mark = Remember(room_id=event.room_id, member_id=event.sender.id, key=_ACK, at=event.at)
        return self._voice.about_case(facts, "case.added", case, case.epoch), mark

    # ---- the member's last word --------------------------------------------------------------------------------------

    def _last_word(
        self, event: MessagePosted, facts: Facts, command: MemberCommand | None, case: CaseFacts | None
    ) -> tuple[Action, ...]:
        if command is not None and command.kind is CommandKind.SATISFACTION and command.argument is not None:
            return self._rated(event, facts, command.argument)
        if case is None or facts.text is None or speaks_to_others(event):
            return ()
        return self._closed(case, event, facts) if _NO_NEED.fullmatch(facts.text.compact) else ()

    def _rated(self, event: MessagePosted, facts: Facts, score: int) -> tuple[Action, ...]:
        case = awaiting_score(event, facts)
        if case is None or chosen(event, facts) is not None:
            return ()
        notice = self._voice.text("notice.rated", facts, name=event.sender.name, score=score)
        thanks = "case.thanks_high" if score >= GOOD_SCORE else "case.thanks_low"
        return (
            RateCase(number=case.number, score=score, at=event.at),
            self._voice.answer(facts, thanks, event.sender),
            *self._voice.to_staff(facts, f"#{case.number} {notice}"),
        )

    def _closed(self, case: CaseFacts, event: MessagePosted, facts: Facts) -> tuple[Action, ...]:
        notice = self._voice.text("notice.closed_by_member", facts, name=event.sender.name)
        # Held by an agent, these words are kept already, as above.
        kept = (heard(case, event),) if case.state is CaseState.OPEN else ()
        by = f"member:{event.sender.id}"
        return (
            *kept,
            ResolveCase(number=case.number, epoch=case.epoch + 1, at=event.at, by=by, ask=False),
            self._voice.answer(facts, "case.closed_by_member", event.sender, case=case.number),
            *self._voice.to_staff(facts, f"#{case.number} {notice}"),
        )

    # ---- waiting too long --------------------------------------------------------------------------------------------

    def _late(self, event: TimerFired, facts: Facts) -> Opinion:
        number = int(event.reference) if event.reference.isdecimal() else 0
        case = facts.world.cases.get(number)
        if case is None or case.state is not CaseState.OPEN or case.first_reply_at is not None:
            return NOTHING
        minutes = int((event.at - case.opened_at) / timedelta(minutes=1))
        text = self._voice.text("notice.late", facts, name=case.member.name, minutes=minutes)
        note = self._threads.append(case, facts, Author.NOTE, self._voice.book.bot_name, text)
        finding = Finding("takeover", 1.0, "late", f"编号{number}等候已久")
        return Opinion((finding,), (note, *self._voice.to_staff(facts, text, number)))


def _weighed(event: MessagePosted, facts: Facts, command: MemberCommand | None) -> Complaint:
    if command is not None and command.kind is CommandKind.HUMAN:
        return CALL
    words = facts.text if event.kind is MessageKind.TEXT else None
    named, own = event.mentions_bot, facts.policy.escalation.keywords
    return weigh(None) if words is None else of_words(words, (weigh, named, own), lambda: weigh(words, named, own))


def _says_no_more(event: MessagePosted, facts: Facts) -> bool:
    """Whether neither this call for a person nor what the sender said lately tells what it is about."""
    if facts.text is None or len(facts.text.compact) > LONGEST_CALL:
        return False
    before = ("".join(filter(str.isalnum, one.norm)) for one in facts.member(event.sender.id).recent)
    return all(len(words) < TELLING or opening_of(words) is not None for words in before)


def _quiet(action: Action) -> bool:
    """Whether the member notices nothing of it."""
    return isinstance(action, AppendToCase) or (isinstance(action, Say) and action.notice_of is not None)
