"""Who is spoken to."""

from datetime import timedelta

from domain.events import MessagePosted, Quote
from handlers.addressing import is_addressed
from handlers.welcome import Welcome
from tests.handlers.facts_builder import (
    ANN,
    BEN,
    BOT,
    CHAT,
    MORNING,
    OTHER_ROOM,
    Stage,
    a_book,
    facts_for,
    said,
)


def _stage() -> Stage:
    book = a_book()
    return Stage(Welcome(book), book)


def _addressed(event: MessagePosted, stage: Stage | None = None) -> bool:
    stage = stage or _stage()
    return is_addressed(event, facts_for(event, stage.world, stage.book))


def test_a_mention_a_private_chat_and_a_quote_of_the_bot_address_it() -> None:
    assert _addressed(said("退款多久", mentions_bot=True))
    assert _addressed(said("退款多久", room=CHAT))
    assert _addressed(said("那运费呢", quote=Quote("小管家", "三到五天", BOT.id)))
    assert _addressed(said("那运费呢", quote=Quote("小管家", "三到五天")))


def test_everybody_and_others_do_not() -> None:
    assert not _addressed(said("退款多久"))
    assert not _addressed(said("退款多久", mentions_all=True))
    assert not _addressed(said("退款多久", mentions=(BEN,)))
    assert not _addressed(said("那运费呢", quote=Quote("小明", "三到五天", BEN.id)))
    assert not _addressed(said("那运费呢", quote=Quote("小管家", "三到五天", BEN.id))), "a namesake is not the bot"


def _later(seconds: float) -> MessagePosted:
    return said("退款多久", at=MORNING + timedelta(seconds=seconds))


def test_the_next_message_after_an_empty_mention_counts_for_two_minutes() -> None:
    stage = _stage()
    stage.play(said("", mentions_bot=True))
    assert _addressed(_later(0), stage)
    assert _addressed(_later(120), stage)
    assert not _addressed(_later(121), stage)
    assert not _addressed(said("退款多久", BEN), stage)
    assert not _addressed(said("退款多久", room=OTHER_ROOM), stage)
    assert not _addressed(said("退款多久", mentions=(BEN,)), stage)


def test_only_the_next_one_counts() -> None:
    stage = _stage()
    stage.play(said("", mentions_bot=True))
    stage.play(said("等下哈"))
    assert not _addressed(_later(5), stage)


def test_earlier_words_do_not_use_the_window_up() -> None:
    stage = _stage()
    stage.play(said("大家好", ANN))
    stage.play(said("", mentions_bot=True))
    assert _addressed(_later(1), stage)
