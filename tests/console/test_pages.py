"""Every page shows what it is there for."""

from dataclasses import replace

import pytest

from console.routes import ROUTES
from console.routes_table import Route
from domain.errors import Problem
from domain.rules import TITLES
from storage import accounts
from storage.database import Connection
from tests.console import seed
from tests.console.desk import House, address, put_entry


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=lambda route: route.path)
async def test_every_page_is_there_for_an_admin(house: House, route: Route) -> None:
    put_entry(house)
    async with house.signed_in("root") as browser:
        answer = await browser.get(address(route.path, house.made))
        # The sign-in form is for those who are not signed in.
        elsewhere = {"/sign-in": 303, "/": 301}
        assert answer.status == elsewhere.get(route.path, 200), await answer.text()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("", ["待扫码", "data:image/svg+xml", "没有进程在处理", "未解决工单"]),
        ("/rooms", ["演示群", "web:demo", "阿明"]),
        ("/decisions", ["投诉 · 转人工 99%", "三天了没人理", "新建工单", "配置版本 1"]),
        ("/decisions/101", ["投诉", "新建工单", "number=12"]),
        ("/cases", ["#12", "阿明", "待接手"]),
        ("/cases/resolved", ["#11"]),
        ("/cases/12", ["内部备注", "三天了没人理", "发给成员", "转交"]),
        ("/sanctions", ["#7", "禁言", "误判：撤销并道歉", "拉黑…"]),
        ("/appeals", ["针对处置 #7", "维持", "三天了没人理"]),
        ("/rules", ["辱骂", "还没复核"]),
        ("/rules/one?rule=abuse", ["#7", "判对", "误判", "停用…"]),
        ("/rules/retire?rule=abuse", ["撤销 1 条处置，涉及 1 人"]),
        ("/bans", ["名单是空的"]),
        ("/bans/7", ["演示群", "拉黑"]),
        ("/sends", ["标记已发", "重新发送", "三天了没人理"]),
        ("/sends?state=expired", ["过期未发", "发送额度不够"]),
        ("/sends?state=refused", ["被平台拒绝", "再发也没有用"]),
        ("/failed", ["ValueError: 三天了没人理"]),
        ("/unreadable", ["103"]),
        ("/gaps", ["三天了没人理", "翻看这段时间的群聊"]),
        ("/book", ["配置没有问题", "abababab"]),
        ("/audit", ["take", "已拒绝", "登录"]),
        ("/me", ["绑定", "当前密码"]),
    ],
)
async def test_pages_show_what_they_are_for(house: House, page: str, words: list[str]) -> None:
    async with house.signed_in("root") as browser:
        text = await browser.text("/console" + page)
        assert [word for word in words if word not in text] == []


async def test_only_who_may_change_a_rule_sees_how(house: House) -> None:
    for user, sees in (("小林", False), ("阿芳", True), ("root", True)):
        async with house.signed_in(user) as browser:
            assert ("停用…" in await browser.text("/console/rules/one?rule=abuse")) is sees, user


async def test_rules_that_are_no_list_are_shown_beside_those_that_are(house: House) -> None:
    async with house.signed_in("root") as browser:
        page = await browser.text("/console/rules")
        assert [rule for rule in TITLES if f"rule={rule}" not in page] == []


async def test_a_broken_edit_is_shown_with_place_and_remedy(house: House) -> None:
    house.problems.append(Problem("faq/a.yaml", 7, "unknown key anwser", "did you mean answer?"))
    async with house.signed_in() as browser:
        assert "faq/a.yaml:7" in await browser.text("/console")
        assert "did you mean answer?" in await browser.text("/console/book")


async def test_an_account_that_is_online_shows_no_qr_code(house: House) -> None:
    made = house.made
    await house.database.write(accounts.set_health, made.account, "online", "", "", house.now, house.now)
    async with house.signed_in() as browser:
        text = await browser.text("/console")
        assert "在线" in text and "data:image/svg+xml" not in text


async def test_the_agents_room_has_no_switch_of_its_own(house: House) -> None:
    async with house.signed_in() as browser:
        switch = f"/console/rooms/{house.made.room}/quiet"
        assert switch in await browser.text("/console/rooms")
        house.book = replace(house.book, staff_rooms=("web:demo",))
        assert switch not in await browser.text("/console/rooms")


async def test_the_stream_pages_by_key_and_filters(house: House) -> None:
    def many(conn: Connection) -> None:
        for number in range(200, 260):
            seed.decide(conn, house.made, number, f"理由{number}。")

    await house.database.write(many)
    async with house.signed_in() as browser:
        first = await browser.text("/console/decisions")
        assert "理由259。" in first and "理由210。" in first and "理由209。" not in first
        second = await browser.text("/console/decisions?before=210")
        assert "理由209。" in second and "理由210。" not in second and "data-live" not in second
        assert "理由259。" in await browser.text(f"/console/decisions?room={house.made.room}")
        assert "理由" not in await browser.text("/console/decisions?room=999")


async def test_an_unchanged_part_is_not_sent_again(house: House) -> None:
    async with house.signed_in() as browser:
        first = await browser.get("/console/decisions/live?room=", **{"X-Live": "1"})
        tag = first.headers["ETag"]
        again = await browser.get("/console/decisions/live?room=", **{"X-Live": "1", "If-None-Match": tag})
        assert (first.status, again.status) == (200, 304)


@pytest.mark.parametrize("page", ["/cases/99", "/decisions/99", "/cases/x", "/cases/" + "9" * 30, "/nowhere"])
async def test_what_does_not_exist_is_a_page_in_chinese(house: House, page: str) -> None:
    async with house.signed_in() as browser:
        answer = await browser.get("/console" + page)
        text = await answer.text()
        assert answer.status == 404 and "没有" in text


async def test_a_page_that_fails_says_so_without_details(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async with house.signed_in() as browser:
        house.problems = None  # type: ignore[assignment]
        answer = await browser.get("/console/book")
        text = await answer.text()
        assert answer.status == 500 and "出错了" in text and "Traceback" not in text
        assert "console page failed" in caplog.text


async def test_a_draw_in_progress_shows_its_commitment_and_keeps_its_seed(house: House) -> None:
    async with house.browser() as browser:
        text = await browser.text("/draws/3")
        assert "1 人参加" in text and "承诺" in text
        assert seed.SEED.hex() not in text
        assert (await browser.get("/draws/3.json")).status == 404
        assert (await browser.get("/draws/99")).status == 404


async def test_the_receipt_of_a_closed_draw_is_what_was_stored(house: House) -> None:
    from domain.draw_verify import Published, verify_text

    async with house.browser() as browser:
        page = await browser.text("/draws/2")
        answer = await browser.get("/draws/2.json")
        body = await answer.read()
        shown = [part.split("</code>")[0] for part in page.split("<code>")[1:]]
        published = Published(commitment=shown[0], rules_hash=shown[1], roster_hash=shown[2])
        assert verify_text(body, published).ok
        assert "阿明" in page and seed.SEED.hex() in page


async def test_the_privacy_notice_tells_the_days_in_force(house: House) -> None:
    from domain.policy import Policy, RetentionPolicy

    house.book = replace(house.book, policy=Policy(retention=RetentionPolicy(messages=31, cases=0)))
    async with house.browser() as browser:
        text = await browser.text("/privacy")
        assert "31 天" in text and "不自动删除" in text
