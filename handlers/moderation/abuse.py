"""Is this abuse? Direct words from the lists, who they are said to, and the fitted model, as one probability."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from domain.decision import Finding, Json
from domain.events import MessagePosted
from domain.text import Span, TextFacts
from handlers.moderation.aim import about_people, faces, half_word, thrown, told, unheard_of
from handlers.moderation.asides import aside, fond, playful, quoted, reported, tells
from handlers.moderation.lexicon import MASKS, VIEWS, Hit
from handlers.once import of_words
from handlers.text.segment import overlapped

MODEL_REVIEW_AT, MODEL_WARN_AT = 0.6, 0.95
"""Of the model alone, on calibrated probabilities; `bench` measures what they mean on clean chat."""
SUPPORT_AT = 0.5
"""Of the model, where a word that may be meant for somebody is there too."""
MODEL_CHARS = 6
"""Of a shorter text the model knows too little to warn anybody."""
DIRECTED_MODEL_WARN_AT = 0.88
"""The same when the words are said to somebody."""
INSULT_ASKED_AT = 0.06
"""Of the first model: below it, and without any word, nobody asks whether a text insults somebody."""
INSULT_WITH_WORD_AT, INSULT_FACED_AT, INSULT_ALONE_AT, INSULT_CHARS = 0.5, 0.8, 0.86, 5
"""Of the model of insults to one's face: beside a word that may be meant for somebody; alone, in so many characters,
where somebody is spoken to; and where nobody is."""
INSULT_BRIEF_AT, BRIEF_CHARS = 0.9, 7
"""The same alone, of so few characters without any word of the lists: 你这人真讲究 looks much like an insult."""
INSULT_ASKING_AT = 0.93
"""The same alone, of what ends as a question: 楼上的姐姐，你家还卖蜂蜜吗 faces somebody and means no harm."""
COMPLAINING_AT = 0.8
"""Of the model of complaints: somebody scolds a shop, not a person, as far as a model can tell."""
OUTRIGHT_AT = 0.9
"""Of the same: nothing but a complaint, as far as a model can tell."""
INNOCENT_AT, INNOCENT_CHARS = 0.05, 6
"""Of the same: a text of so many characters whose word is hardly meant for anybody, whatever stands around it."""
WHOLE_CHARS = 8
"""Of a frame that says an insult from its beginning to its end: no model knows better."""
CERTAINTY = {"none": 0.2, "review": 0.35, "warn": 0.95, "remove": 0.985}
"""Probability that a hit of this severity is abuse indeed, as seen on development text."""
ORDER = ("none", "review", "warn", "remove")
PIECES_AT: Mapping[str, float] = MappingProxyType({"plain": 0.6, "frame": 0.3})
"""Of the model of insults: below it, a hit of this view that cuts words in two (你真会装修) is none."""
UNLIKELY_AT, SURE_AT = 0.2, 0.99
"""Nobody is insulted, says the second model; the first alone is heard only where it is sure."""
SHIPPED = "builtin/"
"""Where lists come from that the model may doubt; an operator's list means what it says."""
GRAVE_CATEGORIES = frozenset({"威胁", "性骚扰"})
"""These count also when said to the bot."""

