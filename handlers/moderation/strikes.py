"""What is done and said about a violation: to the member, to both sides of a quarrel, to the owner, to staff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.actions import (
    Action,
    AddSanction,
    Audit,
    CancelSends,
    CaseState,
    Cause,
    Merge,
    Mute,
    Recall,
    Remember,
    Remove,
    SanctionKind,
    Say,
    SendClass,
)
from domain.events import MessagePosted, Person
from domain.facts import Facts
from domain.ladder import Violation
from domain.merge import CALM, render
from domain.rules import named
from handlers.degrade import able, may_whisper
from handlers.moderation.flood import DUPLICATE, FLOOD
from handlers.moderation.newcomers import NEWCOMER
from handlers.moderation.quarrel import Insult, answered_insult, calmed, calmed_already, remembered
from handlers.moderation.sanctions import LATE, Consequence, consequence
from handlers.moderation.spread import SPREAD
from handlers.moderation.whispers import may_have_one_more, whisper_kept
from handlers.speech import Voice, after, room_name, to_member

FLOOD_MARK = "flood.strike"
NOTICES, LATE_NOTICES = "order.staff", "order.late"
"""Merge keys of what staff are told: a line each, and of old messages all in one sentence."""
_WARNINGS = {
    "advert": "moderation.warn_advert",
    SPREAD: "moderation.warn_advert",
    NEWCOMER: "moderation.warn_newcomer",
    FLOOD: "moderation.warn_flood",
    DUPLICATE: "moderation.warn_flood",
}
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Strikes:
    """Answers violations, with one book's texts and rule names (by word category)."""

    voice: Voice
    titles: Mapping[str, str]

    def strike(self, event: MessagePosted, facts: Facts, violation: Violation) -> tuple[Action, ...]:
        """Everything that follows: recall, mute, words, the notice to staff, the record."""
        past = facts.member(event.sender.id).sanctions
        what = consequence(violation, past, facts)
        number = facts.world.counters.sanction + 1
        insult = violation.ref == "abuse"
        other = answered_insult(event, facts) if insult and what.kind is SanctionKind.WARN else None
        if other is None and _for_them_alone(event, facts, what):
            what = replace(what, kind=SanctionKind.WHISPER)
        sanction = _sanction(event, facts, violation, what, number)
        marks: tuple[Action, ...] = ()
        if violation.rule == FLOOD:
            marks = (Remember(room_id=event.room_id, member_id=event.sender.id, key=FLOOD_MARK, at=event.at),)
        if other is not None:
            said = self._calmed(event, facts, violation, other)
        else:
            said = self._said(event, facts, violation, what, number)
        return (
            *self._done(event, facts, violation, what, sanction),
            *said,
            *self._noticed(event, facts, violation, what, number, other),
            sanction,
            *marks,
            *((whisper_kept(event, facts),) if what.kind is SanctionKind.WHISPER else ()),
            *(remembered(event, facts) if insult else ()),
            audited(event, facts, f"sanction:{what.kind.value}", f"{number} {violation.rule}"),
        )

    def _calmed(self, event: MessagePosted, facts: Facts, violation: Violation, other: Insult) -> Iterable[Action]:
        """One sentence to both; a warning of the first one's that still waits falls away for it."""
        if calmed_already(event, other.by, facts):
            return
        if other.external_id:
            member, message = other.by.id, other.external_id
            yield CancelSends(room_id=event.room_id, member_id=member, external_id=message, cause=Cause.CALMED)
        text = self.voice.text(CALM, facts, rule=self.title(violation.rule))
        words = _joinable(self._words(facts, text, event.sender), CALM, event, facts)
        yield replace(words, mentions=(other.by, event.sender))
        yield calmed(event, other.by, facts)

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
        """Words to the member; while an agent holds their thread they go to the agents instead."""
        title = self.title(violation.rule)
        if _held_by_agent(event, facts):
            values = {"name": event.sender.name, "rule": title, "what": _what(what, facts)}
            yield from self.to_staff(facts, self.voice.text("moderation.agent", facts, **values))
            return
        if what.kind is SanctionKind.WHISPER:
            text = self.voice.text("moderation.whisper", facts, rule=title, room=room_name(facts, event.room_id))
            yield replace(self._words(facts, text, event.sender), mentions=(), whisper_to=event.sender)
        elif what.kind is not SanctionKind.REMOVE and not self._said_enough(event, facts, what):
            key = self._key(violation, what)
            words = self._words(facts, self.voice.text(key, facts, rule=title, minutes=what.minutes), event.sender)
            yield _joinable(words, key, event, facts) if what.kind is SanctionKind.WARN else words
        owner = facts.room.owner_id
        if what.tell_owner and owner is not None and owner != facts.account.member_id:
            values = {"name": event.sender.name, "rule": title, "number": str(number)}
            yield self._words(facts, self.voice.text("moderation.owner", facts, **values), Person(owner, ""))

    def _said_enough(self, event: MessagePosted, facts: Facts, what: Consequence) -> bool:
        """Whether this member was publicly warned often enough within the last minute."""
        if what.kind is not SanctionKind.WARN:
            return False
        since = facts.now - _MINUTE
        warned = [s for s in facts.member(event.sender.id).sanctions if s.kind is SanctionKind.WARN and s.at > since]
        return len(warned) >= facts.policy.moderation.max_warnings_shown

    def _noticed(
        self,
        event: MessagePosted,
        facts: Facts,
        violation: Violation,
        what: Consequence,
        number: int,
        other: Insult | None,
    ) -> tuple[Say, ...]:
        if not facts.policy.moderation.notify_staff:
            return ()
        room, rule, name = room_name(facts, event.room_id), self.title(violation.rule), event.sender.name
        if what.severity == LATE:
            values = {"name": _plain(name), "rule": rule}
            detail = self.voice.text("moderation.staff_late_one", facts, room=_plain(room), number=number, **values)
            frame = self.voice.text("moderation.staff_late", facts, names="{names}", details="{details}")
            return self._joined_to_staff(facts, Merge(LATE_NOTICES, frame, _plain(name), detail))
        if other is None:
            values = {"name": name, "rule": rule, "what": _what(what, facts)}
            text = self.voice.text("moderation.staff", facts, room=room, number=number, **values)
        else:
            values = {"name": name, "rule": rule, "other": other.by.name}
            text = self.voice.text("moderation.quarrel", facts, room=room, number=number, **values)
        return self._joined_to_staff(facts, Merge(NOTICES, "{details}", "", text))

    def _joined_to_staff(self, facts: Facts, share: Merge) -> tuple[Say, ...]:
        """The first notice goes at once; those due within a moment of it become one message."""
        says = self.to_staff(facts, render((share,)))
        return tuple(replace(say, merge=share, not_before=facts.now) for say in says)

    def _key(self, violation: Violation, what: Consequence) -> str:
        if what.kind is SanctionKind.MUTE:
            return "moderation.mute" if what.enforced else "moderation.final"
        if what.kind is SanctionKind.TELL_OWNER:
            return "moderation.handed"
        return _WARNINGS.get(violation.ref, "moderation.warn")

    def title(self, rule: str) -> str:
        """How the group rule is named to people."""
        return named(self.titles, rule)

    def _words(self, facts: Facts, text: str, to: Person) -> Say:
        return Say(
            room_id=facts.event.room_id,
            send_class=SendClass.MODERATION,
            expires_at=after(facts, facts.policy.expiry.warning),
            text=text,
            mentions=to_member(facts, facts.event.room_id, to),
        )

    def to_staff(self, facts: Facts, text: str) -> tuple[Say, ...]:
        """Notices about order do not overtake what agents say to members."""
        return tuple(replace(say, send_class=SendClass.MODERATION) for say in self.voice.to_staff(facts, text))


