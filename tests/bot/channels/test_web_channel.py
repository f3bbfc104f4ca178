"""The embedded channel as a browser meets it: over HTTP and a WebSocket, on a real database."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.port import Gap, Health, Heard, Mentioned, Order, Outcome
from bot.channels.web import WebChannel, WebRoom
from bot.channels.web.door import Door
from bot.channels.web.identity import new_person, read, sign
from bot.channels.web.routes import WebPages
from domain.incoming import IncomingKind, MessageKind
from storage.database import Database
from tests.databases import new_sqlite

SECRET = b"s" * 32
ROOMS = (WebRoom("demo", "演示群"), WebRoom("agents", "客服群", staff=True))


class Site:
    """A channel behind a test server, with its events read one by one."""

    def __init__(
        self,
        channel: WebChannel,
        client: "TestClient[web.Request, web.Application]",
        staff: set[str],
        out: set[tuple[str, str]],
    ) -> None:
        self.channel = channel
        self.staff = staff
        self.out = out
        self.client = client
        self.events = channel.listen()
        self.origin = str(client.make_url("/")).rstrip("/")

    async def heard(self, kind: IncomingKind) -> Heard:
        """The next heard value of this kind; what comes before it is committed."""
        async for event in self.events:
            assert not isinstance(event, Gap)
            if isinstance(event, Health):
                continue
            if event.incoming.kind is kind:
                return event
            await self.channel.committed(event, duplicate=False)
        raise AssertionError("the channel ended")

    async def enter(self, name: str) -> str:
        """Take a nickname; the client's cookie jar keeps who it is."""
        answer = await self.client.post("/enter", json={"name": name}, headers={"Origin": self.origin})
        assert answer.status == 200
        person = (await answer.json())["person"]
        assert isinstance(person, str)
        return person

    async def socket(self) -> ClientWebSocketResponse:
        """A live connection."""
        return await self.client.ws_connect("/ws", headers={"Origin": self.origin})

    async def opened(self, room: str = "demo") -> ClientWebSocketResponse:
        """A live connection that shows a room."""
        socket = await self.socket()
        await socket.send_json({"type": "open", "room": room})
        await frame(socket, "history")
        return socket


