"""What waits unread in a private chat, told to its person's pages that show another room."""

from collections import defaultdict

from bot.channels.web.rooms import LiveRoom, Watcher
from domain.incoming import direct_room
from storage import web as platform
from storage.database import Database


class Unread:
    """Which pages everybody has open, and what the bot said to them alone meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages: defaultdict[str, set[Watcher]] = defaultdict(set)

    def came(self, watcher: Watcher) -> None:
        """Somebody opened a page."""
        self._pages[watcher.person].add(watcher)

    def left(self, watcher: Watcher) -> None:
        """A page closed."""
        pages = self._pages[watcher.person]
        pages.discard(watcher)
        if not pages:
            del self._pages[watcher.person]

    async def count(self, person: str) -> int:
        """How much of the bot's a person has not seen in their private chat."""
        return await self._database.read(platform.unread, direct_room(person), person)

    async def said(self, live: LiveRoom) -> None:
        """The bot spoke in a private chat: who shows it has read it, all other pages learn of it."""
        person = live.private_of
        if live.watchers:
            await self._database.write(platform.seen, live.room.id, person)
        else:
            self._tell(live, await self.count(person))

    async def opened(self, live: LiveRoom) -> None:
        """A person shows their private chat: nothing in it is unread any more, on no page."""
        await self._database.write(platform.seen, live.room.id, live.private_of)
        self._tell(live, 0)

    def _tell(self, live: LiveRoom, count: int) -> None:
        for watcher in tuple(self._pages.get(live.private_of, ())):
            if watcher not in live.watchers:
                watcher.send({"type": "unread", "room": live.room.id, "count": count})
