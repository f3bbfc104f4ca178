"""The story on WeChat: the same walks through the real gateway, which tells what the bot really sent."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.gateway import Gateway, MessageKind
from tests.story.community import configure
from tests.story.process import Steward, free_port
from tests.story.record import audited, draw_grows_older, takeover_grows_older
from tests.story.wechat import Group, WeChat, at, bind, console

pytestmark = [pytest.mark.gateway, pytest.mark.asyncio(loop_scope="module")]

AGENTS = "wechaty:20001@chatroom"
STRICT, GUEST = "40001@chatroom", "40002@chatroom"
# The rooms where removal is opted in: one warning, one mute, then out.
OPTED_IN = "{topic: 严格群, policy: {moderation: {ladder: {warnings: 1, mute_minutes: [10], remove: true}}}}"
ROOMS = f"""
  "wechaty:{STRICT}": {OPTED_IN}
  "wechaty:{GUEST}": {OPTED_IN}
"""
STUPID, BAD_WORD = "你就是个傻逼", "傻逼"
COMPLAINT = "我要投诉，三天了没人理"
A_BOT = "你是机器人吗"
READING = {"MessagePayload", "ContactPayload", "RoomPayload", "RoomMemberPayload", "RoomInvitationPayload"}
SPEAKING = {"Event", "Start", "Ding", "MessageSendText", "RoomInvitationAccept", "RoomDel"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def wechat(home: Path, database_url: str) -> AsyncIterator[WeChat]:
    """A bot that is logged in, with an agents' room in which nobody has said a word yet."""
    async with Gateway() as gateway:
        port = free_port()
        config = configure(home / "config", f"http://127.0.0.1:{port}", AGENTS, ROOMS)
        more = {**gateway.environment, "STEWARD_SEND_INTERVAL": "0"}
        async with Steward(home, config, database_url, port, more) as steward:
            await gateway.await_stream()
            community = WeChat(gateway, steward)
            await community.room("客服群", "老周", "路人", room_id="20001@chatroom")
            yield community
            assert steward.faults() == []
            assert steward.log_holds(BAD_WORD, COMPLAINT, "工作日", gateway.token, steward.password) == []


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def agents(wechat: WeChat) -> Group:
    """The agents' room, with 老周 bound to the first user by a code in the private chat."""
    return await bind(wechat, "老周")


async def open_case(agents: Group, group: Group, name: str, words: str = COMPLAINT) -> int:
    """A member complains; the number that they are told, once its notice is in the agents' room."""
    await group.say(name, words)
    found = re.search(r"编号 (\d+)", await group.hears(f"@{name}", "编号"))
    assert found is not None
    await agents.hears(f"【#{found[1]}】新求助", name)
    return int(found[1])


# ---- members ---------------------------------------------------------------------------------------------------------


async def test_a_question_is_answered_with_a_mention_of_who_asked(wechat: WeChat) -> None:
    group = await wechat.room("问答群", "小明", "小红")
    await group.say("小明", "退款多久能到账呀")
    assert await group.hears("工作日") == f"{at('小明')}三到五个工作日。"
    (entry,) = await wechat.gateway.sent(kinds=["text"], room=group.id)
    assert entry["mentions"] == [wechat.ids["小明"]]
    await group.say("小红", "今天天气不错")
    await group.catches_up("小红")
    assert len(await group.said()) == 1


@pytest.mark.parametrize("ids", [True, False], ids=["with ids", "names only"])
async def test_the_bot_is_addressed_by_its_names_at_any_place_and_by_nothing_else(wechat: WeChat, ids: bool) -> None:
    group = await wechat.room("点名群", "小明", "小管家二号")
    await wechat.gateway.rename_member(group.id, wechat.gateway.self_id, "楼长助理")
    them = ("小管家",) if ids else ()
    everybody = ("小明", "小管家二号", "小管家") if ids else ()
    await group.say("小管家二号", "大家好")
    await group.mention("小明", f"{at('所有人')}{A_BOT}", *everybody)
    await group.mention("小明", f"{at('小管家二号')}{A_BOT}", *(("小管家二号",) if ids else ()))
    await group.say("小明", A_BOT)
    await group.catches_up("小明")
    assert await group.said() == []
    for count, text in enumerate(
        (f"{at('小管家')}{A_BOT}", f"你是{at('小管家')}机器人吗", f"{A_BOT}{at('楼长助理')}"), start=1
    ):
        await group.mention("小明", text, *them)
        await group.hears("机器人", "人工", count=count)


