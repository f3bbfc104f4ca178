"""The explicit list of channels: what each is called, when it runs, and how it is made. One line adds one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.channels.port import Channel
from bot.settings import Settings
from domain.book import Book
from domain.budget import UNLIMITED, SendRule
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Materials:
    """What a channel may be made from. ``app`` takes the pages of channels that have some."""

    settings: Settings
    book: Book
    database: Database
    app: web.Application
    secret: bytes = field(repr=False)


Factory = Callable[[Materials], Awaitable[Channel]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of the list. ``budget`` are the limits under which its account sends."""

    name: str
    wanted: Callable[[Settings], bool]
    make: Factory
    budget: Callable[[Settings], SendRule]


async def _web(materials: Materials) -> Channel:
    from bot.channels.web.wiring import make

    return await make(materials)


async def _wechaty(materials: Materials) -> Channel:
    # gRPC takes a while to import, and communities without WeChat need not wait for it.
    from bot.channels.wechaty.channel import WechatyChannel

    settings = materials.settings
    return WechatyChannel(settings.wechaty_endpoint, settings.wechaty_token)


CHANNELS: tuple[Kind, ...] = (
    Kind("web", lambda settings: True, _web, lambda settings: UNLIMITED),
    Kind("wechaty", lambda settings: bool(settings.wechaty_endpoint), _wechaty, lambda settings: settings.send_rule),
)
