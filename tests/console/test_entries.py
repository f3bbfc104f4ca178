"""The form for FAQ entries: what is wrong stands beside it, nothing is written unseen, nobody's edit is lost."""

import re
from collections.abc import Mapping
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData

from bot.config import load
from bot.config.revisions import unwritable
from storage.tables import path
from tests.bot.config.folder import write
from tests.console.desk import Browser, House

FILE = """\
# 订单
entries:
  - id: refund            # 老问题
    question: 退款多久到账？
    similar: [退款要几天]  # 群里的原话
    answer: 三天。

  # ---- 物流 ----
  - id: post
    question: 满多少包邮？
    answer: 满 88 元包邮。
"""
GOOD: Mapping[str, Any] = {
    "id": "refund",
    "file": "faq/a.yaml",
    "question": "退款多久到账？",
    "similar": "退款要几天\n钱多久回来",
    "answer": "三到五天。\n---\n一般三到五天，\n节假日顺延。",
    "rooms": ["web:demo"],
    "asks": "退款多久能到账",
    "until": "2030-01-01",
    "answer_at": "0.9",
    "cooldown": "30",
    "follow_entry": ["post", ""],
    "follow_question": ["", "信用卡呢？"],
    "follow_answer": ["", "七天。"],
    "enabled": "1",
}


@pytest.fixture
async def lead(house: House) -> Any:
    """Somebody who may change entries, over a folder with one file."""
    write(house.folder / "config", {"faq/a.yaml": FILE, "files/map.png": b"\x89PNG"})
    await house.database.write(lambda conn: conn.execute(path.INBOX.delete()))
    house.book = load(house.folder / "config")
    async with house.signed_in("root") as browser:
        yield browser


def written(house: House) -> str:
    return (house.folder / "config/faq/a.yaml").read_text(encoding="utf-8")


async def send(browser: Browser, page: str, fields: Mapping[str, Any], **more: Any) -> ClientResponse:
    """Post the form; lists are several fields of one name."""
    values = {**fields, **more, "csrf": await browser.csrf("/console/me")}
    data = [(key, one) for key, value in values.items() for one in (value if isinstance(value, list) else [value])]
    return await browser.client.post(f"/console/faq/{page}", data=data, allow_redirects=False)


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return unescape(found[1])


async def opened(browser: Browser) -> str:
    """The mark of the entry's form."""
    return hidden(await browser.text("/console/faq/edit?entry=refund"), "mark")


async def test_the_form_shows_what_stands_in_the_file(house: House, lead: Browser) -> None:
    text = await lead.text("/console/faq/edit?entry=refund")
    assert 'value="退款多久到账？"' in text and "退款要几天</textarea>" in text and "三天。</textarea>" in text
    assert "files/map.png" in text and "演示群" in text
    assert (await lead.get("/console/faq/edit?entry=nobody")).status == 404
    listed = await lead.text("/console/faq/entries?q=包邮")
    assert "满多少包邮" in listed and "退款多久" not in listed


async def test_an_entry_is_published_after_its_effect_was_shown_and_only_its_lines_change(
    house: House, lead: Browser
) -> None:
    fields = {**GOOD, "mark": await opened(lead), "files": ["files/map.png"]}
    answer = await send(lead, "preview", fields)
    text = await answer.text()
    assert answer.status == 200, text
    assert "+    until: 2030-01-01" in text and "没有一条会不一样" in text
    assert written(house) == FILE
    answer = await send(lead, "publish", fields, seen=hidden(text, "seen"))
    assert (answer.status, answer.headers["Location"]) == (303, "/console/faq/entries?notice=published")
    kept = written(house)
    head, _, tail = kept.partition("    answer:")
    assert head == FILE.partition("    answer:")[0].replace("[退款要几天] ", "[退款要几天, 钱多久回来]")
    assert tail.endswith(FILE.partition("三天。\n")[2])
    (entry, _) = load(house.folder / "config").faq
    assert entry.answers == ("三到五天。", "一般三到五天，\n节假日顺延。") and entry.rooms == ("web:demo",)
    assert (entry.answer_at, entry.cooldown, entry.files) == (0.9, 30, ("files/map.png",))
    assert [(one.entry, one.question) for one in entry.follow_ups] == [("post", ""), ("", "信用卡呢？")]
    assert "改问答" in await lead.text("/console/audit")
    assert list((house.folder / "config/backups").glob("*/faq/a.yaml"))


