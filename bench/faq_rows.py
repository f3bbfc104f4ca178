"""Simulated communities to fit on: what the index finds for each message, and whether it is right."""

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.faq_data import Corpora, Pair, about_loans, community
from bench.faq_made import NEAR_KINDS, contrasts, meanings, pairs, said
from bench.faq_noise import KINDS, padded, slip, turned
from domain.book import FaqEntry
from handlers.faq.compare import compare
from handlers.faq.differences import Difference, Weights
from handlers.faq.index import FaqIndex
from handlers.faq.phrase import complete, opening, phrase
from handlers.text.facts import read

NO_WEIGHTS = Weights({}, {})
FOLDS = 5
CHANGES = (*KINDS.values(), slip, slip)
"""Slips are the most frequent."""
WEIGHTS = {"right": 3.0, "alike": 2.0, "other": 1.0, "chat": 1.0, "other chat": 0.5}
"""How much a message of each kind counts."""
LOANS_RIGHT, LOANS_WRONG = 0.4, 0.6
"""How much questions about loans count beside others: they all resemble each other, and where that is so, a wrong
answer is near."""
NOISY = 0.5
"""How many of the messages that resemble an entry are also written with slips, filler or in dialect."""
OWN_WORDS = 60
"""In so many messages of a community an entry is asked for in its own words, padded or turned round."""
MADE_SIZES = (20, 40, 80, 80, 160)
MADE, MADE_TIMES = 0.4, 2
"""How much a pair of made questions counts, and how many there are of each meaning."""
OWN_PAIRS = 0.5
"""The same of questions of our own writing."""
LOAN_PAIRS = 0.2
"""How much a judged pair of questions about loans counts beside a general one."""
BEHIND = 0.6
"""How much a wrong candidate counts that another one is ahead of."""


@dataclass(frozen=True, slots=True)
class Plan:
    """So many communities of one size; ``general`` and ``loans``: how many pairs of each to draw from."""

    size: int
    times: int
    chat: int
    general: int
    loans: int


PLANS = (
    Plan(20, 25, 120, 9999, 0),
    Plan(20, 20, 60, 3000, 3000),
    Plan(100, 15, 400, 9999, 0),
    Plan(100, 12, 150, 3000, 3000),
    Plan(100, 12, 60, 0, 9999),
    Plan(1000, 4, 2000, 9999, 0),
    Plan(1000, 2, 800, 3000, 3000),
    Plan(1000, 2, 200, 0, 9999),
    Plan(10_000, 1, 3000, 9999, 0),
)


@dataclass(frozen=True, slots=True)
class Near:
    """One candidate of a message."""

    values: tuple[float, ...]
    """Its `pair_features` without weights."""
    difference: Difference
    right: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Message:
    """What is asked in a community, and what is near. ``fold``: no meaning is in two folds."""

    near: tuple[Near, ...]
    question: bool
    entries: int
    fold: int


