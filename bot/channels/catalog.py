"""The explicit list of channels: what each is called, when it runs, and how it is made. One line adds one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.channels.port import Channel
from bot.house import system_clock
from bot.settings import Settings
from domain.book import Book
from domain.budget import UNLIMITED, SendRule
from storage import staff
from storage.accounts import ensure_account
from storage.database import Database
from storage.keeping_out import kept_out

if TYPE_CHECKING:
    from bot.channels.web import WebRoom


@dataclass(frozen=True, slots=True)
class Materials:
    """What a channel may be made from. ``app`` takes the pages of channels that have some."""

    settings: Settings
    book: Book
    database: Database
    app: web.Application
    secret: bytes = field(repr=False)
    folder: Path


_WEB = "web:"

Factory = Callable[[Materials], Awaitable[Channel]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the list. ``budget`` are the limits under which its account sends, ``misses`` is the seat's."""

    name: str
    wanted: Callable[[Settings], bool]
    make: Factory
    budget: Callable[[Settings], SendRule]
    misses: bool = True


async def _web(materials: Materials) -> Channel:
    from bot.channels.web import WebChannel
    from bot.channels.web.channel import BOT_ID
    from bot.channels.web.door import Door
    from bot.channels.web.routes import WebPages

    database, name = materials.database, materials.book.bot_name
    account = await database.write(ensure_account, "web", BOT_ID, name, system_clock())

    async def is_staff(person: str) -> bool:
        return await database.read(staff.is_bound, account, person)

    async def is_kept_out(room: str, person: str) -> bool:
        return await database.read(kept_out, account, room, person)

    channel = WebChannel(database, _web_rooms(materials.book), name, Door(is_staff, is_kept_out))
    await channel.start()
    WebPages(channel, database, materials.secret, materials.folder).attach(materials.app)
    return channel


def _web_rooms(book: Book) -> "tuple[WebRoom, ...]":
    """The embedded channel's rooms as configured: those with a topic, and the agents'; without any, one to begin in."""
    from bot.channels.web import WebRoom

    keys = [key for key in (*book.topics, *book.staff_rooms) if key.startswith(_WEB)]
    if all(key in book.staff_rooms for key in keys):
        keys.insert(0, f"{_WEB}demo")
    return tuple(
        WebRoom(key.removeprefix(_WEB), book.topics.get(key) or _topic(key, book), key in book.staff_rooms)
        for key in dict.fromkeys(keys)
    )


def _topic(key: str, book: Book) -> str:
    return "客服群" if key in book.staff_rooms else "演示群"


async def _wechaty(materials: Materials) -> Channel:
    # The protocol takes a while to import, and communities without WeChat need not wait for it.
    from bot.channels.wechaty.channel import WechatyChannel

    settings = materials.settings
    return WechatyChannel(settings.wechaty_endpoint, settings.wechaty_token)


CHANNELS: tuple[Kind, ...] = (
    Kind("web", lambda settings: True, _web, lambda settings: UNLIMITED, misses=False),
    Kind("wechaty", lambda settings: bool(settings.wechaty_endpoint), _wechaty, lambda settings: settings.send_rule),
)