async def test_nothing_is_published_that_was_not_looked_at(house: House, lead: Browser) -> None:
    fields = {**GOOD, "mark": await opened(lead)}
    seen = hidden(await (await send(lead, "preview", fields)).text(), "seen")
    for change in ({"seen": ""}, {"seen": seen, "answer": "别的。"}, {"seen": "x" * 64}):
        answer = await send(lead, "publish", fields, **change)
        assert answer.status == 200 and "再看一遍" in await answer.text()
    assert written(house) == FILE


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"question": ""}, "question", "缺少 question"),
        ({"answer": "你好 {nobody}"}, "answer", "不认识的变量"),
        ({"answer": ""}, "answer", "缺少 answer"),
        ({"cooldown": "很久"}, "cooldown", "整数"),
        ({"answer_at": "2"}, "answer_at", "不超过 1"),
        ({"until": "明天"}, "until", "不是日期"),
        ({"rooms": ["没有渠道"]}, "rooms", "群的写法不对"),
        ({"not": "退款多久能到账"}, "not", "同时写在 asks 和 not 里"),
        ({"follow_entry": ["nowhere", ""]}, "follow_ups", "没有这一条"),
        ({"follow_question": ["", "只有问题"], "follow_answer": ["", ""]}, "follow_ups", "answer 是空的"),
        ({"files": ["files/none.png"]}, "files", "没有这个文件"),
        ({"files": ["files/../steward.yaml"]}, "files", "files/"),
        ({"similar": "长" * 300}, "similar", "太长"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    house: House, lead: Browser, change: dict[str, Any], field: str, says: str
) -> None:
    fields = {**GOOD, "mark": await opened(lead), **change}
    for page in ("preview", "publish"):
        answer = await send(lead, page, fields)
        text = await answer.text()
        assert answer.status == 400
        beside = re.findall(rf'class="remark wrong" id="about-{field}-\d">([^<]*)', text)
        assert any(says in unescape(one) for one in beside), text
        assert "钱多久回来" in text or "similar" in change
    assert written(house) == FILE


async def test_an_edit_by_somebody_else_is_shown_and_not_written_over(house: House, lead: Browser) -> None:
    fields = {**GOOD, "mark": await opened(lead)}
    seen = hidden(await (await send(lead, "preview", fields)).text(), "seen")
    theirs = FILE.replace("三天。", "五天。")
    write(house.folder / "config", {"faq/a.yaml": theirs})
    answer = await send(lead, "publish", fields, seen=seen)
    text = await answer.text()
    assert answer.status == 409 and "有人改过这一条" in text
    assert "五天。" in text and "三到五天。" in text
    assert written(house) == theirs
    # Knowing it, the member of staff may go on.
    fields["mark"] = hidden(text, "mark")
    seen = hidden(await (await send(lead, "preview", fields)).text(), "seen")
    assert (await send(lead, "publish", fields, seen=seen)).status == 303


async def test_an_edit_of_another_entry_is_kept_and_shown_with_the_own_one(house: House, lead: Browser) -> None:
    fields = {**GOOD, "mark": await opened(lead)}
    seen = hidden(await (await send(lead, "preview", fields)).text(), "seen")
    write(house.folder / "config", {"faq/a.yaml": FILE.replace("满 88 元", "满 99 元")})
    answer = await send(lead, "publish", fields, seen=seen)
    text = await answer.text()
    assert answer.status == 200 and "再看一遍" in text
    assert (await send(lead, "publish", fields, seen=hidden(text, "seen"))).status == 303
    assert "满 99 元" in written(house) and "节假日顺延" in written(house)


async def test_an_entry_that_went_meanwhile_is_not_made_again(house: House, lead: Browser) -> None:
    fields = {**GOOD, "mark": await opened(lead)}
    write(
        house.folder / "config",
        {"faq/a.yaml": FILE[: FILE.index("  - id: refund")] + FILE[FILE.index("  - id: post") :]},
    )
    assert (await send(lead, "preview", fields)).status == 409


