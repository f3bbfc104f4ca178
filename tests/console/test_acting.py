"""Buttons become events of the account concerned, and nothing else."""

import asyncio
import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest

from domain.events import Event, StaffActed
from domain.facts import SendState
from domain.ids import NO_ROOM
from storage import inbox, views_audit, views_events, views_sends
from storage.columns import dump
from storage.database import Connection
from storage.tables.path import FINDINGS, INBOX
from storage.tables.people import LEASES
from storage.tables.staff import BINDING_CODES
from tests.console import seed
from tests.console.desk import PASSWORD, House
from tests.console.desk import house as running


async def _acts(house: House) -> list[tuple[int, str]]:
    """What waits in the inbox as (room, command)."""
    events: list[Event] = await house.database.read(inbox.take, house.made.account, house.now)
    acts = [event for event in events if isinstance(event, StaffActed)]
    assert len(acts) == len(events)
    assert all(act.user_name == "小林" for act in acts)
    return [(act.room_id, act.command) for act in acts]


@pytest.mark.parametrize(
    ("path", "fields", "command", "back"),
    [
        ("/cases/12", {"act": "reply", "text": "马上为您退款"}, "#12 回复：马上为您退款", "/cases/12"),
        ("/cases/12", {"act": "note", "text": "老客户"}, "#12 老客户", "/cases/12"),
        ("/cases/12", {"act": "take"}, "#12 接手", "/cases/12"),
        ("/cases/12", {"act": "resolve"}, "#12 解决", "/cases/12"),
        (
            "/cases/12",
            {"act": "transfer", "to": "阿芳", "text": "麻烦看下"},
            "#12 转给 @阿芳\u2005麻烦看下",
            "/cases/12",
        ),
        ("/sanctions/7/undo", {}, "#undo 7", "/sanctions"),
        ("/sanctions/7/review", {"act": "right"}, "#判对 7", "/sanctions"),
        ("/sanctions/7/review", {"act": "wrong"}, "#误判 7", "/sanctions"),
        ("/bans/7", {"act": "ban"}, "#拉黑 7", "/bans"),
        ("/bans/7", {"act": "lift"}, "#解除拉黑 7", "/bans"),
        ("/sends/1", {"act": "sent"}, "#已发 1", "/sends"),
        ("/sends/1", {"act": "resend"}, "#重发 1", "/sends"),
    ],
)
async def test_a_button_becomes_one_event(
    house: House, path: str, fields: dict[str, str], command: str, back: str
) -> None:
    async with house.signed_in() as browser:
        answer = await browser.post(f"/console{path}", **fields)
        assert answer.status == 303
        assert answer.headers["Location"] == f"/console{back}?notice=queued"
    assert await _acts(house) == [(house.made.room, command)]
    assert house.woken == [house.made.account]


async def test_one_room_is_switched_off_and_on(house: House) -> None:
    room = house.made.room
    async with house.signed_in() as browser:
        await browser.post(f"/console/rooms/{room}/quiet", hours="8")
        await browser.post(f"/console/rooms/{room}/resume")
        await browser.post(f"/console/rooms/{room}/quiet", hours="9999")
    assert await _acts(house) == [(room, "#安静 8小时"), (room, "#恢复"), (room, "#安静 2小时")]


async def test_all_rooms_are_switched_by_one_event_to_an_account_that_is_served(house: House) -> None:
    def serve(conn: Connection) -> None:
        conn.execute(
            LEASES.insert().values(
                account_id=house.made.account, holder="here", fence=1, expires_at=seed.NOW + timedelta(1)
            )
        )

    await house.database.write(serve)
    async with house.signed_in() as browser:
        answer = await browser.post("/console/quiet", hours="2")
        assert answer.headers["Location"] == "/console?notice=queued"
        await browser.post("/console/resume")
    assert await _acts(house) == [(NO_ROOM, "#安静 2小时"), (NO_ROOM, "#恢复")]


