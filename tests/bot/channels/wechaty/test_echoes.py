"""Which own messages are echoes of sends that told their id."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from bot.channels.wechaty.connection import Connection
from bot.channels.wechaty.directory import Directory
from bot.channels.wechaty.echoes import KNOWN, Echoes
from bot.channels.wechaty.hearing import Hearing
from bot.channels.wechaty.pace import DEFAULT
from domain.incoming import ExternalPerson

ROOM = "10001@chatroom"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Silent:
    """A connection over which nothing may be asked."""

    async def call(self, method: str, *_: Any, **__: Any) -> Any:
        """As `Connection.call`."""
        raise AssertionError(method)


async def test_the_content_of_an_echo_that_was_named_while_it_waited_is_not_asked_for() -> None:
    connection, echoes = cast(Connection, Silent()), Echoes()
    hearing = Hearing(connection, Directory(connection, DEFAULT), echoes, DEFAULT, lambda: NOW)
    echoes.sent("m1")
    assert await hearing.message("m1", ExternalPerson("wxid_bot", "小管家"), NOW) == ()


async def test_an_echo_waits_a_moment_for_the_reply_that_names_it() -> None:
    echoes = Echoes()
    echoes.begin(ROOM)
    echo = asyncio.create_task(echoes.comes("m1", ROOM))
    await asyncio.sleep(0)
    assert not echo.done()
    echoes.sent("m1")
    echoes.end(ROOM)
    assert await echo


async def test_one_send_of_several_tells_the_others_echo_nothing() -> None:
    echoes = Echoes()
    echoes.begin(ROOM)
    echoes.begin(ROOM)
    echo = asyncio.create_task(echoes.comes("m2", ROOM))
    await asyncio.sleep(0)
    echoes.sent("m1")
    echoes.end(ROOM)
    await asyncio.sleep(0)
    assert not echo.done()
    echoes.sent("m2")
    echoes.end(ROOM)
    assert await echo


async def test_words_typed_on_the_phone_wait_for_no_send() -> None:
    assert not await Echoes().comes("typed", ROOM)


async def test_a_send_that_never_ends_holds_an_own_message_a_moment_only() -> None:
    echoes = Echoes()
    echoes.begin(ROOM)
    assert not await echoes.comes("m1", ROOM)


async def test_where_no_ids_are_told_nothing_is_waited_for() -> None:
    echoes = Echoes()
    echoes.sent("")
    echoes.begin(ROOM)
    own = asyncio.create_task(echoes.comes("m1", ROOM))
    await asyncio.sleep(0)
    assert own.done() and not own.result()


def test_only_so_many_ids_are_remembered() -> None:
    echoes = Echoes()
    for number in range(KNOWN + 1):
        echoes.sent(str(number))
    assert (echoes.has("0"), echoes.has("1"), echoes.has(str(KNOWN))) == (False, True, True)