async def test_a_new_entry_begins_with_an_unanswered_question(house: House, lead: Browser) -> None:
    text = await lead.text("/console/faq/new?question=停车场在哪里&similar=哪里停车%0A车停哪")
    assert 'value="停车场在哪里"' in text and "哪里停车\n车停哪</textarea>" in text
    fields = {"id": "park", "file": "faq/b.yaml", "mark": "", "enabled": "1"}
    fields |= {"question": "停车场在哪里？", "similar": "哪里停车\n车停哪", "answer": "东门。"}
    taken = await send(lead, "preview", {**fields, "id": "post"})
    assert taken.status == 400 and "已经有了" in await taken.text()
    for name in ("", "a b", "../x"):
        assert (await send(lead, "preview", {**fields, "id": name})).status == 400
    for file in ("steward.yaml", "../faq/b.yaml", "words/x.yaml", "faq/.hidden.yaml"):
        assert (await send(lead, "preview", {**fields, "file": file})).status == 400
    seen = hidden(await (await send(lead, "preview", fields)).text(), "seen")
    assert (await send(lead, "publish", fields, seen=seen)).status == 303
    assert [entry.id for entry in load(house.folder / "config").faq] == ["refund", "post", "park"]


async def test_warnings_and_failed_examples_are_shown_and_do_not_forbid(house: House, lead: Browser) -> None:
    fields = {**GOOD, "mark": await opened(lead), "similar": "满多少包邮", "asks": "我想喝奶茶"}
    text = unescape(await (await send(lead, "preview", fields)).text())
    assert "“满多少包邮”" in text and "应该由 refund 回答" in text
    assert "发布</button>" in text


async def test_the_same_as_before_has_nothing_to_publish(house: House, lead: Browser) -> None:
    fields = {
        "id": "post",
        "file": "faq/a.yaml",
        "question": "满多少包邮？",
        "answer": "满 88 元包邮。",
        "enabled": "1",
    }
    mark = hidden(await lead.text("/console/faq/edit?entry=post"), "mark")
    text = await (await send(lead, "preview", fields, mark=mark)).text()
    assert "没有要发布的" in text and "发布</button>" not in text
    back = await (await send(lead, "change", fields, mark=mark)).text()
    assert "满 88 元包邮。</textarea>" in back


async def test_agents_look_and_leads_change(house: House) -> None:
    write(house.folder / "config", {"faq/a.yaml": FILE})
    house.book = load(house.folder / "config")
    async with house.signed_in("小林") as agent:
        text = await agent.text("/console/faq/entries")
        assert "退款多久到账" in text and "/console/faq/edit" not in text
        assert (await agent.get("/console/faq/edit?entry=refund")).status == 403
        assert (await send(agent, "publish", GOOD)).status == 403
    assert written(house) == FILE


# ---- taking out, files, folders that cannot be written to ------------------------------------------------------------


async def test_an_entry_is_taken_out_after_its_effect_was_shown_and_all_else_stays(house: House, lead: Browser) -> None:
    fields = {"id": "refund", "file": "faq/a.yaml", "mark": await opened(lead), "remove": "1"}
    answer = await send(lead, "preview", fields)
    text = await answer.text()
    assert answer.status == 200 and "删掉 refund？" in text and "-    answer: 三天。" in text
    assert written(house) == FILE
    assert (await send(lead, "publish", fields, seen="")).status == 200, "unseen, it is only shown"
    answer = await send(lead, "publish", fields, seen=hidden(text, "seen"))
    assert answer.headers["Location"] == "/console/faq/entries?notice=removed"
    assert written(house) == "# 订单\nentries:\n" + FILE[FILE.index("\n  # ---- 物流") :]
    assert "删问答" in await lead.text("/console/audit")


async def test_an_entry_that_others_lead_to_is_not_taken_out(house: House, lead: Browser) -> None:
    led = FILE.replace("    answer: 三天。", "    answer: 三天。\n    follow_ups: [post]")
    write(house.folder / "config", {"faq/a.yaml": led})
    house.book = load(house.folder / "config")
    mark = hidden(await lead.text("/console/faq/edit?entry=post"), "mark")
    answer = await send(lead, "preview", {"id": "post", "file": "faq/a.yaml", "mark": mark, "remove": "1"})
    assert answer.status == 400 and "post" in await answer.text()
    assert written(house) == led


