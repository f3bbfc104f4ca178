"""The moderation handler: findings of abuse, advert and flood for every message, and the strike that may follow."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from domain.actions import (
    Action,
    AddSanction,
    Audit,
    CaseState,
    Mute,
    Recall,
    Remember,
    Remove,
    SanctionKind,
    Say,
    SendClass,
)
from domain.book import Book
from domain.decision import LEVELS, Finding, Opinion
from domain.events import Event, MessagePosted, Person
from domain.facts import Facts
from domain.ladder import Severity, Violation
from domain.text import TextFacts
from handlers.degrade import able
from handlers.moderation.abuse import Manner, abuse_finding, manner_of
from handlers.moderation.advert import advert_finding
from handlers.moderation.flood import DUPLICATE, FLOOD, flood_findings
from handlers.moderation.lexicon import Lexicon
from handlers.moderation.sanctions import Consequence, consequence
from handlers.speech import Voice, after, room_name, to_member
from handlers.text.abuse_model import abuse_probability

FLOOD_MARK = "flood.strike"
TEASE_MARK = "moderation.tease"
PRIVILEGED_MARK = "moderation.privileged"
_TITLES = {"abuse": "友善交流", "advert": "不发广告", FLOOD: "不刷屏", DUPLICATE: "不刷屏"}
_WARNINGS = {"advert": "moderation.warn_advert", FLOOD: "moderation.warn_flood", DUPLICATE: "moderation.warn_flood"}
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Moderation:
    """Judges every worded message; strikes members, and only tells staff about the privileged."""

    name = "moderation"
    listens: tuple[type, ...] = (MessagePosted,)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)
        self._names = (book.bot_name,)
        self._lexicon = Lexicon.compile(book.words)
        self._titles = {words.category: words.title for words in book.words if words.title}

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """The findings, and the strike or notice that follows from the gravest of them."""
        assert isinstance(event, MessagePosted)
        if facts.text is None or facts.room.staff:
            return Opinion(_innocent("同事的群" if facts.room.staff else "不是文字"))
        findings = (*self._judged(event, facts.text, facts), *self._floods(event, facts.text, facts))
        if not facts.policy.moderation.enabled:
            return Opinion(findings)
        violation = _gravest(findings, event, facts)
        if violation is None:
            return Opinion(findings, self._teased(event, facts, findings))
        if facts.is_privileged(event.sender.id):
            return Opinion(findings, self._told(event, facts, violation))
        if facts.quiet or facts.room.private:
            return Opinion(findings)
        return Opinion(findings, self._strike(event, facts, violation), final=True)

    def _judged(self, event: MessagePosted, text: TextFacts, facts: Facts) -> tuple[Finding, Finding]:
        hits = self._lexicon.hits(text)
        abusive = [hit for hit in hits if hit.words.rule == "abuse"]
        offers = [hit for hit in hits if hit.words.rule == "advert"]
        manner = manner_of(event, text, (*self._names, facts.account.name))
        if facts.room.private:
            manner = Manner(directed=False, to_bot=True)
        abuse = abuse_finding(text, abusive, abuse_probability(text.norm), manner)
        return abuse, advert_finding(text, offers, facts.policy.moderation.allowed_domains)

    def _floods(self, event: MessagePosted, text: TextFacts, facts: Facts) -> tuple[Finding, ...]:
        if facts.room.private:
            return ()
        since = facts.mark(FLOOD_MARK, event.sender.id)
        return flood_findings(event, text, facts.member(event.sender.id), since, facts.policy.moderation.flood)

    # ---- consequences ------------------------------------------------------------------------------------------------

    def _teased(self, event: MessagePosted, facts: Facts, findings: Sequence[Finding]) -> tuple[Action, ...]:
        """Insulting the bot is teasing: one light reply per member and day, and no strike."""
        last = facts.mark(TEASE_MARK, event.sender.id)
        fresh = last is None or event.at - last >= _DAY
        if not fresh or not any(finding.details.get("teasing") for finding in findings):
            return ()
        reply = replace(self._voice.answer(facts, "moderation.tease", event.sender), unasked=True)
        return reply, Remember(room_id=event.room_id, member_id=event.sender.id, key=TEASE_MARK, at=event.at)

    def _told(self, event: MessagePosted, facts: Facts, violation: Violation) -> tuple[Action, ...]:
        """Owners, admins and staff are never publicly warned; staff hear of it, once an hour."""
        last = facts.mark(PRIVILEGED_MARK, event.sender.id)
        if last is not None and event.at - last < _HOUR:
            return ()
        title = self._title(violation.rule)
        room = room_name(facts, event.room_id)
        text = self._voice.text("moderation.privileged", facts, room=room, name=event.sender.name, rule=title)
        mark = Remember(room_id=event.room_id, member_id=event.sender.id, key=PRIVILEGED_MARK, at=event.at)
        return (*self._to_staff(facts, text), mark, _audit(event, facts, "told_staff", violation.rule))

    def _strike(self, event: MessagePosted, facts: Facts, violation: Violation) -> tuple[Action, ...]:
        past = facts.member(event.sender.id).sanctions
        what = consequence(violation, past, facts)
        number = facts.world.counters.sanction + 1
        sanction = _sanction(event, facts, violation, what, number)
        marks: tuple[Action, ...] = ()
        if violation.rule == FLOOD:
            marks = (Remember(room_id=event.room_id, member_id=event.sender.id, key=FLOOD_MARK, at=event.at),)
        return (
            *self._done(event, facts, violation, what, sanction),
            *self._said(event, facts, violation, what, number),
            *self._noticed(event, facts, violation, what, number),
            sanction,
            *marks,
            _audit(event, facts, f"sanction:{what.kind.value}", f"{number} {violation.rule}"),
        )

    def _done(
        self, event: MessagePosted, facts: Facts, violation: Violation, what: Consequence, sanction: AddSanction
    ) -> Iterable[Action]:
        """Recall, mute, remove: whatever of these the channel can do."""
        ends = after(facts, facts.policy.expiry.warning)
        room, sender = event.room_id, event.sender
        recall = facts.policy.moderation.recall and violation.rule != FLOOD and event.external_id
        if recall and able(facts, Recall):
            external_id = event.external_id
            yield Recall(
                room_id=room, send_class=SendClass.MODERATION, external_id=external_id, member=sender, expires_at=ends
            )
        if what.kind is SanctionKind.MUTE and what.enforced and sanction.until is not None:
            until = sanction.until
            yield Mute(room_id=room, send_class=SendClass.MODERATION, member=sender, until=until, expires_at=until)
        if what.kind is SanctionKind.REMOVE:
            yield Remove(room_id=room, send_class=SendClass.MODERATION, member=sender, expires_at=ends)

    def _said(
        self, event: MessagePosted, facts: Facts, violation: Violation, what: Consequence, number: int
    ) -> Iterable[Action]:
        """Public words; while an agent holds the member's thread they go to the agents instead."""
        title = self._title(violation.rule)
        case = facts.open_case(event.sender.id)
        if case is not None and case.state is CaseState.ASSIGNED:
            values = {"name": event.sender.name, "rule": title, "what": _what(what, facts)}
            yield from self._to_staff(facts, self._voice.text("moderation.agent", facts, **values))
            return
        if what.kind is not SanctionKind.REMOVE and not self._said_enough(event, facts, what):
            key = self._key(violation, what)
            yield self._words(facts, self._voice.text(key, facts, rule=title, minutes=what.minutes), event.sender)
        owner = facts.room.owner_id
        if what.tell_owner and owner is not None and owner != facts.account.member_id:
            values = {"name": event.sender.name, "rule": title, "number": str(number)}
            yield self._words(facts, self._voice.text("moderation.owner", facts, **values), Person(owner, ""))

    def _said_enough(self, event: MessagePosted, facts: Facts, what: Consequence) -> bool:
        """Whether this member was publicly warned often enough within the last minute."""
        if what.kind is not SanctionKind.WARN:
            return False
        since = facts.now - _MINUTE
        warned = [s for s in facts.member(event.sender.id).sanctions if s.kind is SanctionKind.WARN and s.at > since]
        return len(warned) >= facts.policy.moderation.max_warnings_shown

    def _noticed(
        self, event: MessagePosted, facts: Facts, violation: Violation, what: Consequence, number: int
    ) -> tuple[Say, ...]:
        if not facts.policy.moderation.notify_staff:
            return ()
        values = {"name": event.sender.name, "rule": self._title(violation.rule), "what": _what(what, facts)}
        room = room_name(facts, event.room_id)
        return self._to_staff(facts, self._voice.text("moderation.staff", facts, room=room, number=number, **values))

    def _key(self, violation: Violation, what: Consequence) -> str:
        if what.kind is SanctionKind.MUTE:
            return "moderation.mute" if what.enforced else "moderation.final"
        return _WARNINGS.get(violation.ref, "moderation.warn")

    def _title(self, rule: str) -> str:
        return self._titles.get(rule) or _TITLES.get(rule, "群规")

    def _words(self, facts: Facts, text: str, to: Person) -> Say:
        return Say(
            room_id=facts.event.room_id,
            send_class=SendClass.MODERATION,
            expires_at=after(facts, facts.policy.expiry.warning),
            text=text,
            mentions=to_member(facts, facts.event.room_id, to),
        )

    def _to_staff(self, facts: Facts, text: str) -> tuple[Say, ...]:
        """Notices about order do not overtake what agents say to members."""
        return tuple(replace(say, send_class=SendClass.MODERATION) for say in self._voice.to_staff(facts, text))


