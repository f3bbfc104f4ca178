"""The embedded channel's page and its WebSocket."""

import asyncio
import json
import re
import secrets
import time
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import WSMsgType, web

from bot.channels.files import kind_of_file, media_type
from bot.channels.web import identity
from bot.channels.web.channel import WebChannel, message_frame
from bot.channels.web.door import Refusal
from bot.channels.web.rooms import Watcher
from bot.config.attachments import attachment
from domain.incoming import MessageKind, direct_room
from storage import web as platform
from storage.database import Database

STATIC = Path(__file__).parent / "static"
POSTS_PER_WINDOW = 30
POST_WINDOW_SECONDS = 10
MAX_WATCHERS = 2000
MAX_FRAME_BYTES = 64 * 1024
MAX_NAME_CHARS = 20
_CLIENT_ID = re.compile(r"[A-Za-z0-9]{6,32}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class WebPages:
    """The HTTP face of a `WebChannel`."""

    def __init__(self, channel: WebChannel, database: Database, secret: bytes, folder: Path | None = None) -> None:
        """``folder``: in which the files lie that the bot sends."""
        self._channel = channel
        self._database = database
        self._secret = secret
        self._folder = folder
        self._watchers = 0

    def attach(self, app: web.Application) -> None:
        """Add the page at ``/``, its files and its socket."""
        app.router.add_get("/", self.page)
        app.router.add_get("/me", self.me)
        app.router.add_post("/enter", self.enter)
        app.router.add_get("/ws", self.socket)
        app.router.add_get("/assets/{name:[a-z.]+}", self.asset)
        app.router.add_get("/files/{name:.+}", self.file)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The chat page; the script asks for the nickname if there is none yet."""
        return web.FileResponse(STATIC / "chat.html", headers=PAGE_HEADERS)

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """The page's script and style."""
        name = request.match_info["name"]
        if name not in {"chat.js", "chat.css"}:
            raise web.HTTPNotFound
        return web.FileResponse(STATIC / name, headers=PAGE_HEADERS)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file that the bot sent in a room which this person may open; nothing else of the folder."""
        name, person = f"files/{request.match_info['name']}", self._person(request)
        if person is None or self._folder is None:
            raise web.HTTPNotFound
        sent = await self._database.read(platform.rooms_with, name)
        if not any(room.id in sent for room in await self._channel.rooms_of(person)):
            raise web.HTTPNotFound
        try:
            path = attachment(self._folder, name)
        except ValueError:
            raise web.HTTPNotFound from None
        shown = kind_of_file(path) is MessageKind.IMAGE
        disposition = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(path.name)}"
        headers = {**PAGE_HEADERS, "Content-Disposition": disposition, "Content-Type": media_type(path)}
        return web.FileResponse(path, headers=headers)

    async def me(self, request: web.Request) -> web.Response:
        """Who this browser is, or 204 while it has no nickname."""
        known = await self._known(request)
        if known is None:
            return web.Response(status=204)
        return web.json_response({"person": known[0], "name": known[1]}, headers={"Cache-Control": "no-store"})

    async def enter(self, request: web.Request) -> web.Response:
        """Take a nickname: sets the signed cookie of a new person, or renames the known one."""
        if not _same_origin(request):
            raise web.HTTPForbidden(text="请从本页面进入")
        body = await _json(request)
        name = _CONTROL.sub("", str(body.get("name", ""))).strip()[:MAX_NAME_CHARS]
        if not name or name == self._channel.bot_name:
            return web.json_response({"error": "请换一个昵称（1 到 20 个字）"}, status=400)
        person = self._person(request) or identity.new_person()
        await self._database.write(platform.save_person, person, name, int(time.time() * 1000))
        response = web.json_response({"person": person, "name": name})
        response.set_cookie(
            identity.COOKIE,
            identity.sign(person, self._secret),
            max_age=identity.MAX_AGE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.secure,
        )
        return response

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """One page's live connection. Frames are described in docs/web-channel.md."""
        if not _same_origin(request):
            raise web.HTTPForbidden(text="请从本页面进入")
        known = await self._known(request)
        if known is None:
            raise web.HTTPUnauthorized(text="请先取一个昵称")
        person, name = known
        if self._watchers >= MAX_WATCHERS:
            raise web.HTTPServiceUnavailable(text="人太多了，请稍后再来")
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=MAX_FRAME_BYTES)
        await socket.prepare(request)
        watcher = Watcher(person)
        self._watchers += 1
        self._channel.unread.came(watcher)
        writer = asyncio.create_task(_write(socket, watcher))
        try:
            await self._hello(watcher, name)
            await self._serve(socket, watcher, name)
        finally:
            self._watchers -= 1
            self._channel.unread.left(watcher)
            self._channel.unwatch(watcher)
            writer.cancel()
        return socket

    async def _hello(self, watcher: Watcher, name: str) -> None:
        unread = {direct_room(watcher.person): await self._channel.unread.count(watcher.person)}
        rooms = [
            {"id": room.id, "topic": room.topic, "staff": room.staff, "unread": unread.get(room.id, 0)}
            for room in await self._channel.rooms_of(watcher.person)
        ]
        watcher.send({"type": "hello", "person": watcher.person, "name": name, "rooms": rooms})

    async def _serve(self, socket: web.WebSocketResponse, watcher: Watcher, name: str) -> None:
        posts: deque[float] = deque(maxlen=POSTS_PER_WINDOW)
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            body: dict[str, Any] = {}
            try:
                body = _object(json.loads(frame.data))
                await self._act(watcher, name, body, posts)
            except Refusal as refusal:
                watcher.send({"type": "refused", "cid": str(body.get("cid", "")), "reason": str(refusal)})
            except (ValueError, KeyError, TypeError):
                watcher.send({"type": "refused", "cid": "", "reason": "页面发来的内容看不懂，请刷新再试"})

    async def _act(self, watcher: Watcher, name: str, body: dict[str, Any], posts: deque[float]) -> None:
        match body.get("type"):
            case "open":
                self._channel.unwatch(watcher)
                messages = await self._channel.enter(str(body["room"]), watcher.person, name, watcher)
                frames = [message_frame(message) for message in messages]
                watcher.send({"type": "history", "room": watcher.room, "messages": frames})
            case "post":
                now = time.monotonic()
                if len(posts) == POSTS_PER_WINDOW and now - posts[0] < POST_WINDOW_SECONDS:
                    raise Refusal("发得太快了，请歇一下")
                posts.append(now)
                client_id = str(body["cid"])
                if not _CLIENT_ID.match(client_id):
                    raise ValueError("bad client id")
                text = str(body["text"]).encode("utf-8", "replace").decode()
                await self._channel.post(watcher, client_id, int(body["at"]), text, str(body.get("quote", "")))
            case "recall":
                await self._channel.recall(watcher, str(body["id"]))
            case "leave":
                await self._channel.leave(watcher.room, watcher.person)
            case "rooms":
                await self._hello(watcher, name)
            case _:
                raise ValueError("unknown frame")

    async def _known(self, request: web.Request) -> tuple[str, str] | None:
        """The browser's person id and nickname, if it has both."""
        person = self._person(request)
        name = await self._database.read(platform.person_name, person) if person else None
        return (person, name) if person is not None and name is not None else None

    def _person(self, request: web.Request) -> str | None:
        return identity.read(request.cookies.get(identity.COOKIE, ""), self._secret)


async def _write(socket: web.WebSocketResponse, watcher: Watcher) -> None:
    while (text := await watcher.frames.get()) is not None:
        await socket.send_str(text)
    await socket.close()


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        return _object(await request.json())
    except ValueError as error:
        raise web.HTTPBadRequest(text="内容看不懂") from error


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _same_origin(request: web.Request) -> bool:
    """A browser names the page's origin with every post and socket; it must be ours (no token to steal)."""
    origin = request.headers.get("Origin", "")
    return secrets.compare_digest(origin.partition("://")[2].encode(), request.host.encode())
