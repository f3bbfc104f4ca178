"""The catalog: every handler once, in the order that judgement needs."""

from handlers.catalog import HANDLERS, build
from handlers.judge import SPARED
from tests.handlers.facts_builder import a_book


def names() -> list[str]:
    """The handlers' names in order."""
    return [handler.name for handler in build(a_book()).handlers]


def test_no_two_handlers_share_a_name() -> None:
    assert len(set(names())) == len(HANDLERS)


def test_handlers_stand_in_the_order_of_judgement() -> None:
    order = ["echo", "staff", "moderation", "takeover", "commands", "escalation", "faq", "welcome"]
    assert [name for name in names() if name in order] == order


def test_who_is_spared_by_a_final_word_exists() -> None:
    known = set(names())
    assert set(SPARED) <= known
    assert set().union(*SPARED.values()) <= known