async def test_empty_words_are_not_sent(house: House) -> None:
    async with house.signed_in() as browser:
        answer = await browser.post("/console/cases/12", act="reply", text=" \u200b")
        assert answer.headers["Location"] == "/console/cases/12?notice=unsayable"
        answer = await browser.post("/console/cases/12", act="note", text="")
        assert answer.headers["Location"] == "/console/cases/12?notice=empty"
    assert await _acts(house) == []


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/cases/12", {"act": "delete"}, 400),
        ("/cases/12", {}, 400),
        ("/cases/12", {"act": "transfer", "to": "没这个人"}, 400),
        ("/cases/12", {"act": "transfer", "to": "小林"}, 400),
        ("/cases/99", {"act": "take"}, 404),
        ("/sanctions/99/undo", {}, 404),
        ("/rooms/99/quiet", {}, 404),
        ("/sends/99", {"act": "sent"}, 404),
        ("/sends/1", {"act": "explode"}, 400),
    ],
)
async def test_what_cannot_be_done_does_nothing(house: House, path: str, fields: dict[str, str], status: int) -> None:
    async with house.signed_in() as browser:
        assert (await browser.post(f"/console{path}", **fields)).status == status
    assert await _acts(house) == []


async def test_only_a_doubtful_send_can_be_settled(house: House) -> None:
    found = await house.database.read(views_sends.sends, SendState.EXPIRED)
    async with house.signed_in() as browser:
        answer = await browser.post(f"/console/sends/{found[0].id}", act="resend")
        assert answer.headers["Location"] == "/console/sends?notice=settled"
    assert await _acts(house) == []


async def test_the_notice_is_one_of_ours_and_never_words_from_the_address(house: House) -> None:
    async with house.signed_in() as browser:
        assert "已提交" in await browser.text("/console?notice=queued")
        assert "sorry" not in await browser.text("/console?notice=sorry")


async def test_a_binding_code_is_shown_once_and_kept_as_a_hash(house: House) -> None:
    async with house.signed_in() as browser:
        page = await (await browser.post("/console/me/code")).text()
        found = re.search(r"绑定 ([0-9A-Z]{8})<", page)
        assert found is not None
        assert found[1] not in await browser.text("/console/me")

    def codes(conn: Connection) -> list[tuple[str, timedelta]]:
        return [(row.code_hash, row.expires_at - house.now) for row in conn.execute(BINDING_CODES.select())]

    expected = hashlib.sha256(found[1].encode()).hexdigest()
    assert await house.database.read(codes) == [(expected, timedelta(minutes=10))]


async def test_a_new_password_ends_all_other_sessions(house: House) -> None:
    async with house.signed_in() as browser, house.signed_in() as elsewhere:
        before = browser.cookie()
        fields = {"old": PASSWORD, "new": "brand new words 7", "again": "brand new words 7"}
        answer = await browser.post("/console/me/password", **fields)
        assert answer.headers["Location"] == "/console/me?notice=password"
        assert browser.cookie() not in ("", before)
        assert (await browser.get("/console")).status == 200
        assert (await elsewhere.get("/console")).status == 303
    async with house.browser() as again:
        assert (await again.sign_in("小林")).status == 403
        assert (await again.sign_in("小林", "brand new words 7")).status == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", "brand new words 7", "brand new words 7", "当前密码不对"),
        (PASSWORD, "short", "short", "至少 10 位"),
        (PASSWORD, "aaaaaaaaaaaaa", "aaaaaaaaaaaaa", "太容易猜到"),
        (PASSWORD, "小林xx1234567", "小林xx1234567", "不要包含用户名"),
        (PASSWORD, "brand new words 7", "brand new words 8", "不一样"),
    ],
)
async def test_a_password_that_cannot_be_taken_changes_nothing(
    house: House, old: str, new: str, again: str, says: str
) -> None:
    async with house.signed_in() as browser:
        answer = await browser.post("/console/me/password", old=old, new=new, again=again)
        assert answer.status == 400 and says in await answer.text()
    async with house.signed_in("小林"):
        pass


