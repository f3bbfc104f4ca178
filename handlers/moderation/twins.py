"""Other ways to write a word: what people could write, and what they did write in messages that are kept."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice, product

from domain.book import WordList
from handlers.moderation.explain import explained
from handlers.moderation.lexicon import Lexicon
from handlers.text.facts import read
from handlers.text.normalise import folded
from handlers.text.readings import syllable
from handlers.text.splits import splits_of

INITIALS = "initials"
SHOWN = 6
"""Candidates that are named of each kind."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A writing met in messages: as written, through which view, and whether it would count."""

    surface: str
    view: str
    counts: bool


def candidates(word: str) -> Mapping[str, tuple[str, ...]]:
    """By view, how a word may be written instead; a word without Chinese characters has none."""
    form = folded(word)
    sounds = [syllable(char) for char in form]
    if not form or not all(sounds):
        return {}
    pieces = product(*((char, *splits_of(char)[:2]) for char in form))
    split = tuple(islice((way for way in map("".join, pieces) if way != form), SHOWN))
    return {
        "pinyin": tuple(dict.fromkeys(("".join(sounds), " ".join(sounds)))),
        INITIALS: ("".join(sound[0] for sound in sounds),),
        **({"split": split} if split else {}),
    }


def twins_in(word: str, texts: Iterable[str]) -> Counter[Twin]:
    """How often each writing of ``word`` stands in ``texts``, itself included, spared ones too."""
    initials = candidates(word).get(INITIALS, ())
    lists = (WordList("twins", "warn", (word,)), WordList(INITIALS, "review", initials, whole_token=True))
    lexicon = Lexicon.compile(lists)
    met: Counter[Twin] = Counter()
    for text in texts:
        facts = read(text)
        for one in explained(lexicon, facts):
            short = one.hit.words.category == INITIALS
            surface = facts.raw[slice(*one.hit.span)]
            met[Twin(surface, INITIALS if short else one.hit.view, not one.spared and not short)] += 1
    return met