async def frame(socket: ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next frame of this type."""
    while True:
        body: dict[str, Any] = await socket.receive_json(timeout=10)
        if body["type"] == kind:
            return body


def post(text: str, cid: str = "abcdef1234", **more: object) -> dict[str, object]:
    """A post as the page sends it."""
    return {"type": "post", "cid": cid, "at": int(time.time() * 1000), "text": text, **more}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """The embedded community with nobody bound as staff."""
    database = await Database.open(new_sqlite(tmp_path / "steward.db"))

    staff: set[str] = set()
    out: set[tuple[str, str]] = set()

    async def is_staff(person: str) -> bool:
        return person in staff

    async def is_kept_out(room: str, person: str) -> bool:
        return (room, person) in out

    channel = WebChannel(database, ROOMS, "小管家", Door(is_staff, is_kept_out))
    await channel.start()
    app = web.Application()
    WebPages(channel, database, SECRET, tmp_path / "config").attach(app)
    async with TestClient(TestServer(app)) as client:
        yield Site(channel, client, staff, out)
    await database.close()


async def test_a_message_is_shown_only_once_it_is_committed(site: Site) -> None:
    await site.enter("阿明")
    socket = await site.opened()
    await socket.send_json(post("退款多久 @小管家"))
    heard = await site.heard(IncomingKind.MESSAGE)
    assert (heard.incoming.text, heard.incoming.mentions_bot) == ("退款多久", True)
    await site.channel.committed(heard, duplicate=False)
    assert (await frame(socket, "message"))["text"] == "退款多久 @小管家"
    assert (await frame(socket, "ack"))["id"] == heard.incoming.external_id


async def test_a_repeated_post_is_shown_once(site: Site) -> None:
    await site.enter("阿明")
    socket = await site.opened()
    again = post("你好")
    await socket.send_json(again)
    await socket.send_json(again)
    first = await site.heard(IncomingKind.MESSAGE)
    await site.channel.committed(first, duplicate=False)
    await frame(socket, "ack")
    await socket.send_json(again)
    assert (await socket.receive_json(timeout=10))["type"] == "ack"


async def test_a_post_sent_again_after_a_restart_has_the_same_key(site: Site) -> None:
    await site.enter("阿明")
    socket = await site.opened()
    again = post("你好")
    await socket.send_json(again)
    first = await site.heard(IncomingKind.MESSAGE)
    site.channel._posted.clear()  # a restart between the inbox's commit and the page's message
    await socket.send_json(again)
    second = await site.heard(IncomingKind.MESSAGE)
    assert second.incoming.key == first.incoming.key


@pytest.mark.parametrize("shift_ms", [-600_000, -61_000, 30_000, 10**15])
async def test_nobody_can_date_a_message_back_or_ahead(site: Site, shift_ms: int) -> None:
    await site.enter("阿明")
    socket = await site.opened()
    before = datetime.now(UTC)
    await socket.send_json(post("刷屏", at=int(time.time() * 1000) + shift_ms))
    heard = await site.heard(IncomingKind.MESSAGE)
    assert before - timedelta(seconds=1) <= heard.incoming.at <= datetime.now(UTC)


async def test_the_bots_order_is_carried_out_once_and_echoed(site: Site) -> None:
    order = Order(7, "say", "demo", text="三到五个工作日。", mentions=(Mentioned("x", "阿明"),))
    first, second = await site.channel.perform(order), await site.channel.perform(order)
    assert first.outcome is second.outcome is Outcome.SENT
    echo = await site.heard(IncomingKind.OWN_MESSAGE)
    assert (echo.incoming.external_id, echo.incoming.text) == (first.external_id, "@阿明 三到五个工作日。")
    await site.enter("阿明")
    socket = await site.socket()
    await socket.send_json({"type": "open", "room": "demo"})
    assert len((await frame(socket, "history"))["messages"]) == 1


async def test_what_is_said_to_one_alone_is_told_to_their_pages_until_one_of_them_shows_it(site: Site) -> None:
    person = await site.enter("阿明")
    room = f"direct:{person}"
    first, second = await site.opened(), await site.opened()
    for number in (1, 2):
        receipt = await site.channel.perform(Order(number, "say", room, text="悄悄说", private=True))
        assert receipt.outcome is Outcome.SENT
        for socket in (first, second):
            told = await frame(socket, "unread")
            assert (told["room"], told["count"]) == (room, number)
    await second.send_json({"type": "open", "room": room})
    assert [one["text"] for one in (await frame(second, "history"))["messages"]] == ["悄悄说", "悄悄说"]
    assert (await frame(first, "unread"))["count"] == 0
    await site.channel.perform(Order(3, "say", room, text="看着呢", private=True))
    assert (await frame(second, "message"))["text"] == "看着呢"
    third = await site.socket()
    assert {one["id"]: one["unread"] for one in (await frame(third, "hello"))["rooms"]} == {"demo": 0, room: 0}


async def test_who_was_away_finds_it_unread_and_others_learn_nothing_of_it(site: Site) -> None:
    other = await site.enter("阿北")
    theirs = await site.opened()
    site.client.session.cookie_jar.clear()
    person = await site.enter("阿明")
    room = f"direct:{person}"
    await site.channel.perform(Order(1, "say", room, text="悄悄说", private=True))
    socket = await site.socket()
    assert [one["unread"] for one in (await frame(socket, "hello"))["rooms"] if one["id"] == room] == [1]
    await theirs.send_json({"type": "rooms"})
    assert (await theirs.receive_json(timeout=10))["type"] != "unread"
    assert other != person


async def test_a_muted_person_cannot_post_and_an_unmuted_one_can(site: Site) -> None:
    person = await site.enter("阿明")
    socket = await site.opened()
    until = datetime.now(UTC) + timedelta(minutes=10)
    await site.channel.perform(Order(1, "mute", "demo", member=person, until=until))
    await socket.send_json(post("喂"))
    assert "10 分钟" in (await frame(socket, "refused"))["reason"]
    await site.channel.perform(Order(2, "unmute", "demo", member=person))
    await socket.send_json(post("喂"))
    assert (await site.heard(IncomingKind.MESSAGE)).incoming.text == "喂"


async def test_a_removed_person_is_gone_and_comes_back_only_when_it_is_taken_back(site: Site) -> None:
    person = await site.enter("阿明")
    socket = await site.opened()
    site.out.add(("demo", person))
    await site.channel.perform(Order(1, "remove", "demo", member=person))
    await frame(socket, "removed")
    gone = await site.heard(IncomingKind.LEFT)
    assert [one.external_id for one in gone.incoming.people] == [person]
    again = await site.socket()
    await again.send_json({"type": "open", "room": "demo"})
    assert "申诉" in (await frame(again, "refused"))["reason"]
    site.out.clear()
    await again.send_json({"type": "open", "room": "demo"})
    await frame(again, "history")
    joined = await site.heard(IncomingKind.JOINED)
    assert [one.external_id for one in joined.incoming.people] == [person]
    await again.send_json(post("我回来了"))
    assert (await site.heard(IncomingKind.MESSAGE)).incoming.text == "我回来了"


@pytest.mark.parametrize("room", ["agents", f"direct:{'0' * 24}", "nowhere"])
async def test_rooms_that_are_not_theirs_stay_closed(site: Site, room: str) -> None:
    await site.enter("阿明")
    socket = await site.socket()
    assert "agents" not in [one["id"] for one in (await frame(socket, "hello"))["rooms"]]
    await socket.send_json({"type": "open", "room": room})
    await frame(socket, "refused")


async def test_only_own_messages_can_be_taken_back(site: Site) -> None:
    await site.enter("阿明")
    socket = await site.opened()
    receipt = await site.channel.perform(Order(7, "say", "demo", text="你好"))
    await socket.send_json({"type": "recall", "id": receipt.external_id})
    assert "不能撤回" in (await frame(socket, "refused"))["reason"]
    await socket.send_json(post("说错了"))
    said = await site.heard(IncomingKind.MESSAGE)
    await site.channel.committed(said, duplicate=False)
    await frame(socket, "ack")
    await socket.send_json({"type": "recall", "id": said.incoming.external_id})
    recalled = await site.heard(IncomingKind.RECALLED)
    await site.channel.committed(recalled, duplicate=False)
    assert (await frame(socket, "recalled"))["id"] == said.incoming.external_id


@pytest.mark.parametrize("origin", ["", "http://evil.example", "null"])
async def test_other_sites_pages_cannot_speak_for_a_visitor(site: Site, origin: str) -> None:
    await site.enter("阿明")
    with pytest.raises(WSServerHandshakeError):
        await site.client.ws_connect("/ws", headers={"Origin": origin})
    assert (await site.client.post("/enter", json={"name": "x"}, headers={"Origin": origin})).status == 403


async def test_nobody_may_take_the_bots_name_or_an_empty_one(site: Site) -> None:
    for name in ("小管家", "  ", "\u200b"):
        answer = await site.client.post("/enter", json={"name": name}, headers={"Origin": site.origin})
        assert answer.status == 400


@pytest.mark.parametrize("raw", ["[]", "{", '{"type":"post"}', '{"type":"post","cid":"x","at":"y","text":1}', '"open"'])
async def test_nonsense_frames_are_refused_and_the_connection_goes_on(site: Site, raw: str) -> None:
    await site.enter("阿明")
    socket = await site.opened()
    await socket.send_str(raw)
    await frame(socket, "refused")
    await socket.send_json(post("还在吗"))
    assert (await site.heard(IncomingKind.MESSAGE)).incoming.text == "还在吗"


async def test_the_last_sends_are_echoed_again_after_a_restart(site: Site) -> None:
    receipt = await site.channel.perform(Order(7, "say", "demo", text="三到五个工作日。"))
    events = site.channel.listen()
    assert isinstance(await anext(events), Health)
    echo = await anext(events)
    assert isinstance(echo, Heard) and echo.incoming.external_id == receipt.external_id


async def test_a_room_that_is_not_configured_any_more_does_not_keep_the_bot_from_starting(tmp_path: Path) -> None:
    database = await Database.open(new_sqlite(tmp_path / "steward.db"))

    async def nobody(*_: str) -> bool:
        return False

    door = Door(nobody, nobody)
    before = WebChannel(database, ROOMS, "小管家", door)
    await before.start()
    await before.perform(Order(7, "say", "agents", text="新求助"))
    after = WebChannel(database, ROOMS[:1], "小管家", door)
    await after.start()
    events = after.listen()
    assert isinstance(await anext(events), Health)
    assert (await after.perform(Order(8, "say", "agents", text="还在吗"))).outcome is Outcome.REFUSED
    await after.perform(Order(9, "say", "demo", text="你好"))
    echo = await anext(events)
    assert isinstance(echo, Heard) and echo.incoming.text == "你好"
    await database.close()


def test_a_cookie_that_we_did_not_sign_is_nobody() -> None:
    person = new_person()
    cookie = sign(person, SECRET)
    assert read(cookie, SECRET) == person
    assert read(cookie, b"t" * 32) is None
    assert read(f"{new_person()}.{cookie.partition('.')[2]}", SECRET) is None
    assert read("", SECRET) is read("é.ü", SECRET) is None


async def test_a_file_is_shown_and_given_only_to_those_whose_room_it_was_sent_in(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "files"
    folder.mkdir(parents=True)
    for name in ("map.png", "价目.pdf", "other.png"):
        (folder / name).write_bytes(b"\x89PNG")
    await site.enter("阿明")
    socket = await site.opened()
    for number, name in enumerate(("map.png", "价目.pdf"), 1):
        order = Order(number, "send_file", "demo", reference=f"files/{name}", file=folder / name)
        receipts = [await site.channel.perform(order) for _ in range(2)]
        assert {receipt.outcome for receipt in receipts} == {Outcome.SENT}
        shown = await frame(socket, "message")
        assert (shown["file"], shown["text"], shown["person"]) == (f"files/{name}", "", "")
        echo = await site.heard(IncomingKind.OWN_MESSAGE)
        assert echo.incoming.external_id.startswith("bot-") and echo.incoming.message_kind is not MessageKind.TEXT
    picture = await site.client.get("/files/map.png")
    assert (picture.status, await picture.read(), picture.headers["Content-Type"]) == (200, b"\x89PNG", "image/png")
    assert picture.headers["Content-Disposition"].startswith("inline")
    other = await site.client.get("/files/价目.pdf")
    assert other.status == 200 and other.headers["Content-Disposition"].startswith("attachment")
    for name in ("other.png", "../steward.db", "%2e%2e/steward.db", "none.png"):
        assert (await site.client.get(f"/files/{name}")).status == 404
    # Sent to the agents only, it is nothing for this member.
    secret = Order(3, "send_file", "agents", reference="files/other.png", file=folder / "other.png")
    await site.channel.perform(secret)
    assert (await site.client.get("/files/other.png")).status == 404
    site.client.session.cookie_jar.clear()
    assert (await site.client.get("/files/map.png")).status == 404


async def test_who_is_no_staff_any_more_neither_reads_nor_writes_in_the_agents_room_that_is_open(site: Site) -> None:
    person = await site.enter("小林")
    site.staff.add(person)
    socket = await site.opened("agents")
    site.staff.clear()
    await socket.send_json(post("还在吗"))
    assert "客服" in (await frame(socket, "refused"))["reason"]
    order = Order(id=1, kind="say", room="agents", text="#12 新的求助")
    await site.channel.perform(order)
    seen = [await socket.receive_json(timeout=10)]
    await socket.send_json({"type": "rooms"})
    while seen[-1]["type"] != "hello":
        seen.append(await socket.receive_json(timeout=10))
    assert [one["type"] for one in seen] == ["removed", "hello"]
    assert [room["id"] for room in seen[-1]["rooms"]] == ["demo", f"direct:{person}"]
