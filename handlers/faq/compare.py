"""One message beside one phrase of an entry, with the message's slips put right: all that the model weighs."""

from dataclasses import dataclass

from handlers.faq.differences import Difference, Weights, difference
from handlers.faq.features import pair_features
from handlers.faq.phrase import Phrase
from handlers.faq.slips import mended

SLIPPED = 0.2
"""Cosine below which two phrases have too little in common for one to be the other misspelt."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is asked (as it was meant) and an entry's phrase, and what differs."""

    asked: Phrase
    entry: Phrase
    cosine: float
    slips: float
    told: Difference

    def features(self, weights: Weights) -> tuple[float, ...]:
        """The numbers in the order of `handlers.faq.features.PAIR`."""
        return pair_features(self.asked, self.entry, self.cosine, self.told, weights, self.slips)


def compare(asked: Phrase, entry: Phrase, cosine: float) -> Comparison:
    """Compare two phrases whose openings have this cosine."""
    meant, slips = mended(asked, entry) if cosine >= SLIPPED else (asked, 0.0)
    if slips:
        cosine = meant.opening.cosine(entry.opening)
    return Comparison(meant, entry, cosine, slips, difference(meant, entry))
