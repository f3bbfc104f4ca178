"""What the order of words says: who does what to whom, and what exactly is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.faq.lexicon import COUNT, LITTLE, NOUN, VERB, Lexicon

ASKING = frozenset(
    (
        *("什么", "怎么", "怎么办", "怎么样", "哪里", "哪个", "哪些", "谁", "多少", "几", "多久", "多大", "多少钱"),
        *("为什么", "什么时候", "能", "吗", "几点", "哪", "什么样", "会"),
    )
)
"""The words that ask."""
_SKIPPED = frozenset(("是", "的", "了", "有", "在", "要", "能", "会", "可以", "就", "都", "我", "你", "我们", "你们"))

ROLES = 2, 8
"""Fewer cannot change sides; more are no question."""
_HINGES = frozenset(("的", "在", "用", "对", "给", "把", "被", "向", "从", "到", "比", "让", "叫"))
_PEOPLE = frozenset(("我", "你", "他", "她", "我们", "你们", "他们", "别人"))


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The telling words of one phrase: where each stands, and which stand beside the words that ask."""

    places: Mapping[str, int]
    """Of things and doings."""
    roles: Mapping[str, int]
    """The same with people and the words that bind one thing to another; ``hinges``: of these and of doings."""
    hinges: Mapping[str, int]
    before: Mapping[str, str]
    """The telling word before each asking word, and ``after`` the one behind it; empty where there is none."""
    after: Mapping[str, str]


def arranged(words: Sequence[str], lexicon: Lexicon) -> Arrangement:
    """The arrangement of a phrase's words in their order."""
    telling = [word not in _SKIPPED and lexicon.kind(word) not in (LITTLE, COUNT) for word in words]
    places: dict[str, int] = {}
    roles: dict[str, int] = {}
    hinges: dict[str, int] = {}
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    last, open_ = "", []
    for place, word in enumerate(words):
        if word in _HINGES or lexicon.kind(word) == VERB:
            hinges.setdefault(word, place)
        elif telling[place] or word in _PEOPLE:
            roles.setdefault(word, place)
        if word in ASKING:
            before.setdefault(word, last)
            after.setdefault(word, "")
            open_.append(word)
            last = ""
        elif telling[place]:
            places.setdefault(word, place)
            for asking in open_:
                after[asking] = after[asking] or word
            open_.clear()
            last = word
    return Arrangement(places, roles, hinges, before, after)


def turned(one: Arrangement, other: Arrangement, lexicon: Lexicon) -> tuple[float, float]:
    """How many things that both name change places, and how many things and doings do."""
    shared = [word for word in one.places if word in other.places]
    things = mixed = 0
    for at, left in enumerate(shared):
        for right in shared[at + 1 :]:
            if other.places[left] > other.places[right]:
                kinds = {lexicon.kind(left), lexicon.kind(right)}
                things += kinds == {NOUN}
                mixed += VERB in kinds
    return float(things), float(mixed)


def crossed(one: Arrangement, other: Arrangement) -> float:
    """How many two that both name have changed sides of what stands between them: 手机 扫描 电脑, 电脑 扫描 手机."""
    roles, there = one.roles, other.roles
    shared = [word for word in roles if word in there]
    if not ROLES[0] <= len(shared) <= ROLES[1]:
        return 0.0
    hinges = [(at, other.hinges[word]) for word, at in one.hinges.items() if word in other.hinges]
    found = 0
    for at, left in enumerate(shared) if hinges else ():
        for right in shared[at + 1 :]:
            if there[left] > there[right]:
                found += any(
                    roles[left] < here < roles[right] and there[right] < then < there[left] for here, then in hinges
                )
    return float(found)


def beside(one: Mapping[str, str], other: Mapping[str, str], lexicon: Lexicon) -> float:
    """Of the asking words that both have: beside how many stands the same (or a like word), less those where not."""
    found = 0
    for asking, word in one.items():
        there = other.get(asking)
        if there is not None and (word or there):
            same = word == there or (word and there and lexicon.has_like(word, lexicon.groups_of((there,))))
            found += 1 if same else -1 if word and there else 0
    return float(found)
