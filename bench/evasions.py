"""Ways in which people write a word so that lists do not find it, made by chance for measuring.

`variants(text, kind, rng)` rewrites a term or a sentence. Characters come from this project's own tables and from
OpenCC: a figure made with them says how well our views undo what we know of, not what nobody has thought of.
"""

import random
from collections.abc import Callable
from functools import cache

import opencc

from handlers.text.normalise import normalise
from handlers.text.readings import alike, syllable
from handlers.text.splits import splits_of

SYMBOLS = "*·.-_~/|+^=#&@!,、…。"
EMOJI = "😀😡🔥💩🐷👊🙃💢🤡🐶"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"


def variants(text: str, kind: str, rng: random.Random, count: int = 3) -> list[str]:
    """Up to ``count`` distinct rewritings of ``text`` of one of ``KINDS``; none where that kind cannot change it."""
    made = (KINDS[kind](text, rng) for _ in range(count * 3))
    return list(dict.fromkeys(variant for variant in made if variant != text))[:count]


def _between(text: str, noise: Callable[[], str]) -> str:
    return "".join(char + noise() for char in text[:-1]) + text[-1:]


def _symbols(text: str, rng: random.Random) -> str:
    return _between(text, lambda: rng.choice(SYMBOLS) * rng.choice((1, 1, 2)))


def _spaces(text: str, rng: random.Random) -> str:
    return _between(text, lambda: rng.choice((" ", " ", "  ", "\u3000")))


def _zero_width(text: str, rng: random.Random) -> str:
    return _between(text, lambda: rng.choice(ZERO_WIDTH))


def _emoji(text: str, rng: random.Random) -> str:
    return _between(text, lambda: rng.choice(EMOJI))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _traditional(text: str, rng: random.Random) -> str:
    del rng
    return str(_converter().convert(text))


def _repeats(text: str, rng: random.Random) -> str:
    """Every character doubled or more, or one of them many times."""
    if rng.random() < 0.5:
        at = rng.randrange(len(text))
        return text[:at] + text[at] * rng.randint(3, 6) + text[at + 1 :]
    times = rng.randint(2, 4)
    return "".join(char * times for char in text)


def _split(text: str, rng: random.Random) -> str:
    """One to all of the characters that can be taken apart."""
    able = [at for at, char in enumerate(text) if splits_of(char)]
    chosen = set(rng.sample(able, rng.randint(1, len(able)))) if able else set()
    return "".join(rng.choice(splits_of(char)) if at in chosen else char for at, char in enumerate(text))


def _pinyin(text: str, rng: random.Random) -> str:
    """The whole in pinyin, with or without spaces."""
    return rng.choice(("", " ")).join(syllable(char) or char for char in text)


def _mixed(text: str, rng: random.Random) -> str:
    """One character in pinyin."""
    able = [at for at, char in enumerate(text) if syllable(char)]
    chosen = rng.choice(able) if able else -1
    return "".join(syllable(char) if at == chosen else char for at, char in enumerate(text))


def _homophones(text: str, rng: random.Random) -> str:
    """One to all of the characters by everyday ones that sound alike."""
    others = {at: [c for c in alike(char) if c != char and _common(c)] for at, char in enumerate(text)}
    able = [at for at, found in others.items() if found]
    chosen = set(rng.sample(able, rng.randint(1, len(able)))) if able else set()
    return "".join(rng.choice(others[at]) if at in chosen else char for at, char in enumerate(text))


def _common(char: str) -> bool:
    """Whether the character is among the 3,755 that GB 2312 calls the first level."""
    code = char.encode("gb2312", "ignore")
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7 and normalise(char) == char


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "symbols": _symbols,
    "spaces": _spaces,
    "zero_width": _zero_width,
    "emoji": _emoji,
    "traditional": _traditional,
    "repeats": _repeats,
    "split": _split,
    "pinyin": _pinyin,
    "mixed": _mixed,
    "homophones": _homophones,
}
