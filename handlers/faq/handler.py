"""The FAQ handler: a finding for every message; an answer, a suggestion, or silence."""

from dataclasses import replace

from domain.actions import Action, Say
from domain.book import Book, FaqEntry
from domain.calendar_day import community_day
from domain.case_actions import CaseState
from domain.decision import Finding, Opinion
from domain.events import Event, MessagePosted
from domain.facts import Facts
from domain.incoming import MessageKind
from domain.text import TextFacts
from handlers.addressing import is_addressed, speaks_to_others
from handlers.faq.answering import Answers
from handlers.faq.bands import Bands, bands_of, finding_of
from handlers.faq.following import FollowUps, asked_instead, instead
from handlers.faq.index import Candidate
from handlers.faq.model import packaged
from handlers.faq.reactions import (
    MISSED,
    OFFERED,
    asked_again,
    is_second,
    mark,
    others_than,
    quoted_entries,
    refused,
)
from handlers.faq.scopes import Scopes
from handlers.faq.unknown import is_due
from handlers.faq.unknown import mark as unknown_mark
from handlers.loops import paused
from handlers.night import asleep
from handlers.numbers import chosen
from handlers.once import of_words
from handlers.speech import Voice
from handlers.talk import joined
from handlers.text.facts import read

_Said = tuple[tuple[Finding, ...], tuple[Action, ...]]


