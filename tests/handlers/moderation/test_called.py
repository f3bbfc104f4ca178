"""Nicknames that sound like bad words: calling somebody by theirs is no offence, and giving somebody one is."""

import pytest

from domain.actions import AddSanction
from domain.events import Person, Quote
from domain.ids import MemberId
from handlers.moderation.handler import Moderation
from tests.handlers import facts_builder as build
from tests.handlers.facts_builder import BEN, Stage, of_type, said
from tests.handlers.moderation.test_abuse import shipped_words

SHABI = Person(MemberId(71), "沙碧")
JUN = Person(MemberId(72), "煞笔君")


def struck(text: str, mentions: tuple[Person, ...] = (), quote: Quote | None = None) -> bool:
    """Whether these words bring a sanction."""
    book = build.a_book(words=shipped_words())
    return bool(of_type(Stage(Moderation(book), book).play(said(text, mentions=mentions, quote=quote)), AddSanction))


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("沙碧，明天几点到", SHABI),
        ("@沙碧 你的快递到了", SHABI),
        ("好的，煞笔君 谢谢你的红包", JUN),
        ("你好 @煞笔君", JUN),
    ],
)
def test_calling_somebody_by_their_nickname_is_no_offence(text: str, who: Person) -> None:
    assert not struck(text, (who,))


def test_nor_is_answering_a_quote_of_theirs() -> None:
    assert not struck("沙碧，我也去", quote=Quote("沙碧", "明天谁去爬山", SHABI.id))


@pytest.mark.parametrize(("text", "who"), [("你就是个沙碧", SHABI), ("沙碧，你个傻逼", SHABI), ("沙碧，滚", BEN)])
def test_the_same_sound_said_of_somebody_is_one(text: str, who: Person) -> None:
    assert struck(text, (who,))
