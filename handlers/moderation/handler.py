"""The moderation handler: findings of abuse, advert and flood for every message, and the strike that may follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.actions import (
    Action,
    Remember,
)
from domain.book import Book
from domain.decision import Finding, Json, Opinion
from domain.events import Event, MemberJoined, MessagePosted, MessageRecalled
from domain.facts import Facts
from domain.ids import NO_MEMBER
from domain.ladder import Severity, Violation
from domain.rules import RuleState
from domain.text import TextFacts
from handlers.addressing import asks_what_it_is, is_addressed
from handlers.loops import paused
from handlers.moderation.easing import eased
from handlers.moderation.flood import DUPLICATE, EVERYBODY_MARK, FLOOD, everybody_finding, flood_findings
from handlers.moderation.newcomers import NEWCOMER, SHOWS_CONTACT, WAVE, braked, joins_kept, newcomer_finding
from handlers.moderation.spread import CHORUS, SPREAD, TOLD, spread_findings, spread_kept
from handlers.moderation.strikes import FLOOD_MARK, Strikes, audited
from handlers.moderation.trial import TRIAL, listed_state, recorded
from handlers.moderation.verdicts import Verdicts
from handlers.night import asleep
from handlers.speech import Voice, room_name

TEASE_MARK = "moderation.tease"
PRIVILEGED_MARK = "moderation.privileged"
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


class Moderation:
    """Judges every worded message; strikes members, and only tells staff about the privileged."""

    name = "moderation"
    listens: tuple[type, ...] = (MessagePosted, MessageRecalled, MemberJoined)

    def __init__(self, book: Book) -> None:
        self._voice = Voice(book)
        self._verdicts = Verdicts(book)
        self._book = book
        titles = {words.category: words.title for words in book.words if words.title}
        self._strikes = Strikes(self._voice, titles)

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """The findings, and the strike or notice that follows from the gravest of them."""
        if isinstance(event, MessageRecalled):
            return eased(event, facts)
        if isinstance(event, MemberJoined):
            return self._joined(event, facts)
        assert isinstance(event, MessagePosted)
        if facts.room.staff:
            return Opinion(_innocent("同事的群"))
        findings, kept = (_shown(event, facts), ()) if facts.text is None else self._found(event, facts.text, facts)
        if not facts.policy.moderation.enabled:
            return Opinion(findings)
        violation = _gravest(findings, event, facts)
        on_trial = self._on_trial(findings, event, facts, violation)
        if on_trial is not None:
            return Opinion(findings, (*kept, recorded(event, facts, on_trial)))
        if violation is None or self._state(violation, facts) is RuleState.RETIRED:
            return Opinion(findings, (*kept, *self._teased(event, facts, findings)))
        if facts.is_privileged(event.sender.id):
            return Opinion(findings, (*kept, *self._told(event, facts, violation)))
        if facts.quiet or facts.room.private:
            return Opinion(findings, kept)
        return Opinion(findings, (*kept, *self._strikes.strike(event, facts, violation)), final=True)

    def _found(
        self, event: MessagePosted, text: TextFacts, facts: Facts
    ) -> tuple[tuple[Finding, ...], tuple[Action, ...]]:
        """What the message shows by itself and beside others, and what is kept of it for the next one."""
        judged = self._verdicts.on(event, text, facts)
        alone = judged[:2]
        if facts.room.private or facts.is_privileged(event.sender.id):
            return (*judged, *self._floods(event, text, facts)), ()
        new = newcomer_finding(event, facts, alone[1])
        spread = spread_findings(event, text, facts, alone)
        findings = (*judged, *((new,) if new else ()), *spread, *self._floods(event, text, facts))
        chorus = next((one for one in spread if one.rule == CHORUS), None)
        kept = (*spread_kept(event, text, facts, alone), *self._chorus_told(event, facts, chorus))
        if event.mentions_all:
            kept += (Remember(room_id=event.room_id, member_id=event.sender.id, key=EVERYBODY_MARK, at=event.at),)
        return findings, kept

    def _floods(self, event: MessagePosted, text: TextFacts, facts: Facts) -> tuple[Finding, ...]:
        if facts.room.private:
            return ()
        since, limits = facts.mark(FLOOD_MARK, event.sender.id), facts.policy.moderation.flood
        called = everybody_finding(event, facts.mark(EVERYBODY_MARK, event.sender.id), limits)
        floods = flood_findings(event, text, facts.member(event.sender.id), since, limits)
        return (*((called,) if called else ()), *floods)

    def _state(self, violation: Violation, facts: Facts) -> RuleState:
        return listed_state(violation.rule, facts, self._book)

    def _on_trial(
        self, findings: Sequence[Finding], event: MessagePosted, facts: Facts, violation: Violation | None
    ) -> Violation | None:
        """What is only recorded: a verdict of a rule on trial where nothing else was broken."""
        if facts.room.private or facts.is_privileged(event.sender.id):
            return None
        if violation is not None:
            return violation if self._state(violation, facts) is RuleState.TRIAL else None
        trial = next((one for one in findings if one.rule == TRIAL), None)
        if trial is None:
            return None
        grave = Severity.GRAVE if trial.level == "remove" else Severity.PLAIN
        return Violation(str(trial.details.get("category") or trial.details["for"]), grave, event.at, TRIAL)

    # ---- consequences ------------------------------------------------------------------------------------------------

    def _teased(self, event: MessagePosted, facts: Facts, findings: Sequence[Finding]) -> tuple[Action, ...]:
        """Insulting the bot is teasing: one light reply per member and day, and no strike."""
        last = facts.mark(TEASE_MARK, event.sender.id)
        fresh = last is None or event.at - last >= _DAY
        if not fresh or not any(finding.details.get("teasing") for finding in findings) or paused(event, facts):
            return ()
        if asleep(facts, event.at) and not is_addressed(event, facts):
            return ()
        if facts.text is not None and asks_what_it_is(facts.text):
            # It is told (welcome); a second reply would be one too many.
            return ()
        reply = replace(self._voice.answer(facts, "moderation.tease", event.sender), unasked=True)
        return reply, Remember(room_id=event.room_id, member_id=event.sender.id, key=TEASE_MARK, at=event.at)

    def _joined(self, event: MemberJoined, facts: Facts) -> Opinion:
        """Count joins; when a wave begins, staff hear of it."""
        if facts.room.staff or facts.room.private or not facts.policy.moderation.enabled:
            return Opinion()
        kept = joins_kept(event, facts)
        if braked(facts) or not any(mark.key == WAVE for mark in kept):
            return Opinion((), kept)
        policy, room = facts.policy.moderation.newcomer, room_name(facts, event.room_id)
        values = {"count": policy.wave_joins, "seconds": policy.wave_window, "minutes": policy.wave_minutes}
        text = self._voice.text("moderation.wave", facts, room=room, **values)
        finding = Finding("wave", 1.0, "review", f"{policy.wave_window} 秒内 {policy.wave_joins} 人进群")
        return Opinion((finding,), (*kept, *self._strikes.to_staff(facts, text)))

    def _chorus_told(self, event: MessagePosted, facts: Facts, chorus: Finding | None) -> tuple[Action, ...]:
        """Many with one hostile voice: staff hear of it, once an hour and room; nobody is punished for the others."""
        last = facts.mark(TOLD)
        if chorus is None or (last is not None and event.at - last < _HOUR):
            return ()
        values = {"room": room_name(facts, event.room_id), "count": chorus.details["members"]}
        text = self._voice.text("moderation.chorus", facts, **values)
        mark = Remember(room_id=event.room_id, member_id=NO_MEMBER, key=TOLD, at=event.at)
        return *self._strikes.to_staff(facts, text), mark

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


def _innocent(why: str, contact: bool = False) -> tuple[Finding, Finding]:
    details: dict[str, Json] = {"contact": True} if contact else {}
    return Finding("abuse", 0.0, "none", why), Finding("advert", 0.0, "none", why, details)


def _shown(event: MessagePosted, facts: Facts) -> tuple[Finding, ...]:
    """Of what is no text: a name card or a link is what newcomers do not show yet. Nobody tells what an image holds."""
    judged = _innocent("不是文字", contact=event.kind in SHOWS_CONTACT)
    if facts.room.private or facts.is_privileged(event.sender.id):
        return judged
    new = newcomer_finding(event, facts, judged[1])
    return (*judged, *((new,) if new else ()))


_BY_ITSELF = ("abuse", "advert")
_BESIDE_OTHERS = {NEWCOMER: Severity.LIGHT, SPREAD: Severity.PLAIN, FLOOD: Severity.LIGHT, DUPLICATE: Severity.LIGHT}
"""Rules that one message does not break by itself, gravest first within a kind; a backlog breaks none of them."""


def _gravest(findings: Sequence[Finding], event: MessagePosted, facts: Facts) -> Violation | None:
    """The violation that counts: abuse and adverts by level, then what counts beside others.

    Its ``rule`` is the word list's category where one was hit, its ``ref`` the finding's rule.
    """
    broken = [one for one in findings if one.rule in _BY_ITSELF and one.at_least("warn")]
    if broken:
        worst = min(broken, key=lambda one: one.level != "remove")
        grave = Severity.GRAVE if worst.level == "remove" else Severity.PLAIN
        return Violation(str(worst.details.get("category") or worst.rule), grave, event.at, worst.rule)
    if (facts.now - event.at).total_seconds() > facts.policy.moderation.late:
        return None
    found = next((one for one in findings if one.rule in _BESIDE_OTHERS), None)
    if found is None:
        return None
    rule = FLOOD if found.rule == DUPLICATE else found.rule
    return Violation(rule, _BESIDE_OTHERS[found.rule], event.at, found.rule)