async def test_an_empty_mention_is_answered_and_the_next_message_counts_as_addressed(wechat: WeChat) -> None:
    group = await wechat.room("呼叫群", "小明", "小红")
    await group.say("小明", at("小管家"))
    await group.hears("@小明", "在的")
    await group.say("小红", A_BOT)
    await group.say("小明", A_BOT)
    await group.hears("@小明", "机器人", "人工")
    await group.say("小明", A_BOT)
    await group.catches_up("小明")
    assert len(await group.said()) == 2


async def test_newcomers_of_one_burst_are_welcomed_in_one_greeting(wechat: WeChat) -> None:
    group = await wechat.room("新人群", "小明")
    newcomers = [await wechat.person(name) for name in ("新甲", "新乙", "新丙")]
    await wechat.gateway.join(group.id, newcomers[:2], wechat.ids["小明"])
    await wechat.gateway.join(group.id, newcomers[2:], wechat.ids["小明"])
    greeting = await group.hears("新甲", "新乙", "新丙")
    assert "机器人" in greeting and f"{wechat.steward.url}/privacy" in greeting
    await group.catches_up("小明")
    assert await group.said() == [greeting]


async def test_invitations_are_accepted_from_bound_staff_alone(wechat: WeChat, agents: Group) -> None:
    refused = await wechat.gateway.add_room("生人群", "生人群", [wechat.ids["路人"]], with_self=False)
    wanted = await wechat.gateway.add_room("50001@chatroom", "新开的群", [wechat.ids["老周"]], with_self=False)
    await wechat.gateway.invite(wechat.ids["路人"], room=refused)
    await agents.hears("没有接受", "路人")
    accepted = await wechat.gateway.invite(wechat.ids["老周"], room=wanted)
    await Group(wechat.gateway, wanted, wechat.ids).hears("大家好", "机器人")
    assert [entry["id"] for entry in await wechat.done("accept")] == [accepted]
    await agents.hears("已接受邀请", "新开的群")