def _innocent(why: str) -> tuple[Finding, Finding]:
    return Finding("abuse", 0.0, "none", why), Finding("advert", 0.0, "none", why)


def _gravest(findings: Sequence[Finding], event: MessagePosted, facts: Facts) -> Violation | None:
    """The violation that counts: level remove before warn before flood; a backlog is no flood.

    Its ``rule`` is the word list's category where one was hit, its ``ref`` the finding's rule.
    """
    late = (facts.now - event.at).total_seconds() > facts.policy.moderation.late
    guilty = [f for f in findings if (f.rule in LEVELS and f.at_least("warn")) or (f.rule not in LEVELS and not late)]
    if not guilty:
        return None
    worst = min(guilty, key=lambda f: (f.rule not in LEVELS, f.level != "remove"))
    if worst.rule not in LEVELS:
        return Violation(FLOOD, Severity.LIGHT, event.at, worst.rule)
    grave = Severity.GRAVE if worst.level == "remove" else Severity.PLAIN
    return Violation(str(worst.details.get("category") or worst.rule), grave, event.at, worst.rule)


def _sanction(event: MessagePosted, facts: Facts, violation: Violation, what: Consequence, number: int) -> AddSanction:
    muted = what.kind is SanctionKind.MUTE
    return AddSanction(
        number=number,
        room_id=event.room_id,
        member=event.sender,
        kind=what.kind,
        rule=violation.rule,
        severity=what.severity,
        at=facts.now,
        until=facts.now + timedelta(minutes=what.minutes) if muted else None,
        enforced=what.enforced,
        event_id=event.id,
        why=violation.ref,
    )


def _what(what: Consequence, facts: Facts) -> str:
    done = {
        SanctionKind.WARN: "已提醒",
        SanctionKind.MUTE: f"已禁言 {what.minutes} 分钟",
        SanctionKind.TELL_OWNER: "一再违反，请群主或同事处理",
        SanctionKind.REMOVE: "已请出群",
    }[what.kind]
    if what.kind is SanctionKind.MUTE and not what.enforced:
        done = "这个群没法单独禁言，已做最后提醒"
    return f"{done}（试运行，没有真的做）" if facts.policy.simulate else done


def _audit(event: MessagePosted, facts: Facts, act: str, outcome: str) -> Audit:
    return Audit(actor="bot", act=act, target=f"member:{event.sender.id}", outcome=outcome, at=facts.now)
