"""Which entries each room is answered from: one index for all, and one for each room that has entries of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.book import Book
from handlers.faq.dialect import wording
from handlers.faq.index import FaqIndex


@dataclass(frozen=True, slots=True)
class Scopes:
    """The indexes of a book. They share the phrases that they have in common, also with those of an earlier book."""

    everywhere: FaqIndex = field(repr=False)
    rooms: Mapping[str, FaqIndex] = field(repr=False)

    @classmethod
    def build(cls, book: Book, before: "Scopes | None" = None) -> "Scopes":
        """Index all entries; in milliseconds where few differ from those ``before``."""
        common = (entry for entry in book.faq if not entry.rooms)
        everywhere = FaqIndex.build(common, wording(book.synonyms), None if before is None else before.everywhere)
        earlier = {} if before is None else before.rooms
        rooms = {
            key: FaqIndex.build(
                (entry for entry in book.faq if not entry.rooms or key in entry.rooms),
                everywhere.wording,
                earlier.get(key, everywhere),
            )
            for key in sorted({key for entry in book.faq for key in entry.rooms})
        }
        return cls(everywhere, rooms)

    def of(self, room: str) -> FaqIndex:
        """The index that a room is answered from."""
        return self.rooms.get(room, self.everywhere)
