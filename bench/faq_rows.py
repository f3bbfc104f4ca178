"""Simulated communities as rows to fit on: what the index finds for each message, and whether it is right."""

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.faq_data import Corpora, Pair, about_loans, community
from bench.faq_noise import KINDS, padded, turned
from domain.book import FaqEntry
from handlers.faq.differences import Difference, Weights, difference
from handlers.faq.features import NAMES, features, vetoed
from handlers.faq.index import FaqIndex
from handlers.faq.phrase import complete, opening
from handlers.text.facts import read

NO_WEIGHTS = Weights({}, {})
FOLDS = 5
WEIGHTS = {"right": 3.0, "alike": 2.0, "other": 1.0, "chat": 1.0, "other chat": 0.5}
"""How much a message of each kind counts."""
LOANS_RIGHT, LOANS_WRONG = 0.4, 0.6
"""How much questions about loans count beside others: they all resemble each other, and where that is so, a wrong
answer is near."""
NOISY = 0.5
"""How many of the messages that resemble an entry are also written with slips, filler or in dialect."""
OWN_WORDS = 60
"""In so many messages of a community an entry is asked for in its own words, padded or turned round."""
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
class Row:
    """One candidate of a message. ``fold``: by the meaning of the message, so that no meaning is in two folds."""

    values: tuple[float, ...]
    difference: Difference
    right: bool
    vetoed: bool
    weight: float
    fold: int


def rows(corpora: Corpora, seed: int) -> Iterator[Row]:
    """All rows of all communities, of questions and chat that are for fitting."""
    chance = random.Random(seed)
    kinds = {
        (same, loans): corpora.some(same=same, finance=loans, held_out=False)
        for same in (True, False)
        for loans in (True, False)
    }
    fill = [text for pair in kinds[False, False] for text in (pair.entry, pair.asked)]
    fill += [pair.entry for pair in kinds[True, False]]
    for plan in PLANS:
        pairs = [
            pair
            for (same, loans), some in kinds.items()
            for pair in some[: (plan.loans if loans else plan.general) // (1 if same else 3)]
        ]
        for _ in range(plan.times):
            chance.shuffle(fill)
            yield from _community(corpora, plan, pairs, fill if plan.general and plan.size >= 1000 else [], chance)


def _community(
    corpora: Corpora, plan: Plan, pairs: Sequence[Pair], fill: Sequence[str], chance: random.Random
) -> Iterator[Row]:
    made = community(corpora, pairs, plan.size, chance, fill)
    index = FaqIndex.build(FaqEntry(str(number), text, ("",)) for number, text in enumerate(made.entries))
    known = {corpora.of(text) for text in made.entries}
    for text, right in made.asked:
        weight = WEIGHTS["right" if right is not None else "alike"]
        yield from _message(index, text, right, weight, corpora.of(text))
        if chance.random() < NOISY:
            change = chance.choice(list(KINDS.values()))
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


def _message(index: FaqIndex, text: str, right: int | None, weight: float, meaning: str) -> Iterator[Row]:
    facts = read(text)
    start = opening(facts.norm)
    near = index.close(start)
    if not near:
        return
    asked, compared = complete(start, facts.is_question), index.compared(near)
    values = features(asked, compared, len(index.entries), NO_WEIGHTS)
    for rank, ((entry, _, _), (other, _)) in enumerate(zip(near, compared, strict=False)):
        ok = entry == right
        share = (LOANS_RIGHT if ok else LOANS_WRONG) if about_loans(text) else 1.0
        yield Row(
            values=values[rank],
            difference=difference(asked, other),
            right=ok,
            vetoed=vetoed(asked, other),
            weight=weight * share * (1.0 if ok or rank == 0 else BEHIND),
            fold=fold_of(meaning),
        )


def fold_of(meaning: str) -> int:
    """One of `FOLDS`, always the same for a meaning."""
    return zlib.crc32(b"fold" + meaning.encode()) % FOLDS


assert NAMES[-2:] == ("differs_in_talk", "differs_in_pairs")
