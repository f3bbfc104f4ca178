"""Who may open a room of the embedded channel: the agents' as staff, no foreign chat, none they were removed from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.web.rooms import LiveRoom


class Refusal(Exception):
    """The platform does not let the page do this; the text is shown to the person."""


@dataclass(frozen=True, slots=True)
class Door:
    """Asks what the community has decided; both take external ids."""

    is_staff: Callable[[str], Awaitable[bool]]
    is_kept_out: Callable[[str, str], Awaitable[bool]]
    """Whether a removal or a ban still stands against (room, person): nobody could invite them back here."""

    async def admit(self, live: LiveRoom, person: str) -> None:
        """Raises `Refusal` unless the person may open the room."""
        if live.private_of and live.private_of != person:
            raise Refusal("没有这个群")
        if live.room.staff and not await self.is_staff(person):
            raise Refusal("这个群只对绑定了客服身份的人开放")
        stay = live.people.get(person)
        if stay is not None and stay.removed and await self.is_kept_out(live.room.id, person):
            raise Refusal("你已被移出这个群。觉得误会，可以私聊小管家发“申诉”")
