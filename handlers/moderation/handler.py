"""The moderation handler: findings of abuse, advert and flood for every message, and the strike that may follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.actions import (
    Action,
    Remember,
)
from domain.book import Book
from domain.decision import LEVELS, Finding, Opinion
from domain.events import Event, MessagePosted, MessageRecalled
from domain.facts import Facts
from domain.ladder import Severity, Violation
from domain.text import TextFacts
from handlers.addressing import is_addressed
from handlers.loops import paused
from handlers.moderation.abuse import Manner, abuse_finding, manner_of
from handlers.moderation.advert import advert_finding
from handlers.moderation.easing import eased
from handlers.moderation.flood import FLOOD, flood_findings
from handlers.moderation.lexicon import Lexicon
from handlers.moderation.strikes import FLOOD_MARK, Strikes, audited
from handlers.night import asleep
from handlers.speech import Voice, room_name
from handlers.text.abuse_model import abuse_probability

TEASE_MARK = "moderation.tease"
PRIVILEGED_MARK = "moderation.privileged"
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


class Moderation:
    """Judges every worded message; strikes members, and only tells staff about the privileged."""

    name = "moderation"
    listens: tuple[type, ...] = (MessagePosted, MessageRecalled)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)
        self._names = (book.bot_name,)
        self._lexicon = Lexicon.compile(book.words)
        titles = {words.category: words.title for words in book.words if words.title}
        self._strikes = Strikes(self._voice, titles)

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """The findings, and the strike or notice that follows from the gravest of them."""
        if isinstance(event, MessageRecalled):
            return eased(event, facts)
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
        return Opinion(findings, self._strikes.strike(event, facts, violation), final=True)

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
        if not fresh or not any(finding.details.get("teasing") for finding in findings) or paused(event, facts):
            return ()
        if asleep(facts, event.at) and not is_addressed(event, facts):
            return ()
        reply = replace(self._voice.answer(facts, "moderation.tease", event.sender), unasked=True)
        return reply, Remember(room_id=event.room_id, member_id=event.sender.id, key=TEASE_MARK, at=event.at)

    def _told(self, event: MessagePosted, facts: Facts, violation: Violation) -> tuple[Action, ...]:
        """Owners, admins and staff are never publicly warned; staff hear of it, once an hour."""
        last = facts.mark(PRIVILEGED_MARK, event.sender.id)
        if last is not None and event.at - last < _HOUR:
            return ()
        title = self._strikes.title(violation.rule)
        room = room_name(facts, event.room_id)
        text = self._voice.text("moderation.privileged", facts, room=room, name=event.sender.name, rule=title)
        mark = Remember(room_id=event.room_id, member_id=event.sender.id, key=PRIVILEGED_MARK, at=event.at)
        return (*self._strikes.to_staff(facts, text), mark, audited(event, facts, "told_staff", violation.rule))


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
