"""Is this an advert? How it is worded, ways to make contact and listed offers, weighed into one probability."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from domain.decision import Finding, Json
from domain.text import Span, TextFacts
from handlers.moderation import advert_signs as signs
from handlers.moderation.lexicon import Hit

REVIEW_AT, WARN_AT, REMOVE_AT = 0.5, 0.85, 0.97
ALONE_AT = 0.9
"""Of wording with neither a contact nor a listed offer beside it, to warn: neighbours sell things too."""
SURE, UNKNOWN = 7.0, -5.0
"""The most that wording alone may say either way, and what it says of a text too short for it, in log odds."""
WORDED_AT = 0.5
"""Of the model, to be named as a reason."""
_LINK, _SHORT_LINK, _SHARE_CODE = 2.0, 2.5, 3.2
_CALL = 2.5
"""A seller who asks in friends' words to come forward: with wording that leaves it open, a warning."""
_ELSEWHERE = 2.0
"""The least weight of what leads away from the group or hides; a plainly written number of one's own weighs less."""
_OFFER = {"none": 0.0, "review": 0.6, "warn": 1.2, "remove": 3.0}
"""What a listed offer adds."""
_STANDS = {"warn": 2.4, "remove": 2.4}
"""What it comes to by itself, whatever the wording: a warning. To be removed it needs more."""
MOST_OFFERS = 3
CALLED_AT = 0.2
"""Of the model, to heed a seller's call."""


@dataclass(frozen=True, slots=True)
class Clue:
    """Something that speaks for an advert: how it is named, its weight in log odds, where in the original."""

    title: str
    weight: float
    span: Span


def advert_finding(text: TextFacts, hits: Sequence[Hit], allowed_domains: Collection[str], model: float) -> Finding:
    """The `advert` finding of a text; ``hits`` are those of lists whose rule is ``advert``, ``model`` a probability."""
    contacts: list[Clue] = []
    worth_a_look = signs.WORTH_A_LOOK.search(text.norm)
    if model < CALLED_AT and not hits and not worth_a_look:
        return Finding("advert", model, "none", "没有广告迹象")
    if worth_a_look:
        links, own = _links(text, allowed_domains)
        contacts = [*_contacts(text), *links]
        # What leads to the community's own pages is no advert, however it is worded.
        model = 0.0 if own and not contacts else model
    offers, calls = _gravest(hits), _calls(text) if model >= CALLED_AT else []
    if not contacts and not offers and not calls and model < WORDED_AT:
        return Finding("advert", model, "none", "没有广告迹象")
    clues = [*contacts, *calls]
    score = _probability(model, clues, offers)
    titles = [clue.title for clue in clues] + [hit.words.category for hit in offers]
    titles = ["整句像广告"] * (model >= WORDED_AT) + [f"有{'、'.join(dict.fromkeys(titles))}"] * bool(titles)
    spans = sorted({*(clue.span for clue in clues), *(hit.span for hit in offers)})
    details: dict[str, Json] = {"spans": [list(span) for span in spans], "model": round(model, 4)}
    if offers:
        details["category"] = offers[0].words.category
    if contacts:
        details["contact"] = True
        details["elsewhere"] = any(clue.weight >= _ELSEWHERE for clue in contacts)
    return Finding("advert", score, _level(score, clues, offers), "，".join(titles), details)


def _probability(model: float, contacts: Sequence[Clue], offers: Sequence[Hit]) -> float:
    logit = max(min(math.log(model / (1 - model)), SURE), -SURE) if 0.0 < model < 1.0 else UNKNOWN
    logit += sum(clue.weight for clue in contacts) + sum(_OFFER[hit.words.severity] for hit in offers[:MOST_OFFERS])
    stands = max((_STANDS.get(hit.words.severity, logit) for hit in offers), default=logit)
    return 1.0 / (1.0 + math.exp(-max(logit, stands)))


def _level(score: float, clues: Sequence[Clue], offers: Sequence[Hit]) -> str:
    warn_at = WARN_AT if clues or offers else ALONE_AT
    if score >= REMOVE_AT and any(hit.words.severity == "remove" for hit in offers):
        return "remove"
    return "warn" if score >= warn_at else "review" if score >= REVIEW_AT else "none"


def _contacts(text: TextFacts) -> Iterator[Clue]:
    """Each place counts once, as the first sign that takes it."""
    taken: list[Span] = []
    for sign in signs.CONTACTS:
        match = sign.pattern.search(text.norm)
        if match is None or any(low < match.end() and match.start() < high for low, high in taken):
            continue
        low, high = text.span(*match.span())
        if sign.title != signs.DISGUISED or not signs.PLAIN_NUMBER.fullmatch(text.raw[low:high]):
            taken.append(match.span())
            yield Clue(sign.title, sign.weight, (low, high))


def _calls(text: TextFacts) -> list[Clue]:
    """Where somebody who sells calls for whoever wants it (自己在用的，需要的私我)."""
    call = signs.CALLS.search(text.norm)
    if call is None or not signs.SELLS.search(text.norm) or signs.GIVES.search(text.norm):
        return []
    return [Clue("招揽", _CALL, text.span(*call.span()))]


def _links(text: TextFacts, allowed: Collection[str]) -> tuple[list[Clue], bool]:
    """The first link that leads elsewhere and a share code, if any; and whether a link leads to one's own pages."""
    if not signs.MAYBE_LINK.search(text.norm):
        return [], False
    found, own = [], False
    for match in signs.LINK.finditer(text.norm):
        domain = match.group(1)
        own = own or _under(domain, allowed)
        if not _under(domain, allowed) and not _under(domain, signs.PUBLIC):
            short = domain in signs.SHORTENERS
            title, weight = ("短链接", _SHORT_LINK) if short else ("外部链接", _LINK)
            found.append(Clue(title, weight, text.span(*match.span())))
            break
    if token := signs.TOKEN.search(text.norm):
        found.append(Clue("淘口令", _SHARE_CODE, text.span(*token.span())))
    return found, own


def _under(domain: str, names: Collection[str]) -> bool:
    return any(domain == name or domain.endswith(f".{name}") for name in names)


def _gravest(hits: Sequence[Hit]) -> list[Hit]:
    """One hit per place, gravest first."""
    ordered = sorted(hits, key=lambda hit: (-_OFFER[hit.words.severity], hit.start - hit.end))
    kept: list[Hit] = []
    for hit in ordered:
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return kept
