"""Orders about the gateway's community and account: contacts, rooms, what members say and do, login and logout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.gateway.process import GatewayProcess

AT_END = "\u2005"
"""The space that WeChat puts after a mentioned name."""

Entry = dict[str, Any]


class MessageKind:
    """Type numbers that gateways send (wechaty-puppet's, not wechaty_grpc's)."""

    UNKNOWN = 0
    ATTACHMENT = 1
    AUDIO = 2
    CONTACT = 3
    CHAT_HISTORY = 4
    EMOTICON = 5
    IMAGE = 6
    TEXT = 7
    LOCATION = 8
    MINI_PROGRAM = 9
    GROUP_NOTE = 10
    TRANSFER = 11
    RED_ENVELOPE = 12
    RECALLED = 13
    URL = 14
    VIDEO = 15
    POST = 16


class Community(GatewayProcess):
    """The living part of a gateway; each method is one order to the running process."""

    # The community

    async def add_contact(self, contact_id: str, name: str = "", *, friend: bool = False, **payload: Any) -> str:
        """Add a contact (or replace it); `payload` is any further field of wechaty's contact payload."""
        answer = await self.control("add-contact", id=contact_id, name=name or contact_id, friend=friend, **payload)
        return str(answer["id"])

    async def add_room(
        self,
        room_id: str,
        topic: str,
        members: Iterable[str | Mapping[str, str]],
        *,
        owner: str | None = None,
        admins: Iterable[str] = (),
        with_self: bool = True,
    ) -> str:
        """Add a room of known contacts: ids or `{id, alias, inviter}`. The first is owner unless one is named."""
        people: list[str | dict[str, str]] = [each if isinstance(each, str) else dict(each) for each in members]
        ids = {each if isinstance(each, str) else each["id"] for each in people}
        if with_self and self.self_id not in ids:
            people.append(self.self_id)
        answer = await self.control(
            "add-room", id=room_id, topic=topic, members=people, owner=owner, admins=list(admins)
        )
        return str(answer["id"])

    async def room(self, room_id: str) -> Entry:
        """The room as the platform has it now: topic, ownerId, adminIdList, memberIdList, members, announcement."""
        return dict(await self.control("room", id=room_id))

    # What members do

    async def say(self, room: str | None, sender: str, text: str = "", **fields: Any) -> str:
        """A message; returns its id. Without a room it is private: give `to` (default: the bot).

        Fields: type, mentions (ids), quote ({name, text}), at (raw timestamp), age_ms (for the recall window), id,
        filename, attachment, pad_bytes, repeat (times the event is sent), withhold (payload never answers).
        """
        where: Entry = {"room": room} if room is not None else {"to": fields.pop("to", "self")}
        answer = await self.control("say", **where, **{"from": sender}, text=text, **fields)
        return str(answer["id"])

    async def say_as_self(self, conversation: str, text: str, **fields: Any) -> str:
        """The account's owner types on the phone, in a room or to a contact."""
        room = conversation if conversation.endswith("@chatroom") else None
        return await self.say(room, "self", text, **({} if room else {"to": conversation}), **fields)

    async def recall(self, message_id: str, by: str | None = None) -> None:
        """Take a message back: a message of type 13 whose text is `message_id`."""
        await self.control("recall", id=message_id, by=by)

    async def join(self, room: str, members: Iterable[str], inviter: str = "") -> None:
        """Members (known contacts) enter in one event."""
        await self.control("join", room=room, members=list(members), inviter=inviter)

    async def leave(self, room: str, members: Iterable[str], remover: str | None = None) -> None:
        """Members leave in one event, of their own will or removed by `remover`; the bot itself may be among them."""
        await self.control("leave", room=room, members=list(members), remover=remover)

    async def invite(self, inviter: str, *, room: str | None = None, topic: str | None = None) -> str:
        """Invite the bot; accepting joins it to `room`. Returns the invitation id."""
        return str((await self.control("invite", inviter=inviter, room=room, topic=topic))["id"])

    async def befriend(self, contact: str, hello: str = "") -> str:
        """A friend request of a known contact; returns the friendship id."""
        return str((await self.control("befriend", contact=contact, hello=hello))["id"])

    async def rename_room(self, room: str, topic: str, by: str) -> None:
        """Change the topic, told by an event."""
        await self.control("rename-room", id=room, topic=topic, by=by)

    async def rename_contact(self, contact: str, name: str) -> None:
        """Change the nickname; only a dirty event tells, if these are on."""
        await self.control("change-contact", id=contact, name=name)

    async def rename_member(self, room: str, member: str, alias: str) -> None:
        """Change the name that a member has in one room."""
        await self.control("rename-member", room=room, member=member, alias=alias)

    async def change_room(self, room: str, *, owner: str | None = None, admins: Iterable[str] | None = None) -> None:
        """Change the owner or the list of administrators."""
        fields = {"owner": owner, "admins": None if admins is None else list(admins)}
        await self.control(
            "change-room", id=room, **{name: value for name, value in fields.items() if value is not None}
        )

    async def burst(self, messages: int, *, rooms: int = 1, members: int = 10, rate: float = 0, **fields: Any) -> Entry:
        """Many messages (rate per second, 0 = at once) in rooms `PREFIX-room-1@chatroom` …; returns when all are out.

        Fields: hot_share (part of all in the first room), texts (used in turn, {n} = running number), prefix,
        mention_self.
        """
        return dict(await self.control("burst", messages=messages, rooms=rooms, members=members, rate=rate, **fields))

    # The account

    async def logout_account(self, reason: str = "logged out on the phone") -> None:
        """The account is logged out; the event stream stays."""
        await self.control("logout", reason=reason)

    async def login_account(self, contact: str | None = None, *, rekey: str | None = None) -> dict[str, str]:
        """Log in again. `rekey` appends a suffix to the ids of all contacts and rooms; returns old id → new id."""
        answer = await self.control("login", **({"contact": contact} if contact else {}), rekey=rekey)
        self.self_id = str(answer["contact"])
        return dict(answer["renamed"])

    async def scan(self, status: int = 2, qrcode: str = "https://login.invalid/code") -> None:
        """A scan event; any status number."""
        await self.control("scan", status=status, qrcode=qrcode)

    async def emit_error(self, text: str = "error of the platform") -> None:
        """An error event of the puppet."""
        await self.control("error", text=text)

    async def wire(self, event_type: int, payload: str) -> None:
        """One event written to the stream as given: unknown types, broken JSON, missing fields."""
        await self.control("wire", type=event_type, payload=payload)
