"""How operators keep order on WeChat: evasions looked up, a rule tried, promoted, doubted and retired, one ban list."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.views_order import SanctionView, sanctions
from tests.gateway import Gateway
from tests.story.community import configure
from tests.story.process import Steward, free_port
from tests.story.record import look, until
from tests.story.wechat import Group, WeChat, bind, console

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]

AGENTS = "wechaty:20001@chatroom"
STRICT = "20077@chatroom"
ROOMS = f"""
  web:demo: {{topic: 演示群}}
  wechaty:{STRICT}: {{policy: {{moderation: {{ladder: {{warnings: 1, mute_minutes: [], remove: true}}}}}}}}
"""
OWN_WORDS = """
lists:
  - {category: 新词, severity: warn, title: 友善交流, trial: true, terms: [飞天小笼包]}
  - {category: 暗语, severity: warn, title: 友善交流, terms: [隔壁老冬瓜]}
  - {category: 狠话, severity: warn, title: 友善交流, terms: [门前歪脖树]}
  - {category: 旧词, severity: warn, title: 友善交流, terms: [村口大喇叭]}
"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def wechat(home: Path, database_url: str) -> AsyncIterator[WeChat]:
    """A bot with word lists of its own, one of them on trial."""
    async with Gateway() as gateway:
        port = free_port()
        config = configure(home / "config", f"http://127.0.0.1:{port}", AGENTS, ROOMS)
        (config / "words").mkdir()
        (config / "words" / "own.yaml").write_text(OWN_WORDS, encoding="utf-8")
        more = {**gateway.environment, "STEWARD_SEND_INTERVAL": "0"}
        async with Steward(home, config, database_url, port, more) as steward:
            await gateway.await_stream()
            community = WeChat(gateway, steward)
            await community.room("客服群", "老周", "路人", room_id="20001@chatroom")
            yield community
            assert steward.faults() == []


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def agents(wechat: WeChat) -> Group:
    """The agents' room, with 老周 bound to the first user."""
    return await bind(wechat, "老周")


async def given(wechat: WeChat, rule: str, count: int) -> list[SanctionView]:
    """What a rule did, or would have done, oldest first; waits until there are so many."""
    url = wechat.steward.database_url

    async def there() -> bool:
        return len(await look(url, sanctions, None, rule)) == count

    await until(there)
    return sorted(await look(url, sanctions, None, rule), key=lambda one: one.number)


async def page_of(wechat: WeChat, path: str) -> str:
    """A page of the console, blanks drawn together."""
    async with console(wechat.steward) as browser:
        return " ".join(re.sub(r"<[^>]+>", " ", await browser.text(path)).split())


async def test_evasions_of_a_word_are_counted_in_what_the_community_said_before_it_is_listed(
    wechat: WeChat, tmp_path: Path
) -> None:
    group = await wechat.room("串门群", "小串", "小门")
    for text in ("你个笨*葫*芦", "ben hu lu 又来了", "奔胡炉！", "今天炖了一锅葫芦瓜"):
        await group.say("小串", text)
    await group.catches_up("小门")
    assert await group.said() == []
    code, said = await wechat.steward.command("words", "twins", "笨葫芦")
    assert code == 0
    found = {line.split("  ")[1].strip(): line for line in map(str.lstrip, said.splitlines()) if "会算" in line}
    assert {"笨*葫*芦", "ben hu lu", "奔胡炉"} <= found.keys(), said
    listed = configure(tmp_path / "config", wechat.steward.url, AGENTS, "  web:demo: {topic: 演示群}")
    (listed / "words").mkdir()
    (listed / "words" / "own.yaml").write_text(
        "lists:\n  - {category: 葫芦, severity: warn, terms: [笨葫芦]}\n", encoding="utf-8"
    )
    code, said = await wechat.steward.command("words", "test", "--config", str(listed), "奔胡炉！")
    assert (code, "谐音  词“笨葫芦”" in said) == (0, True), said


