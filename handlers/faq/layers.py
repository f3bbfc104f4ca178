"""Phrases that are searched together: most of them in one large layer, those of the latest edits in a small one.

An edit of a few entries leaves the large layer as it is: phrases that are gone lose their owner there, new ones form
the small layer. What is found is the same as with everything built anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.book import FaqEntry
from handlers.faq.dialect import Wording
from handlers.faq.near import Neighbourhood
from handlers.faq.phrase import Opening, Phrase, complete, opening
from handlers.text.normalise import normalise

RECENT = 400
"""Phrases of edits that are kept beside the large layer before all are put together again."""
GONE = 0.3
"""Share of the large layer that may have no owner any more."""
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Layer:
    """Some phrases: what was written, and how near others are. Places are in the order that `Neighbourhood` wants."""

    texts: tuple[str, ...] = field(repr=False)
    near: Neighbourhood = field(repr=False)
    bare: Mapping[str, tuple[int, ...]] = field(repr=False)
    """The places of each bare text."""
    _complete: dict[int, Phrase] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Most phrases are never compared closely: each is completed when it is wanted first."""

    @classmethod
    def build(cls, texts: Iterable[str], wording: Wording, known: Mapping[str, Opening]) -> "Layer":
        """Of texts in any order; ``known``: openings that were made before, with the same wording."""
        made = [(known.get(text) or opening(normalise(text), wording), text) for text in texts]
        made.sort(key=lambda one: one[0].length)
        bare: dict[str, tuple[int, ...]] = {}
        for place, (one, _) in enumerate(made):
            bare[one.bare] = (*bare.get(one.bare, ()), place)
        return cls(tuple([text for _, text in made]), Neighbourhood.build([one for one, _ in made]), bare)

    def phrase(self, place: int) -> Phrase:
        """The phrase at a place, ready for close comparison."""
        made = self._complete.get(place)
        if made is None:
            made = self._complete[place] = complete(self.near.openings[place], True)
        return made


@dataclass(frozen=True, slots=True)
class Owned:
    """A layer and whose its phrases are: for each place the number of an entry, or `NOBODY`."""

    layer: Layer
    owners: tuple[int, ...] = field(repr=False)

    def saying(self, bare: str) -> list[int]:
        """The entries with exactly this text."""
        return [self.owners[place] for place in self.layer.bare.get(bare, ()) if self.owners[place] != NOBODY]


def layers(entries: Sequence[FaqEntry], wording: Wording, before: Sequence[Owned] = ()) -> tuple[Owned, ...]:
    """The phrases of these entries, sharing what can be shared with layers made ``before`` with the same wording."""
    wanted = _Wanted(entries)
    if not before:
        return (_made(wanted, wording, {}),)
    large = wanted.taken(before[0].layer)
    if len(wanted.first) > RECENT or large.owners.count(NOBODY) > GONE * len(large.owners):
        return (_made(_Wanted(entries), wording, _known(before)),)
    return (large, _made(wanted, wording, _known(before[1:]))) if wanted.first else (large,)


class _Wanted:
    """Texts that are looked for in layers, and the numbers of the entries that they belong to."""

    def __init__(self, entries: Sequence[FaqEntry]) -> None:
        self.first: dict[str, int] = {}
        self.more: dict[str, list[int]] = {}
        first = self.first
        for number, entry in enumerate(entries):
            for text in {entry.question: 0, **dict.fromkeys(entry.similar)} if entry.similar else (entry.question,):
                if first.setdefault(text, number) != number:
                    self.more.setdefault(text, []).append(number)

    def taken(self, layer: Layer) -> Owned:
        """The layer with its new owners; what it has is wanted no more."""
        first, owners = self.first, [self.first.pop(text, NOBODY) for text in layer.texts]
        for place, text in enumerate(layer.texts) if self.more else ():
            if owners[place] == NOBODY and self.more.get(text):
                owners[place] = self.more[text].pop(0)
        first.update({text: numbers.pop(0) for text, numbers in self.more.items() if numbers and text not in first})
        return Owned(layer, tuple(owners))

    def all(self) -> list[str]:
        """The texts, as often as they are wanted."""
        return [*self.first, *(text for text, numbers in self.more.items() for _ in numbers)]


def _made(wanted: _Wanted, wording: Wording, known: Mapping[str, Opening]) -> Owned:
    return wanted.taken(Layer.build(wanted.all(), wording, known))


def _known(before: Iterable[Owned]) -> dict[str, Opening]:
    return {
        text: one for owned in before for text, one in zip(owned.layer.texts, owned.layer.near.openings, strict=True)
    }
