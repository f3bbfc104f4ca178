"""Two that have changed places around what binds them: 普通话翻译成粤语 is not 粤语翻译成普通话."""

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from handlers.faq.lexicon import LITTLE, VERB, Lexicon, lexicon
from handlers.faq.order import ASKING
from handlers.faq.phrase import Phrase

_ALL_BUT = 0.3
"""Share of the characters that may differ; two questions that differ more are told apart by their words."""
_THE_SAME = 0.85
"""Similarity by edits from which on one question, with the two exchanged, is the other."""
_BINDING = frozenset("到成给把被对向从让叫比往")
"""Beside doings: who stands before these and who behind is not the same."""
_EITHER_WAY = ("和", "与", "跟", "同", "及", "或", "又", "还是", "绑", "关联", "连接", "匹配", "合并", "结婚", "相")
"""What holds either way round."""
_LITTLE = frozenset("的了是在吗呢啊有么好最这那个一要能会都也就很不没什怎哪谁多少几")

Placed = tuple[int, str]
"""Where something stands in the asked text, and what."""


def exchanged(asked: Phrase, entry: Phrase) -> bool:
    """Whether two things or people that both name have changed places, and that makes another question."""
    differ, longest = len(asked.chars ^ entry.chars), max(len(asked.chars), len(entry.chars))
    if differ > _ALL_BUT * longest or asked.bare == entry.bare:
        return False
    here, there = asked.bare, entry.bare
    known = lexicon()
    hinges = [word for word in asked.words if word[-1] in _BINDING or _is_doing(word, known)]
    if not hinges:
        return False
    least = max(_THE_SAME, Levenshtein.normalized_similarity(here, there) + 0.01)
    return any(
        Levenshtein.normalized_similarity(turned, there, score_cutoff=least) >= least
        for turned in _turned(here, there, _shared(asked, entry), hinges)
    )


def _is_doing(word: str, known: Lexicon) -> bool:
    return known.kind(word) == VERB and word not in ASKING


def _shared(asked: Phrase, entry: Phrase) -> list[Placed]:
    """Words, runs of characters that are no word (of a name), and single characters that both have once."""
    here, there, known = asked.bare, entry.bare, lexicon()
    found = {
        char for char in asked.chars & entry.chars if char not in _LITTLE and here.count(char) == 1 == there.count(char)
    }
    run = ""
    for word in (*asked.words, ""):
        if len(word) == 1 and word not in _LITTLE and run + word in here:
            run += word
        else:
            found.add(run)
            run = ""
        if len(word) > 1 and known.kind(word) != LITTLE and word not in ASKING:
            found.add(word)
    return sorted((here.find(word), word) for word in found if word and word in here and word in there)


def _turned(here: str, there: str, shared: list[Placed], hinges: list[str]) -> Iterator[str]:
    """The asked text with each two exchanged that stand the other way round in the entry's, around a hinge in both."""
    for number, (at, one) in enumerate(shared):
        for place, other in shared[number + 1 :]:
            end, first, second = at + len(one), there.find(other), there.find(one)
            if place > end and second > first + len(other):
                between = here[end:place], there[first + len(other) : second]
                rest = here[place + len(other) :]
                # 高德导航百度导航 names two; nothing binds them.
                if all(_binds(text, hinges) for text in between) and not rest.startswith(between[0]):
                    yield here[:at] + other + between[0] + one + rest


def _binds(text: str, hinges: list[str]) -> bool:
    return any(word in text for word in hinges) and not any(word in text for word in _EITHER_WAY)
