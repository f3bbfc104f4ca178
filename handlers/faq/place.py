"""What speaks for an entry beside its rivals: the numbers that tell whether it is the one that answers a message."""

import math
from collections.abc import Sequence
from operator import itemgetter

from handlers.faq.features import PAIR

PLACE = (
    "sure",
    "lead",
    "best_sure",
    "rivals",
    "chars",
    "words",
    "asked_missing",
    "entry_missing",
    "asked_rarest",
    "asked_chars_missing",
    "edits",
    "asked_length",
    "entry_length",
    "entry_rarest",
    "asks_differ",
    "replaced",
    "crossed",
    "slips",
    "asks_equal",
    "no_question",
    "margin",
    "words_margin",
    "best",
    "second",
    "crowd",
    "rank",
    "size",
    "differs_in_talk",
)
"""Of a message and one of the entries near it: is this the one that answers it, if any does?"""
_KEPT = itemgetter(*map(PAIR.index, PLACE[PLACE.index("chars") : PLACE.index("asks_equal") + 1]))
"""What both want to know."""
_NEAR_BEST = 0.8
"""Share of the best candidate's cosine from which on another one stands beside it."""
_RIVAL = 1.5
"""Log odds by which another candidate may be behind and still be a rival."""


def place_features(
    question: bool,
    pairs: Sequence[tuple[float, ...]],
    sure: Sequence[float],
    entries: int,
    talk: Sequence[float],
) -> list[tuple[float, ...]]:
    """For each candidate, best first by cosine, the numbers in the order of `PLACE`.

    ``pairs``: their `pair_features`; ``sure``: the log odds that come of these; ``entries``: how many there are in all;
    ``talk``: by what a message differs from an entry, seen as talk.
    """
    chars, words = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    best, second = chars[0], chars[1] if len(chars) > 1 else 0.0
    crowd = float(sum([cosine >= _NEAR_BEST * best for cosine in chars]))
    size, no_question = math.log(max(entries, 1)), float(not question)
    return [
        (
            sure[rank],
            min(sure[rank] - _best_but(sure, rank, -10.0), 10.0),
            max(sure),
            float(sum([other >= sure[rank] - _RIVAL for other in sure]) - 1),
            *_KEPT(pair),
            no_question,
            chars[rank] - _best_but(chars, rank, 0.0),
            words[rank] - _best_but(words, rank, 0.0),
            best,
            second,
            crowd,
            float(rank),
            size,
            talk[rank],
        )
        for rank, pair in enumerate(pairs)
    ]


def _best_but(values: Sequence[float], rank: int, none: float) -> float:
    return max([value for at, value in enumerate(values) if at != rank], default=none)