def _plain(name: str) -> str:
    """A name is no part of a frame, whatever braces it has."""
    return name.replace("{", "(").replace("}", ")")


def _held_by_agent(event: MessagePosted, facts: Facts) -> bool:
    case = facts.open_case(event.sender.id)
    return case is not None and case.state is CaseState.ASSIGNED


def _for_them_alone(event: MessagePosted, facts: Facts, what: Consequence) -> bool:
    """Whether nobody else need read the warning: the first that stands in the room, and the channel has a way."""
    first = what.kind is SanctionKind.WARN and what.first and facts.policy.moderation.private_first
    return first and may_whisper(facts) and not _held_by_agent(event, facts) and may_have_one_more(facts)


def _joinable(words: Say, key: str, event: MessagePosted, facts: Facts) -> Say:
    """A warning goes at once; when many are due in a room, those after it become one."""
    who = event.sender
    share = Merge(key, words.text, who.name, member=who.id, external_id=event.external_id, addressed=True)
    return replace(words, merge=share, not_before=facts.now)


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
        SanctionKind.WHISPER: "已私下提醒",
        SanctionKind.MUTE: f"已禁言 {what.minutes} 分钟",
        SanctionKind.TELL_OWNER: "一再违反，请群主或同事处理",
        SanctionKind.REMOVE: "已请出群",
    }[what.kind]
    if what.kind is SanctionKind.MUTE and not what.enforced:
        done = "这个群没法单独禁言，已做最后提醒"
    return f"{done}（试运行，没有真的做）" if facts.policy.simulate else done


def audited(event: MessagePosted, facts: Facts, act: str, outcome: str) -> Audit:
    """The line of the audit log."""
    return Audit(actor="bot", act=act, target=f"member:{event.sender.id}", outcome=outcome, at=facts.now)
