"""The size of a batch changes nothing: 1, 7 and 128 events at a time give the same findings, actions and state."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot.config import load
from domain.incoming import ExternalPerson, ExternalQuote, ExternalRoom, Incoming, IncomingKind
from handlers.catalog import build
from handlers.judge import Engine, judge_all
from handlers.staff.binding import code_hash
from storage import accounts, inbox, leases, staff, views_rooms
from storage.commit import commit
from storage.database import Database
from storage.tables import METADATA
from storage.world import load_world
from tests.databases import fast_folder, new_postgresql, new_sqlite

START = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
NOW = START + timedelta(seconds=100)
HOT, COLD = ExternalRoom("hot", "热群", owner="m0"), ExternalRoom("cold", "冷群")
AGENTS = ExternalRoom("agents", "客服群")
PRIVATE = ExternalRoom("direct:m9", "私聊", private=True)
AGENT = "m9"
CONFIG = """
staff_rooms: [test:agents]
policy: {moderation: {max_warnings_shown: 9}}
"""
FAQ = """
entries:
  - {id: refund, question: 退款多久到账？, answer: 三到五个工作日。}
  - {id: ship, question: 什么时候发货？, answer: 当天发货。}
"""
MEMBER_WORDS = (
    "签到", "积分", "参加", "退款多久到账", "什么时候发货", "你个傻逼", "滚你妈的", "我要投诉，三天了没人理", "人工",
    "进度", "5", "不用了", "申诉", "我的警告", "大家好", "在吗", "有人吗", "#接龙 1. 我", "帮助",
    "加微信 wx12345678 兼职日结", "6", "1", "退款", "多久能到账呢", "我想问下", "在的", "你是机器人吗",
    "小管家你个傻逼",
)  # fmt: skip
STAFF_WORDS = (
    "#1 接手", "#1 回复 马上处理", "#1 解决", "#1 老客户", "#2 接手", "#2 回复 您好", "#undo 1", "#undo 2", "在忙吗",
    "#安静 1小时", "#恢复", "#误判 1", "#判对 1", "#误判 2", "#拉黑 1", "#解除拉黑 1", "#停用 辱骂", "#试用 辱骂",
)  # fmt: skip
ROOM_STAFF_WORDS = ("#抽奖 茶会 茶x1 1分钟", "#开奖", "#安静 1小时", "#恢复", "#undo 1", "今天退了")

UNORDERED = frozenset({"ledger", "checkins", "entries", "audit", "appeals"})
"""Rows of several members that one statement writes in the members' order, because they are locked in it."""


@dataclass(frozen=True)
class Line:
    """One thing that happens; ``who`` is a member's number."""

    kind: IncomingKind
    who: str
    room: ExternalRoom
    text: str
    addressed: bool = False
    quotes_bot: bool = False
    to: str = ""

    def __repr__(self) -> str:
        marks = ("@" if self.addressed else "") + (">" if self.quotes_bot else "") + (f"@{self.to} " if self.to else "")
        return f"<{self.kind} {self.who}/{self.room.external_id} {marks}{self.text}>"


def said(words: Sequence[str], who: st.SearchStrategy[str], room: st.SearchStrategy[ExternalRoom]) -> Any:
    """Messages of some people in some rooms."""
    kind = st.just(IncomingKind.MESSAGE)
    to = st.sampled_from(["", "", "", "m1", "m2"])
    return st.builds(Line, kind, who, room, st.sampled_from(words), st.booleans(), st.booleans(), to)


MEMBERS = st.sampled_from(["m0", "m1", "m1", "m2", "m3"])
ROOMS = st.sampled_from([HOT, HOT, HOT, COLD])
LINES = st.one_of(
    said(MEMBER_WORDS, MEMBERS, ROOMS),
    said(MEMBER_WORDS, MEMBERS, ROOMS),
    said(STAFF_WORDS, st.sampled_from([AGENT, AGENT, "m1"]), st.just(AGENTS)),
    said(ROOM_STAFF_WORDS, st.sampled_from([AGENT, "m0"]), ROOMS),
    st.builds(Line, st.sampled_from([IncomingKind.JOINED, IncomingKind.LEFT]), MEMBERS, ROOMS, st.just("")),
    st.builds(Line, st.just(IncomingKind.RECALLED), MEMBERS, ROOMS, st.just("")),
)
STORY = [
    *[Line(IncomingKind.MESSAGE, "m1", HOT, text) for text in ("你个傻逼", "你个傻逼", "签到", "签到", "你个傻逼")],
    *[
        Line(IncomingKind.MESSAGE, "m2", HOT, text)
        for text in ("我要投诉，三天了没人理", "还没人？我要投诉", "退款多久到账")
    ],
    Line(IncomingKind.MESSAGE, "m3", HOT, "退款多久到账"),
    Line(IncomingKind.MESSAGE, AGENT, AGENTS, "#1 接手"),
    Line(IncomingKind.MESSAGE, "m2", HOT, "什么时候发货"),
    Line(IncomingKind.MESSAGE, AGENT, AGENTS, "#1 解决"),
    Line(IncomingKind.MESSAGE, "m2", HOT, "5"),
    Line(IncomingKind.MESSAGE, AGENT, HOT, "#抽奖 茶会 茶x1 1分钟"),
    *[Line(IncomingKind.MESSAGE, who, HOT, "参加") for who in ("m1", "m1", "m2", "m3")],
]
"""What the promise names: third strike, 签到 twice, one open case, cooldown, takeover."""