class Faq:
    """Answers frequent questions. Immutable: an edit of the entries builds another one."""

    name = "faq"
    listens: tuple[type, ...] = (MessagePosted,)

    def __init__(self, book: Book, before: "Faq | None" = None) -> None:
        """``before``: of an earlier book; what both have in common is not indexed again."""
        self._answers = Answers(Voice(book))
        self._entries = {entry.id: entry for entry in book.faq if entry.enabled}
        self.scopes: Scopes = Scopes.build(book, None if before is None else before.scopes)
        self._dated = any(entry.since or entry.until for entry in book.faq)
        self._follow_ups = FollowUps.build(self._entries)
        self._model = packaged()

    def decide(self, event: Event, facts: Facts) -> Opinion:
        """The finding by the message alone; actions also by who is addressed, cooldowns and the hour."""
        assert isinstance(event, MessagePosted)
        silent = self._no_question(event, facts)
        if silent:
            return Opinion((Finding("faq", 0.0, "none", silent, {"candidates": []}),))
        assert facts.text is not None
        candidates = self._candidates(facts.text, facts)
        policy = facts.policy.faq
        bands = bands_of(policy, event.mentions_bot or facts.room.private)
        finding = self._finding(facts.text, facts, candidates, bands)
        if not policy.enabled:
            return Opinion((finding,))
        if paused(event, facts):
            return Opinion((finding,))
        entry = self._entries.get(chosen(event, facts) or "")
        if entry is not None:
            taken = Finding("choice", 1.0, "taken", f"选了：{entry.id}", {"entry": entry.id})
            return Opinion((finding, taken), self._answers.give(event, facts, entry, True), final=True)
        if speaks_to_others(event) or _in_good_hands(event, facts):
            return Opinion((finding,))
        found, actions = self._missed(event, facts, candidates) or self._speak(event, facts, candidates)
        if not found and not actions:
            found, actions = self._admitted(event, facts, candidates)
        if not found and not actions:
            return Opinion((finding,))
        return Opinion((finding, *found), actions, final=any(isinstance(action, Say) for action in actions))

    def _no_question(self, event: MessagePosted, facts: Facts) -> str:
        """Why this message cannot ask anything; empty if it can."""
        if facts.room.staff:
            return "同事的群"
        if event.kind is not MessageKind.TEXT or facts.text is None:
            return "不是文字"
        if facts.text.is_list:
            return "接龙"
        return "" if facts.text.compact else "没有文字"

    def _speak(
        self, event: MessagePosted, facts: Facts, candidates: tuple[Candidate, ...]
    ) -> tuple[tuple[Finding, ...], tuple[Action, ...]]:
        """Answer or suggest; what one message leaves open, it may answer together with those right before it."""
        addressed = is_addressed(event, facts)
        bands = bands_of(facts.policy.faq, addressed)
        level = bands.level_of(candidates)
        followed = self._followed(event, facts, bands, candidates if level == "answer" else ())
        if followed is not None:
            return followed
        together = () if level == "answer" else self._together(event, facts, addressed)
        if (level == "none" and not together) or (not addressed and asleep(facts, event.at)):
            return (), ()
        if level == "answer":
            return (), self._answers.give(event, facts, candidates[0].entry, addressed)
        if together and bands.level_of(together) == "answer":
            best = together[0]
            why = f"和前几条连起来，{best.why}：{best.entry.id}"
            found = Finding("joined", best.score, "answer", why, {"entry": best.entry.id})
            return (found,), self._answers.give(event, facts, best.entry, addressed)
        if level == "suggest" and addressed:
            return (), self._answers.suggest(event, facts, candidates)
        return (), ()

    def _admitted(self, event: MessagePosted, facts: Facts, candidates: tuple[Candidate, ...]) -> _Said:
        """Who asks the bot what no entry is near to is told so, and how to reach a person."""
        if bands_of(facts.policy.faq, True).level_of(candidates) != "none" or not is_due(event, facts):
            return (), ()
        name = "faq.unknown" if facts.policy.escalation.enabled else "faq.unknown_noted"
        found = Finding("unknown", 1.0, "admitted", "问了机器人，没有相近的问答")
        return (found,), (self._answers.words(event, facts, name), unknown_mark(event))

    def _followed(
        self, event: MessagePosted, facts: Facts, bands: Bands, surer: tuple[Candidate, ...]
    ) -> tuple[tuple[Finding, ...], tuple[Action, ...]] | None:
        """What is asked on about a quoted answer, unless the words alone are a surer question; None for neither."""
        if event.quote is None:
            return None
        found = self._follow_ups.find(event, facts, self._model) or self._instead(event, facts)
        if found is None or (surer and surer[0].score > found[1].score):
            return None
        parent, meant = found
        if bands.level_of((meant,)) != "answer" or not self._in_force((meant,), facts):
            return None
        why = f"接着 {parent.id} 追问：{meant.entry.id}"
        finding = Finding("follow_up", meant.score, "answer", why, {"entry": meant.entry.id, "after": parent.id})
        return (finding,), self._answers.give(event, facts, meant.entry, True)

    def _instead(self, event: MessagePosted, facts: Facts) -> tuple[FaqEntry, Candidate] | None:
        """那换货呢, quoting the answer about 退货: the entry that asks the same about it."""
        for parent in quoted_entries(event, facts, self._entries):
            asked = asked_instead(parent, facts.text) if facts.text is not None else ""
            meant = instead(parent, facts.text, self._candidates(read(asked), facts)) if asked and facts.text else None
            if meant is not None:
                return parent, meant
        return None

    def _together(self, event: MessagePosted, facts: Facts, addressed: bool) -> tuple[Candidate, ...]:
        text = joined(event, facts)
        if text is None or not (addressed or text.is_question):
            return ()
        # A part that asks is a message here, and has been looked up by itself.
        found = self.scopes.of(self._scope(facts)).search(text, self._model, parts=False)
        return self._in_force(found, facts) if self._dated else found

    def _candidates(self, text: TextFacts, facts: Facts) -> tuple[Candidate, ...]:
        room = self._scope(facts)
        found = of_words(text, (self, room), lambda: self._search(room, text))
        return self._in_force(found, facts) if self._dated else found

    def _finding(self, text: TextFacts, facts: Facts, candidates: tuple[Candidate, ...], bands: Bands) -> Finding:
        if self._dated or not candidates:
            return finding_of(candidates, bands)
        asked = (self, self._scope(facts), bands.answer, bands.suggest)
        return of_words(text, asked, lambda: finding_of(candidates, bands))

    def _scope(self, facts: Facts) -> str:
        """The room's key where it has entries of its own, else none."""
        return facts.room.key if facts.room.key in self.scopes.rooms else ""

    def _in_force(self, candidates: tuple[Candidate, ...], facts: Facts) -> tuple[Candidate, ...]:
        """Those that hold on the event's day."""
        day = community_day(facts.event.at, facts.policy.time_zone)
        return tuple(candidate for candidate in candidates if candidate.entry.valid_on(day))

    def _search(self, room: str, text: TextFacts) -> tuple[Candidate, ...]:
        return self.scopes.of(room).search(text, self._model)

    # ---- an answer that was none ------------------------------------------------------------------------------------

    def _missed(self, event: MessagePosted, facts: Facts, candidates: tuple[Candidate, ...]) -> _Said | None:
        """不对, or the same question in other words; None for anything else."""
        entry = refused(event, facts, self._entries)
        if entry is not None:
            found = Finding("feedback", 1.0, "wrong", f"说不对：{entry or '给出的几个可能'}", {"entry": entry})
            return (found,), self._make_up(event, facts, entry, self._question_before(event, facts, entry))
        if not candidates:
            return None
        addressed = is_addressed(event, facts)
        bands = bands_of(facts.policy.faq, addressed)
        again = asked_again(event, facts, candidates, bands.suggest)
        asks = addressed or (facts.text is not None and facts.text.is_question)
        if again is None or not (asks or again.score >= bands.answer):
            return None
        name = again.entry.id
        found = Finding("feedback", again.score, "rephrased", f"换个说法又问：{name}", {"entry": name})
        surer = candidates[0].entry.id != name and bands.level_of(candidates) == "answer"
        if is_second(event, facts) and not surer:
            return (found,), self._make_up(event, facts, name, facts.text)
        others, actions = self._speak(event, facts, candidates)
        if any(isinstance(action, Say) and not (action.merge and action.merge.once) for action in actions):
            return (replace(found, level="answered"), *others), (*actions, mark(event, MISSED))
        return (found,), self._make_up(event, facts, name, facts.text) if addressed else (mark(event, MISSED),)

    def _make_up(self, event: MessagePosted, facts: Facts, entry: str, asked: TextFacts | None) -> tuple[Action, ...]:
        """Other entries that may be meant, or an excuse; the second time a person is offered."""
        if not is_addressed(event, facts) and asleep(facts, event.at):
            return (mark(event, MISSED),)
        if is_second(event, facts) and facts.policy.escalation.enabled:
            return self._answers.words(event, facts, "faq.person"), mark(event, OFFERED)
        least = facts.policy.faq.addressed_suggest_at
        index = self.scopes.of(facts.room.key)
        others = others_than(entry, asked, index, self._model, least) if asked is not None else ()
        if self._dated:
            others = self._in_force(others, facts)
        if others:
            return (*self._answers.suggest(event, facts, others), mark(event, MISSED))
        return self._answers.words(event, facts, "faq.sorry"), mark(event, MISSED)

    def _question_before(self, event: MessagePosted, facts: Facts, entry: str) -> TextFacts | None:
        """The sender's question that the refused answer was given to, as far as it is remembered."""
        for recent in reversed(facts.member(event.sender.id).recent if entry else ()):
            asked = read(recent.text) if recent.kind is MessageKind.TEXT else None
            if asked is not None and any(one.entry.id == entry for one in self._candidates(asked, facts)):
                return asked
        return None


def _in_good_hands(event: MessagePosted, facts: Facts) -> bool:
    """Whether an agent holds the asker's thread: the answer would be dropped, and must not begin a cooldown."""
    case = facts.open_case(event.sender.id)
    return case is not None and case.state is CaseState.ASSIGNED