_ROBOT = re.compile(r"机器人|(?:破|傻|这个|什么)bot")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a message is said: to whom, and whether it speaks about the bot."""

    directed: bool
    to_bot: bool


_TO_OTHERS, _TO_BOT, _TO_NOBODY = Manner(True, False), Manner(False, True), Manner(False, False)


def manner_of(event: MessagePosted, text: TextFacts, bot_names: Sequence[str]) -> Manner:
    """To another member by @ or quote; to the bot by its @ or name, nobody else being addressed."""
    others = bool(event.mentions) or event.quote is not None
    if others:
        return _TO_OTHERS
    to_bot = event.mentions_bot or of_words(text, (_speaks_of, *bot_names), lambda: _speaks_of(text, bot_names))
    return _TO_BOT if to_bot else _TO_NOBODY


def _speaks_of(text: TextFacts, bot_names: Sequence[str]) -> bool:
    return any(name and name in text.raw for name in bot_names) or _ROBOT.search(text.norm) is not None


def abuse_finding(
    text: TextFacts, hits: Sequence[Hit], model: float, manner: Manner, insult: float | None = None
) -> Finding:
    """The `abuse` finding of a text; ``hits`` are those of lists whose rule is ``abuse``.

    ``model`` and ``insult`` are probabilities: that anybody is attacked, and that somebody is insulted to their face;
    the second is asked for where it may matter.
    """
    if not hits and model < MODEL_REVIEW_AT and (insult or 0.0) < INSULT_FACED_AT:
        return Finding("abuse", model, "none", "没有冒犯的话", {"model": round(model, 4)})
    innocent = insult is not None and insult < INNOCENT_AT and len(text.compact) >= INNOCENT_CHARS
    weighed = [(hit, _whole(hit, _severity(hit, text, manner, innocent), text, insult)) for hit in hits]
    if model >= SUPPORT_AT and hits and faces(text) and not manner.to_bot and not quoted(text) and not playful(text):
        # A bad word, a 你, and a sentence that looks like an attack: none alone would do.
        weighed = [
            (hit, max(level, "warn", key=ORDER.index) if _supported(hit, text) else level) for hit, level in weighed
        ]
    weighed.sort(key=lambda pair: -ORDER.index(pair[1]))
    top, level = weighed[0] if weighed else (None, "none")
    model_level = _model_level(model, manner, text)
    if model_level == "warn" and insult is not None and insult < UNLIKELY_AT and model < SURE_AT:
        # A shop or a film may be scolded as loudly as it deserves.
        model_level = "review"
    if level in ("none", "review") and insult and not manner.to_bot and _insults(insult, hits, text, manner):
        model_level, model = "warn", max(model, insult)
    if top is None or ORDER.index(model_level) > ORDER.index(level):
        score = model if model_level != "none" or top is None else max(CERTAINTY[level], model)
        why = "整句像在攻击人" if model_level != "none" else "没有冒犯的话"
        return Finding("abuse", score, model_level, why, {"model": round(model, 4)})
    score = 1 - (1 - CERTAINTY[level]) * (1 - 0.5 * model) if level != "none" else max(0.05, min(model, 0.5))
    held = _widest(hit.span for hit, at in weighed if at == level)
    details: dict[str, Json] = {
        "category": top.words.category,
        "spans": [list(span) for span in held],
        "view": top.view,
        "model": round(model, 4),
    }
    if manner.to_bot and level in ("none", "review"):
        details["teasing"] = True
    return Finding("abuse", score, level, _why(top, level, manner), details)


def _widest(spans: Iterable[Span]) -> list[Span]:
    """One span per place."""
    found = sorted(set(spans))
    return [
        (low, high)
        for low, high in found
        if not any(start <= low and high <= end and (start, end) != (low, high) for start, end in found)
    ]


def _why(hit: Hit, level: str, manner: Manner) -> str:
    if level == "none":
        return f"有“{hit.words.category}”的字眼，但不是在说谁"
    target = "，对着别人说" if manner.directed else "，对着机器人说" if manner.to_bot else ""
    masked = f"（{VIEWS[hit.view]}）" if hit.view in MASKS else ""
    return f"命中词表“{hit.words.category}”{masked}{target}"


def _model_level(model: float, manner: Manner, text: TextFacts) -> str:
    if manner.to_bot:
        return "none"
    warn_at = DIRECTED_MODEL_WARN_AT if manner.directed else MODEL_WARN_AT
    if model >= warn_at and len(text.compact) >= MODEL_CHARS and about_people(text) and not quoted(text):
        return "warn"
    return "review" if model >= MODEL_REVIEW_AT else "none"


def _insults(insult: float, hits: Sequence[Hit], text: TextFacts, manner: Manner) -> bool:
    """Whether a sentence that looks like an insult is one: less will do beside a word that is said in earnest.

    An angry complaint is heard as one (`COMPLAINING_AT`), whatever it looks like; only words of the lists make it more.
    """
    aimed = manner.directed or faces(text)
    if insult < (INSULT_WITH_WORD_AT if aimed else INSULT_ALONE_AT) or text.grievance >= COMPLAINING_AT:
        return False
    if tells(text) or playful(text) or fond(text):
        return False
    meant = [hit for hit in hits if hit.end - hit.start > 1 and (hit.words.to_somebody or hit.words.severity != "none")]
    earnest = [not aside(hit, text, False) for hit in meant]
    least = INSULT_FACED_AT if aimed else INSULT_ALONE_AT
    if not meant:
        least = max(
            least, INSULT_BRIEF_AT * (len(text.compact) <= BRIEF_CHARS), INSULT_ASKING_AT * text.compact.endswith("吗")
        )
    alone = insult >= least and len(text.compact) >= INSULT_CHARS
    return any(earnest) or (alone and all(earnest))


def _severity(hit: Hit, text: TextFacts, manner: Manner, innocent: bool) -> str:
    words = hit.words
    level = words.severity
    if words.category in GRAVE_CATEGORIES:
        return "review" if reported(hit, text) else level
    if half_word(hit, text):
        return "none"
    to_face = told(hit, text)
    if words.to_somebody and (to_face or _called(hit, text, manner)):
        level = words.to_somebody
    whole = hit.view == "frame" and hit.end - hit.start >= WHOLE_CHARS
    doubted = innocent and words.where.startswith(SHIPPED) and hit.view not in MASKS and not whole
    if doubted or aside(hit, text, to_face) or (words.to_somebody and playful(text)):
        return _lower(level)
    return _lower(level) if manner.to_bot else level


def _whole(hit: Hit, level: str, text: TextFacts, insult: float | None) -> str:
    """A level; a lower one for pieces of other words (装个屁股垫), unless the sentence looks like an insult."""
    doubtful = insult is not None and insult < PIECES_AT.get(hit.view, 0.0) and hit.words.where.startswith(SHIPPED)
    grave = level in ("warn", "remove")
    return _lower(level) if doubtful and grave and overlapped(text.compact, hit.start, hit.end) else level


def _called(hit: Hit, text: TextFacts, manner: Manner) -> bool:
    """Whether somebody is called this without a 你; an outright complaint calls whoever should mend something names."""
    outright = text.grievance >= OUTRIGHT_AT and len(text.compact) >= INNOCENT_CHARS and not manner.directed
    return not outright and (thrown(hit, text, manner.directed) or unheard_of(hit, text))


def _supported(hit: Hit, text: TextFacts) -> bool:
    """Whether a sentence that looks like an attack makes this word one: no single letter, nothing told."""
    meant = hit.words.to_somebody != "" and hit.end - hit.start > 1
    return meant and not aside(hit, text, False)


def _lower(level: str) -> str:
    return {"remove": "review", "warn": "review", "review": "none"}.get(level, level)