def incoming(number: int, line: Line) -> Incoming:
    """A line as a channel would tell it, one second after the last."""
    at = START + timedelta(seconds=number * 90 / 200)
    person = ExternalPerson(line.who, f"成员{line.who}")
    if line.kind in (IncomingKind.JOINED, IncomingKind.LEFT):
        return Incoming(line.kind, at, room=line.room, people=(person,))
    if line.kind is IncomingKind.RECALLED:
        return Incoming(line.kind, at, room=line.room, sender=person, reference=f"x{max(number - 1, 0)}")
    quote = ExternalQuote("小管家", "【#1】新的求助") if line.quotes_bot else None
    mentions = (ExternalPerson(line.to, f"成员{line.to}"),) if line.to else ()
    heard = Incoming(line.kind, at, f"x{number}", line.room, person, text=line.text, mentions=mentions, quote=quote)
    return replace(heard, mentions_bot=line.addressed)


async def play(url: str, engine: Engine, lines: Sequence[Line], size: int) -> dict[str, list[tuple[Any, ...]]]:
    """Judge the stream in batches of ``size``; every table's rows afterwards."""
    database = await Database.open(url)
    try:
        await database.write(_hear, lines)
        while await database.write(_decide, engine, size):
            pass
        return await database.read(_rows)
    finally:
        await database.close()


def _hear(conn: Connection, lines: Sequence[Line]) -> None:
    account = accounts.ensure_account(conn, "test", "bot", "小管家", START)
    assert leases.acquire(conn, account, "one", START, timedelta(hours=1)) is not None
    user = staff.add_user(conn, "小周", "agent", "-", START)
    staff.make_code(conn, user, code_hash("AB12CD34"), START, timedelta(minutes=10))
    bind = Line(IncomingKind.MESSAGE, AGENT, PRIVATE, "绑定 AB12CD34")
    heard = [incoming(number, line) for number, line in enumerate((bind, *lines))]
    with patch("storage.inbox.secrets.token_bytes", random.Random(7).randbytes):
        inbox.receive(conn, account, heard, NOW)


def _decide(conn: Connection, engine: Engine, size: int) -> bool:
    account = views_rooms.accounts(conn)[0].id
    events = inbox.take(conn, account, NOW, size)
    if not events:
        return False
    world = load_world(conn, account, events, NOW, ("test:agents",))
    judged, _ = judge_all(engine, world, events, NOW)
    assert not [error for one in judged for error in one.decision.errors]
    commit(conn, leases.Lease(account, "one", 1), judged, world, 1, NOW)
    return True


def _rows(conn: Connection) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for table in METADATA.sorted_tables:
        if table.name in UNORDERED:
            rows = conn.execute(select(*(column for column in table.columns if column.name != "id")))
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
        else:
            rows = conn.execute(select(table).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
    return found


@cache
def _engine() -> Engine:
    """A small book, ready to judge. Not a fixture: its long repr would stand in every failing example."""
    with fast_folder() as folder:
        (folder / "faq").mkdir()
        (folder / "steward.yaml").write_text(CONFIG, encoding="utf-8")
        (folder / "faq" / "shop.yaml").write_text(FAQ, encoding="utf-8")
        return build(load(folder))


def compare(lines: Sequence[Line]) -> dict[str, list[tuple[Any, ...]]]:
    """Play the stream three times, on databases of their own; the state that all three agree on."""
    with fast_folder() as folder:
        played = [asyncio.run(play(new_sqlite(folder / f"{size}.db"), _engine(), lines, size)) for size in (1, 7, 128)]
    for table, rows in played[0].items():
        assert played[1][table] == rows, f"batches of 7 differ from single events in {table}"
        assert played[2][table] == rows, f"batches of 128 differ from single events in {table}"
    return played[0]


def test_the_story_of_the_promise_is_the_same_in_batches_of_any_size() -> None:
    state = compare(STORY)
    assert len(state["checkins"]) == 1
    assert len(state["cases"]) == 1
    assert len(state["sanctions"]) == 3
    assert len(state["entries"]) == 3


@pytest.mark.timeout(600)
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
)
@given(st.lists(LINES, min_size=15, max_size=80))
def test_any_stream_is_the_same_in_batches_of_any_size(lines: list[Line]) -> None:
    compare(lines)


@pytest.mark.postgres
def test_the_story_is_the_same_on_postgresql(postgresql: str) -> None:
    played = [asyncio.run(play(new_postgresql(postgresql), _engine(), STORY, size)) for size in (1, 128)]
    assert played[0] == played[1]