async def upload(browser: Browser, fields: Mapping[str, Any], name: str, data: bytes) -> ClientResponse:
    """Send the form with a file, as the button beside it does."""
    form = FormData(quote_fields=False)
    for key, value in {**fields, "csrf": await browser.csrf("/console/me")}.items():
        for one in value if isinstance(value, list) else [value]:
            form.add_field(key, one)
    form.add_field("upload", BytesIO(data), filename=name, content_type="application/octet-stream")
    return await browser.client.post("/console/faq/upload", data=form, allow_redirects=False)


async def test_a_file_is_sent_up_and_chosen_without_losing_what_was_typed(house: House, lead: Browser) -> None:
    fields = {**GOOD, "mark": await opened(lead), "question": "改到一半的问题", "files": ["files/map.png"]}
    picture = b"\x89PNG\r\n\x1a\n" + bytes(3_000_000)
    answer = await upload(lead, fields, "路线 图.PNG", picture)
    text = await answer.text()
    assert answer.status == 200, text
    assert 'value="改到一半的问题"' in text and "信用卡呢？" in text
    for name in ("files/map.png", "files/路线_图.png"):
        assert f'value="{name}" checked' in text
    assert (house.folder / "config/files/路线_图.png").read_bytes() == picture
    assert written(house) == FILE
    assert "传文件" in await lead.text("/console/audit")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("run.exe", b"MZ", "不能发这种文件"),
        ("page.html", b"<html>", "不能发这种文件"),
        ("图.png", b"<script>alert(1)</script>", "不像 png"),
        ("说明.txt", b"\xff\xfe\x00\x01", "不像 txt"),
        ("空.pdf", b"", "空的"),
        ("../../steward.yaml", b"{}", "不能发这种文件"),
        (".png", b"\x89PNG\r\n\x1a\n", "不能发这种文件"),
        ("map.png", b"\x89PNG\r\n\x1a\nother", "换个名字"),
    ],
)
async def test_what_answers_must_not_send_is_refused_beside_the_field(
    house: House, lead: Browser, name: str, data: bytes, why: str
) -> None:
    before = sorted(path for path in (house.folder / "config").rglob("*"))
    answer = await upload(lead, {**GOOD, "mark": await opened(lead)}, name, data)
    text = await answer.text()
    assert answer.status == 400 and why in text and "钱多久回来" in text
    assert sorted(path for path in (house.folder / "config").rglob("*")) == before


async def test_a_path_in_a_files_name_leads_nowhere(house: House, lead: Browser) -> None:
    answer = await upload(lead, GOOD, "..\\..\\etc/地图.png", b"\x89PNG\r\n\x1a\n")
    assert answer.status == 200
    assert (house.folder / "config/files/地图.png").is_file()


async def test_too_large_a_file_is_refused(house: House, lead: Browser) -> None:
    large = await upload(lead, {**GOOD, "mark": await opened(lead)}, "大.zip", b"PK\x03\x04" + bytes(10 * 1024 * 1024))
    assert large.status == 400 and "大于 10 MB" in await large.text()
    huge = await upload(lead, {**GOOD, "mark": await opened(lead)}, "大.zip", b"PK\x03\x04" + bytes(12 * 1024 * 1024))
    assert huge.status == 413
    assert not (house.folder / "config/files/大.zip").exists()


async def test_a_file_that_was_chosen_and_not_sent_up_is_pointed_out(house: House, lead: Browser) -> None:
    answer = await send(lead, "preview", {**GOOD, "mark": await opened(lead)}, upload="地图.png")
    assert answer.status == 400 and "还没有传" in await answer.text()


async def test_agents_send_no_files(house: House) -> None:
    async with house.signed_in("小林") as agent:
        assert (await upload(agent, GOOD, "图.png", b"\x89PNG\r\n\x1a\n")).status == 403


async def test_a_folder_that_cannot_be_written_to_says_so_before_anybody_types(
    house: House, lead: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unwritable(house.folder / "config") == ""
    assert "写不进去" not in await lead.text("/console/faq/new")
    assert unwritable(Path("/proc")) != "", "also for who may write everywhere else"
    monkeypatch.setattr("bot.workshop.unwritable", lambda folder: "Read-only file system")
    for page in ("/console/faq/entries", "/console/faq/new", "/console/faq/edit?entry=refund", "/console/unanswered"):
        assert "配置文件夹写不进去（Read-only file system）" in await lead.text(page)
    form = await lead.text("/console/faq/new")
    assert re.search(r"<button disabled>看看效果", form)
