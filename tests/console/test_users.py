"""The page of users: an admin keeps colleagues out, lets them in, and cannot lock the house."""

import re

import pytest

from storage import roster, staff, views_audit
from storage.roster import Listed
from tests.console.desk import PASSWORD, Browser, House


async def _user(house: House, name: str) -> Listed:
    return next(one for one in await house.database.read(roster.roster) if one.user.name == name)


async def _press(house: House, browser: Browser, name: str, act: str, **fields: str) -> str:
    number = (await _user(house, name)).user.id
    answer = await browser.post(f"/console/users/{number}", act=act, **fields)
    assert answer.status == 303, await answer.text()
    return await browser.text(answer.headers["Location"])


async def test_a_colleague_who_is_disabled_is_out_at_once_and_may_come_back(house: House) -> None:
    async with house.signed_in("root") as admin, house.signed_in("小林") as agent:
        assert "已停用：" in await _press(house, admin, "小林", "disable")
        assert (await agent.get("/console")).status == 303
        assert (await agent.sign_in("小林")).status == 403
        assert "已停用" in await admin.text("/console/users")
        await _press(house, admin, "小林", "enable")
        assert (await agent.sign_in("小林")).status == 303
    log = [(entry.actor, entry.act, entry.target) for entry in await house.database.read(views_audit.audit_log)]
    assert ("root", "user.disable", "小林") in log and ("root", "user.enable", "小林") in log


@pytest.mark.parametrize("fields", [{"act": "disable"}, {"act": "role", "role": "agent"}])
async def test_the_last_admin_cannot_shut_the_house(house: House, fields: dict[str, str]) -> None:
    async with house.signed_in("root") as admin:
        act = dict(fields)
        assert "最后一位" in await _press(house, admin, "root", act.pop("act"), **act)
        assert (await admin.get("/console/users")).status == 200


async def test_an_admin_is_changed_by_another_one_only(house: House) -> None:
    async with house.signed_in("root") as admin:
        await _press(house, admin, "阿芳", "role", role="admin")
        assert "另一位管理员" in await _press(house, admin, "root", "disable")
        async with house.signed_in("阿芳") as other:
            await _press(house, other, "root", "disable")
        assert (await admin.get("/console")).status == 303


async def test_another_role_counts_at_once(house: House) -> None:
    async with house.signed_in("root") as admin, house.signed_in("阿芳") as lead:
        assert (await lead.get("/console/audit")).status == 200
        await _press(house, admin, "阿芳", "role", role="agent")
        await lead.sign_in("阿芳")
        assert (await lead.get("/console/audit")).status == 403


async def test_a_new_user_signs_in_with_the_password_that_is_shown_once(house: House) -> None:
    async with house.signed_in("root") as admin, house.browser() as newcomer:
        answer = await admin.post("/console/users", name=" 小周 ", role="lead")
        shown = re.search(r'class="code">([^<]+)<', await answer.text())
        assert answer.status == 200 and shown is not None
        assert shown[1] not in await admin.text("/console/users")
        assert (await newcomer.sign_in("小周", shown[1])).status == 303
        assert (await newcomer.get("/console/audit")).status == 200


@pytest.mark.parametrize("name", ["", "@all", "x" * 41, "a\u200bb", "小林"])
async def test_a_name_that_cannot_be_used_is_refused_with_the_reason(house: House, name: str) -> None:
    before = len(await house.database.read(staff.users))
    async with house.signed_in("root") as admin:
        answer = await admin.post("/console/users", name=name, role="agent")
        assert answer.status == 400 and 'role="alert"' in await answer.text()
    assert len(await house.database.read(staff.users)) == before


async def test_a_password_is_given_anew(house: House) -> None:
    number = (await _user(house, "小林")).user.id
    async with house.signed_in("root") as admin, house.signed_in("小林") as agent:
        answer = await admin.post(f"/console/users/{number}", act="password")
        shown = re.search(r'class="code">([^<]+)<', await answer.text())
        assert shown is not None
        assert (await agent.get("/console")).status == 303
        assert (await agent.sign_in("小林", PASSWORD)).status == 403
        assert (await agent.sign_in("小林", shown[1])).status == 303


async def test_what_no_button_says_changes_nothing(house: House) -> None:
    async with house.signed_in("root") as admin:
        for fields in ({"act": "role", "role": "wizard"}, {"act": "unbind", "member": "x"}, {"act": "sing"}, {}):
            assert (await admin.post("/console/users/1", **fields)).status == 400
        assert (await admin.post("/console/users/999", act="disable")).status == 404
