"""The verdicts on a message's own words: `abuse` and `advert`, and what rules on trial would make of them."""

from collections.abc import Sequence

from domain.book import Book
from domain.decision import Finding
from domain.events import MessagePosted
from domain.facts import Facts
from domain.text import TextFacts
from handlers.moderation.abuse import INSULT_ASKED_AT, Manner, abuse_finding, manner_of
from handlers.moderation.advert import advert_finding
from handlers.moderation.called import without_names
from handlers.moderation.lexicon import Hit, Lexicon
from handlers.moderation.trial import live, not_retired, trial_finding
from handlers.once import of_words
from handlers.text.abuse_model import abuse_probability
from handlers.text.advert_model import advert_probability
from handlers.text.insult_model import insulting


class Verdicts:
    """Lists, views, model and clues of one book over the words of a message."""

    def __init__(self, book: Book) -> None:
        self._name = book.bot_name
        self._lexicon = Lexicon.compile(book.words)
        self._trials = any(words.trial for words in book.words)

    def on(self, event: MessagePosted, text: TextFacts, facts: Facts) -> tuple[Finding, ...]:
        """``abuse`` and ``advert``, in this order, and ``trial`` where a rule on trial changes one of them."""
        names = (self._name, facts.account.name)
        manner = Manner(directed=False, to_bot=True) if facts.room.private else manner_of(event, text, names)
        domains = facts.policy.moderation.allowed_domains
        hits: Sequence[Hit] = of_words(text, self, lambda: self._lexicon.hits(text))
        key = (self, manner.directed, manner.to_bot, domains)
        meant = self._lexicon.meant(text)
        by_all = of_words(text, key, lambda: _verdicts(text, manner, domains, hits, meant))
        if hits and (event.mentions or event.quote is not None):
            nameless = without_names(hits, event, text)
            if len(nameless) < len(hits):
                hits, meant = nameless, ""
                by_all = _verdicts(text, manner, domains, hits, meant)
        if not hits or not (self._trials or facts.world.rules):
            return by_all
        standing = live(hits, facts)
        judged = by_all if len(standing) == len(hits) else _verdicts(text, manner, domains, standing, meant)
        candidates = not_retired(hits, facts)
        if len(candidates) == len(standing):
            return judged
        trial = trial_finding(judged, _verdicts(text, manner, domains, candidates, meant))
        return judged if trial is None else (*judged, trial)


def _verdicts(
    text: TextFacts, manner: Manner, domains: tuple[str, ...], hits: Sequence[Hit], meant: str
) -> tuple[Finding, Finding]:
    abusive = [hit for hit in hits if hit.words.rule == "abuse"]
    offers = [hit for hit in hits if hit.words.rule == "advert"]
    model = abuse_probability(text.norm)
    insult = insulting(text.norm, text.compact, meant) if abusive or meant or model >= INSULT_ASKED_AT else None
    abuse = abuse_finding(text, abusive, model, manner, insult)
    return abuse, advert_finding(text, offers, domains, advert_probability(text.norm))
