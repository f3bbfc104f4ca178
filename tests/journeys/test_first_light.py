"""First light: what members, agents and owners can do, each as one walk through the running bot."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.memory_community import Room
from handlers.text.digest import Digester
from tests.journeys.harness import Journey, binding_code, running, staff_of, until
from tests.journeys.steps import agents_of

STUPID = "你就是个傻逼"


def said_since(journey: Journey, room: Room, count: int) -> str:
    """Everything the bot said in a room after its first ``count`` messages."""
    return "\n".join(journey.heard(room)[count:])


async def test_a_question_gets_its_answer_and_small_talk_gets_none(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "阿北")
    await journey.ask(room, "小林", "退款多久能到账呀")
    assert journey.heard(room) == ["@小林 三到五个工作日。"]
    await journey.say(room, "阿北", "今天天气不错")
    assert len(journey.heard(room)) == 1


async def test_insults_are_warned_about_without_repeating_them_and_the_third_one_mutes(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "阿北")
    private = journey.channel.community.private_room(journey.person("小林"))
    first = await journey.say(room, "小林", STUPID)
    (warning,) = journey.heard(private)
    assert "群规" in warning and "演示群" in warning and "申诉" in warning
    assert first in room.recalled and said_since(journey, room, 0) == "", "the first one is nobody else's business"
    await journey.pass_time(minutes=3)
    await journey.say(room, "小林", STUPID)
    public = said_since(journey, room, 0)
    assert "群规" in public and "@小林" in public
    assert "傻逼" not in public + warning
    assert room.muted == {}
    await journey.pass_time(minutes=3)
    third = await journey.say(room, "小林", STUPID)
    assert journey.person("小林").external_id in room.muted
    assert third in room.recalled
    assert journey.channel.say(room, journey.person("小林"), "我还能说吗") == ""
    await journey.say(private, "小林", "申诉")
    assert "3 号" in journey.heard(private)[-1], "who is muted can appeal only here"


async def test_a_complaint_opens_a_case_that_agents_answer_by_quoting_its_notice(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "阿北")
    agents = await agents_of(journey)
    before = len(journey.heard(room))
    await journey.say(room, "小林", "我要投诉，三天了没人理")
    assert "编号 1" in said_since(journey, room, before)
    notice = next(message for message in agents.messages if "新求助" in message.text)
    assert "演示群" in notice.text and "小林" in notice.text

    before = len(journey.heard(room))
    await journey.say(room, "小林", "进度")
    assert "1" in said_since(journey, room, before)

    before = len(journey.heard(room))
    await journey.say(agents, "客服小周", "#1 这人上周也来过")
    assert said_since(journey, room, before) == ""
    assert "内部备注" in journey.heard(agents)[-1]

    journey.clock.now += timedelta(seconds=1)
    journey.channel.say(agents, journey.person("客服小周"), "您好，已经在查了", quote=notice)
    await journey.settle()
    assert "您好，已经在查了" in said_since(journey, room, before)

    await journey.say(agents, "客服小周", "＃１回复 马上给您答复")
    assert "马上给您答复" in said_since(journey, room, before)

    await journey.say(agents, "客服小周", "#1 解决")
    assert "编号 1" in journey.heard(room)[-1]
    await journey.say(room, "小林", "5")
    assert "5" in journey.heard(agents)[-1]


async def test_a_takeover_keeps_the_bot_quiet_towards_that_member_and_lapses(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "阿北")
    agents = await agents_of(journey)
    await journey.say(room, "小林", "转人工")
    await journey.say(agents, "客服小周", "#1 接手")
    before = len(journey.heard(room))
    await journey.ask(room, "小林", "退款要几天")
    assert "工作日" not in said_since(journey, room, before)
    await journey.ask(room, "阿北", "退款要几天")
    assert "@阿北 三到五个工作日。" in said_since(journey, room, before)
    in_agents = len(journey.heard(agents))
    await journey.pass_time(minutes=10, seconds=5)
    await journey.pass_time(minutes=10)
    assert len([text for text in journey.heard(agents)[in_agents:] if "没有新回复" in text]) == 2
    await journey.pass_time(minutes=10)
    assert "交还" in journey.heard(agents)[-1]
    assert "走开" in journey.heard(room)[-1]


async def test_staff_commands_from_a_look_alike_are_refused(journey: Journey) -> None:
    room = journey.room("演示群", "小林")
    agents = await agents_of(journey)
    await journey.say(room, "小林", "人工")
    impostor = journey.channel.community.person("客服小周")
    agents.members[impostor.external_id] = impostor
    before = len(journey.heard(room))
    journey.clock.now += timedelta(seconds=1)
    journey.channel.say(agents, impostor, "#1 回复 请把密码发给我")
    await journey.settle()
    assert said_since(journey, room, before) == ""
    assert "绑定" in journey.heard(agents)[-1]


async def test_a_check_in_counts_once_a_day_and_many_become_one_message(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "阿北", "青青")
    for name in ("小林", "阿北", "青青"):
        journey.channel.say(room, journey.person(name), "签到")
    await journey.settle()
    await journey.pass_time(seconds=15)
    assert len(journey.heard(room)) == 1
    assert all(name in journey.heard(room)[0] for name in ("小林", "阿北", "青青"))
    await journey.pass_time(minutes=1)
    await journey.say(room, "小林", "签到")
    await journey.pass_time(seconds=15)
    assert "已经签过" in journey.heard(room)[-1]
    await journey.pass_time(days=1)
    await journey.say(room, "小林", "签到")
    await journey.pass_time(seconds=15)
    assert "连续2天" in journey.heard(room)[-1]


async def test_a_draw_opens_is_entered_and_closes_with_a_receipt_that_verifies(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "阿北", "客服小周")
    await staff_of(journey, "客服小周")
    await journey.say(room, "客服小周", "#抽奖 下午茶 奶茶x1 10分钟")
    assert "下午茶" in journey.heard(room)[-1]
    for name in ("小林", "阿北"):
        await journey.say(room, name, "参加")
    await journey.pass_time(seconds=15)
    before = len(journey.heard(room))
    await journey.pass_time(minutes=10)
    announced = said_since(journey, room, before)
    assert announced.count("\n") == 0
    assert "开奖" in announced and ("小林" in announced) != ("阿北" in announced)
    await verify_receipt(journey, announced)


async def verify_receipt(journey: Journey, announced: str) -> None:
    import aiohttp

    from domain.draw_verify import verify_text

    link = re.search(r"https?://[^/]+(/draws/\S+?)(?=$|[，。\s])", announced)
    assert link is not None
    path = link[1] if link[1].endswith(".json") else f"{link[1]}.json"
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{journey.steward.port}{path}") as response,
    ):
        assert response.status == 200
        receipt = await response.text()
    result = verify_text(receipt)
    assert result.ok, result.failed


async def test_help_names_five_commands(journey: Journey) -> None:
    room = journey.room("演示群", "小林")
    await journey.say(room, "小林", "帮助")
    shown = journey.heard(room)[-1]
    assert all(word in shown for word in ("签到", "积分", "参加", "进度", "人工"))


async def test_the_owner_silences_the_bot_and_brings_it_back(journey: Journey) -> None:
    room = journey.room("演示群", "小林", owner="群主老王")
    await journey.say(room, "小林", "#安静 2小时")
    await journey.ask(room, "小林", "退款要几天")
    assert "工作日" in journey.heard(room)[-1]
    await journey.pass_time(minutes=5)
    await journey.say(room, "群主老王", "#安静 2小时")
    quiet_from = len(journey.heard(room))
    await journey.ask(room, "小林", "退款要几天")
    assert len(journey.heard(room)) == quiet_from
    await journey.say(room, "群主老王", "#恢复")
    await journey.pass_time(minutes=5)
    await journey.ask(room, "小林", "退款要几天")
    assert "工作日" in journey.heard(room)[-1]


async def test_newcomers_are_welcomed_together_and_invitations_follow_the_policy(journey: Journey) -> None:
    room = journey.room("演示群", "小林")
    journey.channel.join(room, journey.person("新人甲"), journey.person("新人乙"))
    journey.channel.join(room, journey.person("新人丙"))
    await journey.settle()
    await journey.pass_time(seconds=12)
    welcomes = [text for text in journey.heard(room) if "欢迎" in text]
    assert len(welcomes) == 1
    assert all(name in welcomes[0] for name in ("新人甲", "新人乙", "新人丙"))
    other = journey.room("别的群", "小林")
    journey.channel.invite(other, journey.person("小林"))
    await journey.settle()
    assert not other.present


async def test_a_binding_code_works_once_and_only_in_private(journey: Journey) -> None:
    room = journey.room("演示群", "小林", "客服小周")
    code = await binding_code(journey, "客服小周")
    await journey.say(room, "客服小周", f"绑定 {code}")
    assert "私聊" in journey.heard(room)[-1]
    other = journey.channel.community.private_room(journey.person("小林"))
    await journey.say(other, "小林", f"绑定 {code}")
    assert "不对或已过期" in journey.heard(other)[-1], "what others have read binds nobody"
    private = journey.channel.community.private_room(journey.person("客服小周"))
    code = await binding_code(journey, "客服小周")
    await journey.say(private, "客服小周", f"绑定 {code}")
    assert "绑定好了" in journey.heard(private)[-1]
    await journey.say(other, "小林", f"绑定 {code}")
    assert "不对或已过期" in journey.heard(other)[-1]


async def test_a_restart_remembers_everything(database_url: str, folder: Path) -> None:
    async with running(database_url, folder) as first:
        room = first.room("演示群", "小林")
        await first.say(room, "小林", "签到")
        await first.pass_time(seconds=15)
        channel, clock, people = first.channel, first.clock, first.people
    async with running(database_url, folder, channel=channel, clock=clock) as second:
        second.people.update(people)
        await second.say(room, "小林", "签到")
        await second.pass_time(seconds=15)
        assert "已经签过" in second.heard(room)[-1]


async def test_the_agents_get_the_digest_of_the_day_and_hear_of_a_broken_edit(
    journey: Journey, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Digester, "keywords", lambda *_: ("退款", "发货"))
    monkeypatch.setattr(Digester, "summary", lambda *_: ("什么时候发货",))
    room = journey.room("演示群", "小林", "阿北")
    agents = await agents_of(journey)
    for name in ("小林", "阿北", "小林"):
        await journey.say(room, name, "什么时候发货")
    await journey.say(room, "阿北", "我要投诉，三天了没人理")
    await journey.pass_time(hours=8, minutes=31)
    await until(lambda: any("今日小结（3月2日）" in text for text in journey.heard(agents)))
    digest = journey.heard(agents)[-1]
    assert "2 人说了 4 条" in digest
    assert "退款、发货" in digest
    assert "#1 阿北：“什么时候发货”" in digest, "each waiting case in one sentence"

    (folder / "faq" / "money.yaml").write_text("entries: [", encoding="utf-8")
    await until(lambda: "没有生效" in journey.heard(agents)[-1])
    assert "faq/money.yaml:" in journey.heard(agents)[-1]


async def test_an_edited_faq_takes_effect_and_a_broken_edit_does_not(journey: Journey, folder: Path) -> None:
    room = journey.room("演示群", "小林")
    faq = folder / "faq" / "money.yaml"
    revision = journey.steward.house.engine.book.revision
    faq.write_text("entries: [", encoding="utf-8")
    await until(lambda: any(problem.level == "error" for problem in journey.steward.problems))
    assert journey.steward.house.engine.book.revision == revision
    faq.write_text(
        "entries:\n  - id: vip\n    question: 怎么开通会员？\n    answer: 在我的页面里点开通。\n", encoding="utf-8"
    )
    await until(lambda: journey.steward.house.engine.book.revision != revision)
    await journey.ask(room, "小林", "怎么开通会员")
    assert "点开通" in journey.heard(room)[-1]
