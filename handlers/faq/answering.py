"""How an answer is said: at once or when people had time first, once in its cooldown, to all who ask the same."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.actions import Action, Merge, Remember, Say
from domain.book import FaqEntry
from domain.events import MessagePosted, Person
from domain.facts import Facts
from domain.ids import NO_MEMBER
from handlers.faq.index import Candidate
from handlers.faq.reactions import tell
from handlers.faq.wording import MEMBER, files_behind, filled
from handlers.numbers import offering
from handlers.speech import Voice

SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Answers:
    """Turns an entry, or several that may be meant, into what is done."""

    voice: Voice

    def give(self, event: MessagePosted, facts: Facts, entry: FaqEntry, addressed: bool) -> tuple[Action, ...]:
        """The entry's answer: at once to whom asks the bot, else when people had time to answer first.

        Who asks the same meanwhile joins it; who asks it later, within the cooldown, finds it right above.
        An answer that names the asker joins nobody's: everybody gets their own, once.
        """
        template = entry.answers[event.entropy[-1] % len(entry.answers)]
        text = filled(template, event, facts)
        say = self.say(facts, text, event.sender)
        cooldown = timedelta(seconds=facts.policy.faq.cooldown if entry.cooldown is None else entry.cooldown)
        told = tell(event, entry, event.at if addressed else event.at + _people_first(facts))
        if facts.room.private or not cooldown:
            alone = say if addressed else replace(say, not_before=_later(event, facts))
            return (alone, *files_behind(alone, entry, event), told)
        key, personal = f"faq:{entry.id}", MEMBER in template
        owner = event.sender.id if personal else NO_MEMBER
        last = facts.mark(key, owner)
        again = last is not None and event.at - last < cooldown
        if personal and again:
            return ()
        if again and last is not None and event.at - last >= timedelta(seconds=facts.policy.engagement.merge_window):
            return ()
        who, message = event.sender, event.external_id
        share = Merge(key, text, who.name, member=who.id, external_id=message, addressed=True, once=again)
        when = min(event.at, facts.now) if addressed else _later(event, facts)
        since = Remember(room_id=event.room_id, member_id=owner, key=key, at=event.at)
        own = replace(say, not_before=when)
        if personal:
            return own, *files_behind(own, entry, event), since, told
        joint = replace(own, merge=share)
        # Who joins an answer finds its files right below it.
        return (joint, told) if again else (joint, *files_behind(own, entry, event), told, since)

    def suggest(self, event: MessagePosted, facts: Facts, candidates: tuple[Candidate, ...]) -> tuple[Action, ...]:
        """What may be meant, to choose from by number."""
        least = facts.policy.faq.addressed_suggest_at / 2
        shown = [c.entry for c in candidates[:SUGGESTED] if c.score >= least]
        if len(shown) == 1:
            text = self.voice.text("faq.suggest_one", facts, question=shown[0].question)
        else:
            lines = "\n".join(f"{number} {entry.question}" for number, entry in enumerate(shown, 1))
            text = self.voice.text("faq.suggest", facts, list=lines)
        return (self.say(facts, text, event.sender), *offering(event, (entry.id for entry in shown)))

    def words(self, event: MessagePosted, facts: Facts, name: str) -> Say:
        """One of our own texts, to the sender."""
        return self.say(facts, self.voice.text(name, facts), event.sender)

    def say(self, facts: Facts, text: str, to: Person) -> Say:
        """Words of ours to somebody who may not have asked for them."""
        return replace(self.voice.words(facts, text, to), unasked=True)


def _later(event: MessagePosted, facts: Facts) -> datetime:
    """Until when people may answer first. A sender's clock ahead of ours makes nobody wait longer."""
    return min(event.at, facts.now) + _people_first(facts)


def _people_first(facts: Facts) -> timedelta:
    return timedelta(seconds=facts.policy.talk.people_first)
