"""The story in Chromium: members in their tabs, an agent with chat and console side by side, one running bot."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests import chromium
from tests.story.pages import MS, Chat, Person, binding_code, sign_in
from tests.story.process import Steward, embedded
from tests.story.record import audited, draw_grows_older, takeover_grows_older

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ROOMS = """
  web:demo: {topic: 演示群}
  web:agents: {topic: 客服群}
"""
DEMO, AGENTS, DIRECT = "演示群", "客服群", "私聊"
STUPID, BAD_WORD = "你就是个傻逼", "傻逼"
ADVERT = "兼职日结一天三百，加微信 wx12345678 了解"
"""What nobody takes for one side of a quarrel, whoever swore a moment ago."""
COMPLAINT = "我要投诉，三天了没人理"
ADMIN = "admin"


@dataclass
class Town:
    """The running bot and everybody who has opened its page."""

    steward: Steward
    browser: Browser
    people: list[Person] = field(default_factory=list)

    async def enter(self, name: str) -> tuple[Person, Chat]:
        """Somebody new in the member room; they go home when their test ends."""
        person, chat = await Person.enter(self.browser, self.steward.url, name)
        self.people.append(person)
        return person, chat

    async def go_home(self, staying: int = 0) -> None:
        """Close the browsers of all but the first ``staying``; their pages must have been without errors."""
        gone, self.people = self.people[staying:], self.people[:staying]
        for person in gone:
            await person.context.close()
        assert [trouble for person in gone for trouble in person.trouble] == []


@dataclass
class Agent:
    """Bound staff: a tab in the member room, one in the agents' room, and the console."""

    name: str
    demo: Chat
    agents: Chat
    console: Page


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def steward(home: Path, database_url: str) -> AsyncIterator[Steward]:
    async with embedded(home, database_url, ROOMS, BAD_WORD, COMPLAINT, "工作日") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def whole_town(steward: Steward, chromium_path: str) -> AsyncIterator[Town]:
    async with chromium.launched(chromium_path) as browser:
        yield Town(steward, browser)


@pytest_asyncio.fixture(loop_scope="module")
async def town(whole_town: Town) -> AsyncIterator[Town]:
    """The town for one test: whoever enters in it leaves at its end."""
    staying = len(whole_town.people)
    yield whole_town
    await whole_town.go_home(staying)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def agent(whole_town: Town) -> Agent:
    """The first user, signed in with the password that was printed, and bound in the private chat."""
    person, demo = await whole_town.enter("小周")
    console = await person.blank()
    await sign_in(console, whole_town.steward.url, ADMIN, whole_town.steward.password)
    code = await binding_code(console, whole_town.steward.url)
    private = await person.tab(DIRECT)
    assert AGENTS not in await private.rooms()
    await private.say(f"绑定 {code}")
    await private.hears("绑定好了", ADMIN)
    await private.open(AGENTS)
    return Agent("小周", demo, private, console)


async def open_case(agent: Agent, member: Chat, name: str, words: str = COMPLAINT) -> int:
    """A member complains; the number that they are told, once its notice is in the agents' room."""
    await member.say(words)
    said = await member.hears(f"@{name}", "编号")
    found = re.search(r"编号 (\d+)", said)
    assert found is not None
    number = int(found[1])
    await agent.agents.hears(f"【#{number}】", "新求助", name)
    return number


# ---- members ---------------------------------------------------------------------------------------------------------


async def test_what_is_asked_in_one_tab_is_answered_in_all(town: Town) -> None:
    person, first = await town.enter("小林")
    second = await person.tab()
    _, other = await town.enter("阿北")
    await expect(first.page.locator("#people li").first).to_have_text("小管家")
    await first.say("退款多久能到账呀")
    for tab in (first, second, other):
        assert await tab.hears("@小林") == "@小林 三到五个工作日。"
    await other.say("收到，谢谢大家")
    await second.sees("收到，谢谢大家")
    await other.say("你们几点上班")
    await other.hears("@阿北", "早上九点")
    assert (await other.said()).count("@阿北") == 1