async def test_a_rule_on_trial_only_records_until_a_person_promotes_it(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("试用群", "小试", "小用")
    for name in ("小试", "小用", "小试"):
        await group.say(name, "哪来的飞天小笼包")
    recorded = await given(wechat, "新词", 3)
    assert [one.kind for one in recorded] == ["trial"] * 3
    await group.catches_up("小用")
    assert await group.said() == []
    for one, word in zip(recorded, ("判对", "判对", "误判"), strict=True):
        await agents.say("老周", f"#{word} {one.number}")
    await agents.hears(f"{recorded[2].number} 号记为误判")
    shown = await page_of(wechat, "/console/rules/one?rule=新词")
    assert "67%" in shown, "two of three were right"
    assert re.search(r"21%.{1,5}94%", shown), "and how sure that is (Wilson)"
    assert "飞天小笼包" in shown, "the wrong one is proposed for the allow list"
    assert "哪来的 飞天小笼包" in await page_of(wechat, "/console/sanctions"), "the evidence, what matched marked"
    assert await group.said() == [], "nobody is told of what had no consequence"
    async with console(wechat.steward) as browser:
        done = await browser.post("/console/rules", rule="新词", state="live")
        assert done.status == 303
    await agents.hears("新词", "启用")
    await group.say("小试", "又是飞天小笼包")
    await group.hears("@小试", "群规")


async def test_too_many_appeals_that_are_right_put_a_rule_back_on_trial(wechat: WeChat, agents: Group) -> None:
    names = ("小甲", "小乙", "小丙")
    group = await wechat.room("申诉群", *names, "小丁")
    for count, name in enumerate(names, 1):
        await group.say(name, "隔壁老冬瓜又来了")
        await group.hears(f"@{name}", "群规")
        await group.say(name, "申诉")
        await agents.hears("申诉群", name, "申诉")
        (*_, last) = await given(wechat, "暗语", count)
        await agents.say("老周", f"#误判 {last.number}")
        await group.hears(f"@{name}", "抱歉")
    await agents.hears("暗语", "改回试用")
    await group.say("小丁", "隔壁老冬瓜又来了")
    assert (await given(wechat, "暗语", 4))[-1].kind == "trial"
    await group.catches_up("小丁")
    assert not any("@小丁" in text and "群规" in text for text in await group.said())


async def test_a_retired_rule_takes_back_all_it_did_with_one_apology_a_member(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("停用群", "小退", "小休")
    for count, name in enumerate(("小退", "小休", "小退"), 1):
        await group.say(name, "村口大喇叭又响了")
        await given(wechat, "旧词", count)
    await group.hears("@小休", "群规")
    shown = await page_of(wechat, "/console/rules/retire?rule=旧词")
    assert "撤销 3 条处置，涉及 2 人" in shown
    await agents.say("老周", "#停用 旧词")
    await agents.hears("旧词", "停用")
    await group.hears("抱歉")
    done = await given(wechat, "旧词", 3)
    assert all(one.reversed_at is not None for one in done)
    await group.catches_up("小退")
    sorry = [one for one in await wechat.gateway.sent(kinds=["text"], room=group.id) if "抱歉" in one["text"]]
    told = [member for one in sorry for member in one["mentions"]]
    assert sorted(told) == sorted([wechat.ids["小退"], wechat.ids["小休"]])
    before = len(await group.heard())
    await group.say("小休", "村口大喇叭又响了")
    await group.catches_up("小退")
    assert await group.said(before) == [], "a retired rule finds nothing"


async def test_who_is_on_the_ban_list_is_shown_before_removed_everywhere_and_let_back_in(
    wechat: WeChat, agents: Group
) -> None:
    first = await wechat.room("头一群", "小恶", admin=True)
    second = await wechat.room("第二群", "小恶", "路人", admin=True)
    await second.say("小恶", "大家好")
    await first.say("小恶", "你就是个傻逼")
    number = re.findall(r"#undo (\d+)", await agents.hears("头一群", "#undo"))[-1]
    shown = await page_of(wechat, f"/console/bans/{number}")
    assert "头一群" in shown and "第二群" in shown
    async with console(wechat.steward) as browser:
        assert (await browser.post(f"/console/bans/{number}", act="ban")).status == 303
    await agents.hears("已拉黑小恶")
    kicks = await wechat.gateway.sent(kinds=["kick"], at_least=2, wait=30)
    assert {kick["room"] for kick in kicks} == {first.id, second.id}
    await wechat.gateway.join(second.id, [wechat.ids["小恶"]], wechat.ids["路人"])
    await wechat.gateway.sent(kinds=["kick"], at_least=3, wait=30)
    assert "小恶" in await page_of(wechat, "/console/bans")
    await agents.say("老周", f"#解除拉黑 {number}")
    await agents.hears("解除", "小恶")
    await wechat.gateway.join(second.id, [wechat.ids["小恶"]], wechat.ids["路人"])
    await second.catches_up("路人")
    assert len(await wechat.gateway.sent(kinds=["kick"])) == 3
    assert wechat.ids["小恶"] in (await wechat.gateway.room(second.id))["memberIdList"]


async def test_a_removal_that_was_wrong_is_taken_back_and_staff_hear_who_has_to_invite(
    wechat: WeChat, agents: Group
) -> None:
    strict = await wechat.room("严管群", "小屈", "路人", admin=True, room_id=STRICT)
    before = len(await wechat.gateway.sent(kinds=["kick"]))
    for words in ("门前歪脖树", "又是门前歪脖树", "还是门前歪脖树"):
        if len(await wechat.gateway.sent(kinds=["kick"])) == before:
            await strict.say("小屈", words)
            await strict.catches_up("路人")
    await wechat.gateway.sent(kinds=["kick"], at_least=before + 1, wait=30)
    number = re.findall(r"#undo (\d+)", await agents.hears("严管群", "请出群", "#undo"))[-1]
    await agents.say("老周", f"#undo {number}")
    told = await agents.hears(f"{number} 号处置已撤销", "小屈")
    assert "重新邀请" in told and "代为道歉" in told
    assert not any("抱歉" in text for text in await strict.said()), "nobody is apologised to where they are not"
    await wechat.gateway.join(strict.id, [wechat.ids["小屈"]], wechat.ids["路人"])
    await strict.say("小屈", "我回来啦")
    await strict.catches_up("路人")
    assert len(await wechat.gateway.sent(kinds=["kick"])) == before + 1