def messages(corpora: Corpora, seed: int) -> Iterator[Message]:
    """All messages of all communities, of questions and chat that are for fitting."""
    chance = random.Random(seed)
    kinds = {
        (same, loans): corpora.some(same=same, finance=loans, held_out=False)
        for same in (True, False)
        for loans in (True, False)
    }
    fill = [text for pair in kinds[False, False] for text in (pair.entry, pair.asked)]
    fill += [pair.entry for pair in kinds[True, False]]
    for plan in PLANS:
        drawn = [
            pair
            for (same, loans), some in kinds.items()
            for pair in some[: (plan.loans if loans else plan.general) // (1 if same else 3)]
        ]
        for _ in range(plan.times):
            chance.shuffle(fill)
            yield from _community(corpora, plan, drawn, fill if plan.general and plan.size >= 1000 else [], chance)
    for size in MADE_SIZES:
        yield from _made_community(corpora, size, chance)


def _made_community(corpora: Corpora, size: int, chance: random.Random) -> Iterator[Message]:
    """A FAQ of made questions, what is asked there, and what is asked that it does not have."""
    known = list(meanings())
    chance.shuffle(known)
    index = FaqIndex.build(FaqEntry(str(n), said(one, chance), ("",)) for n, one in enumerate(known[:size]))
    places = {one: number for number, one in enumerate(known[:size])}
    for meaning in known[: 2 * size]:
        text = said(meaning, chance)
        near = any((kind, *meaning[1:]) in places for kind in _like_kinds(meaning[0]))
        if meaning in places or not near:
            yield from _message(index, text, places.get(meaning), MADE, text)
    for text in chance.sample(corpora.talk(held_out=False), size):
        yield from _message(index, text, None, WEIGHTS["chat"], text)


def _like_kinds(kind: int) -> Iterator[int]:
    yield from (sum(pair) - kind for pair in NEAR_KINDS if kind in pair)


def _community(
    corpora: Corpora, plan: Plan, pairs: Sequence[Pair], fill: Sequence[str], chance: random.Random
) -> Iterator[Message]:
    made = community(corpora, pairs, plan.size, chance, fill)
    index = FaqIndex.build(FaqEntry(str(number), text, ("",)) for number, text in enumerate(made.entries))
    known = {corpora.of(text) for text in made.entries}
    for text, right in made.asked:
        weight = WEIGHTS["right" if right is not None else "alike"]
        yield from _message(index, text, right, weight, corpora.of(text))
        if chance.random() < NOISY:
            change = chance.choice(CHANGES)
            yield from _message(index, change(text, chance), right, weight, corpora.of(text))
    for number, text in enumerate(chance.sample(made.entries, len(made.entries) if plan.general else 0)[:OWN_WORDS]):
        changed = (padded, turned)[number % 2](text, chance)
        yield from _message(index, changed, made.entries.index(text), WEIGHTS["right"], corpora.of(text))
    for pair in chance.sample(pairs, min(len(pairs), max(min(plan.size // 3, 1000), 60))):
        if corpora.of(pair.asked) not in known:
            yield from _message(index, pair.asked, None, WEIGHTS["other"], corpora.of(pair.asked))
    talk = corpora.talk(held_out=False)
    for text in chance.sample(talk, min(plan.chat, len(talk))):
        yield from _message(index, text, None, WEIGHTS["chat"], text)
    for text in chance.sample(corpora.other_chat, plan.chat // 3):
        yield from _message(index, text, None, WEIGHTS["other chat"], text)


def _message(index: FaqIndex, text: str, right: int | None, weight: float, meaning: str) -> Iterator[Message]:
    facts = read(text)
    start = opening(facts.norm)
    near = index.close(start)
    if not near:
        return
    asked, compared = complete(start, facts.is_question), index.compared(near)
    share = about_loans(text)
    found = []
    for rank, ((entry, _, _, _), (other, cosine)) in enumerate(zip(near, compared, strict=False)):
        ok, one = entry == right, compare(asked, other, cosine)
        counts = ((LOANS_RIGHT if ok else LOANS_WRONG) if share else 1.0) * (1.0 if ok or rank == 0 else BEHIND)
        found.append(Near(one.features(NO_WEIGHTS), one.told, ok, weight * counts))
    yield Message(tuple(found), facts.is_question, len(index.entries), fold_of(meaning))


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair of questions of which people say whether they ask the same."""

    values: tuple[float, ...]
    difference: Difference
    same: bool
    weight: float
    fold: int


def judged_pairs(corpora: Corpora, seed: int) -> Iterator[Judged]:
    """All pairs that are for fitting; general ones also written otherwise."""
    chance = random.Random(seed)
    for pair in corpora.pairs:
        if pair.held_out:
            continue
        weight, fold = LOAN_PAIRS if pair.finance else 1.0, fold_of(corpora.of(pair.asked))
        yield _judged(pair.asked, pair.entry, pair.same, weight, fold)
        if not pair.finance and chance.random() < NOISY:
            yield _judged(chance.choice(CHANGES)(pair.asked, chance), pair.entry, pair.same, weight / 2, fold)
    for one, other, same in pairs(seed, MADE_TIMES):
        yield _judged(one, other, same, MADE, chance.randrange(FOLDS))
    for first, one, other, same in contrasts():
        yield _judged(one, other, same, OWN_PAIRS, fold_of(first))


def _judged(text: str, question: str, same: bool, weight: float, fold: int) -> Judged:
    asked, entry = phrase(text), phrase(question)
    one = compare(asked, entry, asked.opening.cosine(entry.opening))
    return Judged(one.features(NO_WEIGHTS), one.told, same, weight, fold)


def fold_of(meaning: str) -> int:
    """One of `FOLDS`, always the same for a meaning."""
    return zlib.crc32(b"fold" + meaning.encode()) % FOLDS