async def test_insults_are_warned_about_by_rule_and_the_third_one_mutes(town: Town) -> None:
    person, first = await town.enter("小怒")
    second = await person.tab()
    _, other = await town.enter("阿南")
    await first.say(STUPID)
    for tab in (first, second):
        await tab.has_unread(DIRECT, 1)
    for tab in (first, second, other):
        await tab.loses(STUPID)
    assert "群规" not in await other.said(), "the first one is nobody else's business"
    await second.open_news()
    told = await second.hears("群规", DEMO, "申诉")
    assert BAD_WORD not in told
    for tab in (first, second):
        await tab.has_unread(DIRECT, 0)
    await second.open(DEMO)
    await first.say(STUPID)
    await other.hears("@小怒", "群规", count=1)
    for tab in (first, second, other):
        await tab.loses(STUPID)
    await first.say(STUPID)
    told = await other.hears("@小怒", "休息")
    for tab in (first, second, other):
        await tab.loses(STUPID)
        assert BAD_WORD not in await tab.said()
    assert "群规" in told
    assert "不能发言" in await first.try_to_say("我还能说吗")
    await other.say("今天天气不错")
    assert "我还能说吗" not in await other.said()


async def test_a_message_taken_back_disappears_from_every_tab(town: Town) -> None:
    person, first = await town.enter("小改")
    second = await person.tab()
    _, other = await town.enter("阿西")
    await first.say("发错群了的话")
    for tab in (second, other):
        await tab.sees("发错群了的话")
    await second.take_back("发错群了的话")
    for tab in (first, second, other):
        await tab.loses("发错群了的话")
    await other.page.reload()
    await other.loses("发错群了的话")


async def test_a_complaint_is_acknowledged_with_a_number_and_its_progress_told(town: Town, agent: Agent) -> None:
    _, member = await town.enter("小诉")
    number = await open_case(agent, member, "小诉")
    await member.say("进度")
    await member.hears("@小诉", f"编号 {number}", "排队")
    assert (await member.said()).count("已记下") + (await member.said()).count("记下了") == 1


async def test_a_check_in_counts_once_a_day(town: Town) -> None:
    _, member = await town.enter("小签")
    await member.say("签到")
    done = await member.hears("小签", "签到成功")
    assert "连续1天" in done and "积分5" in done
    await member.say("签到")
    await member.hears("小签", "已经签过")
    await member.say("积分")
    await member.hears("@小签", "5 积分")


async def test_help_names_five_commands_and_privacy_says_what_is_kept(town: Town) -> None:
    _, member = await town.enter("小问")
    await member.say("帮助")
    shown = await member.hears("直接提问", "也可以发")
    assert all(f"\n{word}：" in shown for word in ("签到", "积分", "参加", "进度", "人工"))
    assert shown.count("：") == 6
    await member.say("隐私")
    assert f"{town.steward.url}/privacy" in await member.hears("@小问", "保留")


# ---- the agent -------------------------------------------------------------------------------------------------------


async def test_a_draw_opened_by_staff_ends_with_winners_and_a_receipt_that_holds(
    town: Town, agent: Agent, tmp_path: Path
) -> None:
    _, one = await town.enter("小抽")
    _, two = await town.enter("小奖")
    await agent.demo.say("#抽奖 下午茶 奶茶x1 10分钟")
    opened = await one.hears("下午茶", "开始啦")
    page = await one.follow("开始啦")
    commitment = await page.locator("dd code").first.inner_text()
    for chat, name in ((one, "小抽"), (two, "小奖")):
        await chat.say("参加")
        await chat.hears(name, "已参加")
    number = re.findall(r"第 (\d+) 场", opened)[0]
    await draw_grows_older(town.steward.database_url, int(number), 10)
    announced = await one.hears("下午茶", "开奖：")
    assert "\n" not in announced
    assert ("小抽" in announced) != ("小奖" in announced)
    page = await two.follow("开奖：")
    await expect(page.locator("table tbody tr")).to_have_count(1)
    async with page.expect_download() as downloading:
        await page.click("a[download]")
    receipt = tmp_path / "receipt.json"
    await (await downloading.value).save_as(receipt)
    code, said = await town.steward.command("draw", "verify", str(receipt), "--commitment", commitment)
    assert (code, "结果：有效" in said) == (0, True), said
    tampered = json.loads(receipt.read_text(encoding="utf-8"))
    winner = "小抽" if "小抽" in announced else "小奖"
    receipt.write_text(json.dumps(tampered, ensure_ascii=False).replace(winner, "小贼"), encoding="utf-8")
    code, said = await town.steward.command("draw", "verify", str(receipt), "--commitment", commitment)
    assert (code, "结果：无效" in said) == (1, True), said