async def test_the_page_says_why_an_act_was_not_carried_out(tmp_path: Path) -> None:
    async with running(tmp_path, settle_wait=20) as house, house.signed_in() as browser:
        deciding = asyncio.create_task(_decide_next(house, level="hint", why="小林：已经撤销过"))
        answer = await browser.post("/console/sanctions/7/undo")
        await deciding
        assert "notice=hint" in answer.headers["Location"]
        assert "没有执行：小林：已经撤销过" in await browser.text(answer.headers["Location"])
        # An event that was no staff act is not read out.
        assert "三天了没人理" not in await browser.text("/console/me?notice=hint&event=101")


async def test_an_act_that_was_carried_out_is_told_as_done(tmp_path: Path) -> None:
    async with running(tmp_path, settle_wait=20) as house, house.signed_in() as browser:
        deciding = asyncio.create_task(_decide_next(house, level="done", why="小林：撤销"))
        answer = await browser.post("/console/sanctions/7/undo")
        await deciding
        assert answer.headers["Location"] == "/console/sanctions?notice=done"


async def _decide_next(house: House, level: str, why: str) -> None:
    """Decide the next staff act as the bot would, with this finding."""
    await house.rung.wait()

    def decide(conn: Connection) -> None:
        (event,) = inbox.take(conn, house.made.account, house.now)
        seed.decide(conn, house.made, event.id, why)
        row = FINDINGS.update().where(FINDINGS.c.event_id == event.id)
        finding = {"rule": "staff", "score": 1.0, "level": level, "why": why}
        conn.execute(row.values(kind="staff_acted", findings=dump([finding])))
        conn.execute(INBOX.update().where(INBOX.c.id == event.id).values(state="decided"))

    await house.database.write(decide)


async def test_a_lead_lets_a_failed_event_be_judged_again_once_and_it_is_audited(house: House) -> None:
    async with house.signed_in("小林") as agent:
        assert "<button>重新处理" not in await agent.text("/console/failed")
        assert (await agent.post("/console/failed/102")).status == 403
        assert await house.database.read(views_events.event_state, 102) == "failed"
    async with house.signed_in("阿芳") as lead:
        assert "<button>重新处理</button>" in await lead.text("/console/failed")
        answer = await lead.post("/console/failed/102")
        assert (answer.status, answer.headers["Location"]) == (303, "/console/failed?notice=again")
        assert "正在重新处理" in await lead.text("/console/failed?notice=again")
        again = await lead.post("/console/failed/102")
        assert again.headers["Location"] == "/console/failed?notice=unknown"
        assert (await lead.bare_post("/console/failed/102")).status == 403, "without the form's token"
    assert await house.database.read(views_events.event_state, 102) == "waiting"
    entries = await house.database.read(views_audit.audit_log)
    acts = [(entry.actor, entry.target) for entry in entries if entry.act == "event.retry"]
    assert acts == [("阿芳", "event:102")]


async def test_members_hear_of_a_user_by_the_name_that_they_chose(house: House) -> None:
    async with house.signed_in() as browser:
        saved = await browser.post("/console/me/name", shown=" 林晓 ")
        assert saved.headers["Location"].endswith("notice=shown")
        assert 'value="林晓"' in await browser.text("/console/me")
        await browser.post("/console/cases/12", page="/console/cases/12", act="take")
        for bad in ("很长" * 11, "小@林", "root", "看\u202e不见"):
            refused = await browser.post("/console/me/name", shown=bad)
            assert refused.status == 400 and "林晓" in await refused.text()
        assert "改显示的名字" not in await browser.text("/console/me")
    (act,) = await house.database.read(inbox.take, house.made.account, house.now)
    assert isinstance(act, StaffActed) and act.user_name == "林晓"