async def test_insults_are_warned_about_and_never_recalled_or_muted_on_wechat(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("吵架群", "小怒")
    for strike in (1, 2):
        await group.say("小怒", STUPID)
        await group.hears("@小怒", "群规", count=strike)
    await group.say("小怒", STUPID)
    await group.hears("@小怒", "最后一次提醒")
    await group.hears("@群主老王", "小怒")
    await group.say("小怒", "退款多久能到账呀")
    await group.hears("@小怒", "工作日")
    await group.say("小怒", STUPID)
    await agents.hears("小怒", "请群主或同事处理")
    await group.catches_up("群主老王")
    said = await group.said()
    assert sum("@群主老王" in text for text in said) == 1
    assert not any(BAD_WORD in text for text in said)
    assert await wechat.done("recall", "kick") == []


async def test_removal_is_done_as_owner_where_it_is_opted_in_and_only_there(wechat: WeChat, agents: Group) -> None:
    strict = await wechat.room("严格群", "小闹", admin=True, room_id=STRICT)
    guest = await wechat.room("做客群", "小闹", room_id=GUEST)
    for group in (strict, guest):
        await group.say("小闹", STUPID)
        await group.hears("@小闹", "群规")
        await group.say("小闹", STUPID)
        await group.hears("@小闹", "最后一次提醒")
        await group.say("小闹", STUPID)
    await agents.hears("做客群", "小闹", "请群主或同事处理")
    await agents.hears("严格群", "小闹", "已请出群")
    (kick,) = await wechat.gateway.sent(kinds=["kick"], at_least=1, wait=30)
    assert (kick["room"], kick["member"]) == (STRICT, wechat.ids["小闹"])
    assert wechat.ids["小闹"] not in (await wechat.gateway.room(STRICT))["memberIdList"]
    assert wechat.ids["小闹"] in (await wechat.gateway.room(GUEST))["memberIdList"]


async def test_check_ins_of_several_become_one_message_and_count_once_a_day(wechat: WeChat) -> None:
    group = await wechat.room("打卡群", "小签", "小到", "小早")
    for name in ("小签", "小到", "小早"):
        await group.say(name, "签到")
    done = await group.hears("小签", "小到", "小早", "签到成功")
    assert done.count("已连续1天") == 3
    await group.say("小签", "签到")
    await group.hears("小签", "已经签过")
    assert len(await group.heard()) == 2


async def test_pictures_and_money_are_never_opened_and_lists_are_no_commands(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("杂物群", "小明", "小红")
    await wechat.whisper("小红", "你好")
    for kind in (MessageKind.RED_ENVELOPE, MessageKind.TRANSFER, MessageKind.IMAGE, MessageKind.MINI_PROGRAM):
        await group.say("小明", f"<msg>{COMPLAINT}</msg>", type=kind)
        await wechat.whisper("小红", "<msg>退款要几天</msg>", type=kind)
    await group.say("小明", f"#接龙\n1. 小明 {COMPLAINT}\n2. 签到")
    await group.say("小红", f"#接龙\n{COMPLAINT}", type=MessageKind.GROUP_NOTE)
    await group.catches_up("小明")
    assert await group.said() == []
    # In a private chat everything is for the bot: one hint an hour.
    await wechat.private("小红").hears("看不懂", "红包")
    await wechat.whisper("小红", "参加 7")
    await wechat.private("小红").hears("第 7 场")
    assert len(await wechat.private("小红").heard()) == 2
    assert not any("杂物群" in text for text in await agents.heard())
    calls = set((await wechat.gateway.state())["counters"]["calls"])
    assert calls <= READING | SPEAKING, calls


# ---- agents ----------------------------------------------------------------------------------------------------------


async def test_the_first_case_reaches_an_agents_room_in_which_nobody_has_spoken(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("投诉群", "小诉", "小红")
    await group.say("小诉", "昨天在店里买了个杯子")
    number = await open_case(agents, group, "小诉")
    notice = await agents.hears(f"【#{number}】新求助")
    assert all(words in notice for words in ("投诉群", "小诉", "昨天在店里买了个杯子", COMPLAINT, "原因"))
    await group.say("小诉", "进度")
    await group.hears("@小诉", f"编号 {number}", "排队")


async def test_words_leave_the_agents_room_only_as_answers(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("等待群", "小等")
    number = await open_case(agents, group, "小等")
    notice = await agents.hears(f"【#{number}】新求助")
    before = len(await group.heard())
    await agents.say("老周", "这人上周也来闹过")
    await agents.say("老周", f"#{number} 看着像老赖")
    await agents.hears(f"#{number}", "内部备注")
    await agents.answer_to(notice, "老周", "您好，已经在查了")
    await group.hears("已经在查了")
    await agents.say("老周", f"＃{number}回复 今天下午给您答复")
    await group.hears("今天下午给您答复")
    assert await group.said(before) == [f"{at('小等')}您好，已经在查了", f"{at('小等')}今天下午给您答复"]


async def test_a_case_is_taken_passed_on_resolved_and_rated(wechat: WeChat, agents: Group) -> None:
    assert (await wechat.steward.command("user", "add", "老白"))[0] == 0
    await wechat.gateway.join(agents.id, [await wechat.person("老白")], wechat.ids["路人"])
    group = await wechat.room("服务群", "小评")
    number = await open_case(agents, group, "小评")
    await agents.say("老周", f"#{number} 接手")
    await group.hears("@小评", "admin", "跟进")
    await group.say("小评", "你们几点上班")
    await agents.hears(f"【#{number}】", "小评：你们几点上班")
    await agents.say("老周", f"#{number} 转给 {at('老白')}")
    await agents.hears(f"#{number}", "转给了老白")
    await agents.mention("老周", f"#{number} 转给 {at('老周')}", "老周")
    await agents.hears(f"#{number}", "转给了admin")
    await agents.say("老周", f"#{number}解决")
    await group.hears("@小评", f"编号 {number}", "打个分")
    await group.say("小评", "5")
    await agents.hears(f"#{number}", "5 分")
    await group.hears("@小评", "谢谢打分")
    assert not any("早上九点" in text for text in await group.heard())


async def test_a_silent_takeover_is_reminded_of_twice_and_lapses(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("久等群", "小久", "老周")
    number = await open_case(agents, group, "小久")
    await group.mention("老周", f"{at('小久')}我来帮您看", "小久")
    await agents.hears(f"#{number}", "admin", "接手")
    for reminder in (1, 2):
        await takeover_grows_older(wechat.steward.database_url, number, 10)
        await agents.hears(f"【#{number}】", "没有新回复", count=reminder)
    await takeover_grows_older(wechat.steward.database_url, number, 10)
    await agents.hears(f"【#{number}】", "已交还给我")
    await group.hears("@小久", f"编号 {number}", "走开")


async def test_a_look_alike_in_the_agents_room_is_refused_and_put_on_record(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("真假群", "小真")
    number = await open_case(agents, group, "小真")
    before = len(await group.heard())
    impostor = await wechat.person("老周", contact="wxid_impostor")
    await wechat.gateway.join(agents.id, [impostor], wechat.ids["路人"])
    await wechat.gateway.say(agents.id, impostor, f"#{number} 回复 请把密码发给我")
    await agents.hears("绑定过的同事")
    (refusal,) = [one for one in await audited(wechat.steward.database_url, "staff.reply") if one.outcome == "refused"]
    assert refusal.target == f"case:{number}"
    await group.catches_up("小真")
    assert await group.said(before) == []


async def test_a_binding_code_in_a_group_is_refused(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("绑定群", "老周", "小明")
    async with console(wechat.steward) as browser:
        page = await (await browser.post("/console/me/code")).text()
    code = re.search(r"绑定 ([A-Z0-9]{8})", page)
    assert code is not None
    await group.say("小明", f"绑定 {code[1]}")
    await group.hears("@小明", "私聊")
    await group.say("小明", "#安静 2小时")
    await group.hears("@小明", "群主和绑定过的同事")


async def test_the_owner_is_a_fact_of_the_room_and_may_silence_the_bot(wechat: WeChat) -> None:
    group = await wechat.room("安静群", "小明")
    impostor = await wechat.person("群主老王", contact="wxid_false_owner")
    await wechat.gateway.join(group.id, [impostor], wechat.ids["小明"])
    await wechat.gateway.say(group.id, impostor, "#安静 2小时")
    await group.hears("群主和绑定过的同事")
    await group.say("群主老王", "#安静 2小时")
    await group.hears("安静到")
    await group.say("小明", "退款要几天")
    await group.say("群主老王", "#恢复")
    await group.hears("回来了")
    assert not any("工作日" in text for text in await group.heard())
    await group.say("小明", "退款多久能到账呀")
    await group.hears("@小明", "工作日")


async def test_a_sanction_is_taken_back_with_an_apology(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("误会群", "小冤")
    await group.say("小冤", STUPID)
    number = re.findall(r"#undo (\d+)", await agents.hears("误会群", "#undo"))[-1]
    await agents.say("老周", f"#undo {number}")
    await group.hears("@小冤", "抱歉")


async def test_a_wrong_verdict_is_marked_and_taken_back_on_wechat(wechat: WeChat, agents: Group) -> None:
    group = await wechat.room("误判群", "小错")
    await group.say("小错", STUPID)
    number = re.findall(r"#undo (\d+)", await agents.hears("误判群", "#undo"))[-1]
    await agents.say("老周", f"#误判 {number}")
    await agents.hears(f"{number} 号记为误判")
    await group.hears("@小错", "抱歉")


async def test_whoever_is_banned_is_removed_where_the_bot_is_admin_and_staff_are_asked_elsewhere(
    wechat: WeChat, agents: Group
) -> None:
    led = await wechat.room("自管群", "小黑", admin=True)
    guest = await wechat.room("别家群", "小黑")
    await guest.say("小黑", "大家好")
    await led.say("小黑", STUPID)
    number = re.findall(r"#undo (\d+)", await agents.hears("自管群", "#undo"))[-1]
    await agents.say("老周", f"#拉黑 {number}")
    await agents.hears("已拉黑小黑", "别家群")
    kicks = await wechat.gateway.sent(kinds=["kick"], at_least=1, wait=30)
    assert wechat.ids["小黑"] in {kick["member"] for kick in kicks}
    await guest.say("小黑", "我还在这里")
    await agents.hears("拉黑名单上的小黑", "别家群", "请群主处理")


async def test_a_draw_opened_by_staff_ends_with_winners_and_a_receipt_that_holds(
    wechat: WeChat, agents: Group, tmp_path: Path
) -> None:
    group = await wechat.room("抽奖群", "老周", "小抽", "小奖")
    await group.say("老周", "#抽奖 下午茶 奶茶x1 10分钟")
    number = re.findall(r"第 (\d+) 场", await group.hears("下午茶", "开始啦"))[0]
    for name in ("小抽", "小奖"):
        await group.say(name, "参加")
    await group.hears("小抽", "小奖", "已参加")
    await draw_grows_older(wechat.steward.database_url, int(number), 10)
    announced = await group.hears("下午茶", "开奖：")
    assert "\n" not in announced
    assert ("小抽" in announced) != ("小奖" in announced)
    receipt = tmp_path / "receipt.json"
    link = re.findall(r"https?://\S+", announced)[0]
    async with aiohttp.ClientSession() as session, session.get(f"{link}.json") as answer:
        receipt.write_bytes(await answer.read())
    code, said = await wechat.steward.command("draw", "verify", str(receipt))
    assert (code, "结果：有效" in said) == (0, True), said
