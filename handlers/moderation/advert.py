"""Is this an advert? Ways to make contact, offers and calls to act, weighed together into one probability."""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.decision import Finding, Json
from domain.text import Span, TextFacts
from handlers.moderation import advert_signs as signs
from handlers.moderation.advert_signs import CALL, CONTACT, TRADE, Sign
from handlers.moderation.lexicon import Hit

REVIEW_AT, WARN_AT, REMOVE_AT = 0.4, 0.8, 0.97
ALONE = -5.0
"""Log odds of an advert before anything is found (about 0.7 %)."""
TOGETHER, CALLED = (1.6, 2.8), (0.9, 2.1)
"""More, where talk of trade comes with a way to make contact, or with a call alone: a little of it, and much of it."""
PLAIN_CALL = 1.0
"""A call beside a way to make contact says little more."""
SHOUTS = 4
LONG_CHARS, LONG = 100, -1.5
"""In a long text something of everything is found."""
_OFFER = "offer"
_LINK, _SHORT_LINK, _SHARE_CODE, _SHOUTED = 3.2, 4.0, 5.0, 0.8
_CATEGORY_WEIGHT = {"none": 0.0, "review": 1.6, "warn": 5.6, "remove": 6.6}
_FRAMED = 0.9
"""More, where a whole frame says it and not one word; still less than what is removed."""
_FURTHER, _FURTHER_STRONG, MOST_FURTHER = 0.8, 2.0, 3
_NONE = Finding("advert", 1 / (1 + math.exp(-ALONE)), "none", "没有广告迹象")


@dataclass(frozen=True, slots=True)
class Clue:
    """Something that speaks for an advert: its kind, how it is named, its weight in log odds, where in the original."""

    kind: str
    title: str
    weight: float
    span: Span | None = None


def advert_finding(text: TextFacts, hits: Sequence[Hit], allowed_domains: Collection[str]) -> Finding:
    """The `advert` finding of a text; ``hits`` are those of lists whose rule is ``advert``."""
    norm = text.norm
    worth = signs.FIRST_LOOK.search(norm) is not None and signs.WORTH_A_LOOK.search(norm) is not None
    if not hits and not worth:
        return _NONE
    clues = [*_offers(hits)]
    if worth:
        clues += [*_first(signs.CONTACTS, text), *_links(text, allowed_domains), *_some(signs.CALLS, text)]
    if not clues:
        return _NONE
    clues += [*_some(signs.TRADE_SIGNS, text), *_shouts(text)]
    score = _probability(clues, text)
    titles = "、".join(dict.fromkeys(clue.title for clue in clues))
    spans = sorted({clue.span for clue in clues if clue.span is not None})
    details: dict[str, Json] = {"spans": [list(span) for span in spans]}
    if gravest := _gravest(hits):
        details["category"] = gravest[0].words.category
    if any(clue.kind == CONTACT for clue in clues):
        details["contact"] = True
    return Finding("advert", score, _level(score, clues), f"出现{titles}", details)


def _probability(clues: Sequence[Clue], text: TextFacts) -> float:
    kinds = {clue.kind for clue in clues}
    logit = ALONE + sum(clue.weight for clue in clues if clue.kind != CALL)
    called = max((clue.weight for clue in clues if clue.kind == CALL), default=0.0)
    logit += min(called, PLAIN_CALL) if CONTACT in kinds else called
    if kinds & {_OFFER, TRADE}:
        much = _OFFER in kinds or sum(clue.kind == TRADE for clue in clues) > 1
        logit += TOGETHER[much] if CONTACT in kinds else CALLED[much] if CALL in kinds else 0.0
    logit += LONG if len(text.norm) > LONG_CHARS else 0.0
    logit += sum(doubt.weight for doubt in signs.DOUBTS if doubt.pattern.search(text.norm))
    return 1.0 / (1.0 + math.exp(-max(min(logit, 30.0), -30.0)))


def _level(score: float, clues: Sequence[Clue]) -> str:
    if score >= REMOVE_AT and any(clue.weight >= _CATEGORY_WEIGHT["remove"] for clue in clues):
        return "remove"
    return "warn" if score >= WARN_AT else "review" if score >= REVIEW_AT else "none"


def _some(wanted: Iterable[Sign], text: TextFacts) -> Iterator[Clue]:
    for sign in wanted:
        if match := sign.pattern.search(text.norm):
            yield Clue(sign.kind, sign.title, sign.weight, text.span(*match.span()))


def _first(wanted: Iterable[Sign], text: TextFacts) -> Iterator[Clue]:
    """Each place counts once, as the first sign that takes it."""
    taken: list[Span] = []
    for sign in wanted:
        match = sign.pattern.search(text.norm)
        if match is None or any(low < match.end() and match.start() < high for low, high in taken):
            continue
        if (
            sign.title != "变形的手机号"
            or not match.group().replace(" ", "").isdecimal()
            or not match.group().isascii()
        ):
            taken.append(match.span())
            yield Clue(sign.kind, sign.title, sign.weight, text.span(*match.span()))


def _links(text: TextFacts, allowed: Collection[str]) -> Iterator[Clue]:
    if not signs.MAYBE_LINK.search(text.norm):
        return
    for match in signs.LINK.finditer(text.norm):
        domain = match.group(1)
        if not any(domain == own or domain.endswith(f".{own}") for own in allowed):
            short = domain in signs.SHORTENERS
            title, weight = ("短链接", _SHORT_LINK) if short else ("外部链接", _LINK)
            yield Clue(CONTACT, title, weight, text.span(*match.span()))
            break
    if token := signs.TOKEN.search(text.norm):
        yield Clue(CONTACT, "淘口令", _SHARE_CODE, text.span(*token.span()))


def _shouts(text: TextFacts) -> Iterator[Clue]:
    if len(signs.SHOUT.findall(text.raw[:2000])) >= SHOUTS:
        yield Clue(TRADE, "大量感叹", _SHOUTED)


def _offers(hits: Sequence[Hit]) -> Iterator[Clue]:
    """The gravest offer fully, each further one a little."""
    for index, hit in enumerate(_gravest(hits)[: MOST_FURTHER + 1]):
        severity = hit.words.severity
        further = _FURTHER if severity == "review" else _FURTHER_STRONG
        weight = _CATEGORY_WEIGHT[severity] + (_FRAMED if hit.view == "frame" and severity == "warn" else 0.0)
        yield Clue(_OFFER, hit.words.category, further if index else weight, hit.span)


def _gravest(hits: Sequence[Hit]) -> list[Hit]:
    """One hit per place, gravest first."""
    ordered = sorted(hits, key=lambda hit: (-_CATEGORY_WEIGHT[hit.words.severity], hit.start - hit.end))
    kept: list[Hit] = []
    for hit in ordered:
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return kept
