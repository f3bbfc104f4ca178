"""The embedded group chat: a page served by the bot itself, with full abilities."""

from bot.channels.web.channel import WebChannel
from bot.channels.web.rooms import WebRoom

__all__ = ["WebChannel", "WebRoom"]
