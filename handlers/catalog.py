"""The one ordered list of handlers, and how a book becomes the engine that judges by it."""

from collections.abc import Callable

from domain.book import Book
from handlers.commands import MemberCommands
from handlers.company import Company
from handlers.contract import Handler
from handlers.echo import OwnEcho
from handlers.engagement import Campaigns, CheckIns, Draws
from handlers.escalation import Escalation
from handlers.faq.handler import Faq
from handlers.judge import Engine
from handlers.manners import Manners
from handlers.moderation.bans import Bans
from handlers.moderation.handler import Moderation
from handlers.presence import Presence
from handlers.repeats import remembering
from handlers.staff import StaffCommands
from handlers.takeover import Takeover
from handlers.text.facts import read
from handlers.welcome import Welcome

Factory = Callable[[Book], Handler]

HANDLERS: tuple[Factory, ...] = (
    OwnEcho,
    StaffCommands,
    Bans,
    Moderation,
    Manners,
    Takeover,
    MemberCommands,
    CheckIns,
    Draws,
    Escalation,
    Company,
    Faq,
    Welcome,
    Presence,
    Campaigns,
)
"""In order of judgement: own echo, staff commands, bans, moderation, manners, takeover, member commands and engagement,
escalation, company, FAQ, welcome and presence. To add a handler, write its file and put its class here."""


def build(book: Book, before: Engine | None = None) -> Engine:
    """The engine of one revision of the book. Immutable: a change of the book builds another one.

    ``before``: the engine of an earlier revision; the FAQ takes over from it what has not changed (milliseconds).
    """
    faq = next((held for held in before.handlers if isinstance(held, Faq)), None) if before else None
    made = (Faq(book, faq) if factory is Faq else factory(book) for factory in HANDLERS)
    return Engine(book, tuple(made), remembering(read))
