"""The FAQ's pages: what nobody answered, and how entries fare."""

import html
import re
from datetime import timedelta

from domain.book import Book, FaqEntry
from storage.columns import dump
from storage.database import Connection
from storage.tables import path
from tests.bot.config.folder import write
from tests.console.desk import House

BOOK = Book(
    faq=(
        FaqEntry("refund", "退款多久到账？", ("三天。",), where="faq/a.yaml:2"),
        FaqEntry("idle", "怎么开发票？", ("找店员。",), where="faq/a.yaml:9"),
    )
)


async def asked(house: House, number: int, text: str, found: dict[str, object], *acts: str) -> None:
    """Somebody who is no owner asked half an hour ago."""
    at = house.now - timedelta(minutes=30)
    row = {"event_id": number, "room_id": house.made.room, "at": at}

    def put(conn: Connection) -> None:
        conn.execute(
            path.MESSAGES.insert().values(
                **row, member_id=99, name="小红", kind="text", text=text, norm=text, external_id="", own=False
            )
        )
        conn.execute(
            path.FINDINGS.insert().values(
                **row,
                account_id=house.made.account,
                member_id=99,
                kind="message_posted",
                revision=1,
                decided_at=at,
                top="",
                findings=dump([found]),
                actions=dump([{"type": act} for act in acts]),
            )
        )

    await house.database.write(put)


async def test_questions_nobody_answered_stand_in_groups_beside_the_nearest_entry(house: House) -> None:
    house.book = BOOK
    for number, text in enumerate(("停车场<b>在哪里", "停车场<b>在哪里？", "退款到底要多久才会到"), 201):
        await asked(house, number, text, {"rule": "faq", "level": "none"})
    await asked(house, 204, "几点开门呢", {"rule": "faq", "level": "answer", "entry": "x"}, "say")
    async with house.signed_in() as browser:
        text = await browser.text("/console/unanswered?days=1")
    assert "停车场&lt;b&gt;在哪里" in text and "×2" in text and "演示群" in text
    assert "<strong>refund</strong>" in text and "faq/a.yaml:2" in text
    assert "几点开门呢" not in text
    assert "/console/faq/new" not in text
    async with house.signed_in("阿芳") as lead:
        text = await lead.text("/console/unanswered?days=1")
        (link,) = re.findall(r'href="(/console/faq/new\?question=%E5%81%9C[^"]+)"', text)
        form = await lead.text(html.unescape(link))
    assert 'value="停车场&lt;b&gt;在哪里"' in form or 'value="停车场&lt;b&gt;在哪里？"' in form


async def test_entries_are_counted_and_idle_ones_listed(house: House) -> None:
    house.book = BOOK
    await asked(house, 201, "退款多久到账", {"rule": "faq", "level": "answer", "entry": "refund"}, "say")
    await asked(house, 202, "退款多久到账", {"rule": "faq", "level": "answer", "entry": "gone"}, "say")
    async with house.signed_in() as browser:
        text = await browser.text("/console/faq")
    table, _, idle = text.partition("一次也没答过的（1）")
    assert "退款多久到账？" in table and "已删" in table
    assert "怎么开发票？" in idle and "faq/a.yaml:9" in idle


FILE = "# 退款\nentries:\n  - id: refund\n    question: 退款多久到账？\n    similar: [退款要几天]\n    answer: 三天。\n"


async def test_a_question_becomes_a_phrasing_after_its_effect_was_shown(house: House) -> None:
    house.book = BOOK
    write(house.folder / "config", {"faq/a.yaml": FILE})
    await house.database.write(lambda conn: conn.execute(path.INBOX.delete()))
    fields = {"entry": "refund", "phrases": "钱到哪了\n钱到哪了\n 回款慢吗 "}
    async with house.signed_in("root") as browser:
        answer = await browser.post("/console/unanswered/propose", **fields)
        text = await answer.text()
        assert answer.status == 200, text
        assert "+    similar: [退款要几天, &#34;钱到哪了&#34;, &#34;回款慢吗&#34;]" in text
        assert "没有一条会不一样" in text
        assert (house.folder / "config/faq/a.yaml").read_text(encoding="utf-8") == FILE
        answer = await browser.post("/console/unanswered/add", **fields)
        assert (answer.status, answer.headers["Location"]) == (303, "/console/unanswered?notice=phrased")
        assert "加问法" in await browser.text("/console/audit")
        answer = await browser.post("/console/unanswered/add", entry="nobody", phrases="x")
        assert answer.status == 400
    kept = (house.folder / "config/faq/a.yaml").read_text(encoding="utf-8")
    assert kept == FILE.replace("[退款要几天]", '[退款要几天, "钱到哪了", "回款慢吗"]')


async def test_agents_add_no_phrasings(house: House) -> None:
    house.book = BOOK
    write(house.folder / "config", {"faq/a.yaml": FILE})
    async with house.signed_in("小林") as browser:
        answer = await browser.post("/console/unanswered/add", entry="refund", phrases="钱到哪了")
        assert answer.status == 403
    assert (house.folder / "config/faq/a.yaml").read_text(encoding="utf-8") == FILE
