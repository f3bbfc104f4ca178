"""Characters that stand where nobody writes them, and what was meant there: 宾京 for 北京, 现载 for 现在."""

from functools import cache, lru_cache

from handlers.faq.phrase import Phrase, background
from handlers.text.pairs import everyday, unseen
from handlers.text.readings import sign_of, sounds, syllable, syllables

ANY = 1.5
"""How much a wrong character that sounds otherwise counts; any other slip counts 1."""
NEGATIONS = frozenset("不没未无非别勿")
KEPT = NEGATIONS | frozenset(
    "上下前后左右男女大小多少长短高低早晚新旧买卖进出开关内外东西南北红黄蓝绿黑白一二三四五六七八九十两"
)
"""Characters that change the meaning: nobody lost or mistook them by a slip."""
_BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))
"""What many people do not tell apart when they type, as n and l."""


@lru_cache(maxsize=8192)
def blurred(text: str) -> tuple[str, ...]:
    """How each character sounds to those who do not tell zh from z, ing from in, n from l; others stay."""
    return tuple([_blur(char) for char in text])


@lru_cache(maxsize=8192)
def _blur(char: str) -> str:
    return _rough(syllable(char)) or char


def _rough(sound: str) -> str:
    for exact, rough in _BLURRED:
        sound = sound.replace(exact, rough)
    return f"n{sound[1:]}" if sound.startswith("l") else sound


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    """The signs of all syllables by their rough sound."""
    found: dict[str, tuple[str, ...]] = {}
    for exact in sorted(syllables()):
        found[_rough(exact)] = (*found.get(_rough(exact), ()), sign_of(exact))
    return found


@lru_cache(maxsize=4096)
def is_usual(text: str) -> bool:
    """Whether ordinary talk knows every pair of characters in it, as nearly always."""
    return not unseen(text)


@lru_cache(maxsize=4096)
def odd(text: str) -> tuple[int, ...]:
    """The places of Chinese characters that ordinary talk knows beside none of their neighbours."""
    if is_usual(text):
        return ()
    return tuple([at for at in range(1, len(text) - 1) if _is_odd(text[at - 1], text[at], text[at + 1])])


def _is_odd(before: str, char: str, behind: str) -> bool:
    pairs = [pair for pair in (before + char, char + behind) if all(map(syllable, pair))]
    return bool(pairs) and all(map(unseen, pairs))


def put_right(text: str, entry: Phrase, source: str) -> tuple[str, float]:
    """A text with its odd characters put right, and how much these slips count.

    ``text`` and ``source``, the entry's, stand between ^ and $.
    """
    count = 0.0
    for at in odd(text):
        # What stood beside another one may make sense by now.
        if text[at] not in entry.chars and at in odd(text):
            right, counts = _meant(text, at, entry, source)
            text, count = text[:at] + right + text[at + 1 :], count + counts
    return text, count


def _meant(text: str, at: int, entry: Phrase, source: str) -> tuple[str, float]:
    """What should stand at a place: as the entry has it beside one of the neighbours, else what sounds like it."""
    before, wrong, behind = text[at - 1], text[at], text[at + 1]
    sound, other = _blur(wrong), ""
    for place in range(1, len(source) - 1):
        right = source[place]
        after, ahead = source[place - 1] == before, source[place + 1] == behind
        if (after or ahead) and syllable(right):
            if _blur(right) == sound:
                return right, 1.0
            if right not in KEPT and not other and _belongs(before, right, behind, after, text, entry):
                other = right
    if other:
        return other, ANY
    alike = _sounding(before, wrong, behind)
    said = next((char for char in alike if char in entry.chars), alike[:1])
    return (said, 1.0) if said else (wrong, 0.0)


def _belongs(before: str, right: str, behind: str, after: bool, text: str, entry: Phrase) -> bool:
    """Whether, in the midst of a text, a character is in one word with the neighbour that the entry has beside it."""
    pair = before + right if after else right + behind
    midst = syllable(before) and syllable(behind)
    # A word of one character is as good as another: 怎么养虎, 怎么养兔.
    return bool(midst) and pair not in text and any(pair in word for word in entry.words)


@lru_cache(maxsize=4096)
def _sounding(before: str, wrong: str, behind: str) -> str:
    """All that sound like a character and make an everyday pair with a neighbour, none that is odd; likely first."""
    found: dict[str, int] = {}
    for sign in _signs().get(_rough(syllable(wrong)), ()):
        here = [pair[1] for pair in everyday(sounds(before) + sign) if pair[0] == before]
        there = [pair[0] for pair in everyday(sign + sounds(behind)) if pair[1] == behind]
        for char in (*here, *there):
            known = [pair for pair in (before + char, char + behind) if all(map(syllable, pair))]
            if not any(map(unseen, known)):
                found[char] = found.get(char, 0) + 1
    grams, rare = background().grams, background().rare_gram
    rarity = {char: grams.get(before + char, rare) + grams.get(char + behind, rare) for char in found}
    return "".join(sorted(found, key=lambda char: (-found[char], rarity[char], char)))