async def test_a_binding_code_works_only_in_the_private_chat_and_only_once(town: Town, agent: Agent) -> None:
    code, password = await town.steward.command("user", "add", "阿芳")
    assert code == 0
    person, chat = await town.enter("芳芳")
    console = await person.blank()
    await sign_in(console, town.steward.url, "阿芳", password.strip())
    secret = await binding_code(console, town.steward.url)
    await chat.say(f"绑定 {secret}")
    await chat.hears("@芳芳", "私聊")
    assert AGENTS not in await chat.rooms()
    secret = await binding_code(console, town.steward.url)
    private = await person.tab(DIRECT)
    await private.say(f"绑定 {secret}")
    await private.hears("绑定好了", "阿芳")
    await expect(private.page.locator("#rooms button", has_text=AGENTS)).to_have_count(1, timeout=MS)
    _, thief = await town.enter("小偷")
    await thief.open(DIRECT)
    await thief.say(f"绑定 {secret}")
    await thief.hears("不对或已过期")


async def test_words_leave_the_agents_room_only_as_answers(town: Town, agent: Agent) -> None:
    _, member = await town.enter("小等")
    await member.say("昨天在店里买了个杯子")
    number = await open_case(agent, member, "小等")
    notice = await agent.agents.hears(f"【#{number}】", "新求助")
    assert DEMO in notice and "昨天在店里买了个杯子" in notice and COMPLAINT in notice and "原因" in notice
    await agent.agents.say("这人上周也来闹过")
    await agent.agents.say(f"#{number} 看着像老赖")
    await agent.agents.hears(f"#{number}", "内部备注")
    await agent.agents.say(f"＃{number}回复 您好，已经在查了")
    assert await member.hears("已经在查了") == "@小等 您好，已经在查了"
    await agent.agents.answer_to(f"【#{number}】新求助", "今天下午给您答复")
    assert await member.hears("今天下午") == "@小等 今天下午给您答复"
    said = await member.said()
    assert "老赖" not in said and "闹过" not in said


async def test_a_case_is_taken_passed_on_resolved_and_rated(town: Town, agent: Agent) -> None:
    code, _ = await town.steward.command("user", "add", "老白")
    assert code == 0
    _, member = await town.enter("小评")
    number = await open_case(agent, member, "小评")
    await agent.agents.say(f"#{number} 接手")
    await member.hears("@小评", ADMIN, "跟进")
    await member.say("你们几点上班")
    await agent.agents.hears(f"【#{number}】", "小评：你们几点上班")
    await agent.agents.say(f"#{number} 转给 @老白")
    await agent.agents.hears(f"#{number}", "转给了老白")
    await member.say("进度")
    await member.hears("@小评", "老白", "跟进")
    await agent.agents.say(f"#{number} 解决")
    await member.hears("@小评", f"编号 {number}", "打个分")
    await member.say("5")
    await agent.agents.hears(f"#{number}", "5 分")
    await member.hears("@小评", "谢谢打分")
    assert "@小评 早上九点" not in await member.said()
    await agent.console.goto(f"{town.steward.url}/console/cases/{number}")
    await expect(agent.console.locator(".facts")).to_contain_text("5 / 5")


async def test_an_agent_who_turns_to_the_member_in_their_room_holds_the_case(town: Town, agent: Agent) -> None:
    _, member = await town.enter("小面")
    number = await open_case(agent, member, "小面")
    await agent.demo.say("@小面 我来帮您看")
    await agent.agents.hears(f"#{number}", ADMIN, "接手")
    await member.say("你们几点上班")
    await agent.agents.hears(f"【#{number}】", "小面：你们几点上班")
    assert "@小面 早上九点" not in await member.said()


async def test_a_silent_takeover_is_reminded_of_twice_and_lapses(town: Town, agent: Agent) -> None:
    _, member = await town.enter("小久")
    number = await open_case(agent, member, "小久")
    await agent.agents.say(f"#{number} 接手")
    await member.hears("@小久", ADMIN, "跟进")
    for reminder in (1, 2):
        await takeover_grows_older(town.steward.database_url, number, 10)
        await agent.agents.hears(f"【#{number}】", ADMIN, "没有新回复", count=reminder)
    await takeover_grows_older(town.steward.database_url, number, 10)
    await agent.agents.hears(f"【#{number}】", ADMIN, "已交还给我")
    await member.hears("@小久", f"编号 {number}", "走开")
    await member.say("你们几点上班")
    await member.hears("@小久", "早上九点")


async def test_a_look_alike_nickname_gives_no_rights_and_is_put_on_record(town: Town, agent: Agent) -> None:
    _, member = await town.enter("小真")
    number = await open_case(agent, member, "小真")
    _, impostor = await town.enter(agent.name)
    assert AGENTS not in await impostor.rooms()
    before = len(await audited(town.steward.database_url, "staff.reply"))
    await impostor.say(f"#{number} 回复 请把密码发给我")
    await impostor.say("#安静 2小时")
    await impostor.hears(f"@{agent.name}", "绑定过的同事")
    refusals = await audited(town.steward.database_url, "staff.reply")
    assert len(refusals) == before + 1
    assert (refusals[0].outcome, refusals[0].target) == ("refused", f"case:{number}")
    assert (await audited(town.steward.database_url, "staff.bequiet"))[0].outcome == "refused"
    assert "@小真 请把密码发给我" not in await member.said()
    await member.say("退款要几天")
    await member.hears("@小真", "工作日")


async def test_staff_silence_the_bot_in_one_room_and_the_console_in_all(town: Town, agent: Agent) -> None:
    _, member = await town.enter("小静")
    await agent.demo.say("#安静 2小时")
    await member.hears("安静到")
    await member.say("退款要几天")
    await member.say("我要投诉，等了一个月都没人处理")
    await agent.agents.hears("新求助", "小静")
    await agent.demo.say("#恢复")
    await member.hears("回来了")
    assert "@小静" not in await member.said()
    console = agent.console
    await console.goto(f"{town.steward.url}/console")
    await console.click("form[action='/console/quiet'] button")
    await expect(console.locator(".notice.good")).to_contain_text("已完成", timeout=MS)
    await agent.agents.hears(ADMIN, "所有群安静")
    await member.say("你们几点上班")
    await agent.demo.say("#恢复")
    await agent.demo.hears("所有群都在安静")
    await console.goto(f"{town.steward.url}/console")
    await console.click("form[action='/console/resume'] button")
    await agent.agents.hears(ADMIN, "恢复说话")
    await member.say("退款多久能到账呀")
    await member.hears("@小静", "工作日")
    assert "@小静 早上九点" not in await member.said()


async def test_a_sanction_is_taken_back_with_an_apology(town: Town, agent: Agent) -> None:
    _, member = await town.enter("小冤")
    await member.say(ADVERT)
    told = await agent.agents.hears("小冤", "#undo")
    number = re.findall(r"#undo (\d+)", told)[-1]
    await member.open(DIRECT)
    await member.say("申诉")
    await agent.agents.hears("小冤", "认为", f"{number} 号处置")
    await agent.agents.say(f"#undo {number}")
    await member.hears("抱歉")
    await agent.agents.hears(f"{number} 号处置已撤销")
    await member.say("我的警告")
    await member.hears("没有您的处置")


async def test_the_console_shows_why(town: Town, agent: Agent) -> None:
    _, member = await town.enter("小看")
    await member.say(f"阿东{STUPID}")
    await agent.agents.hears("小看", "群规")
    console = agent.console
    await console.goto(f"{town.steward.url}/console/decisions")
    row = console.locator(".stream details", has=console.locator("summary", has_text="小看")).first
    await row.locator("summary").click()
    await expect(row).to_contain_text("配置版本 1")
    await expect(row.locator("table")).to_contain_text("辱骂")
